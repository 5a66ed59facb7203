import type { FileType } from '../../linux/fs/types';

const letters: Readonly<Record<FileType, string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  char: 'c',
  block: 'b',
};

/** `drwxr-xr-x`. */
export function modeText(type: FileType, mode: number): string {
  const bits = ['x', 'w', 'r'];
  let text = '';
  for (let bit = 8; bit >= 0; bit--) text += (mode & (1 << bit)) === 0 ? '-' : (bits[bit % 3] ?? '');
  const chars = [...text];
  const special = (index: number, set: boolean, letter: string): void => {
    if (set) chars[index] = chars[index] === 'x' ? letter : letter.toUpperCase();
  };
  special(2, (mode & 0o4000) !== 0, 's');
  special(5, (mode & 0o2000) !== 0, 's');
  special(8, (mode & 0o1000) !== 0, 't');
  return letters[type] + chars.join('');
}

/** `1.5K`, as ls -h and du -h: rounded up, one decimal below ten. */
export function humanSize(bytes: number, base = 1024): string {
  if (bytes < base) return String(bytes);
  const units = base === 1024 ? ['K', 'M', 'G', 'T', 'P', 'E'] : ['k', 'M', 'G', 'T', 'P', 'E'];
  let value = bytes;
  let unit = -1;
  while (value >= base && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  let shown = value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value);
  if (shown >= base && unit < units.length - 1) {
    shown /= base;
    unit++;
  }
  return (shown < 10 ? shown.toFixed(1) : String(Math.ceil(shown))) + (units[unit] ?? '');
}

/** `1.5K`, `32.0M`: rounded to one decimal, as BusyBox writes sizes (libbb/human_readable.c). */
export function shortSize(bytes: number): string {
  let value = Math.floor(bytes);
  let tenths = 0;
  let unit = 0;
  for (; value >= 1024 && unit < 8; unit++) {
    tenths = Math.floor(((value % 1024) * 10 + 512) / 1024);
    value = Math.floor(value / 1024);
  }
  if (unit === 0) return String(value);
  if (tenths >= 10) [value, tenths] = [value + 1, 0];
  return `${value}.${tenths}${'KMGTPEZY'.charAt(unit - 1)}`;
}

/** `10K`, `5MB`, `2G`: what -c of head takes. NaN if it is none. */
export function parseSize(text: string): number {
  const match = /^(\d+)([a-zA-Z]*)$/.exec(text);
  if (match === null) return NaN;
  const suffix = match[2] ?? '';
  if (suffix === '') return Number(match[1]);
  if (suffix === 'b') return Number(match[1]) * 512;
  const power = 'KMGTPE'.indexOf(/^[km]/.test(suffix) ? suffix.charAt(0).toUpperCase() : suffix.charAt(0)) + 1;
  const rest = suffix.slice(1);
  if (power === 0 || !['', 'B', 'iB'].includes(rest)) return NaN;
  return Number(match[1]) * (rest === 'B' ? 1000 : 1024) ** power;
}

/** `1.5`, `2m`, `1h`, `infinity` in milliseconds; NaN if it is none. */
export function parseDuration(text: string): number {
  if (/^inf(inity)?$/i.test(text)) return Infinity;
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  if (match === null) return NaN;
  const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
  return Number(match[1]) * (units[match[2] ?? ''] ?? 1) * 1000;
}

/** In order of bytes, as the C locale sorts (UTF-8 keeps the order of code points). */
export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Numbers within the text count as numbers (strverscmp, -V). */
export function compareVersions(a: string, b: string): number {
  const parts = (text: string) => text.match(/\d+|\D+/g) ?? [];
  const left = parts(a);
  const right = parts(b);
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const one = left[index] ?? '';
    const other = right[index] ?? '';
    const bothNumbers = /^\d/.test(one) && /^\d/.test(other);
    const order = bothNumbers ? Number(one) - Number(other) : compareBytes(one, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Terminal cells a text takes: wide East Asian characters and emoji take two, combining marks none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x300) width++;
    else if (/\p{M}/u.test(char)) continue;
    else
      width +=
        /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
          char,
        )
          ? 2
          : 1;
  }
  return width;
}
