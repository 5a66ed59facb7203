import { configMap, cronJob, deployment, documents, job, namespace, plain, pod, service, statefulSet } from './objects';

/** Services and deployments of Istio's book shop. */
const bookinfo = (): string =>
  documents(
    ...['details', 'ratings', 'reviews', 'productpage'].flatMap((app) => [
      service({ name: app, labels: { app, service: app }, selector: { app } }, [{ name: 'http', port: 9080 }]),
      plain('v1', 'ServiceAccount', `bookinfo-${app}`, `  labels:\n    account: ${app}\n`),
      ...(app === 'reviews' ? ['v1', 'v2', 'v3'] : ['v1']).map((version) =>
        deployment(
          { name: `${app}-${version}`, labels: { app, version } },
          {
            serviceAccount: `bookinfo-${app}`,
            containers: [
              { name: app, image: `docker.io/istio/examples-bookinfo-${app}-${version}:1.20.3`, ports: [9080] },
            ],
          },
        ),
      ),
    ]),
  );

const gateway = (): string =>
  documents(
    plain(
      'networking.istio.io/v1',
      'Gateway',
      'bookinfo-gateway',
      'spec:\n  selector:\n    istio: ingressgateway\n  servers:\n  - port:\n      number: 8080\n      name: http\n      protocol: HTTP\n    hosts: ["*"]\n',
    ),
    plain(
      'networking.istio.io/v1',
      'VirtualService',
      'bookinfo',
      'spec:\n  hosts: ["*"]\n  gateways: ["bookinfo-gateway"]\n  http:\n  - match:\n    - uri:\n        exact: /productpage\n    route:\n    - destination:\n        host: productpage\n        port:\n          number: 9080\n',
    ),
  );

/** Names that occur in many public exercises, by the end of their path: what such a file holds, written anew. */
const byName: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/^bookinfo(-versions)?$/, bookinfo],
  [/^bookinfo-gateway$/, gateway],
  [
    /^(prometheus|grafana|kiali|jaeger|zipkin)$/,
    (name) =>
      documents(
        service({ name, namespace: 'istio-system' }, [{ name: 'http', port: 9090 }]),
        deployment(
          { name, namespace: 'istio-system' },
          { containers: [{ image: `docker.io/bottleship-mirror/${name}:latest` }] },
        ),
      ),
  ],
  [
    /^curl$/,
    (name) =>
      documents(
        plain('v1', 'ServiceAccount', name),
        service({ name }, [{ name: 'http', port: 80 }]),
        deployment(
          { name },
          { serviceAccount: name, containers: [{ image: 'curlimages/curl', command: ['/bin/sleep', 'infinity'] }] },
        ),
      ),
  ],
  [
    /(^|-)redis-(master|slave|leader|follower)-(deployment|service)$/,
    (name) =>
      name.endsWith('service')
        ? service(
            {
              name: name.replace('-service', ''),
              labels: { app: 'redis', role: /-(\w+)-service/.exec(name)?.[1] ?? '', tier: 'backend' },
            },
            [{ port: 6379 }],
          )
        : deployment(
            {
              name: name.replace('-deployment', ''),
              labels: { app: 'redis', role: /-(\w+)-deployment/.exec(name)?.[1] ?? '', tier: 'backend' },
            },
            { containers: [{ image: 'redis:7', ports: [6379], requests: ['100m', '100Mi'] }] },
          ),
  ],
  [
    /^frontend-deployment$/,
    () =>
      deployment(
        { name: 'frontend', labels: { app: 'guestbook', tier: 'frontend' } },
        {
          replicas: 3,
          containers: [{ name: 'php-redis', image: 'nginx:1.27', ports: [80], requests: ['100m', '100Mi'] }],
        },
      ),
  ],
  [
    /^frontend-service$/,
    () =>
      service({ name: 'frontend', labels: { app: 'guestbook', tier: 'frontend' } }, [{ port: 80 }], {
        type: 'NodePort',
      }),
  ],
  [
    /^nginx-deployment$/,
    () =>
      deployment(
        { name: 'nginx-deployment', labels: { app: 'nginx' } },
        { replicas: 2, containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [80] }] },
      ),
  ],
  [
    /^nginx-service$/,
    () => service({ name: 'nginx-service', labels: { app: 'nginx' } }, [{ port: 80 }], { type: 'NodePort' }),
  ],
  [
    /^nginx(-app)?$/,
    () =>
      documents(
        deployment({ name: 'nginx' }, { replicas: 2, containers: [{ image: 'nginx:1.27', ports: [80] }] }),
        service({ name: 'nginx' }, [{ port: 80 }]),
      ),
  ],
  [
    /quota/,
    (name) =>
      plain(
        'v1',
        'ResourceQuota',
        name,
        'spec:\n  hard:\n    pods: "4"\n    requests.cpu: "1"\n    requests.memory: 1Gi\n    limits.cpu: "2"\n    limits.memory: 2Gi\n',
      ),
  ],
  [
    /limit-range/,
    (name) =>
      plain(
        'v1',
        'LimitRange',
        name,
        'spec:\n  limits:\n  - type: Container\n    default:\n      cpu: 500m\n      memory: 256Mi\n    defaultRequest:\n      cpu: 100m\n      memory: 64Mi\n',
      ),
  ],
  [
    /storage-class/,
    () =>
      plain(
        'storage.k8s.io/v1',
        'StorageClass',
        'local-storage',
        'provisioner: kubernetes.io/no-provisioner\nvolumeBindingMode: WaitForFirstConsumer\n',
      ),
  ],
  [/-?namespace$/, (name) => namespace(name.replace(/-?namespace$/, '') || 'demo')],
  [
    /secret-encoded|^secret/,
    () => plain('v1', 'Secret', 'opaque-secret', 'type: Opaque\ndata:\n  username: YWRtaW4=\n  password: czNjcmV0\n'),
  ],
  [
    /deployment-with-service/,
    () =>
      documents(
        deployment({ name: 'web' }, { replicas: 2, containers: [{ image: 'nginx:1.27', ports: [80] }] }),
        service({ name: 'web' }, [{ port: 80 }]),
      ),
  ],
  [/create-configmap/, () => configMap('app-config', { mode: 'demo', greeting: 'hello' })],
  [
    /missing-configmap/,
    () =>
      pod(
        { name: 'missing-configmap' },
        { containers: [{ image: 'nginx:1.27', more: 'envFrom:\n- configMapRef:\n    name: does-not-exist\n' }] },
      ),
  ],
  [
    /deployment-secret|missing-secret/,
    (name) =>
      deployment(
        { name: name.replace(/^\d+-/, '').toLowerCase() },
        {
          containers: [{ name: 'web', image: 'nginx:1.27', more: 'envFrom:\n- secretRef:\n    name: opaque-secret\n' }],
        },
      ),
  ],
  [/exceeding/, (name) => pod({ name }, { containers: [{ image: 'nginx:1.27', requests: ['64', '512Gi'] }] })],
  [
    /job-oneshot-failure/,
    () =>
      job(
        { name: 'oneshot' },
        {
          restartPolicy: 'OnFailure',
          containers: [{ image: 'busybox:1.37', command: ['sh', '-c', 'echo generating keys; sleep 2; exit 1'] }],
        },
      ),
  ],
  [
    /job-oneshot|job-countdown/,
    (name) =>
      job(
        { name: name.includes('countdown') ? 'countdown' : 'oneshot' },
        {
          restartPolicy: 'OnFailure',
          containers: [
            { image: 'busybox:1.37', command: ['sh', '-c', 'for i in 9 8 7 6 5 4 3 2 1; do echo $i; done'] },
          ],
        },
      ),
  ],
  [
    /job-parallel|job-consumers/,
    (name) =>
      job(
        { name: name.includes('consumers') ? 'consumers' : 'parallel' },
        {
          restartPolicy: 'OnFailure',
          spec: 'parallelism: 5\ncompletions: 10\n',
          containers: [{ image: 'busybox:1.37', command: ['sh', '-c', 'echo work; sleep 1'] }],
        },
      ),
  ],
  [
    /cronjob/,
    () =>
      cronJob({ name: 'hello' }, '*/1 * * * *', {
        containers: [{ image: 'busybox:1.37', command: ['sh', '-c', 'date; echo hello'] }],
      }),
  ],
  [
    /logging-sidecar/,
    () =>
      pod(
        { name: 'pod-logging-sidecar' },
        {
          containers: [
            {
              name: 'main',
              image: 'busybox:1.37',
              command: ['sh', '-c', 'while true; do date >> /var/log/main.log; sleep 5; done'],
              mounts: { logs: '/var/log' },
            },
            {
              name: 'sidecar',
              image: 'busybox:1.37',
              command: ['sh', '-c', 'tail -F /var/log/main.log'],
              mounts: { logs: '/var/log' },
            },
          ],
          more: 'volumes:\n- name: logs\n  emptyDir: {}\n',
        },
      ),
  ],
  [
    /^statefulset|mongo|mysql|postgres/,
    (name) => statefulSet({ name }, { containers: [{ image: 'redis:7', ports: [6379] }] }),
  ],
  [/service|svc/, (name) => service({ name: clean(name.replace(/-?(service|svc)-?/, '')) }, [{ port: 80 }])],
  [
    /deploy|weavescope|yaobank|server|provisioner|webhook|controller/,
    (name) =>
      deployment(
        { name: clean(name.replace(/-?deploy(ment)?-?/, '')) },
        { containers: [{ name: 'web', image: 'nginx:1.27', ports: [80] }] },
      ),
  ],
  [
    /pod|web|alone/,
    (name) => pod({ name: clean(name) }, { containers: [{ name: 'web', image: 'nginx:1.27', ports: [80] }] }),
  ],
];

const clean = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^[\d-]+|-+$/g, '') || 'web';

/** A manifest by its file's name without the end; undefined if the name tells nothing. */
export function exercise(name: string): string | undefined {
  const found = byName.find(([pattern]) => pattern.test(name));
  return found?.[1](found[0].source.startsWith('^') ? name : clean(name));
}
