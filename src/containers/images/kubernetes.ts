import { bulk, directories, program, programs, text, type Entries } from './entries';
import { alpine } from './base/alpine';
import { repository, type Repository } from './registry';
import { build, cmd, copy, entrypoint, env, expose, run, user, volume, workdir } from './steps';

const distroless: Entries = {
  ...directories('/etc /root /home /home/nonroot /usr /usr/bin /usr/local/bin /var /run'),
  ...directories('/tmp', { mode: 0o1777 }),
  '/etc/passwd': text(
    'root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n',
  ),
  '/etc/group': text('root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n'),
  '/etc/os-release': text('PRETTY_NAME="Distroless"\nNAME="Debian GNU/Linux"\nID="debian"\nVERSION_ID="12"\n'),
  '/etc/ssl/certs/ca-certificates.crt': bulk('ca-certificates', 214_800),
  '/usr/share/zoneinfo': bulk('tzdata', 1_200_000),
};

/** A control plane component: one static binary on a distroless base, without a shell. */
const component = (name: string, version: string, size: number): Repository =>
  repository(`registry.k8s.io/${name}`, [
    [
      [version],
      () =>
        build('2025-10-15T07:50:04Z', undefined, [
          copy('/', '/', distroless),
          copy('/go-runner', '/go-runner', { '/go-runner': program('go-runner', 1_540_000) }),
          workdir('/'),
          copy(name, `/usr/local/bin/${name}`, { [`/usr/local/bin/${name}`]: program(name, size) }),
        ]),
    ],
  ]);

const kubernetesVersion = 'v1.33.13';

const pause = repository('registry.k8s.io/pause', [
  [
    ['3.10', '3.10.1', '3.9', 'latest'],
    () =>
      build('2024-05-21T22:21:36Z', undefined, [
        copy('bin/pause-linux-amd64', '/pause', { '/pause': program('pause', 731_752) }),
        user('65535:65535'),
        entrypoint('/pause'),
      ]),
  ],
]);

const etcd = repository('registry.k8s.io/etcd', [
  [
    ['3.5.24-0', '3.5.21-0'],
    () =>
      build('2025-09-18T11:25:12Z', undefined, [
        copy('/', '/', distroless),
        copy('etcd*', '/usr/local/bin/', {
          '/usr/local/bin/etcd': program('etcd', 24_150_000),
          '/usr/local/bin/etcdctl': program('etcdctl', 17_920_000),
          '/usr/local/bin/etcdutl': program('etcdutl', 15_770_000),
        }),
        expose('2379/tcp', '2380/tcp', '4001/tcp', '7001/tcp'),
      ]),
  ],
]);

const coredns = repository('registry.k8s.io/coredns/coredns', [
  [
    ['v1.12.0', 'v1.12.1'],
    () =>
      build('2024-11-21T20:40:54Z', undefined, [
        copy('/', '/', distroless),
        copy('coredns', '/coredns', { '/coredns': program('coredns', 68_700_000) }),
        user('nonroot:nonroot'),
        workdir('/'),
        expose('53/tcp', '53/udp'),
        entrypoint('/coredns'),
      ]),
  ],
]);

const kubeProxy = repository('registry.k8s.io/kube-proxy', [
  [
    [kubernetesVersion],
    () =>
      build('2025-10-15T07:50:04Z', undefined, [
        copy('/', '/', {
          ...distroless,
          ...programs(
            '/usr/sbin',
            'conntrack iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore ipset nft ip',
          ),
          ...programs('/usr/bin', 'sh dash cat ls'),
          '/bin': { type: 'symlink', target: 'usr/bin' },
          '/usr/lib/libraries': bulk('libraries of kube-proxy', 25_000_000),
        }),
        copy('kube-proxy', '/usr/local/bin/kube-proxy', {
          '/usr/local/bin/kube-proxy': program('kube-proxy', 73_400_000),
        }),
      ]),
  ],
]);

const flannel = repository('ghcr.io/flannel-io/flannel', [
  [
    ['v0.27.4', 'v0.26.7', 'latest'],
    () =>
      build('2025-10-09T09:52:03Z', alpine(), [
        env('FLANNEL_ARCH', 'amd64'),
        run('apk add --no-cache iproute2 iptables strongswan', {
          ...programs('/sbin', 'ip iptables iptables-save iptables-restore ip6tables'),
          '/usr/lib/strongswan': bulk('strongswan', 11_000_000),
        }),
        copy('dist/flanneld-amd64', '/opt/bin/flanneld', {
          '/opt/bin/flanneld': program('flanneld', 50_300_000),
          '/opt/bin/mk-docker-opts.sh': text('#!/bin/sh\n', { mode: 0o755 }),
        }),
        entrypoint('/opt/bin/flanneld'),
      ]),
  ],
]);

const flannelCni = repository('ghcr.io/flannel-io/flannel-cni-plugin', [
  [
    ['v1.8.0-flannel1', 'v1.7.1-flannel1', 'v1.6.2-flannel1', 'latest'],
    () =>
      build('2025-09-11T12:18:40Z', alpine(), [
        copy('dist/flannel-amd64', '/flannel', { '/flannel': program('cni-flannel', 2_390_000) }),
        volume('/opt/cni/bin'),
        cmd('/bin/sh'),
      ]),
  ],
]);

const kindnet = repository('docker.io/kindest/kindnetd', [
  [
    ['v20250512-df8de77b', 'latest'],
    () =>
      build('2025-05-12T17:04:26Z', undefined, [
        copy('/', '/', distroless),
        copy('/bin/kindnetd', '/bin/kindnetd', { '/bin/kindnetd': program('kindnetd', 41_900_000) }),
        cmd('/bin/kindnetd'),
      ]),
  ],
]);

const metricsServer = repository('registry.k8s.io/metrics-server/metrics-server', [
  [
    ['v0.8.0', 'v0.7.2'],
    () =>
      build('2025-07-03T09:14:54Z', undefined, [
        copy('/', '/', distroless),
        copy('metrics-server', '/', { '/metrics-server': program('metrics-server', 60_700_000) }),
        user('65534'),
        entrypoint('/metrics-server'),
      ]),
  ],
]);

/** What a cluster needs to run itself. */
export const kubernetesImages: readonly Repository[] = [
  pause,
  component('kube-apiserver', kubernetesVersion, 97_700_000),
  component('kube-controller-manager', kubernetesVersion, 90_600_000),
  component('kube-scheduler', kubernetesVersion, 69_900_000),
  kubeProxy,
  etcd,
  coredns,
  flannel,
  flannelCni,
  kindnet,
  metricsServer,
];
