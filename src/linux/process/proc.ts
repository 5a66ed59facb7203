import type { SyntheticNode } from '../fs/types';
import type { Kernel } from './kernel';
import { kernelRelease } from './release';
import { signalNames, signalNumber } from './signals';
import type { Task } from './task';
import type { Namespaces } from './types';

const file = (read: () => string, mode = 0o444): SyntheticNode => ({ type: 'file', mode, read });
const link = (readlink: () => string): SyntheticNode => ({ type: 'symlink', readlink });

/** A directory whose entries are known by name; each is made when somebody looks it up. */
function directory(entries: Readonly<Record<string, () => SyntheticNode>>): SyntheticNode {
  const names = Object.keys(entries);
  return {
    type: 'directory',
    list: () => names,
    lookup: (name) => (Object.hasOwn(entries, name) ? entries[name]?.() : undefined),
  };
}

/** proc(5) as `viewer` sees it: the processes of its pid namespace. */
export function procDirectory(kernel: Kernel, viewer: Task): SyntheticNode {
  const space = viewer.namespaces.pid;
  return {
    type: 'directory',
    list: () => [...[...space.tasks].map((task) => String(task.pidIn(space) ?? 0)), ...systemNames],
    lookup: (name) => {
      if (/^[1-9]\d*$/.test(name)) {
        const task = space.get(Number(name));
        return task === undefined ? undefined : processDirectory(task, viewer);
      }
      return Object.hasOwn(systemFiles, name) ? systemFiles[name]?.(kernel, viewer) : undefined;
    },
  };
}

const uptime = ({ host, clock }: Kernel): number => (clock.now - host.bootedAt) / 1000;

/** What is in /proc besides the processes. */
const systemFiles: Readonly<Record<string, (kernel: Kernel, viewer: Task) => SyntheticNode>> = {
  cmdline: () => file(() => 'BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro quiet\n'),
  cpuinfo: ({ host }) => file(() => Array.from({ length: host.cpus }, (_, cpu) => cpuinfo(cpu)).join('\n')),
  filesystems: () => file(() => 'nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\nnodev\toverlay\n\text4\n'),
  loadavg: ({ cgroups }) => file(() => `0.08 0.03 0.01 1/${cgroups.population} ${cgroups.population}\n`),
  meminfo: (kernel) => file(() => meminfo(kernel.host.memory, usedKb(kernel))),
  mounts: () => link(() => 'self/mounts'),
  net: () => link(() => 'self/net'),
  self: (_, viewer) => link(() => String(viewer.pid)),
  stat: ({ host }) => file(() => `cpu  0 0 0 0 0 0 0 0 0 0\nbtime ${Math.floor(host.bootedAt / 1000)}\n`),
  sys: (_, viewer) => sysctls(viewer),
  uptime: (kernel) =>
    file(() => `${uptime(kernel).toFixed(2)} ${(uptime(kernel) * kernel.host.cpus * 0.97).toFixed(2)}\n`),
  version: () => file(() => `Linux version ${kernelRelease} (build@bottleship) #1 SMP PREEMPT_DYNAMIC\n`),
};
const systemNames = Object.keys(systemFiles);

export { kernelRelease };

const cpuinfo = (cpu: number): string =>
  `processor\t: ${cpu}\nvendor_id\t: GenuineIntel\nmodel name\t: Virtual CPU\ncpu MHz\t\t: 2400.000\ncpu cores\t: 1\n`;

function meminfo(bytes: number, used: number): string {
  const total = Math.floor(bytes / 1024);
  const line = (name: string, kb: number): string => `${`${name}:`.padEnd(16)}${String(kb).padStart(8)} kB\n`;
  const available = total - used;
  return (
    line('MemTotal', total) +
    line('MemFree', Math.floor(available * 0.8)) +
    line('MemAvailable', available) +
    line('Buffers', 20_480) +
    line('Cached', Math.floor(available * 0.15)) +
    line('SwapTotal', 0) +
    line('SwapFree', 0)
  );
}

const usedKb = (kernel: Kernel): number => {
  let sum = 180_000;
  for (const task of kernel.pidNamespace.tasks) sum += task.rssKb;
  return sum;
};

const fixedSysctls: Readonly<Record<string, string>> = {
  'kernel.osrelease': kernelRelease,
  'kernel.ostype': 'Linux',
  'kernel.pid_max': '4194304',
  'kernel.threads-max': '31000',
  'fs.file-max': '9223372036854775807',
  'vm.overcommit_memory': '1',
  'vm.max_map_count': '65530',
  'vm.swappiness': '60',
};
const networkSysctls = [
  'net.ipv4.ip_forward',
  'net.bridge.bridge-nf-call-iptables',
  'net.ipv4.conf.all.route_localnet',
];
const sysctlKeys = [...Object.keys(fixedSysctls), 'kernel.hostname', ...networkSysctls];

/** /proc/sys: the network's from the namespace, the rest as a Debian host has it. */
function sysctls(viewer: Task): SyntheticNode {
  const node = (prefix: string): SyntheticNode => ({
    type: 'directory',
    list: () => [
      ...new Set(
        sysctlKeys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length).split('.')[0] ?? ''),
      ),
    ],
    lookup: (name) => {
      const key = prefix + name;
      if (key === 'kernel.hostname') return file(() => `${viewer.namespaces.uts.hostname}\n`);
      if (Object.hasOwn(fixedSysctls, key)) return file(() => `${fixedSysctls[key]}\n`);
      if (networkSysctls.includes(key)) {
        return {
          type: 'file',
          mode: 0o644,
          read: () => `${viewer.net.sysctl(key) ?? '0'}\n`,
          write: (text) => viewer.net.setSysctl(key, text.trim()),
        };
      }
      return sysctlKeys.some((other) => other.startsWith(`${key}.`)) ? node(`${key}.`) : undefined;
    },
  });
  return node('');
}

/** A group's path below the viewer's root; what lies outside is reached by `..` (cgroup_namespaces(7)). */
function cgroupSeenFrom(viewer: Task, path: string): string {
  const root = viewer.namespaces.cgroup.root ?? '/';
  if (root === '/') return path;
  if (path === root) return '/';
  if (path.startsWith(`${root}/`)) return path.slice(root.length);
  return `${'/..'.repeat(root.split('/').length - 1)}${path === '/' ? '' : path}`;
}

const processFiles: Readonly<Record<string, (task: Task, viewer: Task) => SyntheticNode>> = {
  cgroup: (task, viewer) => file(() => `0::${cgroupSeenFrom(viewer, task.cgroup.path)}\n`),
  cmdline: (task) => file(() => task.argv.map((word) => `${word}\0`).join('')),
  comm: (task) => file(() => `${task.comm}\n`),
  cwd: (task) => link(() => task.cwd),
  environ: (task) => file(() => [...task.env].map(([name, value]) => `${name}=${value}\0`).join(''), 0o400),
  exe: (task) => link(() => task.argv[0] ?? ''),
  fd: (task) => descriptors(task),
  limits: () => file(() => 'Limit                     Soft Limit           Hard Limit           Units     \n'),
  mountinfo: (task) => file(() => mountinfo(task)),
  mounts: (task) => file(() => mounts(task)),
  net: () => directory({ route: () => file(() => 'Iface\tDestination\tGateway\n') }),
  ns: (task) => namespaces(task.namespaces),
  oom_score_adj: () => file(() => '0\n'),
  root: (task) => link(() => task.root),
  stat: (task, viewer) => file(() => stat(task, pidSeenFrom(viewer, task))),
  status: (task, viewer) => file(() => status(task, pidSeenFrom(viewer, task))),
};
const processNames = Object.keys(processFiles);

const pidSeenFrom = (viewer: Task, task: Task): number => task.pidIn(viewer.namespaces.pid) ?? 0;

const processDirectory = (task: Task, viewer: Task): SyntheticNode => ({
  type: 'directory',
  list: () => processNames,
  lookup: (name) => (Object.hasOwn(processFiles, name) ? processFiles[name]?.(task, viewer) : undefined),
});

function descriptors(task: Task): SyntheticNode {
  return {
    type: 'directory',
    list: () => task.fds.entries().map(([fd]) => String(fd)),
    lookup: (name) => {
      const open = task.fds.get(Number(name));
      if (open === undefined) return undefined;
      return { type: 'symlink', readlink: () => open.name, open: () => ({ ok: true, value: open }) };
    },
  };
}

function namespaces(all: Namespaces): SyntheticNode {
  const names = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'] as const;
  return directory(Object.fromEntries(names.map((name) => [name, () => link(() => `${name}:[${all[name].id}]`)])));
}

const mountinfo = (task: Task): string =>
  task.fs
    .mounts()
    .map((mount) => {
      const { id, parent, root, mountPoint, options, type, source, superOptions } = mount;
      return `${id} ${parent} 0:${id} ${root} ${mountPoint} ${options} - ${type} ${source} ${superOptions}\n`;
    })
    .join('');

const mounts = (task: Task): string =>
  task.fs
    .mounts()
    .map(({ source, mountPoint, type, options }) => `${source} ${mountPoint} ${type} ${options} 0 0\n`)
    .join('');

export function stateOf(task: Task): 'R' | 'S' | 'T' | 'Z' {
  if (task.status !== undefined) return 'Z';
  return task.stopped === undefined ? 'S' : 'T';
}

const stateWords = { R: 'running', S: 'sleeping', T: 'stopped', Z: 'zombie' } as const;

const stat = (task: Task, pid: number): string => {
  const ticks = Math.round(task.cpuMs / 10);
  const start = Math.round((task.startedAt - task.host.bootedAt) / 10);
  const head = `${pid} (${task.comm}) ${stateOf(task)} ${task.parentPid} ${task.group} ${task.session}`;
  return `${head} 0 -1 4194560 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${start} ${task.rssKb * 1024} ${Math.round(task.rssKb / 4)}\n`;
};

function status(task: Task, pid: number): string {
  const { uid, gid, groups } = task.credentials;
  const state = stateOf(task);
  const caught = signalNames.filter((signal) => task.signals.disposition(signal) === 'handler');
  const ignored = signalNames.filter((signal) => task.signals.disposition(signal) === 'ignore');
  return [
    `Name:\t${task.comm}`,
    `Umask:\t${task.umask.toString(8).padStart(4, '0')}`,
    `State:\t${state} (${stateWords[state]})`,
    `Tgid:\t${pid}`,
    `Pid:\t${pid}`,
    `PPid:\t${task.parentPid}`,
    `Uid:\t${uid}\t${uid}\t${uid}\t${uid}`,
    `Gid:\t${gid}\t${gid}\t${gid}\t${gid}`,
    `FDSize:\t64`,
    `Groups:\t${groups.join(' ')} `,
    `NSpid:\t${[...task.pids.values()].reverse().join('\t')}`,
    `VmRSS:\t${String(task.rssKb).padStart(8)} kB`,
    `Threads:\t1`,
    `SigIgn:\t${mask(ignored.map(signalNumber))}`,
    `SigCgt:\t${mask(caught.map(signalNumber))}`,
    '',
  ].join('\n');
}

const mask = (numbers: readonly number[]): string =>
  numbers
    .reduce((bits, number) => bits | (1n << BigInt(number - 1)), 0n)
    .toString(16)
    .padStart(16, '0');
