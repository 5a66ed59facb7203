import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { programs as archive } from '../../archive';
import { programs as awk } from '../../awk';
import { programs as shells } from '../../shell';
import { programs as texts } from '../../texts';
import { makeBench, type Bench } from '../testing';
import fixtures from './fixtures.json';

type Row = readonly [line: string, stdout: string, stderr: string, status: number];
interface Fixture {
  readonly text?: string;
  readonly base64?: string;
  readonly mode?: number;
  readonly link?: string;
}

const root = '/tmp/recorded/w';
const then = Date.UTC(2025, 0, 2, 3, 4, 5);

/** The same files as scripts/record-tools.mjs makes. */
function prepare({ host: { fs } }: Bench): void {
  fs.removeAll(root);
  fs.mkdirAll(root);
  const folders = new Set([root]);
  for (const [name, { text = '', base64, mode, link }] of Object.entries<Fixture>(fixtures)) {
    const path = `${root}/${name}`;
    const parent = path.slice(0, path.lastIndexOf('/'));
    for (let up = parent; up !== root; up = up.slice(0, up.lastIndexOf('/'))) folders.add(up);
    fs.mkdirAll(parent);
    if (link !== undefined) fs.symlink(link, path);
    else {
      fs.writeFile(path, base64 === undefined ? text : new Uint8Array(Buffer.from(base64, 'base64')), mode ?? 0o644);
      fs.utimes(path, then, then);
    }
  }
  for (const folder of folders) fs.utimes(folder, then, then);
}

function machine(): Bench {
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const bench = makeBench(settle, { ...shells, ...awk, ...texts, ...archive }, Date.UTC(2026, 10, 21, 12));
  const { fs } = bench.host;
  fs.mkdirAll('/bin');
  for (const name of ['sh', 'bash', 'cat', 'echo', 'ls']) fs.symlink(`/usr/bin/${name}`, `/bin/${name}`);
  fs.writeFile('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\n');
  fs.writeFile('/etc/group', 'root:x:0:\n');
  return bench;
}

// Recorded from the tools of Debian 12 by scripts/record-tools.mjs.
const only = process.env['RECORDED'];
for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'))) {
  if (file === 'fixtures.json' || (only !== undefined && !only.split(',').includes(file.replace('.json', ''))))
    continue;
  const rows = JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')) as readonly Row[];
  describe(`${file} as recorded`, () => {
    const bench = machine();
    it.each(rows.map((row) => [row[0], row] as const))('%s', async (line, [, stdout, stderr, status]) => {
      prepare(bench);
      const env = new Map([
        ['PATH', '/usr/bin:/bin'],
        ['HOME', '/root'],
        ['TZ', 'UTC'],
        ['LC_ALL', 'C'],
        ['TERM', 'xterm'],
      ]);
      const ran = await bench.run(['bash', '-c', line], { cwd: root, env });
      const wanted = { out: stdout, err: stderr, status };
      if (only !== undefined && JSON.stringify(ran) !== JSON.stringify(wanted)) {
        throw new Error(`DIFF ${JSON.stringify([wanted, ran])}`);
      }
      expect(ran).toEqual(wanted);
    });
  });
}
