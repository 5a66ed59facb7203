import type { Actor } from '../registry';
import { serviceAccountGroups, splitServiceAccount, withAuthenticated, type User } from '../authentication/user';
import type { Attributes } from './authorizer';

/** Who an actor is: what its credentials would say. */
export function userOf({ user: name, groups, uid, extra }: Actor): User {
  const account = splitServiceAccount(name);
  const own = groups ?? (account === undefined ? [] : serviceAccountGroups(account[0]));
  return withAuthenticated({
    name,
    groups: own,
    ...(uid === undefined ? {} : { uid }),
    ...(extra === undefined ? {} : { extra }),
  });
}

/** A question about a resource; what is left out does not apply. */
export const resourceQuestion = (
  user: User,
  asked: Pick<Attributes, 'verb' | 'resource'> & Partial<Attributes>,
): Attributes => ({
  user,
  isResource: true,
  group: '',
  subresource: '',
  namespace: '',
  name: '',
  path: '',
  ...asked,
});
