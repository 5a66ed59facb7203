import type { Task } from '../task';
import { addressesOf } from './stat';

interface Region {
  readonly start: bigint;
  readonly kb: number;
  readonly permissions: string;
  readonly offset: number;
  readonly name: string;
}

const libc = '/usr/lib/x86_64-linux-gnu/libc.so.6';
const loader = '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2';

/** What every program has mapped: itself, its heap with what it allocated, the C library, the stack. */
function regions(task: Task): readonly Region[] {
  const { code, heap, libraries, stack } = addressesOf(task);
  const region = (start: bigint, kb: number, permissions: string, offset: number, name: string): Region => ({
    start,
    kb,
    permissions,
    offset,
    name,
  });
  const { exe } = task;
  const library = (start: bigint, sizes: readonly number[], name: string): Region[] => {
    const kinds = ['r--p', 'r-xp', 'r--p', 'r--p', 'rw-p'];
    let offset = 0;
    return sizes.map((kb, index) => {
      const made = region(start + BigInt(offset) * 1024n, kb, kinds[index] ?? 'rw-p', offset * 1024, name);
      offset += kb;
      return made;
    });
  };
  return [
    ...library(code, [8, 72, 24, 4, 4], exe),
    region(heap, Math.max(132, task.rssKb - task.fileKb), 'rw-p', 0, '[heap]'),
    ...library(libraries, [160, 1364, 340, 16, 8], libc),
    region(libraries + 0x200_000n, 52, 'rw-p', 0, ''),
    ...library(libraries + 0x280_000n, [4, 156, 44, 8, 8], loader),
    region(stack, 132, 'rw-p', 0, '[stack]'),
    region(stack + 0x40_000n, 16, 'r--p', 0, '[vvar]'),
    region(stack + 0x44_000n, 8, 'r-xp', 0, '[vdso]'),
  ];
}

/** /proc/<pid>/maps. */
export function maps(task: Task): string {
  if (task.status !== undefined) return '';
  const line = ({ start, kb, permissions, offset, name }: Region): string => {
    const end = start + BigInt(kb) * 1024n;
    const file = name.startsWith('/');
    const head =
      `${start.toString(16)}-${end.toString(16)} ${permissions} ${offset.toString(16).padStart(8, '0')} ` +
      `${file ? 'fe:01' : '00:00'} ${file ? inodeOf(name) : 0}`;
    return name === '' ? `${head} \n` : `${head.padEnd(73)}${name}\n`;
  };
  return `${regions(task).map(line).join('')}ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n`;
}

/** Any number that is the same for a file. */
function inodeOf(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) hash = (Math.imul(hash, 31) + name.charCodeAt(index)) >>> 0;
  return 1_000 + (hash % 500_000);
}

/** /proc/<pid>/smaps_rollup. */
export function smapsRollup(task: Task): string {
  const { code, stack } = addressesOf(task);
  const { rssKb, fileKb } = task;
  const rows: readonly (readonly [string, number])[] = [
    ['Rss', rssKb],
    ['Pss', rssKb - Math.floor(fileKb / 2)],
    ['Pss_Dirty', rssKb - fileKb],
    ['Pss_Anon', rssKb - fileKb],
    ['Pss_File', Math.floor(fileKb / 2)],
    ['Pss_Shmem', 0],
    ['Shared_Clean', fileKb],
    ['Shared_Dirty', 0],
    ['Private_Clean', 0],
    ['Private_Dirty', rssKb - fileKb],
    ['Referenced', rssKb],
    ['Anonymous', rssKb - fileKb],
    ['Swap', 0],
    ['SwapPss', 0],
    ['Locked', 0],
  ];
  const head = `${code.toString(16)}-${(stack + 0x21_000n).toString(16)} ---p 00000000 00:00 0`;
  return `${head.padEnd(73)}[rollup]\n${rows.map(([name, kb]) => `${`${name}:`.padEnd(16)}${String(kb).padStart(8)} kB\n`).join('')}`;
}
