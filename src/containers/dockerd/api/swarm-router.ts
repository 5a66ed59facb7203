import type { Response } from '../../../linux/net/http/message';
import { Refused } from '../../swarm/store';
import { configRoutes } from './configs';
import { nodeRoutes } from './nodes';
import { failure, type Call, type Route } from './respond';
import { secretRoutes } from './secrets';
import { serviceRoutes } from './services';
import { clusterRoutes } from './swarm';
import { taskRoutes } from './tasks';

const routes: readonly Route[] = [
  ...clusterRoutes,
  ...serviceRoutes,
  ...nodeRoutes,
  ...taskRoutes,
  ...secretRoutes,
  ...configRoutes,
];

/** The part of the API that is about swarms. */
export async function handleSwarm(call: Call, path: string): Promise<Response> {
  for (const [method, pattern, handle] of routes) {
    const match = method === call.request.method ? pattern.exec(path) : null;
    if (match === null) continue;
    try {
      return await handle({ ...call, params: match.slice(1).map(decodeURIComponent) });
    } catch (thrown) {
      if (thrown instanceof Refused) return failure(thrown);
      throw thrown;
    }
  }
  return failure({ status: 404, message: 'page not found' });
}
