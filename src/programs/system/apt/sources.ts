import type { FileSystem } from '../../../linux/fs/types';
import { debianPackages, dockerPackages, kubernetesPackages, type Origin, type Package } from './catalogue';

/** One index that `apt-get update` fetches. */
export interface Source {
  readonly origin: Origin;
  /** `http://deb.debian.org/debian`. */
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** Of Kubernetes: `1.33`. */
  readonly minor?: string;
}

export const lists = '/var/lib/apt/lists';

/** What /etc/os-release says of the distribution. */
export function distribution(fs: FileSystem): {
  readonly id: string;
  readonly codename: string;
  readonly version: string;
  readonly pretty: string;
} {
  const text = fs.readText('/etc/os-release');
  const value = (key: string): string =>
    (text.ok ? new RegExp(`^${key}=(.*)$`, 'm').exec(text.value)?.[1] : undefined)?.replace(/^"|"$/g, '') ?? '';
  return {
    id: value('ID'),
    codename: value('VERSION_CODENAME'),
    version: value('VERSION_ID'),
    pretty: value('PRETTY_NAME'),
  };
}

/** The sources of /etc/apt; the distribution's own where nobody wrote any. */
export function sourcesOf(fs: FileSystem): readonly Source[] {
  const found: Source[] = [];
  const add = (uri: string, suite: string, components: readonly string[]): void => {
    const minor = /core:\/stable:\/v(\d+\.\d+)\//.exec(uri)?.[1];
    const origin: Origin = uri.includes('download.docker.com')
      ? 'docker'
      : minor === undefined
        ? 'debian'
        : 'kubernetes';
    found.push({ origin, uri: uri.replace(/\/$/, ''), suite, components, ...(minor === undefined ? {} : { minor }) });
  };
  const files = ['/etc/apt/sources.list'];
  const listed = fs.readdir('/etc/apt/sources.list.d');
  if (listed.ok) files.push(...listed.value.map(({ name }) => `/etc/apt/sources.list.d/${name}`).sort());
  for (const file of files) {
    const text = fs.readText(file);
    if (!text.ok) continue;
    if (file.endsWith('.sources')) {
      for (const stanza of text.value.split(/\n\s*\n/)) {
        const field = (key: string): readonly string[] =>
          (new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(stanza)?.[1] ?? '').split(/\s+/).filter((word) => word !== '');
        for (const uri of field('URIs')) for (const suite of field('Suites')) add(uri, suite, field('Components'));
      }
      continue;
    }
    for (const line of text.value.split('\n')) {
      const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)(.*)$/.exec(line.trim());
      if (match !== null)
        add(
          match[1] ?? '',
          match[2] ?? '',
          (match[3] ?? '').split(/\s+/).filter((word) => word !== ''),
        );
    }
  }
  if (found.some(({ origin }) => origin === 'debian')) return found;
  const { id, codename } = distribution(fs);
  const own: readonly Source[] =
    id === 'ubuntu'
      ? ['', '-updates', '-backports', '-security'].map((suffix) => ({
          origin: 'debian',
          uri: suffix === '-security' ? 'http://security.ubuntu.com/ubuntu' : 'http://archive.ubuntu.com/ubuntu',
          suite: `${codename}${suffix}`,
          components: ['main', 'restricted', 'universe', 'multiverse'],
        }))
      : [
          { origin: 'debian', uri: 'http://deb.debian.org/debian', suite: codename, components: ['main'] },
          { origin: 'debian', uri: 'http://deb.debian.org/debian', suite: `${codename}-updates`, components: ['main'] },
          {
            origin: 'debian',
            uri: 'http://deb.debian.org/debian-security',
            suite: `${codename}-security`,
            components: ['main'],
          },
        ];
  return [...own, ...found];
}

/** Where the fetched index of a source is kept. */
export const listFile = ({ uri, suite }: Source): string =>
  `${lists}/${uri.replace(/^https?:\/\//, '').replaceAll('/', '_')}${suite === '/' ? '_InRelease' : `_dists_${suite}_InRelease`}`;

/** The packages that can be located: those of sources whose index was fetched. */
export function locatable(fs: FileSystem): ReadonlyMap<string, Package> {
  const fetched = sourcesOf(fs).filter((source) => fs.stat(listFile(source)).ok);
  const packages = new Map<string, Package>();
  if (fetched.some(({ origin }) => origin === 'debian'))
    for (const [name, each] of debianPackages()) packages.set(name, each);
  const minors = fetched.flatMap(({ minor }) => (minor === undefined ? [] : [minor]));
  if (minors.length > 0) for (const each of kubernetesPackages(minors)) packages.set(each.name, each);
  if (fetched.some(({ origin }) => origin === 'docker'))
    for (const each of dockerPackages(distribution(fs).codename)) packages.set(each.name, each);
  return packages;
}

/** The source of which a package comes. */
export const sourceOf = (fs: FileSystem, { origin }: Package): Source | undefined =>
  sourcesOf(fs).find((source) => source.origin === origin);

/** Every package that there may be, whether it can be located now or not. */
export function everyPackage(fs: FileSystem): ReadonlyMap<string, Package> {
  const packages = new Map(debianPackages());
  const minors = sourcesOf(fs).flatMap(({ minor }) => (minor === undefined ? [] : [minor]));
  for (const each of [
    ...kubernetesPackages(minors.length > 0 ? minors : ['1.33']),
    ...dockerPackages(distribution(fs).codename),
  ])
    packages.set(each.name, each);
  return packages;
}
