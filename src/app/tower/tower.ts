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
  /** Steps that are called otherwise here, by their number. */
  readonly titles: Readonly<Record<number, string>>;
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
  { id: 'linux', title: 'Linux', layers: linuxLayers, titles: {} },
  {
    id: 'desktop',
    title: 'Docker Desktop (WSL 2)',
    layers: put({
      cli: { title: 'docker CLI', what: 'reads the line on your machine; context desktop-linux' },
      socket: {
        title: 'com.docker.backend',
        what: 'listens at desktop/docker.sock (on Windows \\\\.\\pipe\\dockerDesktopLinuxEngine), carries it over vsock into the VM',
      },
      dockerd: { title: 'dockerd in the VM', what: 'in the WSL 2 distribution docker-desktop' },
      kernel: { title: 'Linux kernel of the WSL 2 VM', what: 'one small Hyper-V VM for all distributions' },
      process: { title: 'the process', what: 'of the VM: your machine does not see it' },
    }),
    titles: { 2: 'It asks over HTTP, through the backend into the VM', 10: 'The process runs, in the VM' },
  },
  {
    id: 'windows',
    title: 'Windows containers',
    layers: put({
      cli: { title: 'docker CLI', what: 'context windows' },
      socket: { title: 'Named pipe', what: '\\\\.\\pipe\\docker_engine' },
      dockerd: { title: 'dockerd.exe', what: 'images for the same Windows build only' },
      containerd: { title: 'containerd or HCS directly', what: 'the Host Compute Service' },
      shim: { title: 'containerd-shim-runhcs-v1', what: 'one a container, talks to vmcompute' },
      runc: { title: 'runhcs / HCS', what: 'no runc: vmcompute makes the silo' },
      kernel: { title: 'Windows kernel', what: 'job objects, server silos, layered NTFS (wcifs), HNS networks' },
      process: { title: 'the process', what: 'in a silo, beside its own csrss and services' },
    }),
    titles: {
      2: 'It asks over HTTP, through a named pipe',
      3: 'dockerd.exe looks for the image',
      5: 'wcifs joins the layers',
      6: 'HNS plugs an endpoint in',
      7: 'HCS gets the compute system',
      8: 'vmcompute keeps it',
      9: 'HCS creates the process in its silo',
    },
  },
];

/** Machines and actors that only one tower has. */
const signs: readonly (readonly [Tower['id'], RegExp])[] = [
  ['windows', /@windows$/],
  ['desktop', /@docker-desktop$/],
  ['linux', /^dockerd@/],
];

/** Through which tower a command went: who acted in it tells. Undefined if it asked no engine. */
export function towerOf(spans: Iterable<{ readonly actor: string }>): Tower['id'] | undefined {
  let found = signs.length;
  for (const { actor } of spans) {
    const at = signs.findIndex(([, sign]) => sign.test(actor));
    if (at >= 0 && at < found) found = at;
  }
  return signs[found]?.[0];
}
