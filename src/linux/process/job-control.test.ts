import { beforeEach, expect, test } from 'vitest';
import { decode } from '../io/bytes';
import type { PtyMaster } from '../tty/types';
import { createTestHost, type TestHost } from './testing';
import type { Process, Program } from './types';

let box: TestHost;
let master: PtyMaster;
let shown: string;
beforeEach(() => {
  box = createTestHost();
  master = box.host.openPty({ rows: 24, columns: 80 });
  shown = '';
  master.onOutput((bytes) => {
    shown += decode(bytes);
  });
});

/** A session on the terminal whose leader runs this. */
function session(program: Program) {
  const slave = master.tty.open();
  return box.start(program, {
    newSession: true,
    controllingTty: master.tty,
    foreground: true,
    fds: new Map([0, 1, 2].map((fd) => [fd, slave])),
  });
}

const background = (process: Process, file: Program) => {
  const child = process.spawn({ file, argv: ['job'], group: 0, fds: new Map(process.fds.entries()) });
  if (!child.ok) throw new Error(child.error.code);
  return child.value;
};

test('a background job that reads stops by SIGTTIN, one that writes only where tostop is set', async () => {
  const seen: unknown[] = [];
  const leader = session(async (process) => {
    const reader = background(process, async (job) => {
      await job.fds.read(0, 10);
      return 0;
    });
    seen.push(await reader.wait({ stopped: true }));
    const writer = background(process, async (job) => {
      await job.stdout.write('one ');
      master.tty.termios.tostop = true;
      await job.stdout.write('two');
      return 5;
    });
    seen.push(await writer.wait({ stopped: true }), shown);
    master.tty.foregroundGroup = writer.pid;
    process.kill(writer.pid, 'SIGCONT');
    seen.push(await writer.wait({ stopped: true }), await writer.wait());
    const deaf = background(process, async (job) => {
      job.signals.ignore('SIGTTIN');
      const read = await job.fds.read(0, 10);
      return read.ok ? 0 : read.error.number;
    });
    seen.push(await deaf.wait());
    return 0;
  });
  await box.ended(leader);
  expect(seen).toEqual([
    { kind: 'stopped', signal: 'SIGTTIN' },
    { kind: 'stopped', signal: 'SIGTTOU' },
    'one ',
    { kind: 'continued' },
    { kind: 'exited', code: 5 },
    { kind: 'exited', code: 5 },
  ]);
  expect(shown).toBe('one two');
});

test('an orphaned group does not stop, and stopped orphans are hung up and continued', async () => {
  const got: string[] = [];
  const leader = session(async (process) => {
    background(process, async (job) => {
      const orphan = background(job, async (inner) => {
        for (const signal of ['SIGHUP', 'SIGCONT'] as const) inner.signals.handle(signal, () => void got.push(signal));
        inner.kill(inner.pid, 'SIGSTOP');
        await inner.sleep(50);
        inner.kill(inner.pid, 'SIGTSTP');
        await inner.sleep(1);
        const read = await inner.fds.read(0, 1);
        got.push(read.ok ? 'read' : read.error.code);
        return 0;
      });
      await job.sleep(10);
      return orphan.pid > 0 ? 0 : 1;
    });
    await process.sleep(1000);
    return 0;
  });
  await box.ended(leader);
  expect(got).toEqual(['SIGHUP', 'SIGCONT', 'EIO']);
});

test('a hangup ends the session; a new size is told to the foreground group', async () => {
  const seen: string[] = [];
  const leader = session(async (process) => {
    process.signals.handle('SIGWINCH', () => void seen.push(`${process.tty?.size.columns}`));
    process.signals.handle('SIGHUP', () => void seen.push('SIGHUP'));
    await process.sleep(100);
    await process.sleep(100_000);
    return 0;
  });
  await box.clock.advance(10);
  master.resize({ rows: 10, columns: 132 });
  await box.clock.advance(10);
  master.hangup();
  await box.clock.advance(10);
  expect([seen, leader.process.status]).toEqual([['132', 'SIGHUP'], { kind: 'exited', code: 0 }]);
});
