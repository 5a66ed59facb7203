import { allowed, type Attributes, type Authorizer } from './authorizer';

/** One line of --authorization-policy-file: who may do what; an empty member matches only what has none. */
export interface AbacPolicy {
  readonly user: string;
  readonly group: string;
  readonly readonly: boolean;
  readonly apiGroup: string;
  readonly resource: string;
  readonly namespace: string;
  readonly nonResourcePath: string;
}

type Json = Readonly<Record<string, unknown>>;
const versioned = /^abac\.authorization\.kubernetes\.io\/v(0|1beta1)$/;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** NewFromFile: one map a line; a text: why the server does not start. */
export function abacPolicies(path: string, content: string): readonly AbacPolicy[] | string {
  const policies: AbacPolicy[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const value = parse(trimmed);
    const failed = (why: string): string => `error reading policy file ${path}, line ${index + 1}: ${line}: ${why}`;
    if (value === undefined) return failed("couldn't get version/kind; json parse error: invalid JSON");
    const { apiVersion, kind, spec } = value;
    if (apiVersion === undefined || kind === undefined) {
      policies.push(unversioned(value));
      continue;
    }
    if (!versioned.test(text(apiVersion)) || kind !== 'Policy')
      return failed(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
    policies.push(policyOf(typeof spec === 'object' && spec !== null ? (spec as Json) : {}));
  }
  return policies;
}

function parse(line: string): Json | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

const policyOf = (spec: Json): AbacPolicy => ({
  user: text(spec['user']),
  group: text(spec['group']),
  readonly: spec['readonly'] === true,
  apiGroup: text(spec['apiGroup']),
  resource: text(spec['resource']),
  namespace: text(spec['namespace']),
  nonResourcePath: text(spec['nonResourcePath']),
});

/** abac/v0: what is not named is everything; who is nobody in particular is whoever proved who they are. */
function unversioned(line: Json): AbacPolicy {
  const { user, group, namespace, resource, ...rest } = policyOf(line);
  const anybody = (user === '' && group === '') || user === '*' || group === '*';
  const everywhere = namespace === '' && resource === '';
  return {
    ...rest,
    user: anybody && (user === '*' || group === '*') ? '' : user,
    group: anybody ? 'system:authenticated' : group,
    namespace: namespace === '' ? '*' : namespace,
    resource: resource === '' ? '*' : resource,
    apiGroup: '*',
    nonResourcePath: everywhere ? '*' : '',
  };
}

const readOnly: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

/** --authorization-mode=ABAC. */
export const abac = (policies: readonly AbacPolicy[]): Authorizer => ({
  authorize: (attributes) =>
    policies.some((policy) => matches(policy, attributes))
      ? allowed
      : { decision: 'NoOpinion', reason: 'No policy matched.' },
  rulesFor: (user, namespace) => ({
    rules: policies
      .filter((policy) => isSubject(policy, user) && (policy.namespace === '*' || policy.namespace === namespace))
      .flatMap(({ readonly: reads, apiGroup, resource, nonResourcePath }) => {
        const verbs = reads ? ['get', 'list', 'watch'] : ['*'];
        return [
          ...(resource === '' ? [] : [{ verbs, apiGroups: [apiGroup], resources: [resource] }]),
          ...(nonResourcePath === '' ? [] : [{ verbs, nonResourceURLs: [nonResourcePath] }]),
        ];
      }),
    incomplete: false,
    errors: [],
  }),
});

function matches(policy: AbacPolicy, { user, verb, isResource, ...asked }: Attributes): boolean {
  if (!isSubject(policy, user) || (policy.readonly && !readOnly.has(verb))) return false;
  if (isResource) {
    const { namespace, resource, apiGroup } = policy;
    return covers(namespace, asked.namespace) && covers(resource, asked.resource) && covers(apiGroup, asked.group);
  }
  const { nonResourcePath } = policy;
  if (covers(nonResourcePath, asked.path)) return true;
  return nonResourcePath.endsWith('*') && asked.path.startsWith(nonResourcePath.replace(/\*+$/, ''));
}

const covers = (pattern: string, value: string): boolean => pattern === '*' || pattern === value;

function isSubject({ user, group }: AbacPolicy, { name, groups }: Attributes['user']): boolean {
  if (user !== '' && !covers(user, name)) return false;
  if (group !== '' && group !== '*' && !groups.includes(group)) return false;
  return user !== '' || group !== '';
}
