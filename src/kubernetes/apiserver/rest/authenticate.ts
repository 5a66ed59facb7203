import type { Request, RequestContext } from '../../../linux/net/http/message';

/** Who asks. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Looks a bearer token up; undefined: nobody's. */
export type TokenAuthenticator = (token: string) => User | undefined;

export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const authenticated = 'system:authenticated';

/** Client certificate (CN, O), then bearer token; undefined: a credential that is not good (401). */
export function authenticate(
  { headers }: Request,
  { peer }: RequestContext,
  tokens: TokenAuthenticator,
): User | undefined {
  if (peer !== undefined) return { name: peer.commonName, groups: withAuthenticated(peer.organizations) };
  const [scheme = '', token = ''] = (headers.get('Authorization') ?? '').trim().split(/\s+/);
  if (scheme === '') return anonymous;
  if (scheme.toLowerCase() !== 'bearer' || token === '') return anonymous;
  const user = tokens(token);
  return user === undefined ? undefined : { ...user, groups: withAuthenticated(user.groups) };
}

const withAuthenticated = (groups: readonly string[]): readonly string[] =>
  groups.includes(authenticated) ? groups : [...groups, authenticated];

/** Who the request wants to act as; `serviceAccount` groups as upstream derives them. */
export function impersonated({ headers }: Request): User | undefined {
  const name = headers.get('Impersonate-User');
  if (name === undefined || name === '') return undefined;
  const groups = (headers.get('Impersonate-Group') ?? '')
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '');
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name);
  if (groups.length === 0 && account !== null)
    return {
      name,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${account[1] ?? ''}`, authenticated],
    };
  return { name, groups: name === anonymous.name ? anonymous.groups : withAuthenticated(groups) };
}
