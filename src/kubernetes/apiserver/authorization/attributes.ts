import type { User } from '../authentication/user';
import type { RequestInfo } from '../rest/request-info';
import type { Attributes } from './authorizer';

/** filters.GetAuthorizerAttributes: what a request asks to be allowed. */
export function attributesOf(user: User, info: RequestInfo): Attributes {
  const { verb, isResource, group, resource, subresource, namespace = '', path, query } = info;
  const fields = selects.has(verb) ? selectedFields(query.get('fieldSelector')) : undefined;
  const name = info.name === '' ? (fields?.get('metadata.name') ?? '') : info.name;
  return {
    user,
    verb,
    isResource,
    group,
    resource,
    subresource,
    namespace,
    name,
    path,
    ...(fields === undefined ? {} : { fields }),
  };
}

const selects = new Set(['list', 'watch', 'deletecollection']);

/** What a field selector asks to be equal to something; who asks for too much asks for nothing in particular. */
function selectedFields(selector: string | null): ReadonlyMap<string, string> | undefined {
  if (selector === null || selector === '' || selector.length > 4096) return undefined;
  const fields = new Map<string, string>();
  for (const term of selector.split(',')) {
    const found = /^([^=!]+)==?([^=]*)$/.exec(term);
    if (found !== null) fields.set(found[1] ?? '', found[2] ?? '');
  }
  return fields;
}
