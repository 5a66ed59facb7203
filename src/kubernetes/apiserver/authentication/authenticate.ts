import type { Request, RequestContext } from '../../../linux/net/http/message';
import { anonymous, withAuthenticated, type User } from './user';

/** Looks a bearer token up; undefined: nobody's. */
export type TokenAuthenticator = (token: string) => User | undefined;

/** Client certificate (CN, O), then bearer token, then nobody; undefined: a credential that is not good (401). */
export function authenticate(
  { headers }: Request,
  { peer }: RequestContext,
  tokens: TokenAuthenticator,
  allowAnonymous = true,
): User | undefined {
  if (peer !== undefined) return withAuthenticated(certificateUser(peer));
  const [scheme = '', token = ''] = (headers.get('Authorization') ?? '').trim().split(' ', 2);
  if (scheme.toLowerCase() !== 'bearer' || token === '') return allowAnonymous ? anonymous : undefined;
  const user = tokens(token);
  return user === undefined ? undefined : withAuthenticated(user);
}

/** x509.CommonNameUserConversion. */
function certificateUser({ commonName, organizations, fingerprint }: NonNullable<RequestContext['peer']>): User {
  return {
    name: commonName,
    groups: organizations,
    ...(fingerprint === undefined
      ? {}
      : { extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] } }),
  };
}
