import { decode, encode, noBytes } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { Clock } from '../../../sim/clock';
import { Random } from '../../../sim/random';
import { Trace } from '../../../sim/trace';
import type { WebhookTransport } from '../admission/webhook/transport';
import { createApiserver } from '../apiserver';
import type { User } from '../authentication/user';
import { bootstrap } from '../bootstrap';
import { createRegistry, type ServerRegistry } from '../create-registry';
import { defaultSettings, type ApiserverSettings } from '../settings';

/** An apiserver with a token for each of some users, for tests. */
export interface TestServer {
  readonly registry: ServerRegistry;
  readonly clock: Clock;
  /** Code, and the message of a Status or the answer. */
  ask(
    as: string,
    method: string,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

export interface Answer {
  readonly code: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly message?: string };
}

export function startTestServer(
  users: Readonly<Record<string, User>>,
  settings: ApiserverSettings = defaultSettings(),
  webhooks?: WebhookTransport,
): TestServer {
  const trace = new Trace();
  const clock = new Clock({ start: Date.parse('2026-11-21T03:00:00Z'), trace, settle: () => Promise.resolve() });
  const random = new Random(7);
  const registry = createRegistry({ clock, random, trace });
  bootstrap(registry, { advertiseAddress: '172.30.1.2' });
  const known = new Map(Object.entries(users));
  const handler = createApiserver({
    registry,
    clock,
    random,
    trace,
    settings,
    ...(webhooks === undefined ? {} : { webhooks }),
    authenticateToken: (token) => known.get(token),
  });
  return {
    registry,
    clock,
    async ask(as, method, path, body, headers = {}) {
      const response = await handler(
        {
          method,
          url: path,
          headers: new Headers({ ...(as === '' ? {} : { Authorization: `Bearer ${as}` }), ...headers }),
          body: body === undefined ? noBytes : encode(JSON.stringify(body)),
        },
        { remote: '172.30.0.10' },
      );
      const text = response.body instanceof Uint8Array ? decode(response.body) : '';
      return { code: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : { text } };
    },
  };
}
