import { copying } from './copying';
import { only } from '../../../cobra/directives';
import { entry, names, pod, podAndContainer, resources, type Complete } from './resources';

const all = resources();
const nodes = names('node', { single: true });
const scalable = ['deployment', 'replicaset', 'replicationcontroller', 'statefulset'];
const rolled = ['deployment', 'daemonset', 'statefulset'];

/** What completes the arguments of each command (ValidArgsFunction in its source); the others take anything. */
export const argumentsOf: Readonly<Record<string, Complete>> = {
  annotate: all,
  'apply edit-last-applied': all,
  'apply view-last-applied': all,
  attach: pod,
  autoscale: resources({ types: scalable }),
  'config delete-cluster': entry('clusters'),
  'config delete-context': entry('contexts'),
  'config delete-user': entry('users'),
  'config rename-context': entry('contexts'),
  'config set-context': entry('contexts'),
  'config use-context': entry('contexts'),
  cordon: nodes,
  cp: copying,
  'create token': names('serviceaccount', { single: true }),
  debug: all,
  delete: all,
  describe: all,
  drain: nodes,
  edit: all,
  exec: pod,
  expose: resources({ types: ['pod', 'service', 'replicationcontroller', 'deployment', 'replicaset'] }),
  get: all,
  label: all,
  logs: podAndContainer,
  patch: all,
  'port-forward': pod,
  'rollout history': resources({ types: rolled }),
  'rollout pause': resources({ types: ['deployment'] }),
  'rollout restart': resources({ types: rolled }),
  'rollout resume': resources({ types: ['deployment'] }),
  'rollout status': resources({ types: rolled, single: true }),
  'rollout undo': resources({ types: rolled }),
  scale: resources({ types: scalable }),
  'set image': resources({
    types: ['daemonsets', 'deployments', 'pods', 'cronjobs', 'replicasets', 'replicationcontrollers', 'statefulsets'],
    single: true,
  }),
  taint: resources({ types: ['node'] }),
  'top node': names('node', { single: true }),
  'top pod': names('pod', { single: true }),
  uncordon: nodes,
};

/** Words that a command takes as its first argument. */
export const fixedArguments: Readonly<Record<string, readonly string[]>> = {
  completion: ['bash', 'zsh', 'fish', 'powershell'],
};

const choice =
  (...values: readonly string[]): Complete =>
  async (_objects, _args, wanted) =>
    only(values.filter((value) => value.startsWith(wanted)));

const outputs = choice(
  ...['json', 'yaml', 'name', 'go-template', 'go-template-file', 'template', 'templatefile', 'jsonpath'],
  ...['jsonpath-as-json', 'jsonpath-file', 'custom-columns', 'custom-columns-file', 'wide'],
);

const value =
  (kind: 'contexts' | 'clusters' | 'users'): Complete =>
  async (objects, _args, wanted) =>
    only(objects.config(kind, wanted));

const subresource = choice('status', 'scale', 'resize');

/** What completes the value of a flag: of one command, or (without its path) of the flags that all commands have. */
export const flagValues: Readonly<Record<string, Complete>> = {
  namespace: async (objects, _args, wanted) => only(await objects.names('namespace', wanted)),
  'config set-context --namespace': async (objects, _args, wanted) => only(await objects.names('namespace', wanted)),
  context: value('contexts'),
  cluster: value('clusters'),
  user: value('users'),
  'apply --subresource': subresource,
  'edit --subresource': subresource,
  'get --subresource': subresource,
  'patch --subresource': subresource,
  'replace --subresource': subresource,
  'get --output': outputs,
  'kustomize --load-restrictor': choice('LoadRestrictionsNone', 'LoadRestrictionsRootOnly'),
  'exec --container': async (objects, [first], wanted) =>
    only(first === undefined ? [] : await objects.containers(first, wanted)),
  'create clusterrolebinding --clusterrole': async (objects, _args, wanted) =>
    only(await objects.names('clusterrole', wanted)),
};

/** Flags that take files of these kinds. */
export const manifests: Readonly<Record<string, readonly string[]>> = { filename: ['json', 'yaml', 'yml'] };
