/** Clients of containerd and runc; the daemon itself is put together by the lab (cluster/containerd.ts). */
export const names = ['ctr', 'runc'] as const;
