import { daemonSet } from '../../kubernetes/api/apps/daemonset';
import { deployment } from '../../kubernetes/api/apps/deployment';
import { configMap } from '../../kubernetes/api/core/configmap';
import { namespace } from '../../kubernetes/api/core/namespace';
import { service } from '../../kubernetes/api/core/service';
import { serviceAccount } from '../../kubernetes/api/core/serviceaccount';
import type { ApiObject, Draft } from '../../kubernetes/apimachinery/object';
import type { Kind } from '../../kubernetes/apimachinery/kind';
import type { RegistryClient } from '../../kubernetes/apiserver/registry';
import { corefile, flannelCniConf, flannelNetConf, kubeProxyConfig, kubeProxyKubeconfig } from './configs';
import { applyFlannelRbac, applyKubeadmRbac } from './rbac';

export interface AddonPlan {
  readonly version: string;
  readonly corednsVersion: string;
  readonly flannelVersion: string;
  readonly flannelCniVersion: string;
  readonly podSubnet: string;
  readonly dnsAddress: string;
  readonly server: string;
}

/** A draft whose defaults the server fills in, as a manifest's author leaves them out. */
type Manifest = { readonly metadata: Readonly<Record<string, unknown>> } & Readonly<Record<string, unknown>>;

/** What `kubeadm init phase addon all` and `kubectl apply -f kube-flannel.yml` put into a new cluster. */
export function applyAddons(client: RegistryClient, plan: AddonPlan): void {
  applyKubeadmRbac(client);
  applyFlannelRbac(client);
  for (const [kind, manifest] of [...corednsObjects(plan), ...kubeProxyObjects(plan), ...flannelObjects(plan)]) {
    const created = client.create(kind, manifest as unknown as Draft<ApiObject>);
    if (!created.ok && created.error.reason !== 'AlreadyExists') throw new Error(created.error.message);
  }
}

type Objects = readonly (readonly [Kind, Manifest])[];

const kubeSystem = 'kube-system';
const meta = (name: string, labels?: Readonly<Record<string, string>>): Manifest['metadata'] => ({
  name,
  namespace: kubeSystem,
  ...(labels === undefined ? {} : { labels }),
});

/** Upstream: cmd/kubeadm/app/phases/addons/dns/manifests.go */
const corednsObjects = ({ corednsVersion, dnsAddress }: AddonPlan): Objects => [
  [serviceAccount, { metadata: meta('coredns') }],
  [configMap, { metadata: meta('coredns'), data: { Corefile: corefile } }],
  [deployment, { metadata: meta('coredns', { 'k8s-app': 'kube-dns' }), spec: corednsSpec(corednsVersion) }],
  [
    service,
    {
      metadata: {
        ...meta('kube-dns', {
          'k8s-app': 'kube-dns',
          'kubernetes.io/cluster-service': 'true',
          'kubernetes.io/name': 'CoreDNS',
        }),
        annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
      },
      spec: {
        clusterIP: dnsAddress,
        selector: { 'k8s-app': 'kube-dns' },
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
          { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
          { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
        ],
      },
    },
  ],
];

const corednsSpec = (version: string): Readonly<Record<string, unknown>> => ({
  replicas: 2,
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
  selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  template: {
    metadata: { labels: { 'k8s-app': 'kube-dns' } },
    spec: {
      priorityClassName: 'system-cluster-critical',
      serviceAccountName: 'coredns',
      tolerations: [
        { key: 'CriticalAddonsOnly', operator: 'Exists' },
        { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
      ],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 100,
              podAffinityTerm: {
                labelSelector: { matchExpressions: [{ key: 'k8s-app', operator: 'In', values: ['kube-dns'] }] },
                topologyKey: 'kubernetes.io/hostname',
              },
            },
          ],
        },
      },
      containers: [
        {
          name: 'coredns',
          image: `registry.k8s.io/coredns/coredns:${version}`,
          imagePullPolicy: 'IfNotPresent',
          resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
          args: ['-conf', '/etc/coredns/Corefile'],
          volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
          ports: [
            { containerPort: 53, name: 'dns', protocol: 'UDP' },
            { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
            { containerPort: 9153, name: 'metrics', protocol: 'TCP' },
          ],
          livenessProbe: {
            httpGet: { path: '/health', port: 8080, scheme: 'HTTP' },
            initialDelaySeconds: 60,
            timeoutSeconds: 5,
            successThreshold: 1,
            failureThreshold: 5,
          },
          readinessProbe: { httpGet: { path: '/ready', port: 8181, scheme: 'HTTP' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          },
        },
      ],
      dnsPolicy: 'Default',
      volumes: [
        { name: 'config-volume', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } },
      ],
    },
  },
});

/** Upstream: cmd/kubeadm/app/phases/addons/proxy/manifests.go */
const kubeProxyObjects = ({ version, podSubnet, server }: AddonPlan): Objects => [
  [serviceAccount, { metadata: meta('kube-proxy') }],
  [
    configMap,
    {
      metadata: meta('kube-proxy', { app: 'kube-proxy' }),
      data: { 'config.conf': kubeProxyConfig(podSubnet), 'kubeconfig.conf': kubeProxyKubeconfig(server) },
    },
  ],
  [daemonSet, { metadata: meta('kube-proxy', { 'k8s-app': 'kube-proxy' }), spec: kubeProxySpec(version) }],
];

const kubeProxySpec = (version: string): Readonly<Record<string, unknown>> => ({
  selector: { matchLabels: { 'k8s-app': 'kube-proxy' } },
  updateStrategy: { type: 'RollingUpdate' },
  template: {
    metadata: { labels: { 'k8s-app': 'kube-proxy' } },
    spec: {
      priorityClassName: 'system-node-critical',
      containers: [
        {
          name: 'kube-proxy',
          image: `registry.k8s.io/kube-proxy:${version}`,
          imagePullPolicy: 'IfNotPresent',
          command: [
            '/usr/local/bin/kube-proxy',
            '--config=/var/lib/kube-proxy/config.conf',
            '--hostname-override=$(NODE_NAME)',
          ],
          securityContext: { privileged: true },
          volumeMounts: [
            { mountPath: '/var/lib/kube-proxy', name: 'kube-proxy' },
            { mountPath: '/run/xtables.lock', name: 'xtables-lock' },
            { mountPath: '/lib/modules', name: 'lib-modules', readOnly: true },
          ],
          env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        },
      ],
      hostNetwork: true,
      serviceAccountName: 'kube-proxy',
      volumes: [
        { name: 'kube-proxy', configMap: { name: 'kube-proxy' } },
        { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
        { name: 'lib-modules', hostPath: { path: '/lib/modules' } },
      ],
      tolerations: [{ operator: 'Exists' }],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
    },
  },
});

/** The manifest that flannel publishes, kube-flannel.yml. */
const flannelObjects = (plan: AddonPlan): Objects => [
  [
    namespace,
    {
      metadata: {
        name: 'kube-flannel',
        labels: { 'k8s-app': 'flannel', 'pod-security.kubernetes.io/enforce': 'privileged' },
      },
    },
  ],
  [serviceAccount, { metadata: flannelMeta('flannel') }],
  [
    configMap,
    {
      metadata: { ...flannelMeta('kube-flannel-cfg'), labels: { app: 'flannel', 'k8s-app': 'flannel', tier: 'node' } },
      data: { 'cni-conf.json': flannelCniConf, 'net-conf.json': flannelNetConf(plan.podSubnet) },
    },
  ],
  [
    daemonSet,
    {
      metadata: { ...flannelMeta('kube-flannel-ds'), labels: { app: 'flannel', 'k8s-app': 'flannel', tier: 'node' } },
      spec: flannelSpec(plan),
    },
  ],
];

const flannelMeta = (name: string): Manifest['metadata'] => ({ name, namespace: 'kube-flannel' });

const flannelSpec = ({ flannelVersion, flannelCniVersion }: AddonPlan): Record<string, unknown> => ({
  selector: { matchLabels: { app: 'flannel' } },
  template: {
    metadata: { labels: { app: 'flannel', tier: 'node' } },
    spec: {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['linux'] }] }],
          },
        },
      },
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
      serviceAccountName: 'flannel',
      initContainers: [
        {
          name: 'install-cni-plugin',
          image: `ghcr.io/flannel-io/flannel-cni-plugin:${flannelCniVersion}`,
          command: ['cp'],
          args: ['-f', '/flannel', '/opt/cni/bin/flannel'],
          volumeMounts: [{ name: 'cni-plugin', mountPath: '/opt/cni/bin' }],
        },
        {
          name: 'install-cni',
          image: `ghcr.io/flannel-io/flannel:${flannelVersion}`,
          command: ['cp'],
          args: ['-f', '/etc/kube-flannel/cni-conf.json', '/etc/cni/net.d/10-flannel.conflist'],
          volumeMounts: [
            { name: 'cni', mountPath: '/etc/cni/net.d' },
            { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' },
          ],
        },
      ],
      containers: [
        {
          name: 'kube-flannel',
          image: `ghcr.io/flannel-io/flannel:${flannelVersion}`,
          command: ['/opt/bin/flanneld'],
          args: ['--ip-masq', '--kube-subnet-mgr'],
          resources: { requests: { cpu: '100m', memory: '50Mi' } },
          securityContext: { privileged: false, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
          env: [
            { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
            { name: 'EVENT_QUEUE_DEPTH', value: '5000' },
            { name: 'CONT_WHEN_CACHE_NOT_READY', value: 'false' },
          ],
          volumeMounts: [
            { name: 'run', mountPath: '/run/flannel' },
            { name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' },
            { name: 'xtables-lock', mountPath: '/run/xtables.lock' },
          ],
        },
      ],
      volumes: [
        { name: 'run', hostPath: { path: '/run/flannel' } },
        { name: 'cni-plugin', hostPath: { path: '/opt/cni/bin' } },
        { name: 'cni', hostPath: { path: '/etc/cni/net.d' } },
        { name: 'flannel-cfg', configMap: { name: 'kube-flannel-cfg' } },
        { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
      ],
    },
  },
});
