import type { MountOptions } from '../../linux/fs/types';
import { tool } from '../toolkit/tool';

const types = ['tmpfs', 'overlay', 'proc', 'sysfs', 'devtmpfs', 'devpts', 'mqueue', 'cgroup2', 'ext4'] as const;
const fromFlags = (options: readonly string[]): Record<string, string | true> => {
  const found: Record<string, string | true> = {};
  for (const option of options) {
    const equals = option.indexOf('=');
    if (equals < 0) found[option] = true;
    else found[option.slice(0, equals)] = option.slice(equals + 1);
  }
  return found;
};

/** mount(8). */
export const mount = tool(
  {
    name: 'mount',
    usage: '[options] <source> <directory>',
    about: 'Mount a filesystem.',
    package: 'util-linux 2.39.3',
    short: 'aBfFhi:lL:M:no:O:rRst:T:U:vw',
    long: {
      bind: 'B',
      rbind: 'R',
      move: 'M',
      'options:': 'o',
      'read-only': 'r',
      rw: 'w',
      'types:': 't',
      verbose: 'v',
      'make-private': 'private',
      'make-rprivate': 'private',
      'make-shared': 'shared',
      'make-rshared': 'shared',
      'make-rslave': 'slave',
    },
  },
  async (tool) => {
    const { options, operands, fs, process } = tool;
    const [source, target] = operands;
    const wanted = options.value('t');
    if (source === undefined) {
      for (const { source: from, mountPoint, type, options: flags, superOptions } of fs.mounts()) {
        if (wanted !== undefined && !wanted.split(',').includes(type)) continue;
        const all = [...new Set([...flags.split(','), ...superOptions.split(',')])].filter(
          (flag) => flag !== (flags.startsWith('ro') ? 'rw' : 'ro'),
        );
        await tool.out.line(`${from} on ${mountPoint} type ${type} (${all.join(',')})`);
      }
      return 0;
    }
    if (options.has('private', 'shared', 'slave')) return 0;
    const given = options
      .values('o')
      .flatMap((list) => list.split(','))
      .filter((option) => option !== '');
    const remount = given.includes('remount');
    if (target === undefined && !remount) {
      const found = fs.readText('/etc/fstab');
      const line = (found.ok ? found.value : '')
        .split('\n')
        .map((text) => text.trim().split(/\s+/))
        .find(([from, to]) => from === source || to === source);
      if (line === undefined) return tool.fail(`${source}: can't find in /etc/fstab.`);
      return tool.fail(`${source}: mount from /etc/fstab is not possible.`, 32);
    }
    if (process.credentials.uid !== 0) return tool.fail(`${target ?? source}: must be superuser to use mount.`, 32);
    if (!process.capable('SYS_ADMIN')) return tool.fail(`${target ?? source}: permission denied.`, 32);
    if (operands.length > 2) return tool.usageError('bad usage');
    const named = target ?? source;
    const real = fs.realpath(named);
    const directory = real.ok ? real.value : named;
    const dmesg = '\n       dmesg(1) may have more information after failed mount system call.';
    const bind = options.has('B') || given.includes('bind');
    const rbind = options.has('R') || given.includes('rbind');
    const type = bind ? 'bind' : rbind ? 'rbind' : wanted === undefined ? 'ext4' : types.find((one) => one === wanted);
    if (type === undefined) return tool.fail(`${directory}: unknown filesystem type '${wanted ?? ''}'.${dmesg}`, 32);
    const exists = fs.stat(directory);
    if (!exists.ok) {
      return tool.fail(
        exists.error.code === 'ENOENT'
          ? `${directory}: mount point does not exist.`
          : `${directory}: ${exists.error.message}.`,
        32,
      );
    }
    if ((bind || rbind) && !fs.stat(source).ok)
      return tool.fail(`${directory}: special device ${source} does not exist.${dmesg}`, 32);
    if (type === 'ext4' && !remount) {
      const device = fs.stat(source);
      if (!device.ok) return tool.fail(`${directory}: special device ${source} does not exist.${dmesg}`, 32);
      if (device.value.type !== 'block') return tool.fail(`${directory}: ${source} is not a block device.`, 32);
    }
    const asked: MountOptions = {
      source,
      target: directory,
      type,
      options: fromFlags(given),
      readOnly: options.has('r') || given.includes('ro'),
    };
    const done = fs.mount(asked);
    if (done.ok) return 0;
    const { code, message } = done.error;
    if (code === 'ENOTDIR') return tool.fail(`${directory}: mount point is not a directory.`, 32);
    if (code === 'EINVAL') {
      return tool.fail(
        `${directory}: wrong fs type, bad option, bad superblock on ${source}, missing codepage or helper program, or other error.${dmesg}`,
        32,
      );
    }
    return tool.fail(`${directory}: ${message.toLowerCase()}.`, 32);
  },
);

/** umount(8). */
export const umount = tool(
  {
    name: 'umount',
    usage: '[options] <source> | <directory>',
    about: 'Unmount filesystems.',
    package: 'util-linux 2.39.3',
    short: 'aAdfilnORrt:vq',
    long: { lazy: 'l', force: 'f', recursive: 'R', verbose: 'v' },
  },
  async (tool) => {
    const { operands, options, fs, process } = tool;
    if (operands.length === 0) return tool.usageError('bad usage');
    for (const given of operands) {
      const named = fs.mounts().findLast(({ source, mountPoint }) => source === given && mountPoint !== given);
      const path = fs.stat(given).ok || named === undefined ? given : named.mountPoint;
      if (process.credentials.uid !== 0) {
        await tool.error(`${path}: must be superuser to unmount.`, 32);
        continue;
      }
      if (!process.capable('SYS_ADMIN')) {
        await tool.error(`${path}: permission denied.`, 32);
        continue;
      }
      const real = fs.realpath(path);
      const below =
        real.ok && options.has('R')
          ? fs.mounts().filter(({ mountPoint }) => mountPoint.startsWith(`${real.value}/`))
          : [];
      for (const { mountPoint } of below.toReversed()) fs.umount(mountPoint);
      const done = fs.umount(path);
      if (done.ok) continue;
      const why: Readonly<Record<string, string>> = {
        EINVAL: 'not mounted.',
        EBUSY: 'target is busy.',
        ENOENT: 'no mount point specified.',
      };
      await tool.error(`${path}: ${why[done.error.code] ?? `${done.error.message.toLowerCase()}.`}`, 32);
    }
    return tool.status;
  },
);
