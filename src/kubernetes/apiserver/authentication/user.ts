/** Who asks: k8s.io/apiserver/pkg/authentication/user.Info. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** The names that upstream gives to groups with a meaning (authentication/user). */
export const systemMasters = 'system:masters';
export const allAuthenticated = 'system:authenticated';
export const allUnauthenticated = 'system:unauthenticated';
export const nodesGroup = 'system:nodes';
export const nodePrefix = 'system:node:';

export const anonymous: User = { name: 'system:anonymous', groups: [allUnauthenticated] };

/** authenticatedgroupadder: whoever proved who they are is in one group more. */
export function withAuthenticated(user: User): User {
  const { groups } = user;
  if (groups.includes(allAuthenticated) || groups.includes(allUnauthenticated)) return user;
  return { ...user, groups: [...groups, allAuthenticated] };
}

const accountPrefix = 'system:serviceaccount:';

export const serviceAccountName = (namespace: string, name: string): string => `${accountPrefix}${namespace}:${name}`;

export const serviceAccountGroups = (namespace: string): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];

/** serviceaccount.SplitUsername: namespace and name, or undefined for whoever is no service account. */
export function splitServiceAccount(user: string): readonly [namespace: string, name: string] | undefined {
  if (!user.startsWith(accountPrefix)) return undefined;
  const [namespace = '', name = '', ...more] = user.slice(accountPrefix.length).split(':');
  if (more.length > 0 || !isLabel.test(namespace) || namespace.length > 63) return undefined;
  if (!isSubdomain.test(name) || name.length > 253) return undefined;
  return [namespace, name];
}

const isLabel = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const isSubdomain = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;
