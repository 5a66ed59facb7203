import { beforeAll, expect, test } from 'vitest';
import { Typist } from './testing/typist';

/* metrics-server as everybody installs it: the aggregated API of a service in the cluster, over the network. */
let at: Typist;

beforeAll(async () => {
  at = await Typist.sit({ columns: 240 });
}, 60_000);

/** The rows below the typed line, without the prompt that follows. */
async function answer(line: string, wait?: number): Promise<string> {
  return (await at.line(line, wait)).split('\n').slice(1, -1).join('\n');
}

const manifest = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml';
const insecure = `'[{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"--kubelet-insecure-tls"}]'`;

test('componentstatuses asks the components', async () => {
  expect((await answer('kubectl get cs 2>/dev/null', 1000)).replace(/ +$/gm, '').split('\n').sort()).toEqual([
    'NAME                 STATUS    MESSAGE   ERROR',
    'controller-manager   Healthy   ok',
    'etcd-0               Healthy   ok',
    'scheduler            Healthy   ok',
  ]);
});

test('metrics come with the server that is installed, once it may believe the kubelets', async () => {
  expect(await answer('kubectl top nodes')).toBe('error: Metrics API not available');
  await answer(`kubectl apply -f ${manifest} > /dev/null`, 2000);
  expect(await answer('kubectl get apiservice v1beta1.metrics.k8s.io --no-headers')).toMatch(
    /^v1beta1.metrics.k8s.io +kube-system\/metrics-server +False \(MissingEndpoints\) +\d+s$/,
  );
  await answer('sleep 40', 60_000);
  expect(await answer('kubectl -n kube-system logs deploy/metrics-server | tail -1')).toMatch(
    /"Failed to scrape node" err="Get .*172.30.\d.2:10250.*: tls: failed to verify certificate: x509: cannot validate certificate for 172.30.\d.2 because it doesn't contain any IP SANs" node="\w+"$/,
  );
  expect(await answer('kubectl get --raw /apis/metrics.k8s.io/v1beta1/nodes')).toBe(
    'Error from server (ServiceUnavailable): the server is currently unable to handle the request',
  );
  await answer(
    `kubectl -n kube-system patch deploy metrics-server --type json -p ${insecure} > /dev/null; sleep 60`,
    90_000,
  );
  expect(await answer('kubectl get apiservice v1beta1.metrics.k8s.io --no-headers')).toMatch(/ True +\w+$/);
  expect(
    (await answer('kubectl top nodes'))
      .replace(/\d+(m|Mi|%)/g, '0$1')
      .replace(/ +/g, ' ')
      .split('\n'),
  ).toEqual([
    'NAME CPU(cores) CPU(%) MEMORY(bytes) MEMORY(%) ',
    ...['controlplane', 'node1', 'node2'].map((name) => `${name} 0m 0% 0Mi 0% `),
  ]);
  expect(await answer('kubectl top pods -n kube-system -l k8s-app=kube-dns --no-headers | wc -l')).toBe('2');
  // What the programs of the control plane stand for costs what the real ones cost when they are idle, or a little more.
  const cores = Number(
    / (\d+)m /.exec(await answer('kubectl top pods -n kube-system -l component=kube-apiserver'))?.[1],
  );
  expect(cores).toBeGreaterThanOrEqual(32);
  expect(cores).toBeLessThan(100);
  const told = 'container_cpu_usage_seconds_total{container="etcd"';
  expect(await answer(`kubectl get --raw /api/v1/nodes/controlplane/proxy/metrics/resource | grep '${told}'`)).toMatch(
    /} [1-9][\d.]* \d+$/,
  );
  expect(await answer('kubectl get --raw /openapi/v3 | grep -o apis/metrics.k8s.io/v1beta1 | head -1')).toBe(
    'apis/metrics.k8s.io/v1beta1',
  );
  const raw = '/apis/metrics.k8s.io/v1beta1/namespaces/kube-system/pods?labelSelector=component%3Detcd';
  expect(await answer(`kubectl get --raw '${raw}'`)).toMatch(
    /^{"kind":"PodMetricsList","apiVersion":"metrics.k8s.io\/v1beta1","metadata":{},"items":\[{"metadata":{"name":"etcd-controlplane","namespace":"kube-system","creationTimestamp":"[^"]+","labels":{"component":"etcd","tier":"control-plane"}},"timestamp":"[^"]+","window":"15(\.\d+)?s","containers":\[{"name":"etcd","usage":{"cpu":"\d+n","memory":"\d+Ki"}}\]}\]}$/,
  );
  expect(await answer('kubectl top pod nope')).toBe('Error from server (NotFound): pods "nope" not found');
  expect(await answer('kubectl api-resources --api-group=metrics.k8s.io --no-headers')).toMatch(
    /^nodes +metrics.k8s.io\/v1beta1 +false +NodeMetrics\npods +metrics.k8s.io\/v1beta1 +true +PodMetrics$/,
  );
}, 120_000);
