import { certificatePem, keyPem, type Identity } from '../../linux/net/tls/certificate';

export interface KubeconfigOptions {
  readonly server: string;
  readonly caPem: string;
  readonly user: string;
  readonly identity: Identity;
  readonly cluster?: string;
}

/** A kubeconfig with embedded certificates, as kubeadm writes admin.conf and its siblings. */
export function kubeconfig({ server, caPem, user, identity, cluster = 'kubernetes' }: KubeconfigOptions): string {
  const context = `${user}@${cluster}`;
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64(caPem)}
    server: ${server}
  name: ${cluster}
contexts:
- context:
    cluster: ${cluster}
    user: ${user}
  name: ${context}
current-context: ${context}
kind: Config
preferences: {}
users:
- name: ${user}
  user:
    client-certificate-data: ${base64(certificatePem(identity.certificate))}
    client-key-data: ${base64(keyPem(identity.key))}
`;
}

const base64 = (text: string): string => btoa(text);
