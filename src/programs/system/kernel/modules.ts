import { kernelRelease } from '../../../linux/process/release';
import type { Process, Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';

/** Modules that Debian's kernel has and people load, and what they need. */
const known: Readonly<Record<string, readonly string[]>> = {
  br_netfilter: ['bridge'],
  bridge: ['stp', 'llc'],
  dm_mod: [],
  ext4: ['mbcache', 'jbd2'],
  fuse: [],
  ip6_tables: [],
  ip_tables: [],
  ip_vs: ['nf_conntrack', 'nf_defrag_ipv6', 'libcrc32c'],
  ip_vs_rr: ['ip_vs'],
  ip_vs_sh: ['ip_vs'],
  ip_vs_wrr: ['ip_vs'],
  jbd2: [],
  libcrc32c: [],
  llc: [],
  loop: [],
  mbcache: [],
  nbd: [],
  nf_conntrack: ['nf_defrag_ipv6', 'nf_defrag_ipv4', 'libcrc32c'],
  nf_defrag_ipv4: [],
  nf_defrag_ipv6: [],
  nf_nat: ['nf_conntrack'],
  nf_tables: ['nfnetlink'],
  nfnetlink: [],
  overlay: [],
  rbd: [],
  stp: ['llc'],
  tcp_bbr: [],
  tun: [],
  veth: [],
  vxlan: [],
  wireguard: [],
  xt_conntrack: ['x_tables', 'nf_conntrack'],
  x_tables: [],
};

const plain = (name: string): string => name.replaceAll('-', '_');

/** What was loaded beyond what /proc/modules began with: kept where depmod keeps its state. */
const state = '/run/modules.loaded';

interface Module {
  readonly name: string;
  readonly size: string;
  readonly users: number;
  readonly by: string;
}

function loaded({ fs }: Process): readonly Module[] {
  const text = fs.readText('/proc/modules');
  const found: Module[] = (text.ok ? text.value : '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', size = '0', users = '0', by = '-'] = line.split(' ');
      return { name, size, users: Number(users), by: by === '-' ? '' : by.replace(/,$/, '') };
    });
  const more = fs.readText(state);
  for (const line of more.ok ? more.value.split('\n') : []) {
    const [verb, name = ''] = line.split(' ');
    const at = found.findIndex((each) => each.name === name);
    if (verb === '+' && at < 0) found.unshift({ name, size: String(16_384 + name.length * 4096), users: 0, by: '' });
    if (verb === '-' && at >= 0) found.splice(at, 1);
  }
  return found;
}

/** lsmod(8). */
export const lsmod: Program = async (process) => {
  if (process.args.length > 0) {
    await process.stderr.write('Usage: lsmod\n');
    return 1;
  }
  const lines = loaded(process).map(
    ({ name, size, users, by }) => `${name.padEnd(19)} ${size.padStart(8)}  ${users}${by === '' ? '' : ` ${by}`}\n`,
  );
  await process.stdout.write(`Module                  Size  Used by\n${lines.join('')}`);
  return 0;
};

/** modprobe(8), and rmmod(8) as modprobe -r. */
export const modprobe: Program = async (process) => {
  const { stdout, stderr, fs, credentials } = process;
  const removing = (process.argv[0] ?? '').endsWith('rmmod');
  const options = parseOptions(process.args, {
    short: 'abcC:d:Df:hinqRrS:svV',
    long: {
      all: 'a',
      remove: 'r',
      'dry-run': 'n',
      show: 'n',
      quiet: 'q',
      verbose: 'v',
      'first-time': 'first',
      'use-blacklist': 'b',
      'resolve-alias': 'R',
      'show-depends': 'D',
    },
  });
  const program = removing ? 'rmmod' : 'modprobe';
  if (typeof options === 'string') {
    await stderr.write(`${program}: ${options}\n`);
    return 1;
  }
  if (options.has('version', 'V')) {
    await stdout.write('kmod version 30\n+ZSTD +XZ -ZLIB +LIBCRYPTO -EXPERIMENTAL\n');
    return 0;
  }
  const names = options.has('a') || options.has('r') || removing ? options.operands : options.operands.slice(0, 1);
  if (names.length === 0) {
    await stderr.write(
      removing ? 'rmmod: ERROR: missing module name.\n' : 'modprobe: ERROR: missing parameters. See -h.\n',
    );
    return 1;
  }
  let status = 0;
  for (const given of names) {
    const name = plain(given);
    const now = loaded(process).some((module) => module.name === name);
    const take = removing || options.has('r');
    if (!Object.hasOwn(known, name) && !now) {
      if (!options.has('q'))
        await stderr.write(
          removing
            ? `rmmod: ERROR: Module ${name} is not currently loaded\n`
            : `modprobe: FATAL: Module ${given} not found in directory /lib/modules/${kernelRelease}\n`,
        );
      status = 1;
      continue;
    }
    if (options.has('D', 'n')) continue;
    if (credentials.uid !== 0) {
      await stderr.write(
        take
          ? `${program}: ERROR: could not remove module ${name}: Operation not permitted\n`
          : `modprobe: ERROR: could not insert '${name}': Operation not permitted\n`,
      );
      status = 1;
      continue;
    }
    const needed = (each: string): readonly string[] => [...(known[each] ?? []).flatMap(needed), each];
    const before = fs.readText(state);
    const lines = take ? [`- ${name}`] : needed(name).map((each) => `+ ${each}`);
    const here = new Set(loaded(process).map((module) => module.name));
    const news = lines.filter((line) => here.has(line.slice(2)) === take);
    if (news.length > 0) fs.writeFile(state, `${before.ok ? before.value : ''}${news.join('\n')}\n`);
    if (options.has('v'))
      for (const line of news)
        await stdout.write(
          `${take ? 'rmmod' : 'insmod'} ${take ? '' : `/lib/modules/${kernelRelease}/kernel/`}${line.slice(2)}${take ? '' : '.ko '}\n`,
        );
  }
  return status;
};

/** modinfo(8). */
export const modinfo: Program = async (process) => {
  const names = process.args.filter((arg) => !arg.startsWith('-'));
  if (names.length === 0) {
    await process.stderr.write('modinfo: ERROR: missing module or filename.\n');
    return 1;
  }
  let status = 0;
  for (const given of names) {
    const name = plain(given);
    if (!Object.hasOwn(known, name)) {
      await process.stderr.write(`modinfo: ERROR: Module ${given} not found.\n`);
      status = 1;
      continue;
    }
    const rows = [
      ['filename', `/lib/modules/${kernelRelease}/kernel/${name}.ko`],
      ['license', 'GPL'],
      ['depends', (known[name] ?? []).join(',')],
      ['retpoline', 'Y'],
      ['intree', 'Y'],
      ['name', name],
      ['vermagic', `${kernelRelease} SMP preempt mod_unload modversions `],
    ];
    await process.stdout.write(rows.map(([key = '', value = '']) => `${`${key}:`.padEnd(15)} ${value}\n`).join(''));
  }
  return status;
};

/** swapon(8): what there is, from /proc/swaps and /etc/fstab. */
export const swapon: Program = async (process) => {
  const { fs, stdout, stderr, args } = process;
  const show = args.some((arg) => arg === '-s' || arg === '--summary' || arg.startsWith('--show')) || args.length === 0;
  if (show) {
    const text = fs.readText('/proc/swaps');
    if (text.ok && text.value.trim().split('\n').length > 1) await stdout.write(text.value);
    return 0;
  }
  const names = args.filter((arg) => !arg.startsWith('-'));
  let status = 0;
  for (const name of names) {
    const stat = fs.stat(name);
    await stderr.write(
      stat.ok
        ? `swapon: ${name}: read swap header failed\n`
        : `swapon: cannot open ${name}: No such file or directory\n`,
    );
    status = 255;
  }
  return status;
};

/** swapoff(8). */
export const swapoff: Program = async (process) => {
  const { stderr, args, credentials, fs } = process;
  const all = args.includes('-a') || args.includes('--all');
  const names = args.filter((arg) => !arg.startsWith('-'));
  if (!all && names.length === 0) {
    await stderr.write("swapoff: bad usage\nTry 'swapoff --help' for more information.\n");
    return 16;
  }
  if (credentials.uid !== 0 && names.length > 0) {
    await stderr.write('swapoff: Not superuser.\n');
    return 2;
  }
  for (const name of names)
    await stderr.write(
      `swapoff: ${name}: swapoff failed: ${fs.stat(name).ok ? 'Invalid argument' : 'No such file or directory'}\n`,
    );
  return names.length > 0 ? 4 : 0;
};
