import { ProcessEnded } from '../../../linux/process/process-ended';
import type { Handler, RequestContext } from '../../../linux/net/http/message';
import { community, type EngineBuild } from '../build-info';
import type { Engine } from '../engine';
import { buildRoutes } from './build';
import { archiveRoutes } from './archive';
import { authRoutes } from './auth';
import { commitRoutes } from './commit';
import { containerRoutes } from './containers';
import { distributionRoutes } from './distribution';
import { execRoutes } from './exec';
import { finished } from './headers';
import { imageArchiveRoutes } from './image-archives';
import { imageRoutes } from './images';
import { networkRoutes } from './networks';
import { ApiProblem, failure, json, type Route } from './respond';
import { swarmRoutes } from './swarm-routes';
import { systemRoutes } from './system';
import { underSpan } from './under-span';
import { apiVersion, wrongVersion } from './versions';
import { volumeRoutes } from './volumes';

const routes: readonly Route[] = [
  ...authRoutes,
  ...distributionRoutes,
  ...systemRoutes,
  ...containerRoutes,
  ...archiveRoutes,
  ...commitRoutes,
  ...execRoutes,
  ...imageArchiveRoutes,
  ...imageRoutes,
  ...buildRoutes,
  ...networkRoutes,
  ...volumeRoutes,
  ...swarmRoutes,
  // Where nothing was built with BuildKit there is nothing to throw away.
  ['POST', /^\/build\/prune$/, () => json({ CachesDeleted: null, SpaceReclaimed: 0 })],
];

/**
 * Routes in their order by method and by the first word of the path, if the pattern names one: few are tried for each
 * request.
 */
const routesOf = new Map<string, readonly Route[]>();

function candidates(method: string, path: string): readonly Route[] {
  const end = path.indexOf('/', 1);
  const word = end < 0 ? path.slice(1) : path.slice(1, end);
  const key = `${method} ${word}`;
  const known = routesOf.get(key);
  if (known !== undefined) return known;
  const fitting = routes.filter(([own, pattern]) => {
    const first = /^\^\\\/([A-Za-z_]+)(?=\\\/|\$$)/.exec(pattern.source)?.[1];
    return own === method && (first === undefined || first === word);
  });
  // What nobody serves is not worth a place.
  if (fitting.some(([, pattern]) => pattern.source.includes(word))) routesOf.set(key, fitting);
  return fitting;
}

/** The Engine API. Paths may begin with `/v1.NN`. */
export const engineHandler =
  (engine: Engine, build: EngineBuild = community): Handler =>
  async (request, context) => {
    const question = request.url.indexOf('?');
    const full = question < 0 ? request.url : request.url.slice(0, question);
    const [, version = apiVersion, rest] = /^\/v([0-9.]+)(\/.*)$/.exec(full) ?? [];
    const path = rest ?? full;
    const { clock } = engine.options;
    const finish = (response: Parameters<typeof finished>[0], who: 'nobody' | 'engine' | 'all') =>
      finished(response, { method: request.method, now: clock.now, build, who });
    const query = new URLSearchParams(question < 0 ? '' : request.url.slice(question + 1));
    const { method } = request;
    for (const [, pattern, handle] of candidates(method, path)) {
      const match = pattern.exec(path);
      if (match === null) continue;
      const refused = wrongVersion(version);
      if (refused !== undefined) return finish(failure({ status: 400, message: refused }), 'engine');
      const acting = actingFor(engine, context, method, path);
      try {
        const call = { engine: acting, build, version, request, context, query, params: match.slice(1) };
        return finish(await handle(call), 'all');
      } catch (thrown) {
        if (thrown instanceof ProcessEnded || !(thrown instanceof ApiProblem)) throw thrown;
        return finish(failure(thrown), 'all');
      }
    }
    return finish(failure({ status: 404, message: 'page not found' }), 'nobody');
  };

const parts = ['images', 'volumes', 'networks'];

/** The engine as one request moves it: everything it does is caused by that request. */
function actingFor(engine: Engine, context: RequestContext, verb: string, path: string): Engine {
  const { trace, host } = engine.options;
  const span = trace.within(context.cause ?? trace.current, () => trace.record(`dockerd@${host.name}`, verb, path));
  return underSpan(engine, trace, span.id, parts);
}
