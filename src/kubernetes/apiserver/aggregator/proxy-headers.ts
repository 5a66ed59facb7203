import { Headers } from '../../../linux/net/http/message';
import type { User } from '../authentication/user';

/** Who asks, for servers that believe the front proxy (transport.SetAuthProxyHeaders). */
export function proxyHeaders({ name, groups, extra = {} }: Pick<User, 'name' | 'groups' | 'extra'>): Headers {
  const headers = new Headers({ 'X-Remote-User': name });
  for (const group of groups) headers.add('X-Remote-Group', group);
  for (const [key, values] of Object.entries(extra))
    for (const value of values) headers.add(`X-Remote-Extra-${encodeURIComponent(key)}`, value);
  return headers;
}
