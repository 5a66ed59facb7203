import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, isObject, list, nameOfObject, namespaceOf, text, withAt, type JsonObject } from '../../json';
import { twoWayStrategic } from '../../patch';
import { build } from '../../resource/builder';
import type { Info } from '../../resource/info';
import { accepts, patchTypes } from '../../rest/client';
import { parsePairs } from '../pairs';
import { attachWhenThere } from './attach';
import { environment, profile, type Kept, type Style } from './profiles';

const letters = 'bcdfghjklmnpqrstvwxz2456789';
const suffix = (cli: Cli): string => cli.process.random.string(5, letters);
const imagePattern =
  /^([a-zA-Z0-9.-]+(:\d+)?\/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?$/;

interface Options {
  readonly image: string;
  readonly images: ReadonlyMap<string, string>;
  readonly args: readonly string[];
  readonly targets: readonly string[];
  readonly copyTo: string;
  readonly container: string;
  readonly env: readonly JsonObject[];
  readonly attach: boolean;
}

function optionsOf(cli: Cli): Options {
  const { flags, args, dashAt } = cli;
  return {
    image: flags.string('image'),
    images: parsePairs(flags.list('set-image'), 'set-image', false).set,
    targets: dashAt >= 0 ? args.slice(0, dashAt) : args,
    args: dashAt >= 0 ? args.slice(dashAt) : [],
    copyTo: flags.string('copy-to'),
    container: flags.string('container'),
    env: environment(parsePairs(flags.list('env'), 'env', false).set),
    attach: flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin'),
  };
}

async function validate(cli: Cli, options: Options): Promise<void> {
  const { flags } = cli;
  const { image, images, args, targets, copyTo, container, attach } = options;
  const fail = (message: string): never => {
    throw new Failure(message);
  };
  if (profile(flags.string('profile'), 'ephemeral', '', kept(cli)) === undefined)
    fail(`unknown profile: ${flags.string('profile')}`);
  if (attach && flags.changed('attach') && image === '' && container === '')
    fail('you must specify --container or create a new container using --image in order to attach.');
  if (copyTo !== '') {
    if (image === '' && images.size === 0 && args.length === 0)
      fail('you must specify --image, --set-image or command arguments.');
    if (args.length > 0 && container === '' && image === '')
      fail('you must specify an existing container or a new image when specifying args.');
  } else if (flags.bool('replace')) fail('--replace may only be used with --copy-to.');
  else if (flags.bool('same-node')) fail('--same-node may only be used with --copy-to.');
  else if (images.size > 0) fail('--set-image may only be used with --copy-to.');
  else if (image === '') fail('you must specify --image when not using --copy-to.');
  if (image !== '' && !imagePattern.test(image))
    fail(`invalid image name ${JSON.stringify(image)}: invalid reference format`);
  if (targets.length === 0 && flags.list('filename').length === 0) fail('NAME or filename is required for debug');
  const policy = flags.string('image-pull-policy');
  if (!['Always', 'IfNotPresent', 'Never', ''].includes(policy)) fail(`invalid image pull policy: ${policy}`);
  for (const [name, each] of images)
    if (!imagePattern.test(each))
      fail(
        `invalid image name ${JSON.stringify(each)} for container ${JSON.stringify(name)}: invalid reference format`,
      );
  const target = flags.string('target');
  if (target !== '') {
    if (copyTo !== '') fail('--target is incompatible with --copy-to. Use --share-processes instead.');
    if (!flags.bool('quiet'))
      await cli.out(
        `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
      );
  }
  if (flags.bool('tty') && !flags.bool('stdin')) fail('-i/--stdin is required for containers with -t/--tty=true');
  if (flags.string('profile') === 'legacy')
    await cli.err(
      '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".\n',
    );
}

const kept = ({ flags }: Cli): Kept => ({
  labels: flags.bool('keep-labels'),
  annotations: flags.bool('keep-annotations'),
  liveness: flags.bool('keep-liveness'),
  readiness: flags.bool('keep-readiness'),
  startup: flags.bool('keep-startup'),
  initContainers: flags.bool('keep-init-containers'),
});

const applied = (cli: Cli, pod: JsonObject, style: Style, name: string): JsonObject =>
  profile(cli.flags.string('profile'), style, name, kept(cli))?.(pod) ?? pod;

/** The container to be added. */
function newContainer(cli: Cli, { image, args, env }: Options, name: string): JsonObject {
  const { flags } = cli;
  const policy = flags.string('image-pull-policy');
  const words = args.length === 0 ? {} : { [flags.bool('arguments-only') ? 'args' : 'command']: args };
  return {
    name,
    image,
    ...words,
    ...(env.length > 0 ? { env } : {}),
    resources: {},
    terminationMessagePolicy: 'File',
    ...(policy === '' ? {} : { imagePullPolicy: policy }),
    ...(flags.bool('stdin') ? { stdin: true } : {}),
    ...(flags.bool('tty') ? { tty: true } : {}),
  };
}

const namesOf = (pod: JsonObject): readonly string[] =>
  ['containers', 'initContainers', 'ephemeralContainers'].flatMap((kind) =>
    list(pod, 'spec', kind).map((each) => text(each, 'name')),
  );

async function containerName(cli: Cli, pod: JsonObject, given: string): Promise<string> {
  if (given !== '') return given;
  let name = `debugger-${suffix(cli)}`;
  while (namesOf(pod).includes(name)) name = `debugger-${suffix(cli)}`;
  if (!cli.flags.bool('quiet')) await cli.out(`Defaulting debug container name to ${name}.\n`);
  return name;
}

interface Made {
  readonly pod: JsonObject;
  readonly container: string;
}

const podPath = (pod: JsonObject, more = ''): string =>
  `/api/v1/namespaces/${namespaceOf(pod)}/pods/${nameOfObject(pod)}${more}`;

async function within(cli: Cli, pod: JsonObject, options: Options): Promise<Made> {
  const name = await containerName(cli, pod, options.container);
  const target = cli.flags.string('target');
  const container = { ...newContainer(cli, options, name), ...(target === '' ? {} : { targetContainerName: target }) };
  const all = [...list(pod, 'spec', 'ephemeralContainers'), container];
  const changed = applied(cli, withAt(pod, ['spec', 'ephemeralContainers'], all) as JsonObject, 'ephemeral', name);
  const body = twoWayStrategic(pod, changed, 'Pod');
  const patched = await cli.factory.client.json('PATCH', podPath(pod, '/ephemeralcontainers'), {
    accept: accepts.typed,
    contentType: patchTypes.strategic,
    body,
  });
  return { pod: patched, container: name };
}

async function copy(cli: Cli, pod: JsonObject, options: Options): Promise<Made> {
  const { flags, factory } = cli;
  const { image, images, args, env, copyTo } = options;
  const metadata = {
    name: copyTo,
    namespace: namespaceOf(pod),
    annotations: at(pod, 'metadata', 'annotations'),
    labels: at(pod, 'metadata', 'labels'),
  };
  let spec = at(pod, 'spec') as JsonObject;
  spec = { ...spec, ephemeralContainers: undefined, ...(flags.bool('same-node') ? {} : { nodeName: undefined }) };
  if (flags.changed('share-processes')) spec = { ...spec, shareProcessNamespace: flags.bool('share-processes') };
  const containers = list(spec, 'containers')
    .filter(isObject)
    .map((each) => {
      const replaced = images.get(text(each, 'name')) ?? images.get('*');
      return replaced === undefined ? each : { ...each, image: replaced };
    });
  let copied: JsonObject = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...spec, containers } };
  let name = options.container;
  if (!namesOf(copied).includes(name)) {
    if (image === '') {
      if (images.size === 0) throw new Failure('you must specify image when creating new container');
      return { pod: await create(cli, copied), container: '' };
    }
    if (name === '') name = await containerName(cli, copied, '');
    const added = [...containers, newContainer(cli, options, name)];
    copied = withAt(copied, ['spec', 'containers'], added) as JsonObject;
  } else {
    const changed = containers.map((each) => {
      if (each['name'] !== name) return each;
      const words = flags.bool('arguments-only') ? { args } : { command: args, args: undefined };
      return {
        ...each,
        ...(args.length > 0 ? words : {}),
        ...(env.length > 0 ? { env } : {}),
        ...(image === '' ? {} : { image }),
        stdin: flags.bool('stdin'),
        tty: flags.bool('tty'),
      };
    });
    copied = withAt(copied, ['spec', 'containers'], changed) as JsonObject;
  }
  const made = await create(cli, applied(cli, copied, 'copy', name));
  if (flags.bool('replace'))
    await factory.client.json('DELETE', podPath(pod), {
      accept: accepts.typed,
      body: { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 },
    });
  return { pod: made, container: name };
}

const create = (cli: Cli, pod: JsonObject): Promise<JsonObject> =>
  cli.factory.client.json('POST', `/api/v1/namespaces/${namespaceOf(pod)}/pods`, { accept: accepts.typed, body: pod });

async function onNode(cli: Cli, node: Info, options: Options): Promise<Made> {
  const name = options.container === '' ? 'debugger' : options.container;
  const podName = `node-debugger-${node.name}-${suffix(cli)}`;
  if (!cli.flags.bool('quiet'))
    await cli.out(`Creating debugging pod ${podName} with container ${name} on node ${node.name}.\n`);
  const pod: JsonObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: podName, namespace: cli.factory.namespace.namespace },
    spec: {
      containers: [newContainer(cli, options, name)],
      nodeName: node.name,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
    },
  };
  return { pod: await create(cli, applied(cli, pod, 'node', name)), container: name };
}

async function run(cli: Cli): Promise<void> {
  const { flags, factory } = cli;
  const options = optionsOf(cli);
  await validate(cli, options);
  const result = await build(cli, {
    args: options.targets.map((target) => (target.includes('/') ? target : `pods/${target}`)),
    filenames: flags.list('filename'),
    enforceNamespace: factory.namespace.explicit,
    accept: accepts.any,
  });
  await result.visit(async (info) => {
    const { mapping, object = {} } = info;
    let made: Made;
    if (mapping.kind === 'Node' && mapping.group === '') made = await onNode(cli, info, options);
    else if (mapping.kind !== 'Pod' || mapping.group !== '')
      throw new Failure(
        JSON.stringify(`${mapping.group}/${mapping.version}, Kind=${mapping.kind}`) + ' not supported by debug',
      );
    else made = await (options.copyTo === '' ? within(cli, object, options) : copy(cli, object, options));
    if (options.attach && made.container !== '') await attachWhenThere(cli, made.pod, made.container);
  });
}

export const debug: Command = {
  use: 'debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  short: 'Create debugging sessions for troubleshooting workloads and nodes',
  long: `Look into a pod or a node with a container made for it.

  *  For a pod: a container is added to it while it runs, or a copy of it is made with --copy-to.
  *  For a node: a pod is made there that sees its processes, network and files (below /host).`,
  example: `# A shell within a pod
  kubectl debug mypod -it --image=busybox

  # A copy of a pod with another image
  kubectl debug mypod --copy-to=my-debugger --set-image=*=busybox

  # A shell on a node
  kubectl debug node/node01 -it --image=busybox`,
  flags: [
    flag.bool('arguments-only', false, 'What follows -- are arguments, not the command.'),
    flag.bool('attach', false, 'Wait for the container and attach to it. Default with -i.'),
    flag.string('container', '', 'Name of the container.', { short: 'c' }),
    flag.string('copy-to', '', 'Make a copy of the pod with this name.'),
    flag.string('custom', '', 'File with a part of a container, which changes what the profile makes.'),
    flag.strings('env', [], 'Environment variables of the container.'),
    flag.strings('filename', [], 'File with the object to debug.', { short: 'f' }),
    flag.string('image', '', 'Image of the container.'),
    flag.string('image-pull-policy', '', 'When to pull the image; empty leaves it to the server.'),
    flag.bool('keep-annotations', false, 'The copy has the annotations of the pod.'),
    flag.bool('keep-init-containers', true, 'The copy has the init containers of the pod.'),
    flag.bool('keep-labels', false, 'The copy has the labels of the pod.'),
    flag.bool('keep-liveness', false, 'The copy has the liveness probes of the pod.'),
    flag.bool('keep-readiness', false, 'The copy has the readiness probes of the pod.'),
    flag.bool('keep-startup', false, 'The copy has the startup probes of the pod.'),
    flag.string('profile', 'legacy', 'One of "legacy", "general", "baseline", "netadmin", "restricted", "sysadmin".'),
    flag.bool('quiet', false, 'Print only what is asked for.', { short: 'q' }),
    flag.bool('replace', false, 'Delete the pod after it was copied.'),
    flag.bool('same-node', false, 'Put the copy on the node of the pod.'),
    flag.strings('set-image', [], 'Images of containers of the copy, as name=image.'),
    flag.bool('share-processes', true, 'The containers of the copy see the processes of each other.'),
    flag.bool('stdin', false, 'Keep standard input open.', { short: 'i' }),
    flag.string('target', '', 'See the processes of this container.'),
    flag.bool('tty', false, 'Give the container a terminal.', { short: 't' }),
  ],
  run,
};
