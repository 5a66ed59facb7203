import { beforeEach, expect, test } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { Host } from '../host';
import { captureFile } from '../io/capture';
import { decode } from '../io/bytes';
import { elf } from './executable';
import type { Child, Process, Program, SpawnOptions, WaitStatus } from './types';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let clock: Clock;
let host: Host;
let said: string[];
let faults: unknown[];

/** Runs for `argv[1]` milliseconds, then ends with status `argv[2]`. */
const nap: Program = async (process) => {
  await process.sleep(Number(process.args[0] ?? 0));
  return Number(process.args[1] ?? 0);
};

beforeEach(() => {
  const trace = new Trace();
  clock = new Clock({ start: 0, settle, trace });
  said = [];
  faults = [];
  host = new Host({
    name: 'box',
    clock,
    random: new Random(1),
    trace,
    programs: new Map<string, Program>([
      ['nap', nap],
      ['broken', () => Promise.reject(new Error('a fault of ours'))],
    ]),
    fault: (error) => faults.push(error),
  });
  host.fs.mkdirAll('/bin');
  host.fs.mkdirAll('/proc');
  host.fs.mount({ type: 'proc', source: 'proc', target: '/proc' });
  host.fs.writeFile('/bin/nap', elf('nap'), 0o755);
  host.fs.writeFile('/bin/broken', elf('broken'), 0o755);
});

function start(file: string | Program, argv: readonly string[] = ['test'], more: Partial<SpawnOptions> = {}): Child {
  const output = captureFile((bytes) => void said.push(decode(bytes)));
  const child = host.spawn({
    file,
    argv,
    fds: new Map([
      [1, output],
      [2, output],
    ]),
    ...more,
  });
  if (!child.ok) throw new Error(child.error.code);
  return child.value;
}

async function ended(child: Child): Promise<WaitStatus | undefined> {
  await clock.runUntil(() => child.process.status !== undefined, { limit: 60_000 });
  return child.process.status;
}

const code = async (program: Program): Promise<number> => {
  const status = await ended(start(program));
  return status?.kind === 'exited' ? status.code : -1;
};

test('exec finds programs by what their file says, follows #! lines, and fails as execve does', async () => {
  host.fs.writeFile('/bin/script', '#!/bin/nap 5 \n', 0o755);
  host.fs.writeFile('/bin/plain', 'echo hello\n', 0o755);
  host.fs.writeFile('/bin/locked', elf('nap'), 0o644);
  const errors = ['/bin/none', '/bin', '/bin/plain', '/bin/locked'].map((file) => {
    const child = host.spawn({ file, argv: [file] });
    return child.ok ? 'ok' : child.error.code;
  });
  expect(errors).toEqual(['ENOENT', 'EACCES', 'ENOEXEC', 'EACCES']);
  const script = start('/bin/script', ['script', 'x']);
  expect(script.process.argv).toEqual(['/bin/nap', '5', '/bin/script', 'x']);
  expect(await ended(start('/bin/nap', ['nap', '10', '3']))).toEqual({ kind: 'exited', code: 3 });
});

test('a parent waits for any child, for one, without hanging, and learns how each ended', async () => {
  let told: unknown[] = [];
  const status = await code(async (process) => {
    const quick = process.spawn({ file: '/bin/nap', argv: ['nap', '5', '7'] });
    const slow = process.spawn({ file: '/bin/nap', argv: ['nap', '1000'] });
    if (!quick.ok || !slow.ok) return 1;
    told.push(await process.wait({ noHang: true }));
    told.push(await process.wait());
    process.kill(slow.value.pid, 'SIGTERM');
    told.push(await process.wait({ pid: slow.value.pid }));
    told.push(await process.wait());
    told = told.map((one) => (typeof one === 'object' && one !== null && 'status' in one ? one.status : one));
    return 0;
  });
  expect(status).toBe(0);
  expect(told).toEqual([undefined, { kind: 'exited', code: 7 }, { kind: 'signaled', signal: 'SIGTERM' }, undefined]);
});

test('handlers run before the interrupted call returns; ignored signals do nothing; SIGKILL cannot be refused', async () => {
  const child = start(async (process) => {
    process.signals.handle('SIGUSR1', (signal) => void process.stdout.write(`${signal} `));
    process.signals.ignore('SIGTERM');
    process.signals.handle('SIGKILL', () => void process.stdout.write('never'));
    const whole = await process.sleep(1000);
    await process.stdout.write(whole ? 'slept' : 'woken');
    await process.sleep(100_000);
    return 0;
  });
  await clock.advance(10);
  host.init.kill(child.pid, 'SIGTERM');
  host.init.kill(child.pid, 'SIGUSR1');
  await clock.advance(10);
  host.init.kill(child.pid, 'SIGKILL');
  expect(child.process.status).toEqual({ kind: 'signaled', signal: 'SIGKILL' });
  expect(said.join('')).toBe('SIGUSR1 woken');
});

test('a stopped process does nothing until it is continued, and its parent hears of both', async () => {
  const changes: unknown[] = [];
  const child = start(async (process) => {
    const worker = process.spawn({ file: '/bin/nap', argv: ['nap', '2000', '9'], group: 0 });
    if (!worker.ok) return 1;
    changes.push(await worker.value.wait({ stopped: true }));
    changes.push(await worker.value.wait({ stopped: true }));
    changes.push(await worker.value.wait({ stopped: true }));
    return 0;
  });
  await clock.advance(20);
  const worker = [...host.processes(host.init)].find(({ argv }) => argv[0] === 'nap');
  host.init.kill(-(worker?.pid ?? 0), 'SIGTSTP');
  await clock.advance(500);
  expect(host.processes(host.init).find(({ pid }) => pid === worker?.pid)?.state).toBe('T');
  host.init.kill(worker?.pid ?? 0, 'SIGCONT');
  await ended(child);
  expect(changes).toEqual([{ kind: 'stopped', signal: 'SIGTSTP' }, { kind: 'continued' }, { kind: 'exited', code: 9 }]);
});

test('orphans go to init, zombies stay until somebody waits', async () => {
  const child = start(async (process) => {
    process.spawn({ file: '/bin/nap', argv: ['nap', '5'] });
    process.spawn({ file: '/bin/nap', argv: ['nap', '300'] });
    await process.sleep(50);
    return 0;
  });
  await clock.advance(20);
  const states = host
    .processes(host.init)
    .map(({ argv, state, parentPid }) => `${argv.join(' ')} ${state} ${parentPid}`);
  expect(states).toEqual(['/sbin/init R 0', `test S 1`, `nap 5 Z ${child.pid}`, `nap 300 S ${child.pid}`]);
  await clock.advance(100);
  expect(host.processes(host.init).map(({ argv, parentPid }) => `${argv.join(' ')} ${parentPid}`)).toEqual([
    '/sbin/init 0',
    'nap 300 1',
  ]);
  await clock.advance(1000);
  expect(host.processes(host.init)).toHaveLength(1);
});

test('in a new pid namespace the first process is 1, sees only its own, and takes all with it', async () => {
  let seen: readonly string[] = [];
  const inner: Program = async (process) => {
    process.spawn({ file: '/bin/nap', argv: ['nap', '10000'] });
    await process.sleep(5);
    seen = process.host.processes(process).map(({ pid, argv }) => `${pid} ${argv[0]}`);
    process.kill(1, 'SIGTERM');
    await process.sleep(20);
    return 4;
  };
  const child = start(inner, ['inner'], { namespaces: { pid: 'new', uts: 'new', mnt: 'new' } });
  expect(await ended(child)).toEqual({ kind: 'exited', code: 4 });
  expect(seen).toEqual(['1 inner', '2 nap']);
  await clock.advance(10);
  expect(host.processes(host.init)).toHaveLength(1);
});

test('a broken pipe ends the writer by SIGPIPE, unless it does not want that', async () => {
  const writer: Program = async (process) => {
    const { read, write } = process.pipe();
    process.fds.set(5, write);
    process.fds.set(6, read);
    process.fds.close(6);
    const result = await process.fds.writer(5).write('x');
    await process.stdout.write(result.ok ? 'taken' : result.error.code);
    return 0;
  };
  expect(await ended(start(writer))).toEqual({ kind: 'signaled', signal: 'SIGPIPE' });
  expect(await ended(start(writer, ['w'], { ignoredSignals: ['SIGPIPE'] }))).toEqual({ kind: 'exited', code: 0 });
  expect(said).toEqual(['EPIPE']);
});

test('pids.max makes fork fail with EAGAIN', async () => {
  const child = start(
    async (process) => {
      process.spawn({ file: '/bin/nap', argv: ['nap', '100'] });
      const third = process.spawn({ file: '/bin/nap', argv: ['nap', '100'] });
      return third.ok ? 0 : third.error.number;
    },
    ['limited'],
    { cgroup: '/small' },
  );
  host.kernel.cgroups.at('/small').pidsMax = 2;
  expect(await ended(child)).toEqual({ kind: 'exited', code: 11 });
});

test('exec keeps the pid and what is ignored, but no handlers', async () => {
  let before: Process | undefined;
  const child = start(async (process) => {
    before = process;
    process.signals.handle('SIGUSR1', () => undefined);
    process.signals.ignore('SIGUSR2');
    await process.exec('/bin/nap', ['nap', '30', '5']);
    return 1;
  });
  await clock.advance(10);
  expect([before?.pid, before?.argv]).toEqual([child.pid, ['nap', '30', '5']]);
  expect(before?.signals.disposition('SIGUSR1')).toBe('default');
  expect(before?.signals.disposition('SIGUSR2')).toBe('ignore');
  expect(await ended(child)).toEqual({ kind: 'exited', code: 5 });
});

test('a fault of ours ends its process as a crash, and nothing else', async () => {
  const other = start('/bin/nap', ['nap', '50', '2']);
  expect(await ended(start('/bin/broken'))).toEqual({ kind: 'signaled', signal: 'SIGSEGV' });
  expect(faults.map(String)).toEqual(['Error: a fault of ours']);
  expect(await ended(other)).toEqual({ kind: 'exited', code: 2 });
});

test('what a process held goes with it: descriptors, sockets, its place in /proc', async () => {
  const child = start(async (process) => {
    process.net.listen(process, { address: '0.0.0.0', port: 80 });
    await process.sleep(100_000);
    return 0;
  });
  await clock.advance(5);
  expect(host.net.sockets()).toHaveLength(1);
  expect(host.fs.readText(`/proc/${child.pid}/cmdline`)).toEqual({ ok: true, value: 'test\0' });
  host.init.kill(child.pid, 'SIGKILL');
  await clock.advance(5);
  expect(host.net.sockets()).toHaveLength(0);
  expect(host.fs.readText(`/proc/${child.pid}/cmdline`).ok).toBe(false);
});

test('an endless loop lets others run and can be killed', async () => {
  const loop = start(async (process) => {
    for (;;) await process.compute(10);
  });
  expect(await ended(start('/bin/nap', ['nap', '20', '1']))).toEqual({ kind: 'exited', code: 1 });
  host.init.kill(loop.pid, 'SIGINT');
  expect(loop.process.status).toEqual({ kind: 'signaled', signal: 'SIGINT' });
});
