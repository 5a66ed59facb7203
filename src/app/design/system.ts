/** Namespaces of the cluster's own machinery: kube-system, kube-flannel, kube-public, kube-node-lease. */
export const isSystem = (namespace: string): boolean => namespace.startsWith('kube-');
