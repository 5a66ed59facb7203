import type { FileSystem } from '../../linux/fs/types';
import { certificatePem, createCa, createKey, issue, keyPem, type Identity } from '../../linux/net/tls/certificate';
import type { Random } from '../../sim/random';

/** What `kubeadm init phase certs all` makes. Upstream: cmd/kubeadm/app/phases/certs/certlist.go */
export interface Pki {
  readonly ca: Identity;
  readonly caPem: string;
  client(commonName: string, organization?: string): Identity;
  server(commonName: string, sans: readonly string[]): Identity;
}

export interface PkiOptions {
  readonly random: Random;
  /** Virtual now. */
  readonly now: number;
}

/** The cluster's certificate authority. */
export function createPki({ random, now }: PkiOptions): Pki {
  const ca = createCa({ subject: { commonName: 'kubernetes' }, random, now });
  return {
    ca,
    caPem: certificatePem(ca.certificate),
    client: (commonName, organization) =>
      issue({
        subject: organization === undefined ? { commonName } : { commonName, organizations: [organization] },
        issuer: ca,
        random,
        now,
        usages: ['client auth'],
      }),
    server: (commonName, sans) =>
      issue({ subject: { commonName }, sans, issuer: ca, random, now, usages: ['server auth'] }),
  };
}

/** Writes /etc/kubernetes/pki of a control plane. */
export function writePki(
  fs: FileSystem,
  pki: Pki,
  { random, now }: PkiOptions,
  { host, address, serviceIp }: { readonly host: string; readonly address: string; readonly serviceIp: string },
): void {
  const folder = '/etc/kubernetes/pki';
  fs.mkdirAll(`${folder}/etcd`);
  const put = (name: string, identity: Identity): void => {
    fs.writeFile(`${folder}/${name}.crt`, certificatePem(identity.certificate));
    fs.writeFile(`${folder}/${name}.key`, keyPem(identity.key), 0o600);
  };
  const names = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'];
  put('ca', pki.ca);
  put('apiserver', pki.server('kube-apiserver', [host, ...names, serviceIp, address]));
  put('apiserver-kubelet-client', pki.client('kube-apiserver-kubelet-client', 'kubeadm:cluster-admins'));

  const etcdCa = createCa({ subject: { commonName: 'etcd-ca' }, random, now });
  const fromEtcd = (commonName: string, sans: readonly string[] = []): Identity =>
    issue({ subject: { commonName }, sans, issuer: etcdCa, random, now });
  put('etcd/ca', etcdCa);
  put('etcd/server', fromEtcd(host, [host, 'localhost', address, '127.0.0.1']));
  put('etcd/peer', fromEtcd(host, [host, 'localhost', address, '127.0.0.1']));
  put('etcd/healthcheck-client', fromEtcd('kube-etcd-healthcheck-client'));
  put('apiserver-etcd-client', fromEtcd('kube-apiserver-etcd-client'));

  const front = createCa({ subject: { commonName: 'front-proxy-ca' }, random, now });
  put('front-proxy-ca', front);
  put('front-proxy-client', issue({ subject: { commonName: 'front-proxy-client' }, issuer: front, random, now }));
  const sa = createKey(random);
  fs.writeFile(`${folder}/sa.key`, keyPem(sa), 0o600);
  fs.writeFile(`${folder}/sa.pub`, keyPem({ ...sa, secret: '' }, 'PUBLIC KEY'));
}
