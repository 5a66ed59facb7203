/** The static pods of a control plane. Upstream: cmd/kubeadm/app/phases/controlplane/manifests.go, etcd/local.go */
export interface ControlPlanePlan {
  readonly host: string;
  readonly address: string;
  readonly version: string;
  readonly etcdVersion: string;
  readonly podSubnet: string;
  readonly serviceSubnet: string;
}

interface Probe {
  readonly kind: 'liveness' | 'readiness' | 'startup';
  readonly host: string;
  readonly path: string;
  readonly port: number;
  readonly scheme: 'HTTP' | 'HTTPS';
}

interface HostFolder {
  readonly name: string;
  readonly path: string;
  readonly type: 'DirectoryOrCreate' | 'FileOrCreate';
  readonly readOnly?: true;
}

interface Component {
  readonly name: string;
  readonly image: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly probes: readonly Probe[];
  readonly cpu: string;
  readonly memory?: string;
  readonly folders: readonly HostFolder[];
}

/** Manifests by file name below /etc/kubernetes/manifests. */
export function staticPodManifests(plan: ControlPlanePlan): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [etcd(plan), apiserver(plan), controllerManager(plan), scheduler(plan)].map((component) => [
      `${component.name}.yaml`,
      manifest(component),
    ]),
  );
}

/** The command lines of the control plane, etcd first, for hosts that run it without a kubelet. */
export const controlPlaneCommands = (plan: ControlPlanePlan): readonly (readonly string[])[] =>
  [etcd(plan), apiserver(plan), controllerManager(plan), scheduler(plan)].map(({ command }) => command);

const certificates: readonly HostFolder[] = [
  { name: 'ca-certs', path: '/etc/ssl/certs', type: 'DirectoryOrCreate', readOnly: true },
  { name: 'etc-ca-certificates', path: '/etc/ca-certificates', type: 'DirectoryOrCreate', readOnly: true },
  { name: 'k8s-certs', path: '/etc/kubernetes/pki', type: 'DirectoryOrCreate', readOnly: true },
  {
    name: 'usr-local-share-ca-certificates',
    path: '/usr/local/share/ca-certificates',
    type: 'DirectoryOrCreate',
    readOnly: true,
  },
  {
    name: 'usr-share-ca-certificates',
    path: '/usr/share/ca-certificates',
    type: 'DirectoryOrCreate',
    readOnly: true,
  },
];

const probes = (
  scheme: 'HTTP' | 'HTTPS',
  host: string,
  port: number,
  paths: Partial<Record<Probe['kind'], string>>,
): readonly Probe[] =>
  (['liveness', 'readiness', 'startup'] as const).flatMap((kind) => {
    const path = paths[kind];
    return path === undefined ? [] : [{ kind, host, path, port, scheme }];
  });

const pki = '/etc/kubernetes/pki';

const etcd = ({ host, address, etcdVersion }: ControlPlanePlan): Component => ({
  name: 'etcd',
  image: `registry.k8s.io/etcd:${etcdVersion}`,
  annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `https://${address}:2379` },
  command: [
    'etcd',
    `--advertise-client-urls=https://${address}:2379`,
    `--cert-file=${pki}/etcd/server.crt`,
    '--client-cert-auth=true',
    '--data-dir=/var/lib/etcd',
    '--experimental-initial-corrupt-check=true',
    '--experimental-watch-progress-notify-interval=5s',
    `--initial-advertise-peer-urls=https://${address}:2380`,
    `--initial-cluster=${host}=https://${address}:2380`,
    `--key-file=${pki}/etcd/server.key`,
    `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
    '--listen-metrics-urls=http://127.0.0.1:2381',
    `--listen-peer-urls=https://${address}:2380`,
    `--name=${host}`,
    `--peer-cert-file=${pki}/etcd/peer.crt`,
    '--peer-client-cert-auth=true',
    `--peer-key-file=${pki}/etcd/peer.key`,
    `--peer-trusted-ca-file=${pki}/etcd/ca.crt`,
    '--snapshot-count=10000',
    `--trusted-ca-file=${pki}/etcd/ca.crt`,
  ],
  probes: probes('HTTP', '127.0.0.1', 2381, { liveness: '/livez', readiness: '/readyz', startup: '/readyz' }),
  cpu: '100m',
  memory: '100Mi',
  folders: [
    { name: 'etcd-data', path: '/var/lib/etcd', type: 'DirectoryOrCreate' },
    { name: 'etcd-certs', path: `${pki}/etcd`, type: 'DirectoryOrCreate' },
  ],
});

const apiserver = ({ address, version, serviceSubnet }: ControlPlanePlan): Component => ({
  name: 'kube-apiserver',
  image: `registry.k8s.io/kube-apiserver:${version}`,
  annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${address}:6443` },
  command: [
    'kube-apiserver',
    `--advertise-address=${address}`,
    '--allow-privileged=true',
    '--authorization-mode=Node,RBAC',
    `--client-ca-file=${pki}/ca.crt`,
    '--enable-admission-plugins=NodeRestriction',
    '--enable-bootstrap-token-auth=true',
    `--etcd-cafile=${pki}/etcd/ca.crt`,
    `--etcd-certfile=${pki}/apiserver-etcd-client.crt`,
    `--etcd-keyfile=${pki}/apiserver-etcd-client.key`,
    '--etcd-servers=https://127.0.0.1:2379',
    `--kubelet-client-certificate=${pki}/apiserver-kubelet-client.crt`,
    `--kubelet-client-key=${pki}/apiserver-kubelet-client.key`,
    '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
    `--proxy-client-cert-file=${pki}/front-proxy-client.crt`,
    `--proxy-client-key-file=${pki}/front-proxy-client.key`,
    '--requestheader-allowed-names=front-proxy-client',
    `--requestheader-client-ca-file=${pki}/front-proxy-ca.crt`,
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    '--secure-port=6443',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki}/sa.pub`,
    `--service-account-signing-key-file=${pki}/sa.key`,
    `--service-cluster-ip-range=${serviceSubnet}`,
    `--tls-cert-file=${pki}/apiserver.crt`,
    `--tls-private-key-file=${pki}/apiserver.key`,
  ],
  probes: probes('HTTPS', address, 6443, { liveness: '/livez', readiness: '/readyz', startup: '/livez' }),
  cpu: '250m',
  folders: certificates,
});

const controllerManager = ({ version, podSubnet, serviceSubnet }: ControlPlanePlan): Component => ({
  name: 'kube-controller-manager',
  image: `registry.k8s.io/kube-controller-manager:${version}`,
  command: [
    'kube-controller-manager',
    '--allocate-node-cidrs=true',
    '--authentication-kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--authorization-kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--bind-address=127.0.0.1',
    `--client-ca-file=${pki}/ca.crt`,
    `--cluster-cidr=${podSubnet}`,
    '--cluster-name=kubernetes',
    `--cluster-signing-cert-file=${pki}/ca.crt`,
    `--cluster-signing-key-file=${pki}/ca.key`,
    '--controllers=*,bootstrapsigner,tokencleaner',
    '--kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--leader-elect=true',
    `--requestheader-client-ca-file=${pki}/front-proxy-ca.crt`,
    `--root-ca-file=${pki}/ca.crt`,
    `--service-account-private-key-file=${pki}/sa.key`,
    `--service-cluster-ip-range=${serviceSubnet}`,
    '--use-service-account-credentials=true',
  ],
  probes: probes('HTTPS', '127.0.0.1', 10257, { liveness: '/healthz', startup: '/healthz' }),
  cpu: '200m',
  folders: [
    ...certificates,
    {
      name: 'kubeconfig',
      path: '/etc/kubernetes/controller-manager.conf',
      type: 'FileOrCreate',
      readOnly: true,
    },
  ],
});

const scheduler = ({ version }: ControlPlanePlan): Component => ({
  name: 'kube-scheduler',
  image: `registry.k8s.io/kube-scheduler:${version}`,
  command: [
    'kube-scheduler',
    '--authentication-kubeconfig=/etc/kubernetes/scheduler.conf',
    '--authorization-kubeconfig=/etc/kubernetes/scheduler.conf',
    '--bind-address=127.0.0.1',
    '--kubeconfig=/etc/kubernetes/scheduler.conf',
    '--leader-elect=true',
  ],
  probes: probes('HTTPS', '127.0.0.1', 10259, { liveness: '/livez', readiness: '/readyz', startup: '/livez' }),
  cpu: '100m',
  folders: [{ name: 'kubeconfig', path: '/etc/kubernetes/scheduler.conf', type: 'FileOrCreate', readOnly: true }],
});

/** The manifest as kubeadm prints it (sigs.k8s.io/yaml: keys sorted, sequences not indented). */
function manifest({ name, image, annotations, command, probes, cpu, memory, folders }: Component): string {
  const lines = ['apiVersion: v1', 'kind: Pod', 'metadata:'];
  if (annotations !== undefined) {
    lines.push('  annotations:', ...Object.entries(annotations).map(([key, value]) => `    ${key}: ${value}`));
  }
  lines.push('  creationTimestamp: null', '  labels:', `    component: ${name}`, '    tier: control-plane');
  lines.push(`  name: ${name}`, '  namespace: kube-system', 'spec:', '  containers:', '  - command:');
  lines.push(...command.map((word) => `    - ${word}`));
  lines.push(`    image: ${image}`, '    imagePullPolicy: IfNotPresent');
  const probe = (kind: Probe['kind']): void => {
    const found = probes.find((candidate) => candidate.kind === kind);
    if (found !== undefined) lines.push(...probeLines(found));
  };
  probe('liveness');
  lines.push(`    name: ${name}`);
  probe('readiness');
  lines.push('    resources:', '      requests:', `        cpu: ${cpu}`);
  if (memory !== undefined) lines.push(`        memory: ${memory}`);
  probe('startup');
  lines.push('    volumeMounts:');
  for (const { name: folder, path, readOnly } of folders) {
    lines.push(`    - mountPath: ${path}`, `      name: ${folder}`, ...(readOnly ? ['      readOnly: true'] : []));
  }
  lines.push('  hostNetwork: true', '  priority: 2000001000', '  priorityClassName: system-node-critical');
  lines.push('  securityContext:', '    seccompProfile:', '      type: RuntimeDefault', '  volumes:');
  for (const { name: folder, path, type } of folders) {
    lines.push('  - hostPath:', `      path: ${path}`, `      type: ${type}`, `    name: ${folder}`);
  }
  return [...lines, 'status: {}', ''].join('\n');
}

const timing = {
  liveness: { threshold: 8, delay: 10, period: 10 },
  readiness: { threshold: 3, delay: undefined, period: 1 },
  startup: { threshold: 24, delay: 10, period: 10 },
} as const;

function probeLines({ kind, host, path, port, scheme }: Probe): readonly string[] {
  const { threshold, delay, period } = timing[kind];
  return [
    `    ${kind}Probe:`,
    `      failureThreshold: ${threshold}`,
    '      httpGet:',
    `        host: ${host}`,
    `        path: ${path}`,
    `        port: ${port}`,
    `        scheme: ${scheme}`,
    ...(delay === undefined ? [] : [`      initialDelaySeconds: ${delay}`]),
    `      periodSeconds: ${period}`,
    '      timeoutSeconds: 15',
  ];
}
