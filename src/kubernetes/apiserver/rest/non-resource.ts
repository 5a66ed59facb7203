import type { Response } from '../../../linux/net/http/message';
import { discovery } from './discovery';
import type { Exchange } from './exchange';
import { openapi } from './openapi';
import { answer, plain } from './respond';

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

const checks = [
  'ping',
  'log',
  'etcd',
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/generic-apiserver-start-informers',
  'poststarthook/start-system-namespaces-controller',
  'poststarthook/start-kubernetes-service-cidr-controller',
  'poststarthook/rbac/bootstrap-roles',
  'poststarthook/apiservice-discovery-controller',
];

/** Paths that are no resources: discovery, health, version. Undefined: there is no such path. */
export function nonResource(exchange: Exchange): Response | undefined {
  const { path, query } = exchange.info;
  const trimmed = path.replace(/\/+$/, '');
  switch (trimmed) {
    case '/version':
      return answer(200, version);
    case '/healthz':
    case '/livez':
    case '/readyz': {
      if (query.get('verbose') === null) return plain(200, 'ok');
      const lines = checks.map((check) => `[+]${check} ok\n`).join('');
      return plain(200, `${lines}${trimmed.slice(1)} check passed\n`);
    }
    default:
      return discovery(exchange) ?? openapi(exchange);
  }
}
