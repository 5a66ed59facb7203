import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, isObject, kindOf, list, object as objectAt, withAt, type JsonObject } from '../../json';
import { canonical, parseQuantity } from '../../printers/quantity';
import { objectPrinter } from '../../printers/output';
import { parseToLabelSelector } from '../../resource/label-selector';
import { quantityComplaint } from '../create/policy';
import { dryRun } from '../shared-flags';
import { changeContainers, podSpecPath, setFlags, Skipped, targets, update } from './pod-spec';

function quantities(source: string): JsonObject {
  const found: Record<string, string> = {};
  for (const statement of source === '' ? [] : source.split(',')) {
    const parts = statement.split('=');
    const [name = '', quantity = ''] = parts;
    if (parts.length !== 2) throw new Failure(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
    if (parseQuantity(quantity) === undefined) throw new Failure(quantityComplaint);
    found[name] = canonical(quantity);
  }
  return found;
}

export const setResources: Command = {
  use: 'resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  short: 'Update resource requests/limits on objects with pod templates',
  long: `Specify compute resource requirements (CPU, memory) for any resource that defines a pod template. If a pod is successfully scheduled, it is guaranteed the amount of resource requested, but may burst up to its specified limits.

 For each compute resource, if a limit is specified and a request is omitted, the request will default to the limit.

 Possible resources include (case insensitive): Use "kubectl api-resources" for a complete list of supported resources..`,
  example: `# Limits of one container
kubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi`,
  flags: [
    ...setFlags('that names the resource to get from a server.'),
    flag.string('containers', '*', 'Names of the containers to change; * stands for any letters.', { short: 'c' }),
    flag.string('limits', '', "Limits: 'cpu=100m,memory=256Mi'."),
    flag.string('requests', '', "Requests: 'cpu=100m,memory=256Mi'."),
  ],
  run: async (cli) => {
    const { flags } = cli;
    const strategy = dryRun(cli);
    objectPrinter(cli);
    const infos = await targets(cli, cli.args);
    if (flags.bool('local') && strategy === 'server')
      throw new Failure('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    if (flags.bool('all') && flags.string('selector') !== '')
      throw new Failure('cannot set --all and --selector at the same time');
    const [limits, requests] = [flags.string('limits'), flags.string('requests')];
    if (limits === '' && requests === '')
      throw new Failure('you must specify an update to requests or limits (in the form of --requests/--limits)');
    const wanted = { limits: quantities(limits), requests: quantities(requests) };
    const words = {
      done: 'resource requirements updated',
      failed: 'failed to patch resources update to pod template ',
    };
    await update(cli, infos, strategy, words, (object) => {
      const result = changeContainers(object, flags.string('containers'), (container) => {
        const before = objectAt(container, 'resources');
        const merged = (field: 'limits' | 'requests'): JsonObject =>
          Object.keys(wanted[field]).length === 0 ? {} : { [field]: { ...objectAt(before, field), ...wanted[field] } };
        return { ...container, resources: { ...before, ...merged('limits'), ...merged('requests') } };
      });
      if (result.count === 0)
        throw new Skipped(
          [new Failure(`error: unable to find container named ${flags.string('containers')}`)],
          undefined,
        );
      return result.object;
    });
  },
};

export const setServiceAccount: Command = {
  use: 'serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  aliases: ['sa'],
  short: 'Update the service account of a resource',
  long: `Update the service account of pod template resources.

 Possible resources (case insensitive) can be:

 replicationcontroller (rc), deployment (deploy), daemonset (ds), job, replicaset (rs), statefulset`,
  example:
    '# The service account of a deployment\nkubectl set serviceaccount deployment nginx-deployment serviceaccount1',
  flags: setFlags('that names the resource to get from a server.'),
  run: async (cli) => {
    const strategy = dryRun(cli);
    objectPrinter(cli);
    if (cli.flags.bool('local') && strategy === 'server')
      throw new Failure('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    const account = cli.args.at(-1);
    if (account === undefined) throw new Failure('serviceaccount is required');
    const infos = await targets(cli, cli.args.slice(0, -1));
    const words = { done: 'serviceaccount updated', failed: 'failed to patch ServiceAccountName ' };
    await update(cli, infos, strategy, words, (object) => {
      const path = podSpecPath(object);
      const legacy = at(object, ...path, 'serviceAccount') !== undefined;
      const named = withAt(object, [...path, 'serviceAccountName'], account);
      return (legacy ? withAt(named, [...path, 'serviceAccount'], account) : named) as JsonObject;
    });
  },
};

export const setSelector: Command = {
  use: 'selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  short: 'Set the selector on a resource',
  long: `Set the selector on a resource. Note that the new selector will overwrite the old selector if the resource had one prior to the invocation of 'set selector'.

 A selector must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 63 characters. If --resource-version is specified, then updates will use this resource version, otherwise the existing resource-version will be used. Note: currently selectors can only be set on Service objects.`,
  example: '# The selector of a service\nkubectl set selector svc my-svc app=web',
  flags: [
    ...setFlags('that names the resource.').filter(({ name }) => name !== 'selector'),
    flag.string('resource-version', '', 'Change it only if this is the present version.'),
  ],
  run: async (cli) => {
    const strategy = dryRun(cli);
    objectPrinter(cli);
    const expressions = cli.args.at(-1);
    const resources = cli.args.slice(0, -1);
    if (expressions === undefined) throw new Failure('one selector is required');
    const selector = parseToLabelSelector(expressions);
    const infos = await targets(cli, resources);
    const words = { done: 'selector updated', failed: '' };
    for (const { object } of infos)
      if (kindOf(object) !== 'Service') throw new Failure('setting a selector is only supported for Services');
    await update(cli, infos, strategy, words, (object) => {
      const version = cli.flags.string('resource-version');
      const expressionsGiven = list(selector, 'matchExpressions');
      if (expressionsGiven.length > 0)
        throw new Failure(`match expression ${JSON.stringify(expressionsGiven)} not supported on this object`);
      const changed = withAt(object, ['spec', 'selector'], objectAt(selector, 'matchLabels'));
      return (version === '' ? changed : withAt(changed, ['metadata', 'resourceVersion'], version)) as JsonObject;
    });
  },
};

const rbac = 'rbac.authorization.k8s.io';

export const setSubject: Command = {
  use: 'subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Update the user, group, or service account in a role binding or cluster role binding',
  long: 'Update the user, group, or service account in a role binding or cluster role binding.',
  example:
    '# Add a service account to a binding\nkubectl set subject clusterrolebinding admin --serviceaccount=namespace:serviceaccount1',
  flags: [
    ...setFlags('with the resource whose subjects to change'),
    flag.array('group', [], 'Group to bind to the role.'),
    flag.array('serviceaccount', [], 'Service account to bind to the role, as NAMESPACE:NAME.'),
    flag.array('user', [], 'User to bind to the role.'),
  ],
  run: async (cli) => {
    const { flags } = cli;
    const strategy = dryRun(cli);
    objectPrinter(cli);
    const infos = await targets(cli, cli.args);
    if (flags.bool('local') && strategy === 'server')
      throw new Failure('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    const [users, groups, accounts] = [flags.list('user'), flags.list('group'), flags.list('serviceaccount')];
    if (users.length + groups.length + accounts.length === 0)
      throw new Failure('you must specify at least one value of user, group or serviceaccount');
    const added: JsonObject[] = [
      ...users.map((name) => ({ kind: 'User', apiGroup: rbac, name })),
      ...groups.map((name) => ({ kind: 'Group', apiGroup: rbac, name })),
      ...accounts.map((word) => {
        const [namespace = '', name, more] = word.split(':');
        if (name === undefined || more !== undefined) throw new Failure('serviceaccount must be <namespace>:<name>');
        if (namespace === '')
          throw new Failure('serviceaccount must be <namespace>:<name>, namespace must be specified');
        return { kind: 'ServiceAccount', name, namespace };
      }),
    ];
    const words = { done: 'subjects updated', failed: 'failed to patch subjects to rolebinding: ' };
    await update(cli, infos, strategy, words, (object) => {
      if (!['RoleBinding', 'ClusterRoleBinding'].includes(kindOf(object)))
        throw new Failure('setting subjects is only supported for RoleBinding/ClusterRoleBinding');
      const before = list(object, 'subjects').filter(isObject);
      const same = (a: JsonObject, b: JsonObject): boolean =>
        a['kind'] === b['kind'] && a['name'] === b['name'] && a['namespace'] === b['namespace'];
      const fresh = added.filter((each) => !before.some((old) => same(old, each)));
      return fresh.length === 0 ? object : { ...object, subjects: [...before, ...fresh] };
    });
  },
};
