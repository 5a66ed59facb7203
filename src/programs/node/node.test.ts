import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTestHost } from '../../linux/process/testing';
import { captureFile } from '../../linux/io/capture';
import { decode } from '../../linux/io/bytes';
import { programs as shell } from '../shell';
import { programs } from '.';

interface Recorded {
  readonly script: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}
const { version, recorded } = JSON.parse(readFileSync(join(import.meta.dirname, 'recorded/recorded.json'), 'utf8')) as {
  readonly version: string;
  readonly recorded: readonly Recorded[];
};

async function run(script: string): Promise<Omit<Recorded, 'script'>> {
  const { host, start, ended, faults } = createTestHost({ ...programs, ...shell });
  host.fs.mkdirAll('/usr/local/include/node');
  host.fs.writeFile('/usr/local/include/node/version', version);
  host.fs.writeFile('/etc/hosts', '127.0.0.1 localhost\n');
  host.init.net.setUp('lo', true);
  host.fs.symlink('/bin/bash', '/bin/sh');
  let stdout = '';
  let stderr = '';
  const nothing = host.fs.open('/dev/null', { read: true });
  const child = start('/bin/node', {
    argv: ['node', '-e', script],
    cwd: '/tmp',
    env: new Map([['PATH', '/bin']]),
    fds: new Map([
      ...(nothing.ok ? [[0, nothing.value] as const] : []),
      [1, captureFile((bytes) => void (stdout += decode(bytes)))],
      [2, captureFile((bytes) => void (stderr += decode(bytes)))],
    ]),
  });
  const status = await ended(child);
  expect(faults).toEqual([]);
  return { stdout, stderr, status: status?.kind === 'exited' ? status.code : -1 };
}

/** Where ours still says otherwise: frames of `-e` traces, thrown non-errors, timers beside immediates, fetch's bad ports. */
const differs = ({ script }: Recorded): boolean =>
  /^(throw |require\('\.\/missing)|^setTimeout\(\(\) => console.log\('timeout|localhost:1\//.test(script);

test.fails.each(recorded.filter(differs))('not yet as the real node says: $script', async ({ script, ...said }) => {
  expect(await run(script)).toEqual(said);
});

describe('as the real node says', () => {
  test.each(recorded.filter((each) => !differs(each)))('$script', async ({ script, stdout, stderr, status }) => {
    expect(await run(script)).toEqual({ stdout, stderr, status });
  });
});
