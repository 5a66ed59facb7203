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

/** What the real git 2.39.5 printed, in bash, with the environment below. */
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'testing/recorded.json'), 'utf8')) as Recorded[];

const date = '2025-03-01T12:00:00+0000';
const env = new Map([
  ['PATH', '/usr/bin:/bin'],
  ['HOME', '/root'],
  ['LC_ALL', 'C.UTF-8'],
  ['TERM', 'dumb'],
  ...['AUTHOR', 'COMMITTER'].flatMap((role): [string, string][] => [
    [`GIT_${role}_NAME`, 'Ann'],
    [`GIT_${role}_EMAIL`, 'ann@example.com'],
    [`GIT_${role}_DATE`, date],
  ]),
  ['GIT_CONFIG_NOSYSTEM', '1'],
  ['GIT_CONFIG_GLOBAL', '/tmp/w/.gitconfig'],
  ['TZ', 'UTC'],
]);

async function run(script: string): Promise<Omit<Recorded, 'script'>> {
  const { host, clock } = machine({ ...coreutils, ...texts, ...programs });
  host.fs.mkdirAll('/tmp/w');
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

describe('git beside the real one', () => {
  test.each(recorded)('$script', async ({ script, ...wanted }) => {
    expect(await run(script)).toEqual(wanted);
  });
});
