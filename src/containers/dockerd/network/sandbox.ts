import { pinFile, unpinFile } from '../../../linux/net/netns';
import type { NetworkAdmin } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import type { Container } from '../container';

/** Where dockerd keeps containers' network namespaces, each bind-mounted under its sandbox's id. */
export const sandboxFolder = '/var/run/docker/netns';

/** What `SandboxKey` says: containers in the host's own network share one (libnetwork, sandbox_linux.go). */
export const sandboxKey = ({ sandboxId, hostConfig }: Container): string =>
  `${sandboxFolder}/${hostConfig.NetworkMode === 'host' ? 'default' : sandboxId.slice(0, 12)}`;

export function keepSandbox(dockerd: Process, container: Container, net: NetworkAdmin): void {
  if (!container.hostConfig.NetworkMode.startsWith('container:')) pinFile(dockerd, sandboxKey(container), net);
}

/** The container has ended. What stands for the host's own network stays. */
export function dropSandbox(dockerd: Process, container: Container): void {
  if (container.hostConfig.NetworkMode !== 'host') unpinFile(dockerd, sandboxKey(container));
}
