import type { Response } from '../../../linux/net/http/message';
import { failure, type Call, type Route } from './respond';

const notManager =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';

/** What this node says while it is in no swarm (daemon/cluster/errors.go). */
function withoutSwarm(path: string): Response | undefined {
  if (path === '/swarm/init' || path === '/swarm/join') return undefined;
  if (path === '/swarm/leave') return failure({ status: 503, message: 'This node is not part of a swarm' });
  if (path === '/swarm/unlock') return failure({ status: 409, message: 'swarm is not locked' });
  return failure({ status: 503, message: notManager });
}

/** Swarm mode is loaded when somebody first asks for it; virtual time stands still meanwhile. */
async function lazily(call: Call): Promise<Response> {
  const { engine, params } = call;
  const path = params[0] ?? '';
  const refused = engine.swarm === undefined ? withoutSwarm(path) : undefined;
  if (refused !== undefined) return refused;
  const { handleSwarm } = await engine.options.clock.external(() => import('./swarm-router'));
  return handleSwarm(call, path);
}

const pattern = /^(\/(?:swarm|services|nodes|tasks|secrets|configs)(?:\/.*)?)$/;

export const swarmRoutes: readonly Route[] = ['GET', 'POST', 'DELETE'].map((method): Route => [
  method,
  pattern,
  lazily,
]);
