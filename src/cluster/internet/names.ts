/** The names that the lab's internet knows, and their addresses; whatever is not here does not exist (NXDOMAIN). */

/** Addresses that people know by heart, or that several names share. */
const fixed: Readonly<Record<string, readonly string[]>> = {
  'github.com': ['140.82.121.4'],
  'api.github.com': ['140.82.121.6'],
  'codeload.github.com': ['140.82.121.10'],
  'gist.github.com': ['140.82.121.4'],
  'registry.npmjs.org': ['104.16.0.35'],
  'google.com': ['142.250.185.78'],
  'www.google.com': ['142.250.185.100'],
  'dns.google': ['8.8.8.8', '8.8.4.4'],
  'one.one.one.one': ['1.1.1.1', '1.0.0.1'],
  'example.com': ['93.184.215.14'],
  'www.example.com': ['93.184.215.14'],
};

const githubPages = ['185.199.108.133', '185.199.109.133', '185.199.110.133', '185.199.111.133'];
const ofGithub = 'raw gist objects release-assets user-images media'.split(' ');

/** Names that have one address each, in the order of which they get theirs. */
const others = (
  'k8s.io kubernetes.io www.kubernetes.io docs.k8s.io dl.k8s.io cdn.dl.k8s.io pkgs.k8s.io prod-cdn.packages.k8s.io ' +
  'get.helm.sh helm.sh packages.cloud.google.com storage.googleapis.com dl.google.com cloud.google.com ' +
  'istio.io get.istio.io git.io get.k3s.io download.docker.com get.docker.com www.docker.com docker.com hub.docker.com ' +
  'index.docker.io docs.projectcalico.org docs.tigera.io projectcalico.docs.tigera.io cloud.weave.works ' +
  'go.dev golang.org go.kubebuilder.io get.opentofu.org openpolicyagent.org fluxcd.io dl.filippo.io get.sdkman.io ' +
  'awscli.amazonaws.com code.dvc.org datadoghq.dev aquasecurity.github.io kubernetes.github.io get.arkade.dev ' +
  'run.linkerd.io dl.min.io kind.sigs.k8s.io apt.releases.hashicorp.com releases.hashicorp.com start.spring.io ' +
  'deb.nodesource.com nodejs.org www.mongodb.org jsonplaceholder.typicode.com httpbin.org kluctl.io just.systems ' +
  'sh.rustup.rs install.python-poetry.org falco.org get.datree.io get.keptn.sh code-server.dev developer.fermyon.com ' +
  'download.opensuse.org litmuschaos.github.io mise.run www.kernel.org ifconfig.me icanhazip.com api.ipify.org ' +
  'checkip.amazonaws.com cloudflare.com www.cloudflare.com nginx.org www.nginx.com debian.org www.debian.org ' +
  'wikipedia.org www.wikipedia.org microsoft.com www.microsoft.com facebook.com amazon.com www.amazon.com ' +
  'bing.com yahoo.com linuxcommand.org expired.badssl.com self-signed.badssl.com ' +
  'dl-cdn.alpinelinux.org update.code.visualstudio.com katacoda-assets.s3.amazonaws.com download.bell-sw.com ' +
  'apt.fury.io get.jetify.com dl.gitea.com repo.pyrsia.io ' +
  'deb.debian.org security.debian.org archive.ubuntu.com security.ubuntu.com pypi.org files.pythonhosted.org'
).split(' ');

const addresses = new Map<string, readonly string[]>(Object.entries(fixed));
for (const name of ofGithub) addresses.set(`${name}.githubusercontent.com`, githubPages);
others.forEach((name, index) => {
  if (!addresses.has(name)) addresses.set(name, [`198.51.100.${10 + index}`]);
});

const names = new Map<string, string>();
for (const [name, [address]] of addresses) if (address !== undefined && !names.has(address)) names.set(address, name);

/** Name servers of the world that also answer pings; `dig @8.8.8.8` asks one. */
export const publicResolvers: readonly string[] = ['8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '9.9.9.9'];

/** Every address that somebody on the internet has. */
export const publicAddresses = (): readonly string[] => [
  ...new Set([...publicResolvers, ...[...addresses.values()].flat()]),
];

/** The addresses of a name; undefined if there is no such name. */
export const addressesOf = (name: string): readonly string[] | undefined =>
  addresses.get(name.toLowerCase().replace(/\.$/, ''));

/** What a reverse lookup tells of an address. */
export const nameOf = (address: string): string | undefined => names.get(address);

/** Whether anything exists below a name: then it is there, without an address (NOERROR, not NXDOMAIN). */
export const isZone = (name: string): boolean => {
  const end = `.${name.toLowerCase()}`;
  return [...addresses.keys()].some((known) => known.endsWith(end));
};
