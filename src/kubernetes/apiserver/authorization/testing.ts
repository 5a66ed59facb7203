import { decode } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import type { Clock } from '../../../sim/clock';
import type { WebhookTransport } from '../admission/webhook/transport';
import type { User } from '../authentication/user';
import type { ServerRegistry } from '../create-registry';
import { defaultSettings, type ApiserverSettings } from '../settings';
import { bytesOf, serve } from '../testing';

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
  const known = new Map(Object.entries(users));
  const { registry, clock, handler } = serve(
    { settings, ...(webhooks === undefined ? {} : { webhooks }), authenticateToken: (token) => known.get(token) },
    Date.parse('2026-11-21T03:00:00Z'),
  );
  return {
    registry,
    clock,
    async ask(as, method, path, body, headers = {}) {
      const response = await handler(
        {
          method,
          url: path,
          headers: new Headers({ ...(as === '' ? {} : { Authorization: `Bearer ${as}` }), ...headers }),
          body: bytesOf(body),
        },
        { remote: '172.30.0.10' },
      );
      const text = response.body instanceof Uint8Array ? decode(response.body) : '';
      return { code: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : { text } };
    },
  };
}
