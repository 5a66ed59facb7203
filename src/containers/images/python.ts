import { alpine } from './base/alpine';
import { debian } from './base/debian';
import { bulk, directories, program, symlink, text, type Entries } from './entries';
import type { Image } from './image';
import { repository } from './registry';
import { build, cmd, env, run, type Step } from './steps';

/** GPG key, and when the image was published, of the newest release of each series. */
const releases = {
  '3.14': ['3.14.0', '2025-11-18T05:13:07Z'],
  '3.13': ['3.13.9', '2025-11-18T05:31:51Z'],
  '3.12': ['3.12.12', '2025-11-18T05:56:04Z'],
  '3.11': ['3.11.14', '2025-11-18T06:05:44Z'],
  '3.10': ['3.10.19', '2025-11-18T06:21:37Z'],
  '3.9': ['3.9.25', '2025-11-18T06:35:02Z'],
} as const;
type Series = keyof typeof releases;

const sums: Readonly<Record<Series, string>> = {
  '3.14': '2299dae542d395ce3883aca00d3c910307cd68e0b2f7336098c8e7b7eee9f3e9',
  '3.13': 'ed5ef34cda36cfa2f3a340f07cac7e7814f91c7f3c411f6d3562323a866c5c66',
  '3.12': 'fb85a13414b028c49ba18bbd523c2d055a30b56b18b92ce454ea2c51edc656c4',
  '3.11': '8d3ed8ec5c88c1c95f5e558612a725450d2452813ddad5e58fdb1a53b1209b78',
  '3.10': 'c8f4a596572201d81dd7df91f70e177e19a70f1d489968b54b5fbbf29a97c076',
  '3.9': '00e07d7c0f2f0cc002432d1ee84d2a40dae404a99303e3f97701c10966c91834',
};

/** The interpreter, pip, and the names that both go by. The library is ours: `import` finds it in the interpreter. */
function files(series: Series, size: number): Entries {
  const [version] = releases[series];
  const bin = '/usr/local/bin';
  const library = `/usr/local/lib/python${series}`;
  return {
    ...directories(`${library} ${library}/site-packages ${library}/site-packages/pip`),
    [`${bin}/python${series}`]: program('python3', 14_280),
    [`${bin}/python3`]: symlink(`python${series}`),
    [`${bin}/python`]: symlink('python3'),
    [`${bin}/idle3`]: text(`#!${bin}/python${series}\nraise SystemExit('idle3: no display')\n`, { mode: 0o755 }),
    ...Object.fromEntries(['pip', 'pip3', `pip${series}`].map((name) => [`${bin}/${name}`, program('pip3', 215)])),
    '/usr/local/lib/python-version': text(`${version}\n`),
    [`/usr/local/lib/libpython${series}.so.1.0`]: bulk(`libpython ${version}`, size),
  };
}

const steps = (series: Series, base: 'full' | 'slim' | 'alpine'): readonly Step[] => {
  const [version] = releases[series];
  const packages =
    base === 'alpine'
      ? 'apk add --no-cache \t\tca-certificates \t\ttzdata'
      : 'apt-get update; \tapt-get install -y --no-install-recommends \t\tca-certificates \t\tnetbase \t\ttzdata \t; \trm -rf /var/lib/apt/lists/*';
  return [
    env('PATH', '/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'),
    ...(Number(series.slice(2)) < 13 ? [env('LANG', 'C.UTF-8')] : []),
    run(`set -eux; \t${packages}`, {
      [base === 'alpine' ? '/usr/share/zoneinfo/.tzdata' : '/usr/share/zoneinfo/tzdata.zi']: bulk('tzdata', 38_000),
      ...(base === 'full'
        ? {
            '/usr/bin/git': program('git', 4_100_000),
            '/usr/bin/curl': program('curl', 321_192),
            '/usr/bin/wget': program('wget', 487_000),
            '/usr/lib/x86_64-linux-gnu/buildpack-deps': bulk('buildpack-deps', 400_000),
          }
        : {}),
    }),
    env('PYTHON_VERSION', version),
    env('PYTHON_SHA256', sums[series]),
    run('set -eux; \t\t… make; \tmake install; \t\tpython3 --version; \tpip3 --version', {
      ...files(series, base === 'alpine' ? 200_000 : 240_000),
    }),
    run(
      'set -eux; \tfor src in idle3 pip3 pydoc3 python3 python3-config; do \t\tdst="$(echo "$src" | tr -d 3)"; \t\t[ -s "/usr/local/bin/$src" ]; \t\t[ ! -e "/usr/local/bin/$dst" ]; \t\tln -svT "$src" "/usr/local/bin/$dst"; \tdone',
      { '/usr/local/bin/idle': symlink('idle3') },
    ),
    cmd('python3'),
  ];
};

const image = (series: Series, base: 'full' | 'slim' | 'alpine'): (() => Image) => {
  const [, created] = releases[series];
  return () => build(created, base === 'alpine' ? alpine() : debian(), steps(series, base));
};

/** The tags of a series: `3.12`, `3.12.12`, with `3` and `latest` for the newest. */
function tags(series: Series, ending: string): readonly string[] {
  const [version] = releases[series];
  const names = [series, version, ...(series === '3.14' ? ['3'] : [])];
  const own = names.map((name) => (ending === '' ? name : `${name}-${ending}`));
  return series === '3.14' ? [...own, ending === '' ? 'latest' : ending] : own;
}

const all = Object.keys(releases) as readonly Series[];
const endings = {
  full: ['', 'trixie', 'bookworm', 'bullseye'],
  slim: ['slim', 'slim-trixie', 'slim-bookworm', 'slim-bullseye'],
  alpine: ['alpine', 'alpine3.22', 'alpine3.21', 'alpine3.20'],
} as const;

export const python = repository(
  'docker.io/library/python',
  all.flatMap((series) =>
    (['full', 'slim', 'alpine'] as const).map((base): [readonly string[], () => Image] => [
      endings[base].flatMap((ending) => tags(series, ending)),
      image(series, base),
    ]),
  ),
);
