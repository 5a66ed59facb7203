import {
  cronJob,
  daemonSet,
  deployment,
  documents,
  job,
  plain,
  service,
  statefulSet,
  type ContainerPlan,
} from './objects';
import { busybox, podExamples } from './pod-examples';

const nginx: ContainerPlan = { name: 'nginx', image: 'nginx:1.27', ports: [80] };
const redis = (role: string): Record<string, string> => ({ app: 'redis', role, tier: 'backend' });

const guestbook = (part: string, of: string): string => {
  const labels = of === 'frontend' ? { app: 'guestbook', tier: 'frontend' } : redis(of);
  const name = of === 'frontend' ? 'frontend' : `redis-${of}`;
  if (part === 'service') return service({ name, labels }, [{ port: of === 'frontend' ? 80 : 6379 }]);
  const front = of === 'frontend';
  return deployment(
    { name, labels },
    {
      replicas: front ? 3 : of === 'follower' || of === 'slave' ? 2 : 1,
      containers: [
        {
          name: front ? 'php-redis' : of,
          image: front ? 'nginx:1.27' : 'redis:7',
          ports: [front ? 80 : 6379],
          requests: ['100m', '100Mi'],
          ...(front ? { env: { GET_HOSTS_FROM: 'dns' } } : {}),
        },
      ],
    },
  );
};

const phpApache = documents(
  deployment(
    { name: 'php-apache', labels: { run: 'php-apache' } },
    {
      containers: [
        { image: 'registry.k8s.io/hpa-example', ports: [80], limits: ['500m', '128Mi'], requests: ['200m', '64Mi'] },
      ],
    },
  ),
  service({ name: 'php-apache', labels: { run: 'php-apache' } }, [{ port: 80 }]),
);

/** `kubernetes.io/examples/…`: path → manifest. Same names and kinds as there; the rest is ours. */
export const examples: Readonly<Record<string, () => string>> = {
  ...podExamples,
  'application/deployment.yaml': () =>
    deployment({ name: 'nginx-deployment', labels: { app: 'nginx' } }, { replicas: 2, containers: [nginx] }),
  'application/deployment-update.yaml': () =>
    deployment(
      { name: 'nginx-deployment', labels: { app: 'nginx' } },
      { replicas: 2, containers: [{ ...nginx, image: 'nginx:1.28' }] },
    ),
  'application/deployment-scale.yaml': () =>
    deployment({ name: 'nginx-deployment', labels: { app: 'nginx' } }, { replicas: 4, containers: [nginx] }),
  'application/simple_deployment.yaml': () =>
    deployment({ name: 'nginx-deployment', labels: { app: 'nginx' } }, { replicas: 1, containers: [nginx] }),
  'application/nginx-app.yaml': () =>
    documents(
      service({ name: 'my-nginx-svc', labels: { app: 'nginx' } }, [{ port: 80 }], { type: 'LoadBalancer' }),
      deployment({ name: 'my-nginx', labels: { app: 'nginx' } }, { replicas: 3, containers: [nginx] }),
    ),
  'application/php-apache.yaml': () => phpApache,
  'application/hpa/php-apache.yaml': () =>
    plain(
      'autoscaling/v1',
      'HorizontalPodAutoscaler',
      'php-apache',
      'spec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: php-apache\n  minReplicas: 1\n  maxReplicas: 10\n  targetCPUUtilizationPercentage: 50\n',
    ),
  'application/job/cronjob.yaml': () =>
    cronJob({ name: 'hello' }, '* * * * *', { containers: [busybox('date; echo Hello from the Kubernetes cluster')] }),
  'application/web/web.yaml': () =>
    documents(
      service({ name: 'nginx', labels: { app: 'nginx' } }, [{ port: 80, name: 'web' }], { more: 'clusterIP: None\n' }),
      statefulSet(
        { name: 'web', labels: { app: 'nginx' } },
        {
          service: 'nginx',
          replicas: 2,
          containers: [{ ...nginx, mounts: { www: '/usr/share/nginx/html' } }],
          claims:
            'volumeClaimTemplates:\n- metadata:\n    name: www\n  spec:\n    accessModes: ["ReadWriteOnce"]\n    resources:\n      requests:\n        storage: 1Gi\n',
        },
      ),
    ),
  'controllers/nginx-deployment.yaml': () =>
    deployment({ name: 'nginx-deployment', labels: { app: 'nginx' } }, { replicas: 3, containers: [nginx] }),
  'controllers/frontend.yaml': () =>
    plain(
      'apps/v1',
      'ReplicaSet',
      'frontend',
      '  labels:\n    app: guestbook\n    tier: frontend\nspec:\n  replicas: 3\n  selector:\n    matchLabels:\n      tier: frontend\n  template:\n    metadata:\n      labels:\n        tier: frontend\n    spec:\n      containers:\n      - name: php-redis\n        image: nginx:1.27\n',
    ),
  'controllers/job.yaml': () =>
    job(
      { name: 'pi' },
      { containers: [{ ...busybox('echo 3.14159265358979'), name: 'pi' }], spec: 'backoffLimit: 4\n' },
    ),
  'controllers/daemonset.yaml': () =>
    daemonSet(
      { name: 'fluentd-elasticsearch', namespace: 'kube-system', labels: { name: 'fluentd-elasticsearch' } },
      {
        containers: [
          {
            image: 'busybox:1.37',
            command: ['sh', '-c', 'tail -f /dev/null'],
            limits: ['200m', '200Mi'],
            requests: ['100m', '200Mi'],
          },
        ],
        more: 'tolerations:\n- key: node-role.kubernetes.io/control-plane\n  operator: Exists\n  effect: NoSchedule\n',
      },
    ),
  'controllers/replicaset.yaml': () =>
    plain(
      'apps/v1',
      'ReplicaSet',
      'my-repset',
      'spec:\n  replicas: 3\n  selector:\n    matchLabels:\n      pod-is-for: garbage-collection-example\n  template:\n    metadata:\n      labels:\n        pod-is-for: garbage-collection-example\n    spec:\n      containers:\n      - name: nginx\n        image: nginx:1.27\n',
    ),
  'service/nginx-service.yaml': () =>
    service({ name: 'nginx-service', labels: { app: 'nginx' } }, [{ port: 8000, target: 80 }]),
  'service/load-balancer-example.yaml': () =>
    deployment(
      { name: 'hello-world', labels: { 'app.kubernetes.io/name': 'load-balancer-example' } },
      { replicas: 5, containers: [{ image: 'nginx:1.27', ports: [80] }] },
    ),
  'service/networking/run-my-nginx.yaml': () =>
    deployment({ name: 'my-nginx', labels: { run: 'my-nginx' } }, { replicas: 2, containers: [nginx] }),
  'service/networking/nginx-svc.yaml': () => service({ name: 'my-nginx', labels: { run: 'my-nginx' } }, [{ port: 80 }]),
  'service/networking/nginx-policy.yaml': () =>
    plain(
      'networking.k8s.io/v1',
      'NetworkPolicy',
      'access-nginx',
      'spec:\n  podSelector:\n    matchLabels:\n      app: nginx\n  ingress:\n  - from:\n    - podSelector:\n        matchLabels:\n          access: "true"\n',
    ),
  'service/networking/example-ingress.yaml': () =>
    plain(
      'networking.k8s.io/v1',
      'Ingress',
      'example-ingress',
      'spec:\n  ingressClassName: nginx\n  rules:\n  - host: hello-world.example\n    http:\n      paths:\n      - path: /\n        pathType: Prefix\n        backend:\n          service:\n            name: web\n            port:\n              number: 8080\n',
    ),
  'service/networking/minimal-ingress.yaml': () =>
    plain(
      'networking.k8s.io/v1',
      'Ingress',
      'minimal-ingress',
      'spec:\n  ingressClassName: nginx-example\n  rules:\n  - http:\n      paths:\n      - path: /testpath\n        pathType: Prefix\n        backend:\n          service:\n            name: test\n            port:\n              number: 80\n',
    ),
};

/** The manifest at a path below `examples/`; the guestbook's parts are made by their names. */
export function example(path: string): string | undefined {
  const known = examples[path];
  if (known !== undefined) return known();
  const [, of = '', part = ''] =
    /^application\/guestbook\/(?:redis-)?(frontend|master|slave|leader|follower)-(deployment|service)\.yaml$/.exec(
      path,
    ) ?? [];
  return of === '' ? undefined : guestbook(part, of);
}
