import type { FileSystem } from '../../../linux/fs/types';
import { programOf } from '../../../linux/process/executable';
import type { Package } from './catalogue';
import { base } from './packages';
import { everyPackage, listFile, lists, sourcesOf } from './sources';

const statusFile = '/var/lib/dpkg/status';
const statesFile = '/var/lib/apt/extended_states';

/** One record of /var/lib/dpkg/status. */
export interface Installed {
  readonly package: Package;
  readonly version: string;
  /** `install`, `hold`, `deinstall`. */
  want: 'install' | 'hold' | 'deinstall';
  state: 'installed' | 'config-files';
  /** Came as a dependency (extended_states). */
  auto: boolean;
}

/** Where Debian puts what is not in /usr/bin. */
const superuser =
  /^(useradd|usermod|userdel|groupadd|groupdel|adduser|addgroup|deluser|delgroup|service|iptables.*|ip6tables.*|sysctl|sshd|nginx|cron|tcpdump|modprobe|dockerd|route|arp|ifconfig|conntrack|update-ca-certificates|bridge|tc)$/;

export const placesOf = (program: string): readonly string[] =>
  superuser.test(program)
    ? [`/usr/sbin/${program}`, `/usr/bin/${program}`]
    : [`/usr/bin/${program}`, `/usr/sbin/${program}`];

/** The package database of a machine. Made of what stands on the disk when somebody first looks. */
export class Dpkg {
  readonly installed = new Map<string, Installed>();

  constructor(readonly fs: FileSystem) {
    const text = fs.readText(statusFile);
    if (text.ok && text.value.includes('Package: ')) this.#read(text.value);
    else this.#discover();
  }

  #read(text: string): void {
    const known = everyPackage(this.fs);
    const states = this.fs.readText(statesFile);
    const auto = new Set(
      states.ok
        ? [...states.value.matchAll(/^Package: (\S+)\n(?:.*\n)*?Auto-Installed: 1/gm)].map(([, name]) => name ?? '')
        : [],
    );
    for (const stanza of text.split(/\n\n+/)) {
      const field = (key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
      const name = field('Package');
      if (name === '') continue;
      const [want = 'install', , state = 'installed'] = field('Status').split(' ');
      this.installed.set(name, {
        package: known.get(name) ?? foreign(name, field),
        version: field('Version'),
        want: want === 'hold' || want === 'deinstall' ? want : 'install',
        state: state === 'config-files' ? 'config-files' : 'installed',
        auto: auto.has(name),
      });
    }
  }

  #discover(): void {
    const { fs } = this;
    const isHost = fs.stat('/run/systemd/system').ok;
    if (isHost) {
      fs.mkdirAll(lists);
      if (['kubelet', 'kubeadm', 'kubectl'].some((program) => fs.stat(`/usr/bin/${program}`).ok))
        this.#addSource(
          'kubernetes',
          'deb [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.gpg] https://pkgs.k8s.io/core:/stable:/v1.33/deb/ /',
        );
      if (fs.stat('/usr/sbin/dockerd').ok)
        this.#addSource(
          'docker',
          'deb [arch=amd64 signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian bookworm stable',
        );
      for (const source of sourcesOf(fs)) fs.writeFile(listFile(source), '');
    }
    for (const [name, each] of everyPackage(fs)) {
      const [program] = each.programs;
      const there = program !== undefined && placesOf(program).some((path) => this.#is(path, program));
      const certificates = name === 'ca-certificates' && fs.stat('/etc/ssl/certs/ca-certificates.crt').ok;
      if (!there && !base.has(name) && !certificates) continue;
      if (name === 'vim-tiny' || name === 'netcat-traditional') continue;
      const [version = ''] = each.versions;
      const held = isHost && /^(kubeadm|kubelet|kubectl)$/.test(name);
      this.installed.set(name, {
        package: each,
        version,
        want: held ? 'hold' : 'install',
        state: 'installed',
        auto: false,
      });
    }
    for (const {
      package: { depends },
    } of [...this.installed.values()])
      for (const name of depends) {
        const each = everyPackage(fs).get(name);
        if (each !== undefined && !this.installed.has(name))
          this.installed.set(name, {
            package: each,
            version: each.versions[0] ?? '',
            want: 'install',
            state: 'installed',
            auto: true,
          });
      }
    this.save();
  }

  #is(path: string, program: string): boolean {
    const head = this.fs.readHead(path, 128);
    return head.ok && (programOf(head.value) ?? program) !== 'busybox';
  }

  #addSource(name: string, line: string): void {
    this.fs.mkdirAll('/etc/apt/sources.list.d');
    const file = `/etc/apt/sources.list.d/${name}.list`;
    if (!this.fs.stat(file).ok) this.fs.writeFile(file, `${line}\n`);
  }

  /** Writes status and extended_states; only root can. */
  save(): void {
    const { fs } = this;
    fs.mkdirAll('/var/lib/dpkg/info');
    fs.mkdirAll('/var/lib/apt');
    const all = [...this.installed.values()].sort((a, b) => (a.package.name < b.package.name ? -1 : 1));
    fs.writeFile(statusFile, all.map((each) => `${stanzaOf(each)}\n`).join(''));
    const auto = all.filter((each) => each.auto);
    if (auto.length === 0 && !fs.stat(statesFile).ok) return;
    fs.writeFile(
      statesFile,
      auto
        .map(
          ({ package: { name, architecture } }) =>
            `Package: ${name}\nArchitecture: ${architecture}\nAuto-Installed: 1\n\n`,
        )
        .join(''),
    );
  }

  /** What is there: not only its configuration. */
  present(name: string): Installed | undefined {
    const found = this.installed.get(name);
    return found?.state === 'installed' ? found : undefined;
  }

  /** How many files and directories dpkg knows. */
  get files(): number {
    let sum = 6_089;
    for (const { package: each } of this.installed.values()) sum += 12 + each.programs.length * 3;
    return sum;
  }
}

const foreign = (name: string, field: (key: string) => string): Package => ({
  name,
  versions: [field('Version')],
  section: field('Section'),
  priority: field('Priority'),
  architecture: field('Architecture') === 'all' ? 'all' : 'amd64',
  installedSize: Number(field('Installed-Size')),
  size: 0,
  depends: [],
  programs: [],
  description: field('Description'),
  origin: 'debian',
});

/** A record as `dpkg -s` shows it. */
export function stanzaOf({ package: each, version, want, state }: Installed): string {
  const { name, section, priority, architecture, installedSize, depends, description, origin } = each;
  const maintainer =
    origin === 'kubernetes'
      ? 'Kubernetes Authors <dev@kubernetes.io>'
      : origin === 'docker'
        ? 'Docker <support@docker.com>'
        : 'Debian Developers <debian-devel@lists.debian.org>';
  return [
    `Package: ${name}`,
    `Status: ${want} ok ${state}`,
    `Priority: ${priority}`,
    `Section: ${section}`,
    `Installed-Size: ${installedSize}`,
    `Maintainer: ${maintainer}`,
    `Architecture: ${architecture}`,
    `Version: ${version}`,
    ...(depends.length === 0 ? [] : [`Depends: ${depends.join(', ')}`]),
    `Description: ${description}`,
    '',
  ].join('\n');
}

/** The paths that a package puts on the disk, the folders too (`dpkg -L`). */
export function filesOf({ name, programs }: Package): readonly string[] {
  const paths = new Set(['/.', '/usr']);
  for (const program of programs) {
    const [place = ''] = placesOf(program);
    paths.add(place.slice(0, place.lastIndexOf('/')));
    paths.add(place);
  }
  for (const path of [
    '/usr/share',
    '/usr/share/doc',
    `/usr/share/doc/${name}`,
    `/usr/share/doc/${name}/changelog.Debian.gz`,
    `/usr/share/doc/${name}/copyright`,
  ])
    paths.add(path);
  return [...paths];
}
