import { sha1 } from '@noble/hashes/legacy.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { encode } from '../../../linux/io/bytes';
import { base64 } from '../../../linux/net/tls/pem';
import { gzip, tar } from './archives';
import type { Asked, Page } from './page';

/** Stand-ins for packages, written for this lab: the interface that lessons use, not the packages themselves. */
const sources = import.meta.glob<string>(['./npm/*.js', './npm/*/*.js'], {
  eager: true,
  query: '?raw',
  import: 'default',
});

/** The versions there are of each; the newest is last. */
const published: Readonly<Record<string, readonly string[]>> = {
  express: ['4.18.2', '4.19.2', '4.21.2', '5.1.0'],
  'body-parser': ['1.20.3', '2.2.0'],
  cors: ['2.8.5'],
  dotenv: ['16.6.1', '17.2.3'],
  morgan: ['1.10.1'],
  mysql2: ['3.9.1', '3.11.5', '3.15.3'],
  'wait-port': ['1.0.4', '1.1.0'],
  uuid: ['9.0.1', '11.1.0', '13.0.0'],
};
const dependencies: Readonly<Record<string, Readonly<Record<string, string>>>> = { 'body-parser': { express: '*' } };

interface Manifest {
  readonly [field: string]: unknown;
}

const manifest = (name: string, version: string): Manifest => ({
  name,
  version,
  description: `A stand-in for ${name}, with its interface`,
  main: 'index.js',
  license: 'MIT',
  ...(dependencies[name] === undefined ? {} : { dependencies: dependencies[name] }),
});

const archives = new Map<string, Uint8Array>();
function archive(name: string, version: string): Uint8Array {
  const key = `${name}@${version}`;
  let made = archives.get(key);
  if (made === undefined) {
    const about = encode(`${JSON.stringify(manifest(name, version), undefined, 2)}\n`);
    const index = encode(sources[`./npm/${name}.js`] ?? '');
    const folder = `./npm/${name}/`;
    const others = Object.entries(sources).filter(([path]) => path.startsWith(folder));
    made = gzip(
      tar(
        [
          { name: 'package/package.json', bytes: about },
          { name: 'package/index.js', bytes: index },
          ...others.map(([path, text]) => ({ name: `package/${path.slice(folder.length)}`, bytes: encode(text) })),
        ],
        499_162_500,
      ),
    );
    archives.set(key, made);
  }
  return made;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const answer = (status: number, value: unknown): Page => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

/** registry.npmjs.org: a package's versions, and each one's archive. */
export function npmRegistry({ request }: Asked): Page {
  const path = decodeURIComponent(request.url.replace(/\?.*$/, '').slice(1));
  const file = /^(.+)\/-\/.+?-(\d+\.\d+\.\d+)\.tgz$/.exec(path);
  if (file !== null) {
    const [, name = '', version = ''] = file;
    if (published[name]?.includes(version) !== true) return answer(404, { error: 'Not found' });
    return { status: 200, type: 'application/octet-stream', body: archive(name, version) };
  }
  const versions = published[path];
  if (versions === undefined) return answer(404, { error: 'Not found' });
  const described = versions.map((version) => {
    const bytes = archive(path, version);
    const dist = {
      tarball: `https://registry.npmjs.org/${path}/-/${path}-${version}.tgz`,
      shasum: hex(sha1(bytes)),
      integrity: `sha512-${base64(sha512(bytes)).replaceAll('\n', '')}`,
    };
    return [version, { ...manifest(path, version), dist }] as const;
  });
  return answer(200, { name: path, 'dist-tags': { latest: versions.at(-1) }, versions: Object.fromEntries(described) });
}
