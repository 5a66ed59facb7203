import type { Response } from '../../../linux/net/http/message';
import { failure, type Status } from '../../apimachinery/status';
import type { Exchange } from './exchange';
import { nonResource } from './non-resource';
import { plain, refuse } from './respond';

/** What go-restful says where it knows the place but not the path. */
export const noSuchPath: Status = {
  ...failure(404, 'NotFound', 'the server could not find the requested resource'),
  details: {},
};
/** net/http's NotFound: no web service is there at all. */
const noPage = plain(404, '404 page not found\n');
/** go-restful's web service of `/api` takes all below it; that of `/apis` only itself (director.ServeHTTP). */
const nothingAt = (path: string): Response => (/^\/api(\/|$)/.test(path) ? refuse(noSuchPath) : noPage);
/** 404, and what is no resource: finds the kind that a path means. */
export function route(exchange: Exchange): Response | Promise<Response> | undefined {
  const { info, server } = exchange;
  if (!info.isResource) return nonResource(exchange) ?? nothingAt(info.path);
  const apiVersion = info.group === '' ? info.version : `${info.group}/${info.version}`;
  const kind = server.registry.storage.kindOf(apiVersion, info.resource);
  if (kind === undefined) {
    const served = server.registry.storage.views.some((each) => each.apiVersion === apiVersion);
    return served ? refuse(noSuchPath) : nothingAt(info.path);
  }
  if (kind.namespaced && info.namespace === undefined && info.name !== '') return refuse(noSuchPath);
  exchange.kind = kind;
  if (kind.deprecated !== undefined) exchange.warnings.push(kind.deprecated);
  return undefined;
}
