/** What the lab's PyPI has: stand-ins of ours for packages that learners install. */
const files = import.meta.glob<string>('./*/*.py', { eager: true, query: '?raw', import: 'default' });

interface Package {
  /** As PyPI spells it. */
  readonly name: string;
  /** The newest first. */
  readonly versions: readonly string[];
  readonly requires?: readonly string[];
  /** Bytes of the real wheel, by which a download takes its time and says its size. */
  readonly size: number;
  readonly folder?: string;
  readonly script?: string;
  readonly summary?: string;
}

const flask = ['blinker', 'click', 'itsdangerous', 'Jinja2', 'MarkupSafe', 'Werkzeug'];
const packages: readonly Package[] = [
  {
    name: 'Flask',
    versions: ['3.1.2', '3.1.1', '3.1.0', '3.0.3', '3.0.2', '3.0.0', '2.3.3', '2.3.2', '2.2.5', '2.0.1', '1.1.4'],
    requires: flask,
    size: 103_308,
    folder: 'flask',
    script: 'flask.cli',
    summary: 'A simple framework for building complex web applications.',
  },
  {
    name: 'Werkzeug',
    versions: ['3.1.3', '3.0.1', '2.3.7', '2.2.2'],
    requires: ['MarkupSafe'],
    size: 224_498,
    folder: 'werkzeug',
  },
  { name: 'Jinja2', versions: ['3.1.6', '3.1.2'], requires: ['MarkupSafe'], size: 134_899, folder: 'jinja2' },
  { name: 'MarkupSafe', versions: ['3.0.3', '2.1.3'], size: 23_000 },
  { name: 'itsdangerous', versions: ['2.2.0', '2.1.2'], size: 16_234 },
  { name: 'click', versions: ['8.3.1', '8.1.7'], size: 108_274 },
  { name: 'blinker', versions: ['1.9.0', '1.7.0'], size: 8_458 },
  {
    name: 'redis',
    versions: ['7.1.0', '7.0.1', '6.4.0', '5.2.1', '5.0.1', '4.6.0', '4.5.4', '3.5.3'],
    size: 354_159,
    folder: 'redis',
  },
  {
    name: 'requests',
    versions: ['2.32.5', '2.32.3', '2.31.0', '2.28.2'],
    requires: ['certifi', 'charset-normalizer', 'idna', 'urllib3'],
    size: 64_738,
    folder: 'requests',
  },
  { name: 'certifi', versions: ['2025.11.12'], size: 159_438 },
  { name: 'charset-normalizer', versions: ['3.4.4'], size: 153_000 },
  { name: 'idna', versions: ['3.11'], size: 71_008 },
  { name: 'urllib3', versions: ['2.5.0', '1.26.20'], size: 129_795 },
  { name: 'packaging', versions: ['25.0'], size: 66_469 },
  {
    name: 'gunicorn',
    versions: ['23.0.0', '22.0.0', '21.2.0', '20.1.0'],
    requires: ['packaging'],
    size: 85_029,
    folder: 'gunicorn',
    script: 'gunicorn',
  },
  { name: 'python-dotenv', versions: ['1.2.1', '1.0.1', '1.0.0'], size: 21_230, folder: 'dotenv' },
];

const plain = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** What the index says of a package: `https://pypi.org/simple/<name>/`. */
export function indexOf(name: string): object | undefined {
  const found = packages.find((each) => plain(each.name) === plain(name));
  return found === undefined
    ? undefined
    : {
        name: found.name,
        versions: found.versions,
        requires: found.requires ?? [],
        size: found.size,
        folder: found.folder ?? plain(found.name).replace(/-/g, '_'),
        script: found.script ?? null,
        summary: found.summary ?? '',
      };
}

/** The files of a package, by path below site-packages. */
export function filesOf(name: string): Readonly<Record<string, string>> | undefined {
  const found = packages.find((each) => plain(each.name) === plain(name));
  if (found === undefined) return undefined;
  const folder = found.folder ?? plain(found.name).replace(/-/g, '_');
  const own = Object.entries(files).filter(([path]) => path.startsWith(`./${folder}/`));
  if (own.length === 0) return { [`${folder}/__init__.py`]: `"""A stand-in by the lab."""\n` };
  return Object.fromEntries(own.map(([path, text]) => [path.slice(2), text]));
}
