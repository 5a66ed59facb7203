import { beforeEach, expect, test } from 'vitest';
import { createTestHost, type TestHost } from './testing';
import type { Program } from './types';

let box: TestHost;
beforeEach(() => {
  box = createTestHost();
});

const MB = 2 ** 20;
const cgroup = (group: string, file: string): string => box.read(`/sys/fs/cgroup${group}/${file}`);
const set = (group: string, file: string, value: string): string => box.write(`/sys/fs/cgroup${group}/${file}`, value);

/** Allocates `count` times 10 MB, then sleeps. */
const eater =
  (count: number): Program =>
  async (process) => {
    for (let taken = 0; taken < count; taken++) {
      const got = process.memory.allocate(10 * MB);
      if (!got.ok) return 1;
      await process.sleep(10);
    }
    await process.sleep(100_000);
    return 0;
  };

test('memory.max: the greatest process of the group dies by SIGKILL, counted and told in the kernel log', async () => {
  box.host.fs.mkdir('/sys/fs/cgroup/job');
  expect(set('/job', 'memory.max', '64M')).toBe('ok');
  const small = box.start(eater(2), { cgroup: '/job', argv: ['small'] });
  const greedy = box.start(eater(100), { cgroup: '/job', argv: ['greedy'] });
  await box.ended(greedy);
  expect(greedy.process.status).toEqual({ kind: 'signaled', signal: 'SIGKILL', oom: true });
  expect(small.process.status).toBeUndefined();
  expect(cgroup('/job', 'memory.events')).toBe(
    'low 0\nhigh 0\nmax 1\noom 1\noom_kill 1\noom_group_kill 0\nsock_throttled 0\n',
  );
  // What is left: the small one's 20 MB, and what a process has anyway.
  expect(cgroup('/job', 'memory.current')).toBe(`${21 * MB}\n`);
  expect(cgroup('/job', 'memory.peak')).toBe(`${64 * MB}\n`);
  const log = box.read('/proc/kmsg');
  expect(log).toMatch(/test invoked oom-killer: gfp_mask=0xcc0\(GFP_KERNEL\), order=0, oom_score_adj=0\n/);
  expect(log).toMatch(/memory: usage 65536kB, limit 65536kB, failcnt 1\n/);
  expect(log).toMatch(
    new RegExp(
      `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=\\(null\\),cpuset=job,mems_allowed=0,oom_memcg=/job,task_memcg=/job,task=test,pid=${greedy.pid},uid=0`,
    ),
  );
  expect(log).toMatch(
    new RegExp(
      `<3>\\[ +\\d+\\.\\d{6}\\] Memory cgroup out of memory: Killed process ${greedy.pid} \\(test\\) total-vm:46080kB, anon-rss:43264kB, file-rss:768kB, shmem-rss:0kB, UID:0 pgtables:\\d+kB oom_score_adj:0`,
    ),
  );
});

test('oom_score_adj chooses, memory.oom.group takes all, and a limit below what is used kills at once', async () => {
  box.host.fs.mkdir('/sys/fs/cgroup/job');
  const precious = box.start(eater(3), { cgroup: '/job' });
  const cheap = box.start(eater(1), { cgroup: '/job' });
  await box.clock.advance(100);
  expect(box.write(`/proc/${precious.pid}/oom_score_adj`, '-999')).toBe('ok');
  expect(box.write(`/proc/${cheap.pid}/oom_score_adj`, '1001')).toBe('EINVAL');
  expect(set('/job', 'memory.max', `${38 * MB}`)).toBe('ok');
  await box.clock.advance(10);
  expect([precious.process.status, cheap.process.status?.kind]).toEqual([undefined, 'signaled']);
  set('/job', 'memory.oom.group', '1');
  const other = box.start(eater(0), { cgroup: '/job' });
  set('/job', 'memory.max', `${10 * MB}`);
  await box.clock.advance(10);
  expect([precious.process.status?.kind, other.process.status?.kind]).toEqual(['signaled', 'signaled']);
  expect(cgroup('/job', 'memory.events')).toMatch(/oom_group_kill 1\n/);
});

test('pages of a tmpfs are charged to whoever writes them', async () => {
  box.host.fs.mkdirAll('/mnt');
  box.host.fs.mount({ type: 'tmpfs', source: 'tmpfs', target: '/mnt', options: { size: '100m' } });
  box.host.fs.mkdir('/sys/fs/cgroup/job');
  set('/job', 'memory.max', '32M');
  const writer = box.start(
    async (process) => {
      const opened = process.fs.open('/mnt/f', { write: true, create: true });
      if (!opened.ok) return 1;
      const fd = process.fds.install(opened.value);
      for (let count = 0; count < 50; count++) await process.fds.write(fd, new Uint8Array(MB));
      return 0;
    },
    { cgroup: '/job' },
  );
  await box.ended(writer);
  expect(writer.process.status).toMatchObject({ signal: 'SIGKILL', oom: true });
  expect(cgroup('/job', 'memory.stat')).toMatch(`shmem ${31 * MB}\n`);
  box.host.fs.unlink('/mnt/f');
  expect(cgroup('/job', 'memory.current')).toBe('0\n');
});

test('pids.max: fork fails with EAGAIN, is counted, and the kernel log says so once', async () => {
  box.host.fs.mkdir('/sys/fs/cgroup/job');
  set('/job', 'pids.max', '3');
  const results: string[] = [];
  const forker = box.start(
    async (process) => {
      for (let count = 0; count < 4; count++) {
        const child = process.spawn({ file: eater(0), argv: ['child'] });
        results.push(child.ok ? 'ok' : child.error.code);
      }
      await process.sleep(1000);
      return 0;
    },
    { cgroup: '/job' },
  );
  await box.clock.advance(10);
  expect(results).toEqual(['ok', 'ok', 'EAGAIN', 'EAGAIN']);
  expect([cgroup('/job', 'pids.current'), cgroup('/job', 'pids.events')]).toEqual(['3\n', 'max 2\n']);
  expect(box.read('/proc/kmsg').match(/cgroup: fork rejected by pids controller in \/job\n/g)).toHaveLength(1);
  expect(set('/job', 'cgroup.kill', '1')).toBe('ok');
  await box.ended(forker);
  expect(cgroup('/job', 'cgroup.events')).toBe('populated 0\nfrozen 0\n');
});

test('cpu.max slows a busy program down in virtual time', async () => {
  box.host.fs.mkdir('/sys/fs/cgroup/job');
  set('/job', 'cpu.max', '20000 100000');
  const busy: Program = async (process) => {
    for (let slice = 0; slice < 100; slice++) await process.compute(10_000);
    return 0;
  };
  const before = box.clock.now;
  const free = box.start(busy);
  await box.ended(free);
  expect(box.clock.now - before).toBeCloseTo(1000, -2);
  const throttledFrom = box.clock.now;
  await box.ended(box.start(busy, { cgroup: '/job' }));
  // A fifth of a processor: five times as long.
  expect((box.clock.now - throttledFrom) / 1000).toBeGreaterThan(4.5);
  expect((box.clock.now - throttledFrom) / 1000).toBeLessThan(5.3);
  expect(cgroup('/job', 'cpu.stat')).toMatch(/^usage_usec 1000000\n[^]*nr_throttled [1-9]/);
  expect(set('/job', 'cpu.max', '10 100000')).toBe('EINVAL');
});

test('cgroup.freeze holds everything in the group until it is thawed; processes move between groups', async () => {
  box.host.fs.mkdirAll('/sys/fs/cgroup/job/inner');
  let count = 0;
  const ticking = box.start(
    async (process) => {
      for (;;) {
        await process.sleep(10);
        count++;
      }
    },
    { cgroup: '/job/inner' },
  );
  await box.clock.advance(100);
  set('/job', 'cgroup.freeze', '1');
  const before = count;
  await box.clock.advance(1000);
  expect([count, cgroup('/job/inner', 'cgroup.events')]).toEqual([before, 'populated 1\nfrozen 1\n']);
  expect(set('', 'cgroup.procs', String(ticking.pid))).toBe('ok');
  await box.clock.advance(100);
  expect(count).toBeGreaterThan(before);
  expect([cgroup('/job', 'pids.current'), box.read(`/proc/${ticking.pid}/cgroup`)]).toEqual(['0\n', '0::/\n']);
  expect(box.host.fs.rmdir('/sys/fs/cgroup/job').ok).toBe(false);
});

test('RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_NPROC and RLIMIT_AS act', async () => {
  const seen: string[] = [];
  const child = box.start(
    async (process) => {
      process.limits.set('NOFILE', { soft: 5, hard: 5 });
      for (let count = 0; count < 4; count++) {
        const opened = process.fs.open('/bin/nap', { read: true });
        if (opened.ok) process.fds.install(opened.value);
        seen.push(opened.ok ? 'ok' : opened.error.code);
      }
      process.limits.set('FSIZE', { soft: 10, hard: 20 });
      process.signals.ignore('SIGXFSZ');
      process.fds.close(3);
      const file = process.fs.open('/big', { write: true, create: true });
      if (!file.ok) return 2;
      const fd = process.fds.install(file.value);
      const written = await process.fds.write(fd, new Uint8Array(30));
      seen.push(written.ok ? 'ok' : written.error.code);
      const stat = process.fs.stat('/big');
      seen.push(String(stat.ok && stat.value.size));
      process.limits.set('AS', { soft: 20 * MB, hard: 20 * MB });
      const memory = process.memory.allocate(30 * MB);
      seen.push(memory.ok ? 'ok' : memory.error.code);
      process.setCredentials({ uid: 1000, gid: 1000, groups: [1000] });
      process.limits.set('NPROC', { soft: 2, hard: 2 });
      for (let count = 0; count < 2; count++) {
        const forked = process.spawn({ file: eater(0), argv: ['x'] });
        seen.push(forked.ok ? 'ok' : forked.error.code);
      }
      seen.push(process.limits.set('NPROC', { soft: 3, hard: 3 }).ok ? 'ok' : 'EPERM');
      process.signals.reset('SIGXFSZ');
      await process.fds.write(fd, new Uint8Array(1));
      return 0;
    },
    { argv: ['limited'] },
  );
  await box.ended(child);
  expect(seen).toEqual(['ok', 'ok', 'ok', 'EMFILE', 'EFBIG', '10', 'ENOMEM', 'ok', 'EAGAIN', 'EPERM']);
  expect(child.process.status).toEqual({ kind: 'signaled', signal: 'SIGXFSZ' });
});
