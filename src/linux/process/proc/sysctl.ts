import { ok } from '../../../sim/result';
import { fail } from '../../errno';
import type { SyntheticNode } from '../../fs/types';
import { deviceSettings } from '../../net/sysctl';
import type { Kernel } from '../kernel';
import { kernelRelease, kernelVersion } from '../release';
import type { Task } from '../task';

/** Values that nothing here depends on: as Debian 12 has them. A write is kept. */
const settableKeys: Readonly<Record<string, string>> = {
  'fs.aio-max-nr': '65536',
  'fs.file-max': '9223372036854775807',
  'fs.inotify.max_queued_events': '16384',
  'fs.inotify.max_user_instances': '128',
  'fs.inotify.max_user_watches': '29463',
  'fs.nr_open': '1048576',
  'fs.pipe-max-size': '1048576',
  'fs.protected_fifos': '1',
  'fs.protected_hardlinks': '1',
  'fs.protected_regular': '2',
  'fs.protected_symlinks': '1',
  'fs.suid_dumpable': '0',
  'kernel.core_pattern': 'core',
  'kernel.core_uses_pid': '0',
  'kernel.dmesg_restrict': '1',
  'kernel.domainname': '(none)',
  'kernel.kptr_restrict': '0',
  'kernel.msgmax': '8192',
  'kernel.msgmnb': '16384',
  'kernel.panic': '0',
  'kernel.panic_on_oops': '0',
  'kernel.perf_event_paranoid': '3',
  'kernel.pid_max': '4194304',
  'kernel.printk': '4\t4\t1\t7',
  'kernel.randomize_va_space': '2',
  'kernel.sem': '32000\t1024000000\t500\t32000',
  'kernel.shmall': '18446744073692774399',
  'kernel.shmmax': '18446744073692774399',
  'kernel.shmmni': '4096',
  'kernel.sysrq': '438',
  'kernel.threads-max': '3700',
  'kernel.unprivileged_bpf_disabled': '2',
  'kernel.unprivileged_userns_clone': '1',
  'user.max_user_namespaces': '15433',
  'user.max_pid_namespaces': '15433',
  'user.max_net_namespaces': '15433',
  'vm.dirty_background_ratio': '10',
  'vm.dirty_ratio': '20',
  'vm.drop_caches': '0',
  'vm.max_map_count': '65530',
  'vm.min_free_kbytes': '67584',
  'vm.nr_hugepages': '0',
  'vm.oom_kill_allocating_task': '0',
  'vm.overcommit_memory': '1',
  'vm.overcommit_ratio': '50',
  'vm.panic_on_oom': '0',
  'vm.swappiness': '60',
  'vm.vfs_cache_pressure': '100',
};

/** What the kernel says and nobody writes. */
const fixedKeys: Readonly<Record<string, (kernel: Kernel, viewer: Task) => string>> = {
  'fs.file-nr': ({ pidNamespace }) => `${pidNamespace.size * 4}\t0\t9223372036854775807`,
  'kernel.cap_last_cap': () => '40',
  'kernel.ngroups_max': () => '65536',
  'kernel.osrelease': ({ host }) => host.release ?? kernelRelease,
  'kernel.ostype': () => 'Linux',
  'kernel.overflowgid': () => '65534',
  'kernel.overflowuid': () => '65534',
  'kernel.random.boot_id': ({ host }) => uuid(`boot ${host.name} ${host.bootedAt}`),
  'kernel.random.entropy_avail': () => '256',
  'kernel.random.uuid': ({ random }) => uuidOf(random.bytes(16)),
  'kernel.tainted': () => '0',
  'kernel.version': () => kernelVersion,
};

/** Each network namespace has its own; of the many, those that tools and tutorials look at. */
const networkKeys = [
  'net.bridge.bridge-nf-call-ip6tables',
  'net.bridge.bridge-nf-call-iptables',
  'net.core.somaxconn',
  'net.ipv4.conf.all.forwarding',
  'net.ipv4.conf.all.route_localnet',
  'net.ipv4.conf.all.rp_filter',
  'net.ipv4.conf.default.rp_filter',
  'net.ipv4.icmp_echo_ignore_all',
  'net.ipv4.ip_forward',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_tw_reuse',
  'net.ipv6.conf.all.disable_ipv6',
  'net.ipv6.conf.all.forwarding',
  'net.netfilter.nf_conntrack_count',
  'net.netfilter.nf_conntrack_max',
];
const networkDefaults: Readonly<Record<string, string>> = {
  'net.core.somaxconn': '4096',
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv4.conf.default.rp_filter': '0',
  'net.ipv4.icmp_echo_ignore_all': '0',
  'net.ipv4.ip_local_port_range': '32768\t60999',
  'net.ipv4.ip_unprivileged_port_start': '1024',
  'net.ipv4.ping_group_range': '0\t2147483647',
  'net.ipv4.tcp_fin_timeout': '60',
  'net.ipv4.tcp_keepalive_time': '7200',
  'net.ipv4.tcp_syncookies': '1',
  'net.ipv4.tcp_tw_reuse': '2',
  'net.netfilter.nf_conntrack_max': '65536',
};

const allKeys = [...Object.keys(settableKeys), ...Object.keys(fixedKeys), 'kernel.hostname', ...networkKeys].sort();

/** Values written on one host, or in one IPC namespace. */
const written = new WeakMap<object, Map<string, string>>();
const perIpc = /^(kernel\.(msg|sem|shm)|fs\.mqueue\.)/;

/** /proc/sys. */
export function sysctls(kernel: Kernel, viewer: Task): SyntheticNode {
  const node = (prefix: string): SyntheticNode => ({
    type: 'directory',
    list: () => [
      ...new Set(
        (prefix === 'net.ipv4.conf.' ? devicesOf(viewer).map((name) => prefix + name) : allKeys)
          .filter((key) => key.startsWith(prefix))
          .map((key) => key.slice(prefix.length).split('.')[0] ?? ''),
      ),
    ],
    lookup: (name) => {
      if (prefix === 'net.ipv4.conf.') return deviceDirectory(viewer, name);
      // A name with dots in it (an interface's) is none of ours.
      if (name.includes('.')) return undefined;
      const key = prefix + name;
      if (key.startsWith('net.bridge') && viewer.net.sysctl(BRIDGE_FILTER) === undefined) return undefined;
      return (
        value(kernel, viewer, key) ??
        (allKeys.some((other) => other.startsWith(`${key}.`)) ? node(`${key}.`) : undefined)
      );
    },
  });
  return node('');
}

const BRIDGE_FILTER = 'net.bridge.bridge-nf-call-iptables';

const devicesOf = ({ net }: Task): readonly string[] => ['all', 'default', ...net.links().map(({ name }) => name)];

/** /proc/sys/net/ipv4/conf/<device>. */
function deviceDirectory(viewer: Task, device: string): SyntheticNode | undefined {
  if (!devicesOf(viewer).includes(device)) return undefined;
  const at = (name: string): string => `net.ipv4.conf.${device}.${name}`;
  return {
    type: 'directory',
    list: () => deviceSettings,
    lookup: (name) =>
      deviceSettings.includes(name)
        ? {
            type: 'file',
            mode: 0o644,
            read: () => `${viewer.net.sysctl(at(name)) ?? '0'}\n`,
            write: (text) => viewer.net.setSysctl(at(name), text.trim()),
          }
        : undefined,
  };
}

function value(kernel: Kernel, viewer: Task, key: string): SyntheticNode | undefined {
  const fixed = fixedKeys[key];
  if (fixed !== undefined) return { type: 'file', mode: 0o444, read: () => `${fixed(kernel, viewer)}\n` };
  if (key === 'kernel.hostname') return hostname(viewer);
  if (networkKeys.includes(key)) {
    return {
      type: 'file',
      mode: 0o644,
      read: () => `${viewer.net.sysctl(key) ?? networkDefaults[key] ?? '0'}\n`,
      write: (text) => viewer.net.setSysctl(key, text.trim()),
    };
  }
  const first = Object.hasOwn(settableKeys, key) ? settableKeys[key] : undefined;
  if (first === undefined) return undefined;
  const place: object = perIpc.test(key) ? viewer.namespaces.ipc : kernel;
  return {
    type: 'file',
    mode: 0o644,
    read: () => `${written.get(place)?.get(key) ?? first}\n`,
    write: (text) => {
      const given = text.trim();
      if (/^-?\d+$/.test(first) && !/^-?\d+$/.test(given)) return fail('EINVAL');
      let own = written.get(place);
      if (own === undefined) written.set(place, (own = new Map()));
      own.set(key, given);
      return ok(undefined);
    },
  };
}

const hostname = (viewer: Task): SyntheticNode => ({
  type: 'file',
  mode: 0o644,
  read: () => `${viewer.namespaces.uts.hostname}\n`,
  write: (text) => {
    viewer.namespaces.uts.hostname = text.trim();
    return ok(undefined);
  },
});

function uuid(text: string): string {
  let state = 0x811c9dc5;
  const bytes = new Uint8Array(16);
  for (let index = 0; index < 64; index++) {
    state = Math.imul(state ^ text.charCodeAt(index % text.length) ^ index, 0x01000193);
    bytes[index % 16] = state >>> 16;
  }
  return uuidOf(bytes);
}

/** RFC 4122, version 4. */
function uuidOf(bytes: Uint8Array): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
