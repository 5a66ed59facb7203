import type { Handler } from '../../linux/net/http/message';
import type { ContainerHost } from '../host';
import { engineHandler } from './api/router';
import { keepOnDisk } from './disk';
import type { EngineBuild } from './build-info';
import { Engine, type EngineOptions } from './engine';

export { Engine, type EngineOptions } from './engine';

export interface Dockerd {
  readonly engine: Engine;
  /** The Engine API, for a socket or for a real client through the bridge. Who wants to watch may put a wrapper here. */
  handler: Handler;
}

/** What dockerd finds again in /var/lib/docker when it starts once more: it stays with the host. */
const engines = new WeakMap<ContainerHost, Engine>();

/** The docker engine of one host. Sets up bridge networks and iptables at once, and revives what is to be revived. */
export function createDockerd(given: EngineOptions, build?: EngineBuild): Dockerd {
  const options = { ...given, os: build?.system?.os };
  let engine = engines.get(options.host);
  if (engine === undefined) {
    engines.set(options.host, (engine = new Engine(options)));
    keepOnDisk(engine);
  } else engine.resume(options.dockerd);
  return { engine, handler: engineHandler(engine, build) };
}
