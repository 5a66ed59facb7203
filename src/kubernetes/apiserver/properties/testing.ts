import { setImmediate as turn } from 'node:timers/promises';
import { decode, encode, noBytes } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { Clock } from '../../../sim/clock';
import { Random } from '../../../sim/random';
import { Trace } from '../../../sim/trace';
import { namespace } from '../../api/core/namespace';
import { createApiserver } from '../apiserver';
import { createRegistry } from '../create-registry';

/** An apiserver with two namespaces, for tests that try many orders of things. */
export function propertyWorld(seed: number) {
  const trace = new Trace();
  const start = Date.UTC(2026, 0, 1);
  const clock = new Clock({ start, trace, settle: () => turn() });
  const random = new Random(seed);
  const registry = createRegistry({ clock, random, trace });
  const admin = registry.as({ user: 'admin', groups: ['system:masters'], agent: 'test' });
  for (const name of ['a', 'b']) admin.create(namespace, { metadata: { name }, spec: {} });
  const handler = createApiserver({ registry, clock, random, trace });
  const peer = { commonName: 'admin', organizations: ['system:masters'] };
  const json = async (
    method: string,
    url: string,
    body?: object,
    type = 'application/json',
  ): Promise<{ readonly code: number; readonly body: unknown }> => {
    const response = await handler(
      {
        method,
        url,
        headers: new Headers({ 'Content-Type': type }),
        body: body === undefined ? noBytes : encode(JSON.stringify(body)),
      },
      { remote: '127.0.0.1', peer },
    );
    return { code: response.status, body: JSON.parse(decode(response.body as Uint8Array)) as unknown };
  };
  return { clock, registry, admin, json };
}

/**
 * Tries a property with `runs` seeds. Where it fails, the shortest list of steps that still fails is looked for by leaving
 * steps out, and told with its seed.
 */
export async function forAll<Step>(
  runs: number,
  steps: (random: Random) => readonly Step[],
  check: (steps: readonly Step[], seed: number) => Promise<string | undefined>,
): Promise<string> {
  for (let seed = 1; seed <= runs; seed++) {
    let failing = steps(new Random(seed));
    let why = await check(failing, seed);
    if (why === undefined) continue;
    for (let size = failing.length >> 1; size > 0; size >>= 1)
      for (let at = 0; at < failing.length;) {
        const fewer = [...failing.slice(0, at), ...failing.slice(at + size)];
        const still = await check(fewer, seed);
        if (still === undefined) at += size;
        else [failing, why] = [fewer, still];
      }
    return `seed ${seed}: ${why}\n${failing.map((step) => JSON.stringify(step)).join('\n')}`;
  }
  return 'holds';
}
