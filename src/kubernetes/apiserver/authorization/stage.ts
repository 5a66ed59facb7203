import type { Response } from '../../../linux/net/http/message';
import type { Exchange } from '../rest/exchange';
import { plain, refuse } from '../rest/respond';
import { attributesOf } from './attributes';
import { decided, type Attributes, type Verdict } from './authorizer';
import { forbiddenTo } from './forbidden';

/** 403: filters.WithAuthorization. What was decided and why is also for the audit log. */
export function authorizeStage(exchange: Exchange): Response | Promise<Response | undefined> | undefined {
  const { user, info, server } = exchange;
  const attributes = attributesOf(user, info);
  const verdict = server.authorizer.authorize(attributes);
  if (verdict.until === undefined) return answerTo(exchange, attributes, verdict);
  return decided(server.authorizer, attributes).then((later) => answerTo(exchange, attributes, later));
}

function answerTo(exchange: Exchange, attributes: Attributes, verdict: Verdict): Response | undefined {
  exchange.verdict = verdict;
  const { decision, reason, error } = verdict;
  if (decision === 'Allow') return undefined;
  if (error !== undefined)
    return plain(500, `Internal Server Error: ${JSON.stringify(exchange.request.url)}: ${error}\n`);
  return refuse(forbiddenTo(attributes, reason));
}
