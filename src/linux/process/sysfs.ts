import type { SyntheticNode } from '../fs/types';
import type { Link } from '../net/types';
import type { Task } from './task';

const file = (read: () => string): SyntheticNode => ({ type: 'file', mode: 0o444, read });
const link = (target: string): SyntheticNode => ({ type: 'symlink', readlink: () => target });

function directory(children: () => Readonly<Record<string, SyntheticNode>>): SyntheticNode {
  return {
    type: 'directory',
    list: () => Object.keys(children()),
    lookup: (name) => {
      const all = children();
      return Object.hasOwn(all, name) ? all[name] : undefined;
    },
  };
}

const texts = (values: Readonly<Record<string, string | number>>): Record<string, SyntheticNode> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, file(() => `${value}\n`)]));

const empty = directory(() => ({}));

/** Mount points. */
const mountPoints = { bpf: empty, cgroup: empty, ext4: empty, fuse: empty, pstore: empty };
const fileSystems = directory(() => mountPoints);

/** /sys as a process sees it (sysfs(5)): what tools look at, and the mount points below it. */
export function sysfsDirectory(task: Task): SyntheticNode {
  const whole = everything(task);
  if (whole.type !== 'directory') return whole;
  // Every path of a control group leads through here, and nowhere else.
  return { ...whole, lookup: (name) => (name === 'fs' ? fileSystems : whole.lookup(name)) };
}

const everything = (task: Task): SyntheticNode =>
  directory(() => ({
    block: directory(() => ({ vda: link('../devices/pci0000:00/0000:00:04.0/virtio1/block/vda') })),
    bus: empty,
    class: directory(() => ({
      block: directory(() => ({
        vda: link('../../devices/pci0000:00/0000:00:04.0/virtio1/block/vda'),
        vda1: link('../../devices/pci0000:00/0000:00:04.0/virtio1/block/vda/vda1'),
      })),
      dmi: directory(() => ({ id: dmi })),
      net: interfaces(task),
      tty: empty,
    })),
    dev: empty,
    devices: directory(() => ({
      'pci0000:00': directory(() => ({
        '0000:00:04.0': directory(() => ({
          virtio1: directory(() => ({ block: directory(() => ({ vda: disk(task) })) })),
        })),
      })),
      system: directory(() => ({ cpu: processors(task), node: directory(() => ({ online: file(() => '0\n') })) })),
      virtual: directory(() => ({ net: interfaces(task), dmi: directory(() => ({ id: dmi })) })),
    })),
    firmware: empty,
    fs: fileSystems,
    ...(task.host.without.includes('hypervisor') ? {} : { hypervisor: empty }),
    kernel: directory(() => ({
      debug: empty,
      mm: directory(() => ({
        transparent_hugepage: directory(() => texts({ enabled: 'always [madvise] never', defrag: 'madvise' })),
      })),
      security: empty,
      tracing: empty,
      ...texts({ uevent_seqnum: 2048, profiling: 0, kexec_loaded: 0, kexec_crash_loaded: 0 }),
    })),
    module: directory(() => ({
      ...(!task.host.without.includes('apparmor')
        ? { apparmor: directory(() => ({ parameters: directory(() => texts({ enabled: 'Y' })) })) }
        : {}),
      ...Object.fromEntries(
        modulesOf(task.host.without).map((name) => [name, directory(() => texts({ initstate: 'live', refcnt: 0 }))]),
      ),
    })),
    power: directory(() => texts({ state: 'freeze' })),
  }));

const modulesOf = (without: readonly string[]): readonly string[] =>
  ['overlay', 'br_netfilter', 'bridge', 'nf_conntrack', 'veth', 'ext4'].filter((name) => !without.includes(name));

const dmi = directory(() =>
  texts({
    bios_vendor: 'SeaBIOS',
    bios_version: '1.16.2-debian-1.16.2-1',
    chassis_vendor: 'QEMU',
    product_name: 'Standard PC (Q35 + ICH9, 2009)',
    product_version: 'pc-q35-7.2',
    sys_vendor: 'QEMU',
  }),
);

/** The disk and its one partition, in sectors of 512 bytes. */
function disk(task: Task): SyntheticNode {
  const stat = task.kernel.init.fs.statfs('/');
  const sectors = stat.ok ? Math.floor(stat.value.size / 512) : 0;
  return directory(() => ({
    ...texts({ dev: '254:0', size: sectors + 2048, ro: 0, removable: 0, stat: '    12034     3120  1048572     4312' }),
    queue: directory(() => texts({ rotational: 1, logical_block_size: 512, scheduler: '[none] mq-deadline' })),
    vda1: directory(() => texts({ dev: '254:1', partition: 1, size: sectors, start: 2048, ro: 0 })),
  }));
}

function processors({ host: { cpus } }: Task): SyntheticNode {
  const range = cpus === 1 ? '0' : `0-${cpus - 1}`;
  return directory(() => ({
    ...texts({ online: range, possible: range, present: range, offline: '', kernel_max: 8191 }),
    ...Object.fromEntries(Array.from({ length: cpus }, (_, cpu) => [`cpu${cpu}`, processor(cpu, range)])),
    vulnerabilities: directory(() =>
      texts({ meltdown: 'Not affected', spectre_v1: 'Mitigation: usercopy/swapgs barriers' }),
    ),
  }));
}

const processor = (cpu: number, range: string): SyntheticNode =>
  directory(() => ({
    ...(cpu === 0 ? {} : texts({ online: 1 })),
    topology: directory(() =>
      texts({ core_id: cpu, physical_package_id: 0, core_siblings_list: range, thread_siblings_list: cpu }),
    ),
    cache: directory(() => ({
      index0: directory(() => texts({ level: 1, size: '32K', type: 'Data' })),
      index3: directory(() => texts({ level: 3, size: '16384K', type: 'Unified' })),
    })),
  }));

const interfaces = (task: Task): SyntheticNode =>
  directory(() => Object.fromEntries(task.net.links().map((device) => [device.name, netDevice(device)])));

/** /sys/class/net/<name> (Documentation/ABI/testing/sysfs-class-net). */
function netDevice({ index, mac, mtu, up, running, kind, peerIndex, master, counters }: Link): SyntheticNode {
  const loopback = kind === 'loopback';
  // IFF_UP, IFF_BROADCAST, IFF_LOOPBACK, IFF_MULTICAST.
  const flags = (up ? 1 : 0) | (loopback ? 8 : 0x1002);
  return directory(() => ({
    ...texts({
      address: mac,
      addr_len: 6,
      broadcast: loopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff',
      carrier: running ? 1 : 0,
      dormant: 0,
      flags: `0x${flags.toString(16)}`,
      ifindex: index,
      iflink: peerIndex ?? index,
      link_mode: 0,
      mtu,
      operstate: loopback ? 'unknown' : running ? 'up' : up ? 'lowerlayerdown' : 'down',
      tx_queue_len: 1000,
      type: loopback ? 772 : 1,
      uevent: '',
    }),
    ...(kind === 'ether' ? texts({ speed: -1, duplex: 'unknown' }) : {}),
    ...(kind === 'bridge' ? { bridge: directory(() => texts({ stp_state: 0, forward_delay: 1500 })) } : {}),
    ...(master === undefined ? {} : { master: link(`../${master}`), brport: directory(() => texts({ state: 3 })) }),
    statistics: directory(() =>
      texts({
        collisions: 0,
        multicast: 0,
        rx_bytes: counters.rxBytes,
        rx_dropped: 0,
        rx_errors: 0,
        rx_packets: counters.rxPackets,
        tx_bytes: counters.txBytes,
        tx_dropped: 0,
        tx_errors: 0,
        tx_packets: counters.txPackets,
      }),
    ),
  }));
}
