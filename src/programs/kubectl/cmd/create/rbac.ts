import type { Cli } from '../../cli';
import { Failure, NoResourceMatch } from '../../errors';
import { flag, type Flag } from '../../flags/flag-set';
import type { JsonObject } from '../../json';
import { meta } from '../../manifest/objects';
import { typedCreate } from './typed';

const rbac = 'rbac.authorization.k8s.io';
const apiVersion = `${rbac}/v1`;
const root = `/apis/${apiVersion}`;

const ruleFlags: readonly Flag[] = [
  flag.strings('resource', [], 'Resource that the rule is about: TYPE, TYPE.GROUP, TYPE/SUBRESOURCE.'),
  flag.array('resource-name', [], 'Only objects of this name; may be given several times.'),
  flag.strings('verb', [], 'What is allowed.'),
];

const verbs = [
  '*',
  'get',
  'delete',
  'list',
  'create',
  'update',
  'patch',
  'watch',
  'proxy',
  'deletecollection',
  'use',
  'bind',
  'escalate',
  'impersonate',
];
const nonResourceVerbs = ['*', 'get', 'put', 'post', 'head', 'options', 'delete', 'patch'];

/** Verbs that mean something on few resources only. */
const special: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  use: [
    ['podsecuritypolicies', 'policy'],
    ['podsecuritypolicies', 'extensions'],
  ],
  bind: [
    ['roles', rbac],
    ['clusterroles', rbac],
  ],
  escalate: [
    ['roles', rbac],
    ['clusterroles', rbac],
  ],
  impersonate: [
    ['users', ''],
    ['serviceaccounts', ''],
    ['groups', ''],
    ['userextras', 'authentication.k8s.io'],
  ],
};

interface Wanted {
  readonly resource: string;
  readonly group: string;
  readonly subresource: string;
}

function wantedResources(list: readonly string[]): readonly Wanted[] {
  const found: Wanted[] = [];
  for (const word of list) {
    const [type = '', subresource = ''] = word.split(/\/(.*)/s);
    const [resource = '', group = ''] = type.split(/\.(.*)/s);
    const wanted = { resource, group, subresource };
    if (word === '*') return [wanted];
    found.push(wanted);
  }
  return found;
}

function wantedVerbs(list: readonly string[]): readonly string[] {
  return list.includes('*') ? ['*'] : [...new Set(list)];
}

async function locate(cli: Cli, { resource, group }: Wanted): Promise<{ resource: string; group: string } | undefined> {
  try {
    return await cli.factory.resolve((mapper) => mapper.forResource(group === '' ? resource : `${resource}.${group}`));
  } catch (reason) {
    if (reason instanceof NoResourceMatch) return undefined;
    throw reason;
  }
}

async function checkResources(cli: Cli, wanted: readonly Wanted[], given: readonly string[]): Promise<void> {
  for (const verb of given)
    if (!verbs.includes(verb)) await cli.err(`Warning: '${verb}' is not a standard resource verb\n`);
  if (wanted.length === 0) throw new Failure('at least one resource must be specified');
  for (const each of wanted) {
    if (each.resource === '') throw new Failure('resource must be specified if apiGroup/subresource specified');
    if (each.resource === '*') return;
    const mapping = await locate(cli, each);
    const { resource, group } = mapping ?? each;
    let excused = false;
    for (const verb of given) {
      const places = special[verb];
      if (places === undefined) continue;
      if (!places.some(([plural, of]) => plural === resource && of === group))
        throw new Failure(`can not perform '${verb}' on '${resource}' in group '${group}'`);
      excused = true;
    }
    if (mapping === undefined && !excused) throw new NoResourceMatch(each.resource, each.group);
  }
}

/** Rules by group, in the order of groups (generateResourcePolicyRules). */
async function rulesOf(
  cli: Cli,
  given: readonly string[],
  wanted: readonly Wanted[],
  urls: readonly string[] = [],
): Promise<readonly JsonObject[]> {
  const names = [...new Set(cli.flags.list('resource-name'))];
  const byGroup = new Map<string, string[]>();
  for (const each of wanted) {
    const mapping = each.resource === '*' ? undefined : await locate(cli, each);
    const { resource, group } = mapping ?? each;
    const full = each.subresource === '' ? resource : `${resource}/${each.subresource}`;
    const list = byGroup.get(group) ?? [];
    if (!list.includes(full)) list.push(full);
    byGroup.set(group, list);
  }
  const rules: JsonObject[] = [...byGroup.keys()].sort().map((group) => ({
    verbs: given,
    apiGroups: [group],
    resources: byGroup.get(group) ?? [],
    ...(names.length > 0 ? { resourceNames: names } : {}),
  }));
  if (urls.length > 0) rules.push({ verbs: given, nonResourceURLs: urls });
  return rules;
}

export const role = typedCreate({
  discoveryAttempts: 2,
  use: 'role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
  short: 'Create a role with single rule',
  long: 'Create a role with one rule.',
  example: `# Reading pods
kubectl create role pod-reader --verb=get,list,watch --resource=pods

# Only some of them
kubectl create role pod-reader --verb=get --resource=pods --resource-name=web-0`,
  flags: ruleFlags,
  root,
  plural: 'roles',
  build: async (cli, name, namespace) => {
    const given = wantedVerbs(cli.flags.list('verb'));
    const wanted = wantedResources(cli.flags.list('resource'));
    if (given.length === 0) throw new Failure('at least one verb must be specified');
    await checkResources(cli, wanted, given);
    const rules = await rulesOf(cli, given, wanted);
    return { kind: 'Role', apiVersion, metadata: meta({ name, namespace }), rules };
  },
});

export const clusterRole = typedCreate({
  discoveryAttempts: 2,
  use: 'clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
  short: 'Create a cluster role',
  long: 'Create a cluster role.',
  example: `# Reading nodes
kubectl create clusterrole node-reader --verb=get,list,watch --resource=nodes

# Paths that are no resources
kubectl create clusterrole logs --verb=get --non-resource-url=/logs/*`,
  flags: [
    ...ruleFlags,
    flag.string('aggregation-rule', '', 'Label selector of the cluster roles to put together.', { unquoted: true }),
    flag.strings('non-resource-url', [], 'Partial URL that is allowed.'),
  ],
  root,
  plural: 'clusterroles',
  clusterScope: true,
  build: async (cli, name) => {
    const { flags } = cli;
    const given = wantedVerbs(flags.list('verb'));
    const wanted = wantedResources(flags.list('resource'));
    const urls = [...new Set(flags.list('non-resource-url'))];
    const head = { kind: 'ClusterRole', apiVersion, metadata: meta({ name }) };
    const aggregation = flags.string('aggregation-rule');
    if (aggregation !== '') {
      if (urls.length + given.length + wanted.length + flags.list('resource-name').length > 0)
        throw new Failure(
          'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
        );
      const matchLabels = Object.fromEntries(aggregation.split(',').map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
      return { ...head, rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } };
    }
    if (given.length === 0) throw new Failure('at least one verb must be specified');
    if (wanted.length === 0 && urls.length === 0)
      throw new Failure('one of resource or nonResourceURL must be specified');
    if (wanted.length > 0) await checkResources(cli, wanted, given);
    if (urls.length > 0) checkUrls(urls, given);
    return { ...head, rules: await rulesOf(cli, given, wanted, urls) };
  },
});

function checkUrls(urls: readonly string[], given: readonly string[]): void {
  for (const verb of given)
    if (!nonResourceVerbs.includes(verb)) throw new Failure(`invalid verb: '${verb}' for nonResourceURL`);
  for (const url of urls) {
    if (url === '*') continue;
    if (!url.startsWith('/')) throw new Failure('nonResourceURL should start with /');
    if (url.slice(0, -1).includes('*'))
      throw new Failure("nonResourceURL only supports wildcard matches when '*' is at the end");
  }
}

const subjectFlags: readonly Flag[] = [
  flag.array('group', [], 'Group to bind to the role.'),
  flag.array('serviceaccount', [], 'Service account to bind to the role, as NAMESPACE:NAME.'),
  flag.array('user', [], 'User to bind to the role.'),
];

function subjects({ flags }: Cli): JsonObject {
  const named = (kind: string, list: readonly string[]): readonly JsonObject[] =>
    [...new Set(list)].map((name) => ({ kind, apiGroup: rbac, name }));
  const accounts = flags.list('serviceaccount').map((word) => {
    const parts = word.split(':');
    if (parts.length !== 2 || parts[0] === '') throw new Failure('serviceaccount must be <namespace>:<name>');
    return { kind: 'ServiceAccount', name: parts[1], namespace: parts[0] };
  });
  const all = [...named('User', flags.list('user')), ...named('Group', flags.list('group')), ...accounts];
  return all.length === 0 ? {} : { subjects: all };
}

const roleRef = (kind: string, name: string): JsonObject => ({ apiGroup: rbac, kind, name });

export const roleBinding = typedCreate({
  use: 'rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Create a role binding for a particular role or cluster role',
  long: 'Create a role binding for a role or a cluster role.',
  example: `# jane may what the role admin allows
kubectl create rolebinding admin --clusterrole=admin --user=jane`,
  flags: [
    ...subjectFlags,
    flag.string('clusterrole', '', 'Cluster role that is bound.'),
    flag.string('role', '', 'Role that is bound.'),
  ],
  root,
  plural: 'rolebindings',
  failed: 'failed to create rolebinding: ',
  build: (cli, name, namespace) => {
    const [clusterrole, own] = [cli.flags.string('clusterrole'), cli.flags.string('role')];
    if ((clusterrole === '') === (own === ''))
      throw new Failure('exactly one of clusterrole or role must be specified');
    return {
      kind: 'RoleBinding',
      apiVersion,
      metadata: meta({ name, namespace }),
      ...subjects(cli),
      roleRef: own === '' ? roleRef('ClusterRole', clusterrole) : roleRef('Role', own),
    };
  },
});

export const clusterRoleBinding = typedCreate({
  use: 'clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  short: 'Create a cluster role binding for a particular cluster role',
  long: 'Create a cluster role binding for a cluster role.',
  example: `# jane may everything
kubectl create clusterrolebinding root --clusterrole=cluster-admin --user=jane`,
  flags: [...subjectFlags, flag.string('clusterrole', '', 'Cluster role that is bound.', { required: true })],
  root,
  plural: 'clusterrolebindings',
  clusterScope: true,
  failed: 'failed to create clusterrolebinding: ',
  build: (cli, name) => ({
    kind: 'ClusterRoleBinding',
    apiVersion,
    metadata: meta({ name }),
    ...subjects(cli),
    roleRef: roleRef('ClusterRole', cli.flags.string('clusterrole')),
  }),
});
