import { beforeEach, expect, test } from 'vitest';
import { elf } from './executable';
import { createTestHost, type TestHost } from './testing';
import type { Process, Program } from './types';

let box: TestHost;
beforeEach(() => {
  box = createTestHost({
    whoami: async (process) => {
      await process.stdout.write(`${process.credentials.uid} ${process.credentials.real?.uid ?? 'same'};`);
      return process.setCredentials({ uid: 0, gid: 0, groups: [0] }).ok ? 0 : 1;
    },
  });
});

const alice = { uid: 1000, gid: 1000, groups: [1000, 44] };
const bob = { uid: 1001, gid: 1001, groups: [1001] };
const outcome = (result: { readonly ok: boolean; readonly error?: { readonly code: string } }): string =>
  result.ok ? 'ok' : (result.error?.code ?? '?');

async function as(user: typeof alice, act: (process: Process) => readonly string[]): Promise<readonly string[]> {
  let results: readonly string[] = [];
  const program: Program = async (process) => {
    results = act(process);
    return 0;
  };
  await box.ended(box.start(program, { user }));
  expect(box.faults).toEqual([]);
  return results;
}

test('set-user-ID and set-group-ID bits act at exec, but not on nosuid mounts and scripts', async () => {
  const { fs } = box.host;
  fs.writeFile('/bin/su', elf('whoami'), 0o755);
  fs.chmod('/bin/su', 0o4755);
  fs.writeFile('/bin/script', '#!/bin/whoami\n', 0o755);
  fs.chmod('/bin/script', 0o4755);
  fs.mkdir('/nosuid');
  fs.mount({ type: 'tmpfs', source: 'tmpfs', target: '/nosuid', options: { nosuid: true } });
  fs.writeFile('/nosuid/su', elf('whoami'), 0o755);
  fs.chmod('/nosuid/su', 0o4755);
  for (const file of ['/bin/su', '/bin/script', '/nosuid/su', '/bin/whoami']) {
    await box.ended(box.start(file, { user: alice }));
  }
  expect(box.said.join('')).toBe('0 1000;1000 same;1000 same;1000 same;');
  const run = box.start('/bin/su', { user: alice });
  await box.clock.advance(0);
  expect(box.read(`/proc/${run.pid}/status`)).toMatch(/\nUid:\t1000\t0\t0\t0\nGid:\t1000\t1000\t1000\t1000\n/);
});

test('files are opened, searched, run and changed as their modes say', async () => {
  const { fs } = box.host;
  fs.mkdir('/home');
  fs.mkdir('/home/alice', 0o700);
  fs.chown('/home/alice', 1000, 1000);
  fs.writeFile('/home/alice/secret', 'x', 0o644);
  fs.writeFile('/home/video', 'x', 0o640);
  fs.chown('/home/video', 0, 44);
  fs.writeFile('/home/plain', elf('nap'), 0o644);
  expect(
    await as(bob, (process) => [
      outcome(process.fs.readFile('/home/alice/secret')),
      outcome(process.fs.readFile('/home/video')),
      outcome(process.spawn({ file: '/home/plain', argv: ['x'] })),
      outcome(process.fs.writeFile('/etc/x', '')),
      outcome(process.fs.chmod('/home/video', 0o777)),
      outcome(process.fs.chown('/home/video', 1001, -1)),
      outcome(process.kill(1, 'SIGTERM')),
      outcome(process.fs.mount({ type: 'tmpfs', source: 'x', target: '/tmp' })),
      outcome(process.fs.mknod('/tmp/null', 'char', 0o666, { major: 1, minor: 3 })),
    ]),
  ).toEqual(['EACCES', 'EACCES', 'EACCES', 'EACCES', 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM']);
  expect(
    await as(alice, (process) => [
      outcome(process.fs.readFile('/home/alice/secret')),
      // By a supplementary group.
      outcome(process.fs.readFile('/home/video')),
      outcome(process.fs.writeFile('/home/alice/own', '', 0o2755)),
      outcome(process.fs.chown('/home/alice/own', -1, 44)),
      outcome(process.fs.chown('/home/alice/own', -1, 7)),
      outcome(process.fs.chown('/home/alice/own', 0, -1)),
      outcome(process.setCredentials({ uid: 0, gid: 0, groups: [0] })),
    ]),
  ).toEqual(['ok', 'ok', 'ok', 'ok', 'EPERM', 'EPERM', 'EPERM']);
  // Root passes everywhere, but runs only what somebody may run.
  expect(
    await as({ uid: 0, gid: 0, groups: [0] }, (process) => [
      outcome(process.fs.readFile('/home/alice/secret')),
      outcome(process.spawn({ file: '/home/plain', argv: ['x'] })),
    ]),
  ).toEqual(['ok', 'EACCES']);
});

test('/tmp is sticky, and what others lay there is handled with care', async () => {
  await as(alice, (process) => [
    outcome(process.fs.writeFile('/tmp/alice', 'hers', 0o666)),
    outcome(process.fs.symlink('/etc', '/tmp/link')),
  ]);
  box.host.fs.writeFile('/etc/shadow', 'x', 0o600);
  box.host.fs.chmod('/tmp/alice', 0o666);
  expect(
    await as(bob, (process) => [
      outcome(process.fs.unlink('/tmp/alice')),
      outcome(process.fs.rename('/tmp/alice', '/tmp/bob')),
      outcome(process.fs.stat('/tmp/link')),
      outcome(process.fs.link('/etc/shadow', '/tmp/shadow')),
      outcome(process.fs.open('/tmp/alice', { write: true, create: true })),
      outcome(process.fs.open('/tmp/alice', { write: true })),
    ]),
  ).toEqual(['EPERM', 'EPERM', 'EACCES', 'EPERM', 'EACCES', 'ok']);
});

test('a write by somebody else takes set-id bits away; strangers see little of a process in /proc', async () => {
  box.host.fs.writeFile('/tmp/tool', 'x', 0o777);
  box.host.fs.chmod('/tmp/tool', 0o6777);
  await as(bob, (process) => [box.write('/tmp/tool', 'y', process)]);
  const stat = box.host.fs.stat('/tmp/tool');
  expect(stat.ok && stat.value.mode.toString(8)).toBe('777');
  const hers = box.start('/bin/nap', { user: alice, argv: ['nap', '1000'] });
  await box.clock.advance(1);
  expect(
    await as(bob, (process) => [
      outcome(process.fs.readText(`/proc/${hers.pid}/cmdline`)),
      outcome(process.fs.readText(`/proc/${hers.pid}/environ`)),
      outcome(process.fs.readlink(`/proc/${hers.pid}/exe`)),
      outcome(process.fs.readdir(`/proc/${hers.pid}/fd`)),
    ]),
  ).toEqual(['ok', 'EACCES', 'EACCES', 'EACCES']);
});
