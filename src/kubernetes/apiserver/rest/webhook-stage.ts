import type { Response } from '../../../linux/net/http/message';
import { WebhookCalls } from '../admission/webhook/calls';
import { meetsWebhooks } from '../admission/webhook/in-process';
import { nowhere } from '../admission/webhook/transport';
import { conversionOf, Unconverted } from '../apiextensions/conversion';
import { isConnection } from './connect';
import type { Exchange } from './exchange';
import { answerObject } from './read';
import { refuse } from './respond';

type Serve = (exchange: Exchange) => Response | Promise<Response>;

/** How often a write is run again at most: one run finds at least one webhook's call. */
const mostRuns = 200;
const writing = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
/** Runs a request again after each call of a webhook that it stopped for. */
export const withWebhooks =
  (serve: Serve) =>
  (exchange: Exchange): Response | Promise<Response> => {
    const { server, info, kind } = exchange;
    const writes = (writing.has(info.verb) || isConnection(info)) && meetsWebhooks(server.registry.admission);
    return writes || conversionOf(kind) !== undefined ? run(serve, exchange, writes) : serve(exchange);
  };

async function run(serve: Serve, exchange: Exchange, writes: boolean): Promise<Response> {
  const { server, warnings } = exchange;
  const calls = new WebhookCalls(() => server.random.uuid());
  if (writes) exchange.client = server.registry.as({ ...exchange.client.actor, webhooks: calls });
  const said = warnings.length;
  for (let runs = 0; ; runs++) {
    const response = await attempt(serve, exchange, calls);
    if (response !== undefined && (!calls.waiting || runs >= mostRuns)) return response;
    // What was written stays so, whatever is still to be converted for the answer.
    if (exchange.written === undefined) warnings.length = said;
    await calls.make(server.webhooks ?? nowhere);
  }
}

/** One run; undefined: it waits for a conversion. */
function attempt(serve: Serve, exchange: Exchange, calls: WebhookCalls): Response | Promise<Response> | undefined {
  const { kind, written } = exchange;
  const conversion = conversionOf(kind);
  if (conversion === undefined) return serve(exchange);
  try {
    return conversion.during(calls, () =>
      kind === undefined || written === undefined
        ? serve(exchange)
        : answerObject(Object.assign(exchange, { kind }), written.status, written.object),
    );
  } catch (thrown) {
    if (!(thrown instanceof Unconverted)) throw thrown;
    return thrown.status === undefined ? undefined : refuse(thrown.status);
  }
}
