import type { CriRuntime } from '../../containers/containerd/cri';
import type { User } from '../../kubernetes/apiserver/authentication/user';
import { authorizerOf } from '../../kubernetes/apiserver/authorization/modes';
import { listenAndServe, textResponse } from '../../linux/net/http/server';
import type { Request, RequestContext, Response } from '../../linux/net/http/message';
import { parseCertificates } from '../../linux/net/tls/certificate';
import type { Process } from '../../linux/process/types';
import { selfSigned } from './component';
import type { ControlPlane } from './control-plane';

const clientCa = '/etc/kubernetes/pki/ca.crt';

/** The kubelet's own server on port 10250: health, and what its containers use, for who may know it. */
export function serveKubelet(process: Process, cluster: ControlPlane, cri: CriRuntime): void {
  const ca = process.fs.readText(clientCa);
  listenAndServe(
    process,
    process.net.listen(process, { address: '0.0.0.0', port: 10250 }),
    async (request, context) => answer(process, cluster, cri, request, context),
    { tls: { ...selfSigned(process), ...(ca.ok ? { clientRoots: parseCertificates(ca.value) } : {}) } },
  );
}

function answer(
  process: Process,
  cluster: ControlPlane,
  cri: CriRuntime,
  request: Request,
  context: RequestContext,
): Response {
  const user = userOf(cluster, request, context);
  if (user === undefined) return textResponse(401, 'Unauthorized');
  const [path = ''] = request.url.split('?', 1);
  const subresource = subresourceOf(path);
  const verb = verbs[request.method] ?? 'get';
  const { decision } = authorizerOf(cluster.registry.storage, cluster.settings.authorizationModes).authorize({
    user,
    verb,
    isResource: true,
    group: '',
    resource: 'nodes',
    subresource,
    namespace: '',
    name: process.host.name,
    path,
  });
  if (decision !== 'Allow')
    return textResponse(
      403,
      `Forbidden (user=${user.name}, verb=${verb}, resource=nodes, subresource(s)=[${subresource}])\n`,
    );
  switch (path) {
    case '/healthz':
      return textResponse(200, 'ok');
    case '/metrics/resource':
      return textResponse(200, resourceMetrics(process, cri), 'text/plain; version=0.0.4; charset=utf-8');
    default:
      return textResponse(404, '404 page not found\n');
  }
}

/** A certificate that the cluster's authority signed, or the token of a service account. */
function userOf({ registry }: ControlPlane, { headers }: Request, { peer }: RequestContext): User | undefined {
  if (peer !== undefined) return { name: peer.commonName, groups: [...peer.organizations, 'system:authenticated'] };
  const token = /^Bearer (.+)$/.exec(headers.get('Authorization') ?? '')?.[1];
  return token === undefined ? undefined : registry.tokens.authenticate(token);
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** nodeAuthorizerAttributesGetter: what of a node a path belongs to. */
const subresourceOf = (path: string): string =>
  /^\/(?:stats|metrics)(?:\/|$)/.test(path) ? (path.split('/')[1] ?? '') : path.startsWith('/logs/') ? 'log' : 'proxy';

/** /metrics/resource in the Prometheus text format (pkg/kubelet/metrics/collectors/resource_metrics.go). */
function resourceMetrics(process: Process, cri: CriRuntime): string {
  const now = Math.floor(process.clock.now);
  const lines: string[] = [];
  const family = (name: string, type: string, help: string, samples: readonly string[]): void => {
    if (samples.length > 0) lines.push(`# HELP ${name} [STABLE] ${help}`, `# TYPE ${name} ${type}`, ...samples);
  };
  const used = cri.listContainers({ state: 'CONTAINER_RUNNING' }).flatMap(({ id, metadata, labels, startedAt }) => {
    const stats = cri.containerStats(id);
    if (!stats.ok) return [];
    const pod = `namespace="${labels['io.kubernetes.pod.namespace'] ?? ''}",pod="${labels['io.kubernetes.pod.name'] ?? ''}"`;
    const { cpuUsageCoreNanoSeconds: cpu, memoryWorkingSetBytes: memory } = stats.value;
    return [{ labels: `{container="${metadata.name}",${pod}}`, cpu: cpu / 1e9, memory, started: startedAt / 1000 }];
  });
  const each = (name: string, value: (item: (typeof used)[number]) => number): readonly string[] =>
    used.map((item) => `${name}${item.labels} ${value(item)} ${now}`);
  const cpuName = 'container_cpu_usage_seconds_total';
  const memoryName = 'container_memory_working_set_bytes';
  const startName = 'container_start_time_seconds';
  family(
    cpuName,
    'counter',
    'CPU seconds that a container has used',
    each(cpuName, ({ cpu }) => cpu),
  );
  family(
    memoryName,
    'gauge',
    'Working set of a container',
    each(memoryName, ({ memory }) => memory),
  );
  family(
    startName,
    'gauge',
    'When a container started',
    each(startName, ({ started }) => started),
  );
  const node = nodeUsage(process);
  const whole = { cpu: Math.max(node.cpu, sum(used, 'cpu')), memory: Math.max(node.memory, sum(used, 'memory')) };
  family('node_cpu_usage_seconds_total', 'counter', 'CPU seconds that the node has used', [
    `node_cpu_usage_seconds_total ${whole.cpu} ${now}`,
  ]);
  family('node_memory_working_set_bytes', 'gauge', 'Working set of the node', [
    `node_memory_working_set_bytes ${whole.memory} ${now}`,
  ]);
  family('resource_scrape_error', 'gauge', '1 where something could not be read', ['resource_scrape_error 0']);
  return `${lines.join('\n')}\n`;
}

const sum = <Key extends string>(items: readonly Readonly<Record<Key, number>>[], key: Key): number =>
  items.reduce((total, item) => total + item[key], 0);

/** What the kernel says of the host as a whole. */
function nodeUsage({ fs }: Process): { readonly cpu: number; readonly memory: number } {
  const numberIn = (file: string, pattern: RegExp): number => {
    const text = fs.readText(file);
    return text.ok ? Number(pattern.exec(text.value)?.[1] ?? 0) : 0;
  };
  const total = numberIn('/proc/meminfo', /^MemTotal:\s+(\d+)/m);
  const available = numberIn('/proc/meminfo', /^MemAvailable:\s+(\d+)/m);
  return {
    cpu: numberIn('/sys/fs/cgroup/cpu.stat', /^usage_usec (\d+)/m) / 1e6,
    memory: Math.max(0, total - available) * 1024,
  };
}
