import type { Response } from '../../../linux/net/http/message';
import type { Exchange } from '../rest/exchange';
import { refuse } from '../rest/respond';
import { attributesOf } from './attributes';
import { forbiddenTo } from './forbidden';

/** 403: filters.WithAuthorization. What was decided and why is also for the audit log. */
export function authorizeStage(exchange: Exchange): Response | undefined {
  const { user, info, server } = exchange;
  const attributes = attributesOf(user, info);
  const verdict = server.authorizer.authorize(attributes);
  exchange.verdict = verdict;
  return verdict.decision === 'Allow' ? undefined : refuse(forbiddenTo(attributes, verdict.reason));
}
