import type { Process, Program } from '../../../linux/process/types';
import { humanSize } from '../../toolkit/format';
import { parseOptions } from '../../toolkit/options';

/** lscpu(1), from /proc/cpuinfo. */
export const lscpu: Program = async (process) => {
  const { fs, stdout, host } = process;
  const text = fs.readText('/proc/cpuinfo');
  const info = new Map(
    [...(text.ok ? text.value : '').matchAll(/^([^\t\n:]+)\s*:[ ]?(.*)$/gm)].map(([, key = '', value = '']) => [
      key.trim(),
      value,
    ]),
  );
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Architecture', 'x86_64'],
    ['  CPU op-mode(s)', '32-bit, 64-bit'],
    ['  Address sizes', info.get('address sizes')],
    ['  Byte Order', 'Little Endian'],
    ['CPU(s)', String(host.cpus)],
    ['  On-line CPU(s) list', host.cpus === 1 ? '0' : `0-${host.cpus - 1}`],
    ['Vendor ID', info.get('vendor_id')],
    ['  Model name', info.get('model name')],
    ['    CPU family', info.get('cpu family')],
    ['    Model', info.get('model')],
    ['    Thread(s) per core', '1'],
    ['    Core(s) per socket', String(host.cpus)],
    ['    Socket(s)', '1'],
    ['    Stepping', info.get('stepping')],
    ['    BogoMIPS', info.get('bogomips')],
    ['    Flags', info.get('flags')],
    ['Virtualization features', ''],
    ['  Hypervisor vendor', 'KVM'],
    ['  Virtualization type', 'full'],
    ['NUMA', ''],
    ['  NUMA node(s)', '1'],
    ['  NUMA node0 CPU(s)', host.cpus === 1 ? '0' : `0-${host.cpus - 1}`],
  ];
  if (process.args.includes('-p') || process.args.some((arg) => arg.startsWith('--parse'))) {
    const lines = Array.from({ length: host.cpus }, (_, cpu) => `${cpu},${cpu},0,0,,${cpu},${cpu},${cpu},0\n`);
    await stdout.write(
      '# The following is the parsable format, which can be fed to other\n# programs. Each different item in every column has an unique ID\n# starting usually from zero.\n# CPU,Core,Socket,Node,,L1d,L1i,L2,L3\n' +
        lines.join(''),
    );
    return 0;
  }
  const terminal = process.fds.get(1)?.kind === 'tty';
  const shown = rows.filter(([, value]) => value !== undefined);
  const width = Math.max(...shown.map(([key]) => (terminal ? key : key.trim()).length)) + 2;
  await stdout.write(
    shown
      .filter(([, value]) => terminal || value !== '')
      .map(
        ([key, value = '']) =>
          `${`${terminal ? key : key.trim()}:`.padEnd(terminal ? width : 41)}${value}`.trimEnd() + '\n',
      )
      .join(''),
  );
  return 0;
};

interface Block {
  readonly name: string;
  readonly number: string;
  readonly bytes: number;
  readonly type: 'disk' | 'part';
  readonly mounts: readonly string[];
}

/** Block devices, from /proc/partitions and the mounts. */
function blocks(process: Process): readonly Block[] {
  const text = process.fs.readText('/proc/partitions');
  const mounts = process.fs.mounts();
  return (text.ok ? text.value : '').split('\n').flatMap((line) => {
    const [major, minor, size, name] = line.trim().split(/\s+/);
    if (name === undefined || !/^\d+$/.test(major ?? '')) return [];
    const points = mounts.filter(({ source }) => source === `/dev/${name}`).map(({ mountPoint }) => mountPoint);
    return [
      {
        name,
        number: `${major ?? ''}:${minor ?? ''}`,
        bytes: Number(size) * 1024,
        type: /\d$/.test(name) ? ('part' as const) : ('disk' as const),
        mounts: points,
      },
    ];
  });
}

/** lsblk(8). */
export const lsblk: Program = async (process) => {
  const { stdout, stderr, args } = process;
  const options = parseOptions(args, {
    short: 'abdDfhiJlmno:OpPrsSTVx:z',
    long: {
      all: 'a',
      bytes: 'b',
      nodeps: 'd',
      fs: 'f',
      json: 'J',
      list: 'l',
      noheadings: 'n',
      'output:': 'o',
      paths: 'p',
      pairs: 'P',
      raw: 'r',
      ascii: 'i',
    },
  });
  if (typeof options === 'string') {
    await stderr.write(`lsblk: ${options}\nTry 'lsblk --help' for more information.\n`);
    return 1;
  }
  const all = blocks(process);
  const wanted = options.operands.map((name) => name.replace(/^\/dev\//, ''));
  const missing = wanted.find((name) => !all.some((block) => block.name === name));
  if (missing !== undefined) {
    await stderr.write(`lsblk: ${missing}: not a block device\n`);
    return 32;
  }
  const fallback = options.has('f')
    ? 'NAME,FSTYPE,FSVER,LABEL,UUID,FSAVAIL,FSUSE%,MOUNTPOINTS'
    : 'NAME,MAJ:MIN,RM,SIZE,RO,TYPE,MOUNTPOINTS';
  const columns = (options.value('o') ?? fallback).toUpperCase().split(',');
  const value = (block: Block, column: string): string => {
    const [mount = ''] = block.mounts;
    const space = mount === '' ? undefined : process.fs.statfs(mount);
    switch (column) {
      case 'NAME':
        return `${options.has('p') ? '/dev/' : ''}${block.name}`;
      case 'KNAME':
        return block.name;
      case 'PATH':
        return `/dev/${block.name}`;
      case 'MAJ:MIN':
        return block.number;
      case 'RM':
      case 'RO':
        return '0';
      case 'SIZE':
        return options.has('b') ? String(block.bytes) : humanSize(block.bytes);
      case 'TYPE':
        return block.type;
      case 'MOUNTPOINTS':
      case 'MOUNTPOINT':
        return mount;
      case 'FSTYPE':
        return mount === '' ? '' : 'ext4';
      case 'FSVER':
        return mount === '' ? '' : '1.0';
      case 'FSAVAIL':
        return space?.ok === true ? humanSize(space.value.size - space.value.used) : '';
      case 'FSUSE%':
        return space?.ok === true ? `${Math.round((space.value.used / Math.max(1, space.value.size)) * 100)}%` : '';
      default:
        return '';
    }
  };
  const shown = all
    .filter((block) => wanted.length === 0 || wanted.some((name) => block.name.startsWith(name)))
    .filter((block) => !options.has('d') || block.type === 'disk');
  if (options.has('J')) {
    const rows = shown.map((block) =>
      Object.fromEntries(
        columns.map((column) => [
          column.toLowerCase(),
          column === 'MOUNTPOINTS' ? [value(block, column) === '' ? null : value(block, column)] : value(block, column),
        ]),
      ),
    );
    await stdout.write(`${JSON.stringify({ blockdevices: rows }, undefined, 3)}\n`);
    return 0;
  }
  const tree = !options.has('l', 'r', 'd');
  const text = (block: Block, column: string): string =>
    column === 'NAME' && tree && block.type === 'part' ? `└─${value(block, column)}` : value(block, column);
  const right = new Set(['MAJ:MIN', 'RM', 'SIZE', 'RO', 'FSAVAIL', 'FSUSE%']);
  const widths = columns.map((column) =>
    Math.max(options.has('n') ? 0 : column.length, ...shown.map((block) => text(block, column).length)),
  );
  const draw = (cells: readonly string[]): string =>
    cells
      .map((cell, index) =>
        right.has(columns[index] ?? '') && columns[index] !== 'MAJ:MIN'
          ? cell.padStart(widths[index] ?? 0)
          : cell.padEnd(widths[index] ?? 0),
      )
      .join(' ')
      .trimEnd() + '\n';
  await stdout.write(
    (options.has('n') ? '' : draw(columns)) +
      shown.map((block) => draw(columns.map((column) => text(block, column)))).join(''),
  );
  return 0;
};
