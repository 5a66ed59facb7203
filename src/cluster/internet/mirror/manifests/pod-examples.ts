import { configMap, documents, namespace, plain, pod, type ContainerPlan } from './objects';

const nginx: ContainerPlan = { name: 'nginx', image: 'nginx:1.27', ports: [80] };
export const busybox = (command: string): ContainerPlan => ({
  image: 'busybox:1.37',
  command: ['sh', '-c', command],
});
const volume = (name: string, source = 'emptyDir: {}'): string => `volumes:\n- name: ${name}\n  ${source}\n`;

/** Pods and what administrators look at, of `kubernetes.io/examples/`. */
export const podExamples: Readonly<Record<string, () => string>> = {
  'pods/simple-pod.yaml': () => pod({ name: 'nginx', labels: { app: 'nginx' } }, { containers: [nginx] }),
  'pods/pod-nginx.yaml': () =>
    pod({ name: 'nginx', labels: { env: 'test' } }, { containers: [nginx], more: 'nodeSelector:\n  disktype: ssd\n' }),
  'pods/pod-nginx-specific-node.yaml': () =>
    plain('v1', 'Pod', 'nginx', 'spec:\n  nodeName: foo-node\n  containers:\n  - name: nginx\n    image: nginx:1.27\n'),
  'pods/two-container-pod.yaml': () =>
    pod(
      { name: 'two-containers' },
      {
        restartPolicy: 'Never',
        containers: [
          { ...nginx, name: 'nginx-container', mounts: { 'shared-data': '/usr/share/nginx/html' } },
          {
            ...busybox('echo Hello from the debian container > /pod-data/index.html'),
            name: 'debian-container',
            mounts: { 'shared-data': '/pod-data' },
          },
        ],
        more: volume('shared-data'),
      },
    ),
  'pods/init-containers.yaml': () =>
    pod(
      { name: 'init-demo' },
      {
        containers: [{ ...nginx, mounts: { workdir: '/usr/share/nginx/html' } }],
        more:
          'initContainers:\n- name: install\n  image: busybox:1.37\n  command: ["sh", "-c", "echo init > /work-dir/index.html"]\n' +
          '  volumeMounts:\n  - name: workdir\n    mountPath: /work-dir\n' +
          volume('workdir'),
      },
    ),
  'pods/commands.yaml': () =>
    pod(
      { name: 'command-demo', labels: { purpose: 'demonstrate-command' } },
      {
        restartPolicy: 'OnFailure',
        containers: [
          {
            name: 'command-demo-container',
            image: 'debian',
            command: ['printenv'],
            args: ['HOSTNAME', 'KUBERNETES_PORT'],
          },
        ],
      },
    ),
  'pods/share-process-namespace.yaml': () =>
    pod(
      { name: 'nginx' },
      {
        containers: [nginx, { ...busybox('sleep 3600'), name: 'shell', more: 'stdin: true\ntty: true\n' }],
        more: 'shareProcessNamespace: true\n',
      },
    ),
  'pods/probe/exec-liveness.yaml': () =>
    pod(
      { name: 'liveness-exec', labels: { test: 'liveness' } },
      {
        containers: [
          {
            ...busybox('touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600'),
            name: 'liveness',
            more: 'livenessProbe:\n  exec:\n    command: ["cat", "/tmp/healthy"]\n  initialDelaySeconds: 5\n  periodSeconds: 5\n',
          },
        ],
      },
    ),
  'pods/probe/http-liveness.yaml': () =>
    pod(
      { name: 'liveness-http', labels: { test: 'liveness' } },
      {
        containers: [
          {
            ...nginx,
            name: 'liveness',
            more: 'livenessProbe:\n  httpGet:\n    path: /healthz\n    port: 80\n  initialDelaySeconds: 3\n  periodSeconds: 3\n',
          },
        ],
      },
    ),
  'pods/probe/tcp-liveness-readiness.yaml': () =>
    pod(
      { name: 'goproxy', labels: { app: 'goproxy' } },
      {
        containers: [
          {
            name: 'goproxy',
            image: 'nginx:1.27',
            ports: [80],
            more:
              'readinessProbe:\n  tcpSocket:\n    port: 80\n  initialDelaySeconds: 15\n  periodSeconds: 10\n' +
              'livenessProbe:\n  tcpSocket:\n    port: 80\n  initialDelaySeconds: 15\n  periodSeconds: 10\n',
          },
        ],
      },
    ),
  'pods/qos/qos-pod.yaml': () =>
    pod(
      { name: 'qos-demo', namespace: 'qos-example' },
      { containers: [{ ...nginx, limits: ['700m', '200Mi'], requests: ['700m', '200Mi'] }] },
    ),
  'pods/qos/qos-pod-2.yaml': () =>
    pod(
      { name: 'qos-demo-2', namespace: 'qos-example' },
      {
        containers: [
          { ...nginx, more: 'resources:\n  limits:\n    memory: "200Mi"\n  requests:\n    memory: "100Mi"\n' },
        ],
      },
    ),
  'pods/qos/qos-pod-3.yaml': () => pod({ name: 'qos-demo-3', namespace: 'qos-example' }, { containers: [nginx] }),
  'pods/resource/cpu-request-limit.yaml': () =>
    pod(
      { name: 'cpu-demo', namespace: 'cpu-example' },
      { containers: [{ ...busybox('while true; do :; done'), limits: ['1', '64Mi'], requests: ['500m', '32Mi'] }] },
    ),
  'pods/resource/memory-request-limit.yaml': () =>
    pod(
      { name: 'memory-demo', namespace: 'mem-example' },
      { containers: [{ ...busybox('sleep 3600'), limits: ['500m', '200Mi'], requests: ['100m', '100Mi'] }] },
    ),
  'pods/security/security-context.yaml': () =>
    pod(
      { name: 'security-context-demo' },
      {
        containers: [
          {
            ...busybox('sleep 1h'),
            name: 'sec-ctx-demo',
            mounts: { 'sec-ctx-vol': '/data/demo' },
            more: 'securityContext:\n  allowPrivilegeEscalation: false\n',
          },
        ],
        more: `securityContext:\n  runAsUser: 1000\n  runAsGroup: 3000\n  fsGroup: 2000\n${volume('sec-ctx-vol')}`,
      },
    ),
  'pods/storage/pv-volume.yaml': () =>
    plain(
      'v1',
      'PersistentVolume',
      'task-pv-volume',
      '  labels:\n    type: local\nspec:\n  storageClassName: manual\n  capacity:\n    storage: 10Gi\n  accessModes: ["ReadWriteOnce"]\n  hostPath:\n    path: /mnt/data\n',
    ),
  'pods/storage/pv-claim.yaml': () =>
    plain(
      'v1',
      'PersistentVolumeClaim',
      'task-pv-claim',
      'spec:\n  storageClassName: manual\n  accessModes: ["ReadWriteOnce"]\n  resources:\n    requests:\n      storage: 3Gi\n',
    ),
  'pods/storage/pv-pod.yaml': () =>
    pod(
      { name: 'task-pv-pod' },
      {
        containers: [{ ...nginx, name: 'task-pv-container', mounts: { 'task-pv-storage': '/usr/share/nginx/html' } }],
        more: volume('task-pv-storage', 'persistentVolumeClaim:\n    claimName: task-pv-claim'),
      },
    ),
  'pods/storage/redis.yaml': () =>
    pod(
      { name: 'redis' },
      { containers: [{ image: 'redis:7', mounts: { 'redis-storage': '/data/redis' } }], more: volume('redis-storage') },
    ),
  'pods/config/redis-pod.yaml': () =>
    pod(
      { name: 'redis' },
      {
        containers: [
          {
            image: 'redis:7',
            command: ['redis-server', '/redis-master/redis.conf'],
            ports: [6379],
            mounts: { data: '/redis-master-data', config: '/redis-master' },
          },
        ],
        more: 'volumes:\n- name: data\n  emptyDir: {}\n- name: config\n  configMap:\n    name: example-redis-config\n    items:\n    - key: redis-config\n      path: redis.conf\n',
      },
    ),
  'pods/config/example-redis-config.yaml': () => configMap('example-redis-config', { 'redis-config': '' }),
  'configmap/configmaps.yaml': () =>
    documents(configMap('special-config', { 'special.how': 'very' }), configMap('env-config', { log_level: 'INFO' })),
  'configmap/configmap-multikeys.yaml': () =>
    configMap('special-config', { SPECIAL_LEVEL: 'very', SPECIAL_TYPE: 'charm' }),
  'pods/inject/secret.yaml': () =>
    plain('v1', 'Secret', 'test-secret', 'data:\n  username: bXktYXBw\n  password: Mzk1MjgkdmRnN0pi\n'),
  'pods/pod-with-node-affinity.yaml': () =>
    pod(
      { name: 'with-node-affinity' },
      {
        containers: [{ name: 'with-node-affinity', image: 'registry.k8s.io/pause:3.10' }],
        more: 'affinity:\n  nodeAffinity:\n    requiredDuringSchedulingIgnoredDuringExecution:\n      nodeSelectorTerms:\n      - matchExpressions:\n        - key: topology.kubernetes.io/zone\n          operator: In\n          values: ["antarctica-east1", "antarctica-west1"]\n',
      },
    ),
  'admin/dns/dnsutils.yaml': () =>
    pod(
      { name: 'dnsutils', namespace: 'default' },
      {
        restartPolicy: 'Always',
        containers: [
          { image: 'registry.k8s.io/e2e-test-images/agnhost:2.39', more: 'imagePullPolicy: IfNotPresent\n' },
        ],
      },
    ),
  'admin/dns/busybox.yaml': () =>
    pod({ name: 'busybox', namespace: 'default' }, { restartPolicy: 'Always', containers: [busybox('sleep 3600')] }),
  'admin/namespace-dev.yaml': () => namespace('development', { name: 'development' }),
  'admin/namespace-prod.yaml': () => namespace('production', { name: 'production' }),
  'admin/namespace-dev.json': () =>
    '{\n  "apiVersion": "v1",\n  "kind": "Namespace",\n  "metadata": {\n    "name": "development",\n    "labels": {\n      "name": "development"\n    }\n  }\n}\n',
  'admin/namespace-prod.json': () =>
    '{\n  "apiVersion": "v1",\n  "kind": "Namespace",\n  "metadata": {\n    "name": "production",\n    "labels": {\n      "name": "production"\n    }\n  }\n}\n',
  'admin/resource/quota-mem-cpu.yaml': () =>
    plain(
      'v1',
      'ResourceQuota',
      'mem-cpu-demo',
      'spec:\n  hard:\n    requests.cpu: "1"\n    requests.memory: 1Gi\n    limits.cpu: "2"\n    limits.memory: 2Gi\n',
    ),
  'admin/resource/quota-pod.yaml': () => plain('v1', 'ResourceQuota', 'pod-demo', 'spec:\n  hard:\n    pods: "2"\n'),
  'admin/resource/memory-defaults.yaml': () =>
    plain(
      'v1',
      'LimitRange',
      'mem-limit-range',
      'spec:\n  limits:\n  - default:\n      memory: 512Mi\n    defaultRequest:\n      memory: 256Mi\n    type: Container\n',
    ),
  'admin/resource/cpu-defaults.yaml': () =>
    plain(
      'v1',
      'LimitRange',
      'cpu-limit-range',
      'spec:\n  limits:\n  - default:\n      cpu: 1\n    defaultRequest:\n      cpu: 0.5\n    type: Container\n',
    ),
  'admin/logging/two-files-counter-pod.yaml': () =>
    pod(
      { name: 'counter' },
      {
        containers: [
          {
            ...busybox('i=0; while true; do echo "$i: $(date)" >> /var/log/1.log; i=$((i+1)); sleep 1; done'),
            name: 'count',
            mounts: { varlog: '/var/log' },
          },
        ],
        more: volume('varlog'),
      },
    ),
  'debug/counter-pod.yaml': () =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: counter\nspec:\n  containers:\n  - name: count\n    image: busybox:1.37\n    args: [/bin/sh, -c, 'i=0; while true; do echo "$i: $(date)"; i=$((i+1)); sleep 1; done']\n`,
  'debug/termination.yaml': () =>
    pod(
      { name: 'termination-demo' },
      {
        containers: [
          { ...busybox('sleep 10 && echo Sleep expired > /dev/termination-log'), name: 'termination-demo-container' },
        ],
      },
    ),
};
