import type { Response } from '../../../linux/net/http/message';
import type { Exchange } from './exchange';
import { plain } from './respond';

/**
 * /healthz, /livez and /readyz (k8s.io/apiserver/pkg/server/healthz). A server that answers has run its hooks: they are
 * done before it serves. What is left out of one of the three is said beside it.
 */
const hooks = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-wait-for-first-sync',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
].map((name) => `poststarthook/${name}`);

const last = [
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
];

type Endpoint = 'healthz' | 'livez' | 'readyz';

/** The checks of an endpoint, in their order. */
const checksOf: Readonly<Record<Endpoint, readonly string[]>> = {
  healthz: ['ping', 'log', 'etcd', ...hooks, ...last],
  livez: ['ping', 'log', 'etcd', ...hooks, ...last],
  // Ready once its own informers are; and until it is told to end.
  readyz: ['ping', 'log', 'informer-sync', ...hooks, ...last, 'shutdown'],
};

/** The endpoints and each of their checks. */
export const healthPaths: readonly string[] = Object.entries(checksOf).flatMap(([endpoint, checks]) => [
  `/${endpoint}`,
  ...checks.map((check) => `/${endpoint}/${check}`),
]);

const isEndpoint = (name: string): name is Endpoint => Object.hasOwn(checksOf, name);

/** Undefined: the path is none of health. */
export function healthz(path: string, { info: { query }, server }: Exchange): Response | undefined {
  const [, endpoint = '', check] = /^\/([a-z]+)(?:\/(.+))?$/.exec(path) ?? [];
  if (!isEndpoint(endpoint)) return undefined;
  const checks = checksOf[endpoint];
  const fails = (each: string): boolean => each === 'etcd' && !server.etcdUp();
  if (check !== undefined) {
    if (!checks.includes(check)) return undefined;
    return fails(check)
      ? plain(500, 'internal server error: error getting data from etcd: context deadline exceeded\n')
      : plain(200, 'ok');
  }
  const excluded = new Set(query.getAll('exclude'));
  for (const each of checks) if (!excluded.has(each)) server.slis.observe(each, endpoint, !fails(each));
  const failed = checks.some((each) => fails(each) && !excluded.has(each));
  if (query.get('verbose') === null && !failed) return plain(200, 'ok');
  const lines = checks.map((each) => {
    if (excluded.delete(each)) return `[+]${each} excluded: ok\n`;
    return fails(each) ? `[-]${each} failed: reason withheld\n` : `[+]${each} ok\n`;
  });
  const unknown =
    excluded.size === 0
      ? ''
      : `warn: some health checks cannot be excluded: no matches for ${[...excluded].map((each) => JSON.stringify(each)).join(', ')}\n`;
  const verdict = `${endpoint} check ${failed ? 'failed' : 'passed'}\n`;
  return plain(failed ? 500 : 200, `${lines.join('')}${unknown}${verdict}`);
}
