import { err, ok, type Result } from '../../sim/result';
import { fail, type Sys } from '../../linux/errno';
import type { FileSystem, MountOptions } from '../../linux/fs/types';

type Options = Readonly<Record<string, string>>;

const known: ReadonlySet<string> = new Set(['type', 'o', 'device', 'size']);
/** What an option cannot do without. */
const needs: readonly (readonly [string, readonly string[]])[] = [
  ['device', ['type']],
  ['type', ['device']],
  ['o', ['device', 'type']],
];

/** What is wrong with the options of a local volume (volume/local/local_unix.go, validateOpts). */
export function checkLocalOptions(options: Options | null): string | undefined {
  const names = Object.keys(options ?? {});
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) return `invalid option: ${JSON.stringify(unknown)}`;
  for (const [name, required] of needs) {
    const missing = names.includes(name) ? required.find((other) => !names.includes(other)) : undefined;
    if (missing !== undefined) return `missing required option: ${JSON.stringify(missing)}`;
  }
  return names.includes('size') ? 'quota size requested but no quota support' : undefined;
}

/** Words of `o` that are flags of mount(2), and their bits; the rest is the file system's data. */
const flagBits: Readonly<Record<string, number>> = {
  ro: 0x1,
  nosuid: 0x2,
  nodev: 0x4,
  noexec: 0x8,
  sync: 0x10,
  remount: 0x20,
  dirsync: 0x80,
  noatime: 0x400,
  nodiratime: 0x800,
  bind: 0x1000,
  rbind: 0x5000,
  relatime: 0x200000,
};

/** Mounts what a volume's options name on its directory; the error is that of the local driver. */
export function mountLocal(fs: FileSystem, options: Options, target: string): Result<void, string> {
  const { type = '', device = '', o = '' } = options;
  const words = o.split(',').filter((word) => word !== '');
  const flags = words.reduce((bits, word) => bits | (flagBits[word] ?? 0), 0);
  const data = words.filter((word) => flagBits[word] === undefined);
  const mounted = mountBy(fs, type, device, target, words);
  if (mounted.ok) return ok(undefined);
  const details = [
    ...(flags === 0 ? [] : [`flags: 0x${flags.toString(16)}`]),
    ...(data.length === 0 ? [] : [`data: ${data.join(',')}`]),
  ];
  const what = [`mount ${device}:${target}`, ...details].join(', ');
  return err(`failed to mount local volume: ${what}: ${mounted.error.message.toLowerCase()}`);
}

const kinds: ReadonlySet<string> = new Set(['tmpfs', 'overlay', 'proc', 'sysfs', 'ext4']);

function mountBy(fs: FileSystem, type: string, device: string, target: string, words: readonly string[]): Sys<void> {
  const bind = words.find((word) => word === 'bind' || word === 'rbind');
  const kind = bind ?? type;
  // A type that this kernel does not have: ENODEV, as mount(2) says.
  if (bind === undefined && !kinds.has(kind)) return fail('ENODEV');
  const options: Record<string, string | true> = {};
  for (const word of words) {
    const equals = word.indexOf('=');
    if (word === bind || word === 'ro') continue;
    options[equals < 0 ? word : word.slice(0, equals)] = equals < 0 ? true : word.slice(equals + 1);
  }
  return fs.mount({
    source: device,
    target,
    type: kind as MountOptions['type'],
    options,
    ...(words.includes('ro') ? { readOnly: true } : {}),
  });
}
