import { expect, test } from 'vitest';
import { createTestHost } from '../testing';

const box = createTestHost({}, 'v1');
const memory = '/sys/fs/cgroup/memory/job';

test('each hierarchy is mounted alone, and a process is in all of them', () => {
  expect(
    box
      .read('/proc/self/mounts')
      .split('\n')
      .filter((line) => line.includes('/sys/fs/cgroup')),
  ).toEqual([
    'tmpfs /sys/fs/cgroup tmpfs rw,nosuid,nodev,noexec,relatime,mode=755,inode64 0 0',
    ...['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids'].map(
      (name) => `cgroup /sys/fs/cgroup/${name} cgroup rw,nosuid,nodev,noexec,relatime,${name} 0 0`,
    ),
    'cgroup /sys/fs/cgroup/systemd cgroup rw,nosuid,nodev,noexec,relatime,name=systemd 0 0',
  ]);
  box.host.fs.mkdir(memory);
  const child = box.start('/bin/nap', { argv: ['nap', '1000'], cgroup: '/job' });
  expect(box.read(`/proc/${child.pid}/cgroup`)).toBe(
    '9:name=systemd:/job\n8:pids:/job\n7:blkio:/job\n6:freezer:/job\n5:devices:/job\n' +
      '4:memory:/job\n3:cpuset:/job\n2:cpuacct:/job\n1:cpu:/job\n0::/\n',
  );
  expect(box.read('/sys/fs/cgroup/freezer/job/tasks')).toBe(`${child.pid}\n`);
  expect(box.read('/proc/cgroups')).toContain('memory\t4\t1\t1\n');
});

test('limits by their names of v1: no limit is a great number, quotas are in two files', () => {
  expect(box.read(`${memory}/memory.limit_in_bytes`)).toBe('9223372036854771712\n');
  expect(box.write(`${memory}/memory.limit_in_bytes`, '67108864')).toBe('ok');
  expect(box.write(`${memory}/memory.memsw.limit_in_bytes`, '1')).toBe('EINVAL');
  expect(box.read(`${memory}/memory.limit_in_bytes`)).toBe('67108864\n');
  const cpu = '/sys/fs/cgroup/cpu/job';
  expect(box.read(`${cpu}/cpu.cfs_quota_us`)).toBe('-1\n');
  expect(box.write(`${cpu}/cpu.cfs_quota_us`, '50000')).toBe('ok');
  expect([box.read(`${cpu}/cpu.cfs_quota_us`), box.read(`${cpu}/cpu.cfs_period_us`)]).toEqual(['50000\n', '100000\n']);
  expect(box.read(`${memory}/memory.max`)).toBe('ENOENT');
});

test('the freezer stops a group', async () => {
  const state = '/sys/fs/cgroup/freezer/job/freezer.state';
  expect(box.write(state, 'FROZEN')).toBe('ok');
  expect(box.read(state)).toBe('FROZEN\n');
  await box.clock.advance(5000);
  expect(box.read('/sys/fs/cgroup/pids/job/pids.current')).toBe('1\n');
  expect(box.write(state, 'THAWED')).toBe('ok');
  await box.clock.advance(5000);
  expect(box.read('/sys/fs/cgroup/pids/job/pids.current')).toBe('0\n');
});
