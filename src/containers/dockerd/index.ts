import type { Handler } from '../../linux/net/http/message';
import { engineHandler } from './api/router';
import { Engine, type EngineOptions } from './engine';

export { Engine, type EngineOptions } from './engine';

export interface Dockerd {
  readonly engine: Engine;
  /** The Engine API, for a socket or for a real client through the bridge. */
  readonly handler: Handler;
}

/** The docker engine of one host. Sets up bridge networks and iptables at once. */
export function createDockerd(options: EngineOptions): Dockerd {
  const engine = new Engine(options);
  return { engine, handler: engineHandler(engine) };
}
