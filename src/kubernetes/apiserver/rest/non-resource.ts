import type { Response } from '../../../linux/net/http/message';
import { discovery } from './discovery';
import type { Exchange } from './exchange';
import { healthz } from './healthz';
import { openapi } from './openapi';
import { openid } from './openid';
import { rootPaths } from './root-paths';
import { answerText } from './respond';

/** What /version of the reference server says. */
export const version = {
  major: '1',
  minor: '33',
  emulationMajor: '1',
  emulationMinor: '33',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '32',
  gitVersion: 'v1.33.13',
  gitCommit: '2df3632e823a813f64218dfc6f5c2e70d28ecdf0',
  gitTreeState: 'clean',
  buildDate: '2026-08-01T00:00:00Z',
  goVersion: 'go1.26.8',
  compiler: 'gc',
  platform: 'linux/amd64',
} as const;

/** Paths that are no resources: discovery, health, version. Undefined: there is no such path. */
export function nonResource(exchange: Exchange): Response | Promise<Response> | undefined {
  const { path, query } = exchange.info;
  const trimmed = path.replace(/\/+$/, '');
  switch (trimmed) {
    case '':
      return rootPaths(exchange);
    case '/version':
      // WriteRawJSON
      return answerText(200, JSON.stringify(version, null, 2));
    case '/metrics':
      return exchange.server.metrics.render(exchange.server.registry.storage, exchange.server.flowControl);
    default:
      return (
        healthz(trimmed, query, exchange.server.etcdUp()) ??
        discovery(exchange) ??
        openapi(exchange) ??
        openid(exchange)
      );
  }
}
