import {
  clusterRole,
  crd,
  daemonSet,
  deployment,
  documents,
  namespace,
  plain,
  service,
  serviceAccount,
  type CrdPlan,
  type RulePlan,
} from './objects';

const everything: readonly RulePlan[] = [{ groups: ['*'], resources: ['*'], verbs: ['*'] }];
const reading: readonly RulePlan[] = [
  {
    groups: [''],
    resources: ['configmaps', 'endpoints', 'nodes', 'pods', 'secrets', 'namespaces', 'services'],
    verbs: ['get', 'list', 'watch'],
  },
  { groups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
  {
    groups: ['networking.k8s.io'],
    resources: ['ingresses', 'ingresses/status', 'ingressclasses'],
    verbs: ['get', 'list', 'watch', 'update'],
  },
  { groups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
  { groups: [''], resources: ['events'], verbs: ['create', 'patch'] },
];

export const metricsServer = (version: string): string => {
  const name = 'metrics-server';
  const within = 'kube-system';
  const labels = { 'k8s-app': name };
  return documents(
    serviceAccount(name, within),
    clusterRole(
      'system:metrics-server',
      [name, within],
      [
        { groups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { groups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
      ],
    ),
    service({ name, namespace: within, labels }, [{ name: 'https', port: 443, target: 'https' }]),
    deployment(
      { name, namespace: within, labels },
      {
        serviceAccount: name,
        containers: [
          {
            image: `registry.k8s.io/metrics-server/metrics-server:${version}`,
            args: [
              '--cert-dir=/tmp',
              '--secure-port=10250',
              '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
              '--kubelet-use-node-status-port',
              '--metric-resolution=15s',
            ],
            requests: ['100m', '200Mi'],
            mounts: { 'tmp-dir': '/tmp' },
            more:
              'ports:\n- containerPort: 10250\n  name: https\n  protocol: TCP\n' +
              'livenessProbe:\n  httpGet:\n    path: /livez\n    port: https\n    scheme: HTTPS\n  periodSeconds: 10\n' +
              'readinessProbe:\n  httpGet:\n    path: /readyz\n    port: https\n    scheme: HTTPS\n  initialDelaySeconds: 20\n  periodSeconds: 10\n' +
              'securityContext:\n  allowPrivilegeEscalation: false\n  readOnlyRootFilesystem: true\n  runAsNonRoot: true\n  runAsUser: 1000\n',
          },
        ],
        more: 'nodeSelector:\n  kubernetes.io/os: linux\npriorityClassName: system-cluster-critical\nvolumes:\n- name: tmp-dir\n  emptyDir: {}\n',
      },
    ),
    plain(
      'apiregistration.k8s.io/v1',
      'APIService',
      'v1beta1.metrics.k8s.io',
      `spec:\n  group: metrics.k8s.io\n  groupPriorityMinimum: 100\n  insecureSkipTLSVerify: true\n  service:\n    name: ${name}\n    namespace: ${within}\n  version: v1beta1\n  versionPriority: 100\n`,
    ),
  );
};

export const ingressNginx = (version: string, provider: string): string => {
  const within = 'ingress-nginx';
  const labels = { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' };
  const name = 'ingress-nginx-controller';
  return documents(
    namespace(within, { 'app.kubernetes.io/name': 'ingress-nginx' }),
    serviceAccount('ingress-nginx', within),
    clusterRole('ingress-nginx', ['ingress-nginx', within], reading),
    plain('v1', 'ConfigMap', name, 'data: {}\n', within),
    service(
      { name, namespace: within, labels },
      [
        { name: 'http', port: 80, target: 'http' },
        { name: 'https', port: 443, target: 'https' },
      ],
      {
        type: provider === 'baremetal' || provider === 'kind' ? 'NodePort' : 'LoadBalancer',
        more: 'ipFamilyPolicy: SingleStack\n',
      },
    ),
    deployment(
      { name, namespace: within, labels },
      {
        serviceAccount: 'ingress-nginx',
        containers: [
          {
            name: 'controller',
            image: `registry.k8s.io/ingress-nginx/controller:${version.replace('controller-', '')}`,
            args: [
              '/nginx-ingress-controller',
              '--election-id=ingress-nginx-leader',
              '--controller-class=k8s.io/ingress-nginx',
              '--ingress-class=nginx',
              '--configmap=$(POD_NAMESPACE)/ingress-nginx-controller',
            ],
            requests: ['100m', '90Mi'],
            more:
              'env:\n- name: POD_NAME\n  valueFrom:\n    fieldRef:\n      fieldPath: metadata.name\n- name: POD_NAMESPACE\n  valueFrom:\n    fieldRef:\n      fieldPath: metadata.namespace\n' +
              'ports:\n- containerPort: 80\n  name: http\n  protocol: TCP\n- containerPort: 443\n  name: https\n  protocol: TCP\n',
          },
        ],
        more: 'nodeSelector:\n  kubernetes.io/os: linux\n',
      },
    ),
    plain('networking.k8s.io/v1', 'IngressClass', 'nginx', 'spec:\n  controller: k8s.io/ingress-nginx\n'),
  );
};

export const flannel = (version: string): string =>
  documents(
    namespace('kube-flannel', { 'k8s-app': 'flannel', 'pod-security.kubernetes.io/enforce': 'privileged' }),
    serviceAccount('flannel', 'kube-flannel'),
    clusterRole(
      'flannel',
      ['flannel', 'kube-flannel'],
      [
        { groups: [''], resources: ['pods'], verbs: ['get'] },
        { groups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
        { groups: [''], resources: ['nodes/status'], verbs: ['patch'] },
      ],
    ),
    plain(
      'v1',
      'ConfigMap',
      'kube-flannel-cfg',
      `data:\n  cni-conf.json: |\n    {"name": "cbr0", "cniVersion": "0.3.1", "plugins": [{"type": "flannel", "delegate": {"hairpinMode": true, "isDefaultGateway": true}}, {"type": "portmap", "capabilities": {"portMappings": true}}]}\n  net-conf.json: |\n    {"Network": "10.244.0.0/16", "EnableNFTables": false, "Backend": {"Type": "vxlan"}}\n`,
      'kube-flannel',
    ),
    daemonSet(
      { name: 'kube-flannel-ds', namespace: 'kube-flannel', labels: { app: 'flannel', 'k8s-app': 'flannel' } },
      {
        serviceAccount: 'flannel',
        hostNetwork: true,
        containers: [
          {
            name: 'kube-flannel',
            image: `ghcr.io/flannel-io/flannel:${version}`,
            command: ['/opt/bin/flanneld'],
            args: ['--ip-masq', '--kube-subnet-mgr'],
            requests: ['100m', '50Mi'],
            mounts: { run: '/run/flannel', 'flannel-cfg': '/etc/kube-flannel/' },
          },
        ],
        more: 'tolerations:\n- effect: NoSchedule\n  operator: Exists\nvolumes:\n- name: run\n  hostPath:\n    path: /run/flannel\n- name: flannel-cfg\n  configMap:\n    name: kube-flannel-cfg\n',
      },
    ),
  );

const calicoKinds =
  'BGPConfiguration BGPFilter BGPPeer BlockAffinity CalicoNodeStatus ClusterInformation FelixConfiguration GlobalNetworkPolicy GlobalNetworkSet HostEndpoint IPAMBlock IPAMConfig IPAMHandle IPPool IPReservation NetworkPolicy NetworkSet'.split(
    ' ',
  );
const plurals: Readonly<Record<string, string>> = { Policy: 'policies', Affinity: 'affinities', Status: 'statuses' };

/** English plurals as CRDs have them. */
const plural = (kind: string): string => {
  const [, head = '', tail = ''] = /^(.*?)(Policy|Affinity|Status)?$/.exec(kind) ?? [];
  return `${head}${tail === '' ? 's' : (plurals[tail] ?? '')}`.toLowerCase();
};

export const calico = (version: string): string =>
  documents(
    serviceAccount('calico-kube-controllers', 'kube-system'),
    serviceAccount('calico-node', 'kube-system'),
    ...calicoKinds.map((kind) =>
      crd({
        group: 'crd.projectcalico.org',
        kind,
        plural: plural(kind),
        scope: /^Network/.test(kind) ? 'Namespaced' : 'Cluster',
      }),
    ),
    clusterRole('calico-kube-controllers', ['calico-kube-controllers', 'kube-system'], reading),
    clusterRole('calico-node', ['calico-node', 'kube-system'], reading),
    daemonSet(
      { name: 'calico-node', namespace: 'kube-system', labels: { 'k8s-app': 'calico-node' } },
      {
        serviceAccount: 'calico-node',
        hostNetwork: true,
        containers: [{ image: `docker.io/calico/node:${version}`, requests: ['250m', '64Mi'] }],
        more: 'tolerations:\n- effect: NoSchedule\n  operator: Exists\n',
      },
    ),
    deployment(
      { name: 'calico-kube-controllers', namespace: 'kube-system', labels: { 'k8s-app': 'calico-kube-controllers' } },
      {
        serviceAccount: 'calico-kube-controllers',
        containers: [{ image: `docker.io/calico/kube-controllers:${version}` }],
      },
    ),
  );

export const weave = (): string =>
  documents(
    serviceAccount('weave-net', 'kube-system'),
    clusterRole('weave-net', ['weave-net', 'kube-system'], reading),
    daemonSet(
      { name: 'weave-net', namespace: 'kube-system', labels: { name: 'weave-net' } },
      {
        serviceAccount: 'weave-net',
        hostNetwork: true,
        containers: [{ name: 'weave', image: 'docker.io/weaveworks/weave-kube:2.8.1', requests: ['50m', '100Mi'] }],
      },
    ),
  );

/** An operator as projects ship it: a namespace, its CRDs, an account that may do everything, a deployment. */
export function operator(
  name: string,
  within: string,
  kinds: readonly CrdPlan[] = [],
  image?: string,
  parts: readonly string[] = [name],
): string {
  return documents(
    namespace(within),
    ...kinds.map(crd),
    serviceAccount(name, within),
    clusterRole(name, [name, within], everything),
    ...parts.flatMap((part) => [
      service({ name: part, namespace: within }, [{ name: 'http', port: 80, target: 8080 }]),
      deployment(
        { name: part, namespace: within },
        {
          serviceAccount: name,
          containers: [
            { image: (image ?? `docker.io/bottleship-mirror/${name}:latest`).replace('$PART', part), ports: [8080] },
          ],
        },
      ),
    ]),
  );
}

const kinds = (
  group: string,
  version: string,
  names: string,
  scope: 'Namespaced' | 'Cluster' = 'Namespaced',
): readonly CrdPlan[] => names.split(' ').map((kind) => ({ group, version, kind, plural: plural(kind), scope }));

export const certManager = (version: string): string =>
  operator(
    'cert-manager',
    'cert-manager',
    [
      ...kinds('cert-manager.io', 'v1', 'Certificate CertificateRequest Issuer'),
      ...kinds('cert-manager.io', 'v1', 'ClusterIssuer', 'Cluster'),
      ...kinds('acme.cert-manager.io', 'v1', 'Challenge Order'),
    ],
    `quay.io/jetstack/$PART:${version}`,
    ['cert-manager', 'cert-manager-cainjector', 'cert-manager-webhook'],
  );

export const gatewayApi = (): string =>
  documents(
    ...kinds('gateway.networking.k8s.io', 'v1', 'GatewayClass', 'Cluster').map((each) =>
      crd({ ...each, plural: 'gatewayclasses', short: ['gc'] }),
    ),
    ...kinds('gateway.networking.k8s.io', 'v1', 'Gateway HTTPRoute GRPCRoute').map(crd),
    crd({ group: 'gateway.networking.k8s.io', version: 'v1beta1', kind: 'ReferenceGrant' }),
  );

export const metallb = (version: string): string =>
  documents(
    namespace('metallb-system', { 'pod-security.kubernetes.io/enforce': 'privileged' }),
    ...kinds(
      'metallb.io',
      'v1beta1',
      'BFDProfile BGPAdvertisement BGPPeer Community IPAddressPool L2Advertisement ServiceL2Status',
    ).map((each) => crd({ ...each, plural: each.kind === 'Community' ? 'communities' : plural(each.kind) })),
    serviceAccount('controller', 'metallb-system'),
    serviceAccount('speaker', 'metallb-system'),
    clusterRole('metallb-system:controller', ['controller', 'metallb-system'], reading),
    clusterRole('metallb-system:speaker', ['speaker', 'metallb-system'], reading),
    deployment(
      { name: 'controller', namespace: 'metallb-system', labels: { app: 'metallb', component: 'controller' } },
      {
        serviceAccount: 'controller',
        containers: [{ image: `quay.io/metallb/controller:${version}`, args: ['--port=7472', '--log-level=info'] }],
      },
    ),
    daemonSet(
      { name: 'speaker', namespace: 'metallb-system', labels: { app: 'metallb', component: 'speaker' } },
      {
        serviceAccount: 'speaker',
        hostNetwork: true,
        containers: [{ image: `quay.io/metallb/speaker:${version}`, args: ['--port=7472', '--log-level=info'] }],
      },
    ),
  );

export const localPath = (version: string): string =>
  documents(
    namespace('local-path-storage'),
    serviceAccount('local-path-provisioner-service-account', 'local-path-storage'),
    clusterRole(
      'local-path-provisioner-role',
      ['local-path-provisioner-service-account', 'local-path-storage'],
      everything,
    ),
    deployment(
      { name: 'local-path-provisioner', namespace: 'local-path-storage' },
      {
        serviceAccount: 'local-path-provisioner-service-account',
        containers: [
          {
            image: `docker.io/rancher/local-path-provisioner:${version}`,
            command: ['local-path-provisioner', '--debug', 'start', '--config', '/etc/config/config.json'],
          },
        ],
      },
    ),
    plain(
      'storage.k8s.io/v1',
      'StorageClass',
      'local-path',
      'provisioner: rancher.io/local-path\nvolumeBindingMode: WaitForFirstConsumer\nreclaimPolicy: Delete\n',
    ),
    plain(
      'v1',
      'ConfigMap',
      'local-path-config',
      'data:\n  config.json: |\n    {"nodePathMap": [{"node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": ["/opt/local-path-provisioner"]}]}\n',
      'local-path-storage',
    ),
  );

export const tigera = (version: string): string =>
  operator(
    'tigera-operator',
    'tigera-operator',
    kinds('operator.tigera.io', 'v1', 'Installation APIServer TigeraStatus', 'Cluster'),
    `quay.io/tigera/operator:${version}`,
  );

export const calicoResources = (): string =>
  documents(
    plain(
      'operator.tigera.io/v1',
      'Installation',
      'default',
      'spec:\n  calicoNetwork:\n    ipPools:\n    - name: default-ipv4-ippool\n      blockSize: 26\n      cidr: 192.168.0.0/16\n      encapsulation: VXLANCrossSubnet\n      natOutgoing: Enabled\n      nodeSelector: all()\n',
    ),
    plain('operator.tigera.io/v1', 'APIServer', 'default', 'spec: {}\n'),
  );

export const argoCd = (version: string): string =>
  operator(
    'argocd',
    'argocd',
    kinds('argoproj.io', 'v1alpha1', 'Application ApplicationSet AppProject'),
    `quay.io/argoproj/argocd:${version}`,
    ['argocd-server', 'argocd-repo-server', 'argocd-application-controller', 'argocd-dex-server', 'argocd-redis'],
  ).replace(/^apiVersion: v1\nkind: Namespace\n[^-]*---\n/, '');

export const dashboard = (): string =>
  operator('kubernetes-dashboard', 'kubernetes-dashboard', [], 'docker.io/kubernetesui/dashboard:v2.7.0');

/** `kinds(…)` for the table of projects. */
export { kinds as customKinds, crd };
