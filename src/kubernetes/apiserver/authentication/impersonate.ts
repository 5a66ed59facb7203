import type { Headers } from '../../../linux/net/http/message';
import type { Attributes, Authorizer } from '../authorization/authorizer';
import {
  allUnauthenticated,
  anonymous,
  serviceAccountGroups,
  splitServiceAccount,
  withAuthenticated,
  type User,
} from './user';

/** One thing that a request wants to be; each has to be allowed for itself. */
interface Wish {
  readonly kind: 'User' | 'Group' | 'ServiceAccount' | 'UID' | 'UserExtra';
  readonly namespace: string;
  readonly name: string;
  /** The key of an extra. */
  readonly path: string;
}

export type Impersonation =
  | { readonly outcome: 'none' }
  | { readonly outcome: 'as'; readonly user: User }
  /** InternalError: groups without a user. */
  | { readonly outcome: 'malformed'; readonly message: string }
  | { readonly outcome: 'forbidden'; readonly attributes: Attributes; readonly reason: string };

const extraPrefix = 'impersonate-extra-';
const none: Impersonation = { outcome: 'none' };

/** filters.WithImpersonation: who the request wants to act as, and whether it may. */
export function impersonate(headers: Headers, user: User, authorizer: Authorizer): Impersonation {
  const wishes = wishesOf(headers);
  if (wishes.length === 0) return none;
  const name = headers.get('Impersonate-User') ?? '';
  if (name === '')
    return { outcome: 'malformed', message: `requested ${goReferences(wishes)} without impersonating a user` };
  for (const wish of wishes) {
    const attributes = attributesOf(user, wish);
    const { decision, reason } = authorizer.authorize(attributes);
    if (decision !== 'Allow') return { outcome: 'forbidden', attributes, reason };
  }
  return { outcome: 'as', user: impersonated(name, wishes) };
}

const values = (text: string | undefined): readonly string[] =>
  text === undefined
    ? []
    : text
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '');

/** buildImpersonationRequests. */
function wishesOf(headers: Headers): readonly Wish[] {
  const wish = (kind: Wish['kind'], name: string, path = '', namespace = ''): Wish => ({ kind, namespace, name, path });
  const wishes: Wish[] = [];
  const user = headers.get('Impersonate-User') ?? '';
  const account = splitServiceAccount(user);
  if (account !== undefined) wishes.push(wish('ServiceAccount', account[1], '', account[0]));
  else if (user !== '') wishes.push(wish('User', user));
  for (const group of values(headers.get('Impersonate-Group'))) wishes.push(wish('Group', group));
  for (const [header, text] of headers) {
    if (!header.toLowerCase().startsWith(extraPrefix)) continue;
    const key = unescaped(header.toLowerCase().slice(extraPrefix.length));
    for (const value of values(text)) wishes.push(wish('UserExtra', value, key));
  }
  const uid = headers.get('Impersonate-Uid') ?? '';
  if (uid !== '') wishes.push(wish('UID', uid));
  return wishes;
}

/** unescapeExtraKey: keys may be percent-encoded, since headers cannot hold every letter. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

const resources = {
  User: 'users',
  Group: 'groups',
  ServiceAccount: 'serviceaccounts',
  UID: 'uids',
  UserExtra: 'userextras',
} as const;

const attributesOf = (user: User, { kind, namespace, name, path }: Wish): Attributes => ({
  user,
  verb: 'impersonate',
  isResource: true,
  group: kind === 'UID' || kind === 'UserExtra' ? 'authentication.k8s.io' : '',
  resource: resources[kind],
  subresource: path,
  namespace,
  name,
  path: '',
});

function impersonated(name: string, wishes: readonly Wish[]): User {
  const groups = wishes.filter(({ kind }) => kind === 'Group').map((wish) => wish.name);
  const uid = wishes.find(({ kind }) => kind === 'UID')?.name;
  const extra = new Map<string, string[]>();
  for (const { kind, path, name: value } of wishes)
    if (kind === 'UserExtra') extra.set(path, [...(extra.get(path) ?? []), value]);
  const account = splitServiceAccount(name);
  const own = groups.length === 0 && account !== undefined ? serviceAccountGroups(account[0]) : groups;
  const user: User = {
    name,
    ...(uid === undefined ? {} : { uid }),
    groups: own,
    ...(extra.size === 0 ? {} : { extra: Object.fromEntries(extra) }),
  };
  if (name !== anonymous.name) return withAuthenticated(user);
  return own.includes(allUnauthenticated) ? user : { ...user, groups: [...own, allUnauthenticated] };
}

/** `[]v1.ObjectReference` as `%v` prints it: Kind, Namespace, Name, UID, APIVersion, ResourceVersion, FieldPath. */
const goReferences = (wishes: readonly Wish[]): string =>
  `[${wishes
    .map(({ kind, namespace, name, path }) => {
      const version = kind === 'UID' || kind === 'UserExtra' ? 'authentication.k8s.io/v1' : '';
      return `{${[kind, namespace, name, '', version, '', path].join(' ')}}`;
    })
    .join(' ')}]`;
