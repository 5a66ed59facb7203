import type { KeyPair } from './certificates';

export interface KubeconfigOptions {
  readonly server: string;
  readonly authority: string;
  readonly admin: KeyPair;
  readonly token: string;
}

/**
 * What kubeadm writes into admin.conf. A second context has the token instead: a client certificate wins over a token,
 * so `kubectl --context=token --token=…` is the way to be somebody else.
 */
export function kubeconfig({ server, authority, admin, token }: KubeconfigOptions): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64(authority)}
    server: ${server}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
- context:
    cluster: kubernetes
    user: token
  name: token
current-context: kubernetes-admin@kubernetes
kind: Config
preferences: {}
users:
- name: kubernetes-admin
  user:
    client-certificate-data: ${base64(admin.certificate)}
    client-key-data: ${base64(admin.key)}
- name: token
  user:
    token: ${token}
`;
}
