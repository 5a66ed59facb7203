import { ok } from '../../../sim/result';
import type { SyntheticNode } from '../../fs/types';
import { hierarchies } from '../cgroup';
import { kernelCommandLine } from '../boot-messages';
import type { Kernel } from '../kernel';
import { kmsgText } from '../kernel-log';
import { kernelRelease, kernelVersion } from '../release';
import type { Task } from '../task';
import { cpuinfo } from './cpuinfo';
import { meminfo, vmstat } from './meminfo';
import { directory, file, link } from './nodes';
import { sysctls } from './sysctl';

const uptime = ({ host, clock }: Kernel): number => (clock.now - host.bootedAt) / 1000;

/** Seconds that all processors together did nothing. */
const idle = (kernel: Kernel): number => Math.max(0, uptime(kernel) * kernel.host.cpus - kernel.cgroups.cpuMs / 1000);

/** What is in /proc besides the processes. */
export const systemFiles: Readonly<Record<string, (kernel: Kernel, viewer: Task) => SyntheticNode>> = {
  acpi: () => directory({ wakeup: () => file(() => 'Device\tS-state\t  Status   Sysfs node\n') }),
  bus: () => directory({ pci: () => directory({}) }),
  cgroups: ({ host }) => file(() => controllers(host.cgroup === 'v1')),
  cmdline: () => file(() => `${kernelCommandLine}\n`),
  cpuinfo: ({ host }) => file(() => Array.from({ length: host.cpus }, (_, cpu) => cpuinfo(cpu, host.cpus)).join('')),
  devices: () => file(() => devices),
  diskstats: () =>
    file(() => '  254       0 vda 12034 3120 1048572 4312 20871 9921 1894712 10982 0 9166 15294 0 0 0 0 0 0\n'),
  filesystems: () => file(() => filesystems),
  fs: () => directory({}),
  interrupts: (kernel) => file(() => interrupts(kernel)),
  irq: () => directory({}),
  // The machine's memory as an ELF core: nobody here has one to show.
  kcore: () => ({ type: 'file', mode: 0o400, unreadable: 'EPERM', read: () => '' }),
  keys: () => file(() => ''),
  kmsg: ({ log }) => file(() => kmsgText(log.lines()), 0o400),
  loadavg: (kernel) => file(() => loadavg(kernel)),
  meminfo: (kernel) => file(() => meminfo(kernel)),
  misc: () => file(() => '127 rfkill\n'),
  modules: () => file(() => modules),
  mounts: () => link(() => 'self/mounts'),
  net: () => link(() => 'self/net'),
  partitions: ({ host }, viewer) => file(() => partitions(host.memory, viewer)),
  pressure: () => directory({ cpu: pressure, io: pressure, memory: pressure }),
  self: (_, viewer) => link(() => String(viewer.pid)),
  stat: (kernel) => file(() => stat(kernel)),
  swaps: () => file(() => 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n'),
  sys: (kernel, viewer) => sysctls(kernel, viewer),
  'sysrq-trigger': () => ({ type: 'file', mode: 0o200, read: () => '', write: () => ok(undefined) }),
  'thread-self': (_, viewer) => link(() => `${viewer.pid}/task/${viewer.pid}`),
  timer_list: ({ clock }) =>
    file(
      () => `Timer List Version: v0.9\nHRTIMER_MAX_CLOCK_BASES: 8\nnow at ${Math.floor(clock.now * 1e6)} nsecs\n`,
      0o400,
    ),
  uptime: (kernel) => file(() => `${uptime(kernel).toFixed(2)} ${idle(kernel).toFixed(2)}\n`),
  version: ({ host }) =>
    file(
      () =>
        `Linux version ${host.release ?? kernelRelease} (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, ` +
        `GNU ld (GNU Binutils for Debian) 2.40) ${kernelVersion}\n`,
    ),
  vmstat: (kernel) => file(() => vmstat(kernel)),
};

const pressure = (): SyntheticNode =>
  file(() => 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n');

function loadavg({ load, clock, pidNamespace }: Kernel): string {
  const running = [...pidNamespace.tasks].filter((task) => task.state === 'R').length;
  const averages = load.averages(clock.now).map((value) => value.toFixed(2));
  // Who reads runs.
  return `${averages.join(' ')} ${Math.max(1, running)}/${pidNamespace.size} ${pidNamespace.last}\n`;
}

/** USER_HZ ticks: 10 ms. */
function stat(kernel: Kernel): string {
  const { host, cgroups, forks, pidNamespace } = kernel;
  const share = (cpu: number | undefined): string => {
    const of = cpu === undefined ? 1 : 1 / host.cpus;
    const busy = (cgroups.cpuMs / 10) * of;
    const system = Math.floor(busy * 0.3);
    return `cpu${cpu ?? ' '} ${Math.floor(busy - system)} 0 ${system} ${Math.floor(idle(kernel) * 100 * of)} 0 0 0 0 0 0\n`;
  };
  const tasks = [...pidNamespace.tasks];
  const interrupts = Math.floor(uptime(kernel) * 250);
  return (
    share(undefined) +
    Array.from({ length: host.cpus }, (_, cpu) => share(cpu)).join('') +
    `intr ${interrupts}\nctxt ${interrupts * 2}\nbtime ${Math.floor(host.bootedAt / 1000)}\nprocesses ${forks}\n` +
    `procs_running ${Math.max(1, tasks.filter((task) => task.state === 'R').length)}\nprocs_blocked 0\n` +
    `softirq ${Math.floor(interrupts / 2)} 0 0 0 0 0 0 0 0 0 0\n`
  );
}

/** One line: the timer of each processor. */
function interrupts(kernel: Kernel): string {
  const { cpus } = kernel.host;
  const ticks = Math.floor((uptime(kernel) * 250) / cpus);
  const each = (text: (cpu: number) => string): string => Array.from({ length: cpus }, (_, cpu) => text(cpu)).join('');
  return `${' '.repeat(4)}${each((cpu) => ` ${`CPU${cpu}`.padEnd(10)}`)}\nLOC:${each(() => ` ${String(ticks).padStart(10)}`)}   Local timer interrupts\n`;
}

/** The disk has one partition, which is the root file system. */
function partitions(_memory: number, viewer: Task): string {
  const disk = viewer.kernel.init.fs.statfs('/');
  const blocks = disk.ok ? Math.floor(disk.value.size / 1024) : 0;
  const row = (minor: number, size: number, name: string): string =>
    ` ${String(254).padStart(3)} ${String(minor).padStart(8)} ${String(size).padStart(10)} ${name}\n`;
  return `major minor  #blocks  name\n\n${row(0, blocks + 1024, 'vda')}${row(1, blocks, 'vda1')}`;
}

const v1Controllers = ['cpuset', 'cpu', 'cpuacct', 'blkio', 'memory', 'devices', 'freezer', 'net_cls', 'perf_event']
  .concat(['net_prio', 'hugetlb', 'pids', 'rdma', 'misc'])
  .map((name) => [name, (hierarchies as readonly string[]).indexOf(name) + 1] as const);

/** /proc/cgroups: in which hierarchy of v1 a controller is; 0 is none. */
const controllers = (v1: boolean): string =>
  '#subsys_name\thierarchy\tnum_cgroups\tenabled\n' +
  v1Controllers.map(([name, hierarchy]) => `${name}\t${v1 ? hierarchy : 0}\t1\t1\n`).join('');

const filesystems =
  'sysfs tmpfs bdev proc cgroup cgroup2 cpuset devtmpfs binfmt_misc configfs debugfs tracefs securityfs sockfs bpf pipefs ramfs hugetlbfs devpts mqueue autofs fuse fusectl overlay'
    .split(' ')
    .map((name) => `nodev\t${name}\n`)
    .join('') + '\text3\n\text2\n\text4\n';

/** lsmod: what containers and kube-proxy need is loaded. */
const modules = (
  'xt_conntrack 16384 2, xt_MASQUERADE 20480 2, xt_comment 16384 8, xt_statistic 16384 2, nf_conntrack_netlink 57344 0, ' +
  'xt_addrtype 16384 2, iptable_filter 16384 1, iptable_nat 16384 1, nf_nat 57344 2, nf_conntrack 188416 4, ' +
  'br_netfilter 36864 0, bridge 311296 1, stp 16384 1, llc 16384 2, overlay 163840 0, veth 36864 0, virtio_net 65536 0, ' +
  'ext4 983040 1'
)
  .split(', ')
  .map((row) => `${row} - Live 0x0000000000000000\n`)
  .join('');

const devices =
  'Character devices:\n  1 mem\n  4 /dev/vc/0\n  4 tty\n  5 /dev/tty\n  5 /dev/console\n  5 /dev/ptmx\n 10 misc\n' +
  '136 pts\n\nBlock devices:\n  7 loop\n254 virtblk\n259 blkext\n';
