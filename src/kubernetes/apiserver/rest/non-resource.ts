import type { Response } from '../../../linux/net/http/message';
import { debug } from './debug';
import { discovery } from './discovery';
import type { Exchange } from './exchange';
import { healthz } from './healthz';
import { openapi } from './openapi';
import { openid } from './openid';
import { rootPaths } from './root-paths';
import { answerText } from './respond';
import { version } from './version';

/** Paths that are no resources: discovery, health, version. Undefined: there is no such path. */
export function nonResource(exchange: Exchange): Response | Promise<Response> | undefined {
  const { path } = exchange.info;
  const trimmed = path.replace(/\/+$/, '');
  switch (trimmed) {
    case '':
      return rootPaths(exchange);
    case '/version':
      // WriteRawJSON
      return answerText(200, JSON.stringify(version, null, 2));
    case '/metrics':
      return exchange.server.metrics.render(exchange);
    case '/metrics/slis':
      return exchange.server.slis.render();
    default:
      return (
        healthz(trimmed, exchange) ?? discovery(exchange) ?? openapi(exchange) ?? openid(exchange) ?? debug(exchange)
      );
  }
}
