import type { StatFs } from '../../linux/fs/types';
import { humanSize, shortSize } from '../toolkit/format';
import { quote, quotef } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';

/** df(1). */
export const df = tool(
  {
    name: 'df',
    usage: '[OPTION]... [FILE]...',
    about: 'Show information about the file system on which each FILE resides, or all file systems by default.',
    short: 'aB:hHiklPt:Tvx:',
    long: {
      all: 'a',
      'block-size:': 'B',
      'human-readable': 'h',
      si: 'H',
      inodes: 'i',
      local: 'l',
      portability: 'P',
      'type:': 't',
      'print-type': 'T',
      'output::': 'output',
      sync: 'sync',
      'no-sync': 'no-sync',
      'exclude-type:': 'x',
      total: 'total',
    },
  },
  async (tool) => {
    const { options, fs } = tool;
    const found: StatFs[] = [];
    if (tool.operands.length > 0) {
      for (const path of tool.operands) {
        const stat = fs.statfs(path);
        if (stat.ok) found.push(stat.value);
        else await tool.fileError(path, stat.error);
      }
      if (found.length === 0 && tool.dialect === undefined) return tool.status;
    } else {
      const seen = new Set<string>();
      for (const { mountPoint, root, type, source } of fs.mounts()) {
        const stat = fs.statfs(mountPoint);
        if (!stat.ok || (stat.value.size === 0 && !options.has('a'))) continue;
        // Of bind mounts of one device the first counts.
        const key = type === 'ext4' ? source : `${source} ${mountPoint}`;
        if (!options.has('a') && (seen.has(key) || (root !== '/' && type !== 'ext4'))) continue;
        seen.add(key);
        found.push(stat.value);
      }
    }
    const kept = found.filter(
      ({ type }) => (!options.has('t') || options.values('t').includes(type)) && !options.values('x').includes(type),
    );
    if (tool.dialect !== undefined) return busyboxTable(tool, kept);
    if (kept.length === 0) return tool.fail('no file systems processed');
    const human = options.last('h', 'H');
    const unit = options.has('B')
      ? options.value('B') === 'M'
        ? 2 ** 20
        : options.value('B') === 'G'
          ? 2 ** 30
          : 1024
      : 1024;
    const size = (bytes: number) =>
      human !== undefined ? humanSize(bytes, human === 'H' ? 1000 : 1024) : String(Math.ceil(bytes / unit));
    const percent = (used: number, total: number) => (total === 0 ? '-' : `${Math.ceil((used * 100) / total)}%`);
    const inodes = options.has('i');
    const typed = options.has('T');
    const blockTitle =
      unit === 2 ** 20 ? '1M-blocks' : unit === 2 ** 30 ? '1G-blocks' : options.has('P') ? '1024-blocks' : '1K-blocks';
    const title = inodes
      ? ['Inodes', 'IUsed', 'IFree', 'IUse%']
      : human !== undefined
        ? ['Size', 'Used', 'Avail', 'Use%']
        : [blockTitle, 'Used', 'Available', options.has('P') ? 'Capacity' : 'Use%'];
    const columns = options.has('output')
      ? (options.value('output') ?? Object.keys(fields).join()).split(',')
      : undefined;
    const unknown = columns?.find((name) => fields[name] === undefined);
    if (unknown !== undefined) return tool.usageError(`option --output: field ${quote(unknown)} unknown`);
    if (columns !== undefined) {
      await table(tool, columns, kept, { size, percent, title });
      return tool.status;
    }
    const rows = [
      ['Filesystem', ...(typed ? ['Type'] : []), ...title, 'Mounted on'],
      ...kept.map((one) => [
        quotef(one.source),
        ...(typed ? [one.type] : []),
        ...(inodes
          ? [
              String(one.inodes),
              String(one.inodesUsed),
              String(one.inodes - one.inodesUsed),
              percent(one.inodesUsed, one.inodes),
            ]
          : [size(one.size), size(one.used), size(Math.max(0, one.size - one.used)), percent(one.used, one.size)]),
        one.mountPoint,
      ]),
    ];
    const left = typed ? 2 : 1;
    const widths =
      rows[0]?.map((_, column) =>
        Math.max(
          ...rows.map((row) => row[column]?.length ?? 0),
          column === 0 ? 14 : column >= left && column < left + 3 ? 5 : 0,
        ),
      ) ?? [];
    for (const row of rows) {
      const cells = row.map((cell, column) => {
        if (column === row.length - 1) return cell;
        return column < left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
      });
      await tool.out.line(cells.join(' '));
    }
    return tool.status;
  },
);

/** As BusyBox prints it (coreutils/df.c): columns of fixed width, a device that is too long on a line of its own. */
async function busyboxTable(tool: Tool, found: readonly StatFs[]): Promise<number> {
  const { options, out } = tool;
  const human = options.has('h');
  const [unit, title] = options.has('m')
    ? [2 ** 20, '1M-blocks']
    : [1024, options.has('P') ? '1024-blocks' : '1K-blocks'];
  const heading = options.has('i') ? 'Inodes' : human ? 'Size' : title;
  const type = options.has('T') ? ' Type      ' : '';
  await out.line(
    `Filesystem          ${type} ${heading.padStart(type === '' ? 9 : 9)}      Used Available ${options.has('P') ? 'Capacity' : 'Use%'} Mounted on`,
  );
  const size = (bytes: number): string => (human ? shortSize(bytes) : String(Math.floor(bytes / unit))).padStart(9);
  for (const one of found) {
    const device =
      one.source.length > 20 && !options.has('P') ? `${one.source}\n${''.padEnd(20)}` : one.source.padEnd(20);
    const inodes = options.has('i');
    const [all, used] = inodes ? [one.inodes, one.inodesUsed] : [one.size, one.used];
    const left = Math.max(0, all - used);
    const cell = inodes ? (count: number): string => String(count).padStart(9) : size;
    const percent = used + left === 0 ? 0 : Math.floor((used * 100 + (used + left) / 2) / (used + left));
    const kind = options.has('T') ? ` ${one.type.padEnd(10)}` : '';
    await out.line(
      `${device}${kind} ${cell(all)} ${cell(used)} ${cell(left)} ${String(percent).padStart(3)}% ${one.mountPoint}`,
    );
  }
  return tool.status;
}

interface Look {
  readonly size: (bytes: number) => string;
  readonly percent: (used: number, total: number) => string;
  readonly title: readonly string[];
}

/** The fields of --output: their title, whether numbers, and their text. */
const fields: Readonly<
  Record<string, readonly [title: (look: Look) => string, right: boolean, text: (one: StatFs, look: Look) => string]>
> = {
  source: [() => 'Filesystem', false, (one) => quotef(one.source)],
  fstype: [() => 'Type', false, (one) => one.type],
  itotal: [() => 'Inodes', true, (one) => String(one.inodes)],
  iused: [() => 'IUsed', true, (one) => String(one.inodesUsed)],
  iavail: [() => 'IFree', true, (one) => String(one.inodes - one.inodesUsed)],
  ipcent: [() => 'IUse%', true, (one, { percent }) => percent(one.inodesUsed, one.inodes)],
  size: [({ title }) => title[0] ?? '', true, (one, { size }) => size(one.size)],
  used: [() => 'Used', true, (one, { size }) => size(one.used)],
  avail: [() => 'Avail', true, (one, { size }) => size(Math.max(0, one.size - one.used))],
  pcent: [() => 'Use%', true, (one, { percent }) => percent(one.used, one.size)],
  file: [() => 'File', false, () => '-'],
  target: [() => 'Mounted on', false, (one) => one.mountPoint],
};

async function table(tool: Tool, columns: readonly string[], found: readonly StatFs[], look: Look): Promise<void> {
  const shown = columns.flatMap((name) => {
    const field = fields[name];
    if (field === undefined) return [];
    const [title, right, text] = field;
    const cells = [title(look), ...found.map((one) => text(one, look))];
    const width = Math.max(...cells.map((cell) => cell.length), name === 'source' ? 14 : right ? 5 : 0);
    return [cells.map((cell) => (right ? cell.padStart(width) : cell.padEnd(width)))];
  });
  for (let row = 0; row <= found.length; row++) {
    await tool.out.line(
      shown
        .map((cells) => cells[row] ?? '')
        .join(' ')
        .trimEnd(),
    );
  }
}
