import { err } from '../../../sim/result';
import type { Connect } from './transport';

/** Requests over the simulated network. The HTTP client of the net room is not there yet: every dial is refused. */
export const networkTransport: Connect = (_process, config) => {
  const host = config.server.replace(/^[a-z]+:\/\//, '').replace(/\/.*$/, '');
  const refused = err({ message: `dial tcp ${host.replace('localhost', '127.0.0.1')}: connect: connection refused` });
  return { send: () => Promise.resolve(refused), upgrade: () => Promise.resolve(refused) };
};
