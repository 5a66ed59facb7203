/** Where in the stack something happens. Steps name these; each tower says what stands there. */
export type LayerName = 'cli' | 'socket' | 'dockerd' | 'containerd' | 'shim' | 'runc' | 'kernel' | 'process';

export interface Layer {
  readonly name: LayerName;
  readonly title: string;
  readonly what: string;
}

export interface Tower {
  readonly id: 'linux' | 'desktop' | 'windows';
  readonly title: string;
  readonly layers: readonly Layer[];
}

const linuxLayers: readonly Layer[] = [
  { name: 'cli', title: 'docker CLI', what: 'reads the line, asks the engine' },
  { name: 'socket', title: 'REST over a socket', what: '/var/run/docker.sock' },
  { name: 'dockerd', title: 'dockerd', what: 'images, networks, volumes, containers' },
  { name: 'containerd', title: 'containerd', what: 'tasks, in namespace moby' },
  { name: 'shim', title: 'containerd-shim-runc-v2', what: 'one a container: keeps stdio and the exit status' },
  { name: 'runc', title: 'runc', what: 'makes the container from config.json, then is gone' },
  { name: 'kernel', title: 'Linux kernel', what: 'namespaces, cgroups, overlayfs, veth and nat' },
  { name: 'process', title: 'the process', what: 'an ordinary process of the host' },
];

const put = (changes: Partial<Record<LayerName, Omit<Layer, 'name'>>>): readonly Layer[] =>
  linuxLayers.map((layer) => ({ ...layer, ...changes[layer.name] }));

/** The same commands pass through different towers (docs.docker.com/desktop; containerd/cri on Windows: hcsshim). */
export const towers: readonly Tower[] = [
  { id: 'linux', title: 'Linux', layers: linuxLayers },
  {
    id: 'desktop',
    title: 'Docker Desktop (WSL 2)',
    layers: put({
      cli: { title: 'docker.exe', what: 'reads the line on Windows; context desktop-linux' },
      socket: {
        title: 'Named pipe → Docker Desktop service',
        what: '\\\\.\\pipe\\dockerDesktopLinuxEngine, carried over vsock into the VM',
      },
      dockerd: { title: 'dockerd in the VM', what: 'in the WSL 2 distribution docker-desktop' },
      kernel: { title: 'Linux kernel of the WSL 2 VM', what: 'one small Hyper-V VM for all distributions' },
      process: { title: 'the process', what: 'of the VM: Windows does not see it' },
    }),
  },
  {
    id: 'windows',
    title: 'Windows containers',
    layers: put({
      cli: { title: 'docker.exe', what: 'context windows' },
      socket: { title: 'Named pipe', what: '\\\\.\\pipe\\docker_engine' },
      dockerd: { title: 'dockerd.exe', what: 'images for the same Windows build only' },
      containerd: { title: 'containerd or HCS directly', what: 'the Host Compute Service' },
      shim: { title: 'containerd-shim-runhcs-v1', what: 'one a container, talks to vmcompute' },
      runc: { title: 'runhcs / HCS', what: 'no runc: vmcompute makes the silo' },
      kernel: { title: 'Windows kernel', what: 'job objects, server silos, layered NTFS (wcifs), HNS networks' },
      process: { title: 'the process', what: 'in a silo, beside its own csrss and services' },
    }),
  },
];
