import { Headers, type Handler, type RequestContext, type Response } from '../../../linux/net/http/message';
import type { Engine } from '../engine';
import { containerRoutes } from './containers';
import { execRoutes } from './exec';
import { imageRoutes } from './images';
import { networkRoutes } from './networks';
import { failure, type Route } from './respond';
import { apiVersion, engineVersion, minApiVersion, systemRoutes } from './system';
import { underSpan } from './under-span';
import { volumeRoutes } from './volumes';

const routes: readonly Route[] = [
  ...systemRoutes,
  ...containerRoutes,
  ...execRoutes,
  ...imageRoutes,
  ...networkRoutes,
  ...volumeRoutes,
];

/** The Engine API. Paths may begin with `/v1.NN`. */
export const engineHandler =
  (engine: Engine): Handler =>
  async (request, context) => {
    const question = request.url.indexOf('?');
    const full = question < 0 ? request.url : request.url.slice(0, question);
    const [, version, rest] = /^\/v([0-9.]+)(\/.*)$/.exec(full) ?? [];
    const path = rest ?? full;
    const refused = version === undefined ? undefined : wrongVersion(version);
    if (refused !== undefined) return withHeaders(failure({ status: 400, message: refused }), false);
    const query = new URLSearchParams(question < 0 ? '' : request.url.slice(question + 1));
    for (const [method, pattern, handle] of routes) {
      if (method !== request.method) continue;
      const match = pattern.exec(path);
      if (match === null) continue;
      const acting = actingFor(engine, context, `${method} ${path}`);
      const response = await handle({ engine: acting, request, context, query, params: match.slice(1) });
      return withHeaders(response, true);
    }
    return failure({ status: 404, message: 'page not found' });
  };

/** The engine as one request moves it: everything it does is caused by that request. */
function actingFor(engine: Engine, context: RequestContext, subject: string): Engine {
  const { trace, host } = engine.options;
  const [verb = '', path = ''] = subject.split(' ');
  const span = trace.within(context.cause ?? trace.current, () => trace.record(`dockerd@${host.name}`, verb, path));
  return underSpan(engine, trace, span.id, ['images', 'volumes', 'networks']);
}

function wrongVersion(version: string): string | undefined {
  if (compare(version, apiVersion) > 0)
    return `client version ${version} is too new. Maximum supported API version is ${apiVersion}`;
  if (compare(version, minApiVersion) < 0)
    return `client version ${version} is too old. Minimum supported API version is ${minApiVersion}, please upgrade your client to a newer version`;
  return undefined;
}

function compare(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

/** Every answer says who gave it. */
function withHeaders(response: Response, experimental: boolean): Response {
  const headers = new Headers({ 'Api-Version': apiVersion });
  for (const [name, value] of response.headers) headers.set(name, value);
  if (experimental) headers.set('Docker-Experimental', 'false');
  headers.set('Ostype', 'linux');
  headers.set('Server', `Docker/${engineVersion} (linux)`);
  return { ...response, headers };
}
