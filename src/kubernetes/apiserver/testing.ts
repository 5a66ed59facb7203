import { setImmediate as turn } from 'node:timers/promises';
import { encode, noBytes } from '../../linux/io/bytes';
import { Headers, type Response } from '../../linux/net/http/message';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { createApiserver, type ApiserverOptions } from './apiserver';
import { bootstrap } from './bootstrap';
import { createRegistry } from './create-registry';

/** The bytes of a body given as text or as JSON. */
export const bytesOf = (body?: unknown): Uint8Array =>
  body === undefined ? noBytes : encode(typeof body === 'string' ? body : JSON.stringify(body));

/** An apiserver with what its start makes, for tests. `send` asks it as the administrator, without a network. */
export function serve(options: Partial<ApiserverOptions> = {}, start = Date.UTC(2026, 0, 1)) {
  const trace = new Trace();
  const clock = new Clock({ start, trace, settle: () => turn() });
  const random = new Random(1);
  const registry = createRegistry({ clock, random, trace });
  bootstrap(registry, { advertiseAddress: '172.30.1.2' });
  const handler = createApiserver({ registry, clock, random, trace, ...options });
  const peer = { commonName: 'kubernetes-admin', organizations: ['system:masters'] };
  const send = (
    method: string,
    url: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> =>
    Promise.resolve(
      handler({ method, url, headers: new Headers(headers), body: bytesOf(body) }, { remote: '172.30.0.10', peer }),
    );
  return { trace, clock, random, registry, handler, send };
}
