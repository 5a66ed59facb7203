import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { captureFile } from '../../linux/io/capture';
import { concat, decode } from '../../linux/io/bytes';
import { programs as coreutils } from '../coreutils';
import { HereFile } from '../shell/run/here-file';
import { machine } from '../shell/testing/machine';
import { programs as texts } from '../texts';
import { programs } from '.';

interface Recorded {
  readonly script: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** What mikefarah's yq 4.44.6 printed, in bash, beside these files. */
const { files, cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'testing/recorded.json'), 'utf8')) as {
  readonly files: Readonly<Record<string, string>>;
  readonly cases: Recorded[];
};

const env = new Map([
  ['PATH', '/usr/bin:/bin'],
  ['HOME', '/root'],
  ['LC_ALL', 'C.UTF-8'],
  ['TERM', 'dumb'],
]);

async function run(script: string): Promise<Omit<Recorded, 'script'>> {
  const { host, clock } = machine({ ...coreutils, ...texts, ...programs });
  host.fs.mkdirAll('/tmp/w');
  for (const [name, text] of Object.entries(files)) host.fs.writeFile(`/tmp/w/${name}`, text);
  const [out, err]: [Uint8Array[], Uint8Array[]] = [[], []];
  const spawned = host.spawn({
    file: '/bin/bash',
    argv: ['bash', '-c', script],
    env,
    cwd: '/tmp/w',
    fds: new Map([
      [0, new HereFile(new Uint8Array(0))],
      [1, captureFile((bytes) => out.push(bytes))],
      [2, captureFile((bytes) => err.push(bytes))],
    ]),
  });
  if (!spawned.ok) throw new Error(spawned.error.message);
  let status: number | undefined;
  void spawned.value.wait().then((ended) => {
    status = ended.kind === 'exited' ? ended.code : 128;
  });
  await clock.runUntil(() => status !== undefined, { limit: 600_000 });
  return { stdout: decode(concat(out)), stderr: decode(concat(err)), status: status ?? -1 };
}

describe('yq beside the real one', () => {
  test.each(cases)('$script', async ({ script, ...wanted }) => {
    expect(await run(script)).toEqual(wanted);
  });
});
