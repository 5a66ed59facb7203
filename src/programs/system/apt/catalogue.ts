import { compareVersions } from '../../toolkit/format';
import { debian } from './packages';

/** A package of an archive: its versions, the newest first. */
export interface Package {
  readonly name: string;
  readonly versions: readonly string[];
  readonly section: string;
  readonly priority: string;
  readonly architecture: 'amd64' | 'all';
  /** KiB on disk. */
  readonly installedSize: number;
  /** Bytes of the archive. */
  readonly size: number;
  readonly depends: readonly string[];
  readonly programs: readonly string[];
  readonly description: string;
  /** Of which archive it comes. */
  readonly origin: Origin;
}

export type Origin = 'debian' | 'kubernetes' | 'docker';

let parsed: ReadonlyMap<string, Package> | undefined;

/** The distribution's own packages. */
export function debianPackages(): ReadonlyMap<string, Package> {
  parsed ??= new Map(
    debian.split('\n').map((line) => {
      const [
        name = '',
        version = '',
        section = '',
        priority = '',
        architecture,
        installed,
        size,
        depends = '',
        programs = '',
        description = '',
      ] = line.split('|');
      const words = (text: string, by: string): readonly string[] => text.split(by).filter((word) => word !== '');
      return [
        name,
        {
          name,
          versions: [version],
          section,
          priority,
          architecture: architecture === 'all' ? 'all' : 'amd64',
          installedSize: Number(installed),
          size: Number(size),
          depends: words(depends, ','),
          programs: words(programs, ' '),
          description,
          origin: 'debian',
        },
      ];
    }),
  );
  return parsed;
}

/** How many patch releases each minor version of Kubernetes has in its repository. */
const patches: Readonly<Record<string, number>> = { '1.31': 14, '1.32': 11, '1.33': 13, '1.34': 5, '1.35': 1 };

const other = (
  origin: Origin,
  name: string,
  versions: readonly string[],
  more: Partial<Package> & { readonly description: string; readonly size: number; readonly installedSize: number },
): Package => ({
  name,
  versions,
  origin,
  section: origin === 'docker' ? 'admin' : 'admin',
  priority: 'optional',
  architecture: 'amd64',
  depends: [],
  programs: [],
  ...more,
});

/** pkgs.k8s.io: one repository for each minor version. */
export function kubernetesPackages(minors: readonly string[]): readonly Package[] {
  const all = minors.flatMap((minor) =>
    Array.from({ length: (patches[minor] ?? 3) + 1 }, (_, index) => `${minor}.${(patches[minor] ?? 3) - index}-1.1`),
  );
  const versions = [...new Set(all)].sort((a, b) => compareVersions(b, a));
  const tools = [...new Set(minors.map((minor) => `${minor}.0-1.1`))].sort((a, b) => compareVersions(b, a));
  return [
    other('kubernetes', 'kubeadm', versions, {
      description: 'Command-line utility for administering a Kubernetes cluster',
      size: 12_742_120,
      installedSize: 72_660,
      depends: ['cri-tools'],
      programs: ['kubeadm'],
    }),
    other('kubernetes', 'kubectl', versions, {
      description: 'Command-line utility for interacting with a Kubernetes cluster',
      size: 11_673_344,
      installedSize: 58_200,
      programs: ['kubectl'],
    }),
    other('kubernetes', 'kubelet', versions, {
      description: 'Node agent for Kubernetes clusters',
      size: 15_907_400,
      installedSize: 79_180,
      depends: ['iptables', 'kubernetes-cni', 'iproute2', 'mount', 'util-linux'],
      programs: ['kubelet'],
    }),
    other('kubernetes', 'cri-tools', tools, {
      description: 'Command-line utility for interacting with a container runtime',
      size: 17_261_420,
      installedSize: 44_340,
      programs: ['crictl'],
    }),
    other('kubernetes', 'kubernetes-cni', ['1.6.0-1.1'], {
      description: 'Binaries required to provision kubernetes container networking',
      size: 37_756_060,
      installedSize: 95_400,
    }),
  ];
}

/** download.docker.com. */
export const dockerPackages = (codename: string): readonly Package[] => {
  const of = (version: string): string => `5:${version}-1~debian.12~${codename}`;
  const plain = (version: string): string => `${version}-1~debian.12~${codename}`;
  return [
    other('docker', 'docker-ce', ['28.5.2', '28.5.1', '28.4.0', '28.3.3'].map(of), {
      description: 'Docker: the open-source application container engine',
      size: 19_732_000,
      installedSize: 105_780,
      depends: ['iptables', 'containerd.io', 'docker-ce-cli', 'libc6'],
      programs: ['dockerd'],
    }),
    other('docker', 'docker-ce-cli', ['28.5.2', '28.5.1', '28.4.0', '28.3.3'].map(of), {
      description: 'Docker CLI: the open-source application container engine',
      size: 16_473_000,
      installedSize: 42_390,
      depends: ['libc6'],
      programs: ['docker'],
    }),
    other('docker', 'containerd.io', ['2.1.5', '1.7.28', '1.7.27'].map(plain), {
      description: 'An open and reliable container runtime',
      size: 31_910_000,
      installedSize: 124_500,
      depends: ['libc6'],
      programs: ['containerd'],
    }),
    other('docker', 'docker-buildx-plugin', [plain('0.29.1')], {
      description: 'Docker Buildx plugin extends build capabilities with BuildKit.',
      size: 15_900_000,
      installedSize: 74_000,
    }),
    other('docker', 'docker-compose-plugin', [plain('2.40.3')], {
      description: 'Docker Compose (V2) plugin for the Docker CLI.',
      size: 14_300_000,
      installedSize: 78_000,
    }),
  ];
};

/** `kubeadm_1.33.1-1.1_amd64.deb`; a colon of the version is escaped in file names. */
export const archiveName = ({ name, architecture }: Package, version: string): string =>
  `${name}_${version.replace(':', '%3a')}_${architecture}.deb`;
