import type { ContainerStatus, CriRuntime, PodSandboxStatus } from '../../../containers/containerd/cri';

/** The containers whose id begins so. crictl takes any prefix that is not ambiguous. */
export const containersOf = (cri: CriRuntime, prefix: string): readonly ContainerStatus[] =>
  prefix === '' ? [] : cri.listContainers().filter(({ id }) => id.startsWith(prefix));

export const sandboxesOf = (cri: CriRuntime, prefix: string): readonly PodSandboxStatus[] =>
  prefix === '' ? [] : cri.listPodSandbox().filter(({ id }) => id.startsWith(prefix));

/** What the server says of an id it does not know. */
export const notFound = (what: 'container' | 'sandbox', id: string): string =>
  what === 'container'
    ? `rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`
    : `rpc error: code = NotFound desc = an error occurred when try to find sandbox: not found`;

export const namespaceOf = ({ labels }: { readonly labels: Readonly<Record<string, string>> }): string =>
  labels['io.kubernetes.pod.namespace'] ?? 'unknown';

export const podNameOf = ({ labels }: { readonly labels: Readonly<Record<string, string>> }): string =>
  labels['io.kubernetes.pod.name'] ?? 'unknown';
