import { beforeEach, expect, test } from 'vitest';
import { decode } from '../../io/bytes';
import { createTestHost, type TestHost } from '../testing';

let box: TestHost;
beforeEach(() => {
  box = createTestHost();
});

const keys = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split(':')[0])
    .join(' ');

test('a process shows what it is in the formats of proc(5)', async () => {
  const child = box.start('/bin/nap', {
    argv: ['nap', '100000', ''],
    cwd: '/tmp',
    env: new Map([['A', 'b']]),
    cgroup: '/x.slice',
  });
  await box.clock.advance(2000);
  const read = (name: string): string => box.read(`/proc/${child.pid}/${name}`);
  const follow = (name: string): unknown => box.host.fs.readlink(`/proc/${child.pid}/${name}`);
  expect([read('cmdline'), read('comm'), read('environ'), read('cgroup'), read('oom_score_adj')]).toEqual([
    'nap\x00100000\0\0',
    'nap\n',
    'A=b\0',
    '0::/x.slice\n',
    '0\n',
  ]);
  expect(['cwd', 'exe', 'root'].map(follow)).toEqual(['/tmp', '/bin/nap', '/'].map((value) => ({ ok: true, value })));
  const stat = read('stat').trim();
  expect(stat).toMatch(
    new RegExp(
      `^${child.pid} \\(nap\\) S 1 1 1 0 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 \\d+ 3145728 256 18446744073709551615 `,
    ),
  );
  expect(stat.split(' ')).toHaveLength(52);
  expect(read('statm')).toBe('768 256 192 18 0 576 0\n');
  // The names and the order of Linux 6.12.
  expect(keys(read('status'))).toBe(
    'Name Umask State Tgid Ngid Pid PPid TracerPid Uid Gid FDSize Groups NStgid NSpid NSpgid NSsid Kthread VmPeak VmSize VmLck VmPin VmHWM VmRSS RssAnon RssFile RssShmem VmData VmStk VmExe VmLib VmPTE VmSwap HugetlbPages CoreDumping THP_enabled untag_mask Threads SigQ SigPnd ShdPnd SigBlk SigIgn SigCgt CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs Seccomp Seccomp_filters Speculation_Store_Bypass SpeculationIndirectBranch Cpus_allowed Cpus_allowed_list Mems_allowed Mems_allowed_list voluntary_ctxt_switches nonvoluntary_ctxt_switches x86_Thread_features x86_Thread_features_locked',
  );
  expect(read('limits')).toMatch(/^Limit {21}Soft Limit {11}Hard Limit {11}Units {5}\nMax cpu time {14}unlimited/);
  expect(read('limits')).toContain('Max open files            1024                 1048576              files     \n');
  expect(read('mountinfo').split('\n')[0]).toBe(
    '21 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw,discard,errors=remount-ro,commit=30',
  );
  expect(read('mounts').split('\n')[0]).toBe('/dev/vda1 / ext4 rw,relatime,discard,errors=remount-ro,commit=30 0 0');
  expect(read('maps')).toMatch(/^55[0-9a-f]{10}-55[0-9a-f]{10} r--p 00000000 fe:01 \d+ +\/bin\/nap\n/);
  expect(read('fdinfo/1')).toMatch(/^pos:\t0\nflags:\t01\nmnt_id:\t14\nino:\t1\n$/);
  expect(read('net/route')).toMatch(
    /^Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT +\n$/,
  );
  expect(read('net/dev').split('\n')[2]).toBe(
    '    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0',
  );
  expect(keys(read('io'))).toBe('rchar wchar syscr syscw read_bytes write_bytes cancelled_write_bytes');
});

test('the system’s files live: memory, CPU time and load are those of the model', async () => {
  const number = (path: string, name: RegExp): number => Number(name.exec(box.read(path))?.[1]);
  const free = number('/proc/meminfo', /MemFree: +(\d+) kB/);
  const eater = box.start(async (process) => {
    process.memory.allocate(100 * 2 ** 20);
    for (;;) await process.compute(10_000);
  });
  await box.clock.advance(120_000);
  expect(free - number('/proc/meminfo', /MemFree: +(\d+) kB/)).toBeGreaterThan(100 * 1024);
  expect(number(`/proc/${eater.pid}/status`, /VmRSS:\s+(\d+) kB/)).toBe(101 * 1024);
  expect(box.read(`/proc/${eater.pid}/stat`)).toMatch(/^\d+ \(test\) R /);
  const [one = 0] = box.read('/proc/loadavg').split(' ').map(Number);
  expect(one).toBeGreaterThan(0.8);
  expect(box.read('/proc/loadavg')).toMatch(/^\d\.\d\d \d\.\d\d \d\.\d\d 1\/2 2\n$/);
  expect(number('/proc/stat', /^cpu {2}(\d+)/)).toBeGreaterThan(8_000);
  expect(number('/proc/stat', /\nprocesses (\d+)/)).toBe(1);
  expect(box.read('/proc/uptime')).toMatch(/^120\.00 1[12]\d\.\d\d\n$/);
  expect(box.read('/proc/version')).toMatch(
    /^Linux version 6\.1\.0-38-amd64 .* #1 SMP PREEMPT_DYNAMIC Debian 6\.1\.147-1/,
  );
  expect([
    box.write('/proc/sys/vm/swappiness', '10'),
    box.read('/proc/sys/vm/swappiness'),
    box.write('/proc/sys/vm/swappiness', 'x'),
    box.write('/proc/sys/kernel/ostype', 'x'),
  ]).toEqual(['ok', '10\n', 'EINVAL', 'EIO']);
  expect(box.read('/sys/devices/system/cpu/online')).toBe('0-1\n');
  expect(box.read('/sys/class/net/lo/type')).toBe('772\n');
  expect(box.read('/sys/block/vda/vda1/dev')).toBe('254:1\n');
});

test('/dev/kmsg gives the kernel log record by record, and takes more', async () => {
  const before = box.read('/proc/kmsg').trim().split('\n');
  const records: string[] = [];
  const reader = box.start(async (process) => {
    const opened = process.fs.open('/dev/kmsg', { read: true, write: true });
    if (!opened.ok) return 1;
    const fd = process.fds.install(opened.value, 3);
    for (let count = 0; count <= before.length; count++) {
      const read = await process.fds.read(fd, 8192);
      if (read.ok) records.push(decode(read.value));
    }
    return 0;
  });
  await box.clock.advance(500);
  expect([records.length, box.write('/dev/kmsg', '<5>hello')]).toEqual([before.length, 'ok']);
  await box.ended(reader);
  expect(records[0]).toMatch(/^6,0,0,-;Linux version 6\.1\.0/);
  expect(records.at(-1)).toMatch(/^6,\d+,500000,-;hello\n$/);
});
