import type { Response } from '../../../linux/net/http/message';
import { err } from '../../../sim/result';
import { WebhookCalls } from '../admission/webhook/calls';
import { meetsWebhooks } from '../admission/webhook/in-process';
import type { WebhookTransport } from '../admission/webhook/transport';
import { isConnection } from './connect';
import type { Exchange } from './exchange';

type Serve = (exchange: Exchange) => Response | Promise<Response>;

/** How often a write is run again at most: one run finds at least one webhook's call. */
const mostRuns = 200;
const writes = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
/** Of a world without a network. */
const nowhere: WebhookTransport = {
  post: () => Promise.resolve(err('dial tcp: lookup failed: no such host')),
};

/** Runs a write again after each call of a webhook that it stopped for. */
export const withWebhooks =
  (serve: Serve) =>
  (exchange: Exchange): Response | Promise<Response> => {
    const { server, info } = exchange;
    return (writes.has(info.verb) || isConnection(info)) && meetsWebhooks(server.registry.admission)
      ? run(serve, exchange)
      : serve(exchange);
  };

async function run(serve: Serve, exchange: Exchange): Promise<Response> {
  const { server, warnings } = exchange;
  const calls = new WebhookCalls(() => server.random.uuid());
  exchange.client = server.registry.as({ ...exchange.client.actor, webhooks: calls });
  const said = warnings.length;
  for (let runs = 0; ; runs++) {
    const response = await serve(exchange);
    if (!calls.waiting || runs >= mostRuns) return response;
    warnings.length = said;
    await calls.make(server.webhooks ?? nowhere);
  }
}
