import type { SyntheticNode } from '../fs/types';
import type { Task } from './task';

const file = (read: () => string): SyntheticNode => ({ type: 'file', mode: 0o444, read });

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

const empty = directory(() => ({}));

/** /sys as a process sees it (sysfs(5)): what tools look at, and the mount points below it. */
export const sysfsDirectory = (task: Task): SyntheticNode =>
  directory(() => ({
    block: empty,
    bus: empty,
    class: directory(() => ({ net: interfaces(task) })),
    devices: empty,
    firmware: empty,
    fs: directory(() => ({ bpf: empty, cgroup: empty })),
    kernel: directory(() => ({ mm: empty, security: empty })),
    module: empty,
    power: empty,
  }));

const interfaces = (task: Task): SyntheticNode =>
  directory(() =>
    Object.fromEntries(
      task.net.links().map(({ name, index, mac, mtu, up, kind, peerIndex, counters }) => [
        name,
        directory(() => ({
          address: file(() => `${mac}\n`),
          ifindex: file(() => `${index}\n`),
          iflink: file(() => `${peerIndex ?? index}\n`),
          mtu: file(() => `${mtu}\n`),
          operstate: file(() => `${kind === 'loopback' ? 'unknown' : up ? 'up' : 'down'}\n`),
          statistics: directory(() => ({
            rx_bytes: file(() => `${counters.rxBytes}\n`),
            rx_packets: file(() => `${counters.rxPackets}\n`),
            tx_bytes: file(() => `${counters.txBytes}\n`),
            tx_packets: file(() => `${counters.txPackets}\n`),
          })),
        })),
      ]),
    ),
  );
