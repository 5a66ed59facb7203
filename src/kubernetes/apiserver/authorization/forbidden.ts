import { failure, forbidden, type Status } from '../../apimachinery/status';
import type { Attributes } from './authorizer';

/** The 403 in upstream's words: responsewriters.Forbidden and forbiddenMessage. */
export function forbiddenTo(attributes: Attributes, reason = ''): Status {
  const { isResource, group, resource, name } = attributes;
  const said = forbiddenMessage(attributes);
  const why = reason === '' ? said : `${said}: ${reason}`;
  if (!isResource) return failure(403, 'Forbidden', `forbidden: ${why}`, {});
  return forbidden({ group, plural: resource }, name, why);
}

export function forbiddenMessage(attributes: Attributes): string {
  const { user, verb, isResource, path, group, resource, subresource, namespace } = attributes;
  const who = JSON.stringify(user.name);
  if (!isResource) return `User ${who} cannot ${verb} path ${JSON.stringify(path)}`;
  const what = JSON.stringify(subresource === '' ? resource : `${resource}/${subresource}`);
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return `User ${who} cannot ${verb} resource ${what} in API group ${JSON.stringify(group)} ${where}`;
}
