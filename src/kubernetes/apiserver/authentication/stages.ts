import type { Response } from '../../../linux/net/http/message';
import type { Telling } from '../../../sim/trace';
import { unauthorized } from '../../apimachinery/status';
import { forbiddenTo } from '../authorization/forbidden';
import type { Exchange } from '../rest/exchange';
import { plain, refuse } from '../rest/respond';
import { authenticate } from './authenticate';
import { impersonate } from './impersonate';

/** 401: filters.WithAuthentication. */
export function authenticateStage(exchange: Exchange): Response | undefined {
  const { request, context, server } = exchange;
  const user = authenticate(request, context, server.authenticateToken, server.settings.anonymous);
  if (user === undefined) return refuse(unauthorized());
  exchange.user = user;
  return undefined;
}

/** 403 for who may not act as somebody else: filters.WithImpersonation. From here on the client writes as the user. */
export function impersonateStage(exchange: Exchange): Response | undefined {
  const { request, server, client } = exchange;
  const wanted = impersonate(request.headers, exchange.user, server.authorizer);
  switch (wanted.outcome) {
    case 'malformed':
      return plain(500, `Internal Server Error: ${JSON.stringify(request.url)}: ${wanted.message}\n`);
    case 'forbidden':
      return refuse(forbiddenTo(wanted.attributes, wanted.reason));
    case 'as':
      exchange.impersonator = exchange.user;
      exchange.user = wanted.user;
      break;
    case 'none':
      break;
  }
  const { name: user, ...identity } = exchange.user;
  const warn = (text: string): void => {
    if (!exchange.warnings.includes(text)) exchange.warnings.push(text);
  };
  const told = (stage: string, subject: string, detail?: Telling): void =>
    server.trace.within(exchange.span, () => void server.trace.record('kube-apiserver', stage, subject, detail));
  // The first to say something is heard (audit.AddAuditAnnotation).
  const audit = (annotation: string, value: string): void => {
    if (!exchange.annotations.has(annotation)) exchange.annotations.set(annotation, value);
  };
  exchange.client = server.registry.as({
    user,
    ...identity,
    agent: client.actor.agent,
    authorized: true,
    warn,
    told,
    ...(exchange.audited === undefined ? {} : { audit }),
  });
  return undefined;
}
