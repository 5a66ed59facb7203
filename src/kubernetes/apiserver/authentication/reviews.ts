import type { TokenReview } from '../../api/authentication/reviews';
import type { ApiObject } from '../../apimachinery/object';
import { badRequest, type Status } from '../../apimachinery/status';
import type { Routed } from '../rest/exchange';
import type { ReviewAnswer } from '../rest/reviews';
import { issuer } from './service-account-tokens';
import { withAuthenticated, type User } from './user';

/** authentication.k8s.io/v1 UserInfo. */
const userInfo = ({ name, uid, groups, extra }: User): object => ({
  username: name,
  ...(uid === undefined || uid === '' ? {} : { uid }),
  ...(groups.length === 0 ? {} : { groups }),
  ...(extra === undefined ? {} : { extra }),
});

/** TokenReview: whose token is it? */
export function reviewToken({ server }: Routed, review: ApiObject): ReviewAnswer | Status {
  const { spec } = review as TokenReview;
  const { token = '', audiences: asked = [] } = spec ?? {};
  if (token === '') return badRequest('token is required for TokenReview in authentication');
  const audiences = asked.length === 0 ? [issuer] : asked;
  const refused = (error: string): ReviewAnswer => ({ spec, status: { user: {}, error } });
  const account = server.registry.tokens.review(token, audiences);
  if (typeof account === 'string') return refused(`[invalid bearer token, ${account}]`);
  const found = account ?? otherToken(server.authenticateToken(token), audiences);
  if (found === undefined) return refused('invalid bearer token');
  const user = userInfo(withAuthenticated(found.user));
  return { spec, status: { authenticated: true, user, audiences: found.audiences } };
}

/** Tokens that know no audiences are for the server itself. */
const otherToken = (user: User | undefined, audiences: readonly string[]) =>
  user === undefined || !audiences.includes(issuer) ? undefined : { user, audiences: [issuer] };

/** SelfSubjectReview: who am I? */
export const reviewSelf = ({ user }: Routed): ReviewAnswer => ({
  isNew: true,
  isDated: true,
  status: { userInfo: userInfo(user) },
});
