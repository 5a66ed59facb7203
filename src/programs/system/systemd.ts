import type { Manager } from '../../linux/systemd/manager';
import type { Process } from '../../linux/process/types';
import { type Options, parseOptions, type OptionSpec } from '../toolkit/options';

export const systemdVersion = `systemd 252 (252.39-1~deb12u2)
+PAM +AUDIT +SELINUX +APPARMOR +IMA +SMACK +SECCOMP +GCRYPT -GNUTLS +OPENSSL +ACL +BLKID +CURL +ELFUTILS +FIDO2 +IDN2 -IDN +IPTC +KMOD +LIBCRYPTSETUP +LIBFDISK +PCRE2 -PWQUALITY +P11KIT +QRENCODE +TPM2 +BZIP2 +LZ4 +XZ +ZLIB +ZSTD -BPF_FRAMEWORK -XKBCOMMON +UTMP +SYSVINIT default-hierarchy=unified
`;

/** The manager of the host, where this process sees that systemd runs it (sd_booted(3)); none in containers. */
export function managerOf({ fs, host }: Process): Manager | undefined {
  return fs.stat('/run/systemd/system').ok ? host.systemd : undefined;
}

/** What systemd's tools say in containers, and what they answer with. */
export async function notBooted(process: Process): Promise<number> {
  await process.stderr.write(
    "System has not been booted with systemd as init system (PID 1). Can't operate.\n" +
      'Failed to connect to bus: Host is down\n',
  );
  return 1;
}

/** Options as systemd's tools take them: an unknown one is told in one line. */
export async function systemdOptions(process: Process, name: string, spec: OptionSpec): Promise<Options | number> {
  const options = parseOptions(process.args, spec);
  if (typeof options !== 'string') return options;
  await process.stderr.write(`${name}: ${options}\n`);
  return 1;
}

/** What may be shown on this standard output. */
export interface Look {
  readonly color: boolean;
  readonly unicode: boolean;
  readonly columns: number;
}

export function lookOf(process: Process): Look {
  const terminal = process.fds.get(1)?.kind === 'tty';
  const term = process.env.get('TERM') ?? 'dumb';
  const locale = process.env.get('LC_ALL') ?? process.env.get('LC_CTYPE') ?? process.env.get('LANG');
  return {
    color: terminal && term !== 'dumb' && !process.env.has('NO_COLOR'),
    unicode: locale === undefined || !/^(C|POSIX)$/.test(locale),
    columns: process.tty?.size.columns ?? 80,
  };
}

export const colors = {
  green: '\x1b[0;1;32m',
  red: '\x1b[0;1;31m',
  yellow: '\x1b[0;1;38;5;185m',
  grey: '\x1b[0;38;5;245m',
  blue: '\x1b[0;1;34m',
  bold: '\x1b[0;1;39m',
  plainGreen: '\x1b[0;32m',
  none: '',
} as const;
export type Color = keyof typeof colors;

/** A text in a colour, where there are colours. */
export const paint = ({ color }: Look, which: Color, text: string): string =>
  color && which !== 'none' ? `${colors[which]}${text}\x1b[0m` : text;

/** Writes a long text through the pager, as systemd's tools do on a terminal. `options`: SYSTEMD_LESS. */
export async function paged(process: Process, text: string, wanted: boolean, options = 'FRSX'): Promise<void> {
  const pager = process.env.get('SYSTEMD_PAGER') ?? process.env.get('PAGER') ?? 'less';
  const terminal = process.fds.get(1)?.kind === 'tty';
  const file =
    wanted && terminal && pager !== 'cat' && pager !== '' ? process.which(pager.split(' ')[0] ?? '') : undefined;
  if (file === undefined) {
    await process.stdout.write(text);
    return;
  }
  const { read, write } = process.pipe();
  const streams = [1, 2].flatMap((fd) => {
    const open = process.fds.get(fd);
    return open === undefined ? [] : [[fd, open] as const];
  });
  const child = process.spawn({
    file,
    argv: [pager, ...`-${options}`.split(' ')],
    fds: new Map([[0, read], ...streams]),
  });
  if (!child.ok) {
    await process.stdout.write(text);
    return;
  }
  process.signals.ignore('SIGPIPE');
  const fd = process.fds.install(write, 3);
  await process.fds.writer(fd).write(text);
  process.fds.close(fd);
  await child.value.wait();
}

const spans: readonly (readonly [string, number])[] = [
  ['y', 31_557_600_000],
  ['month', 2_629_800_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** A time span as format_timespan() writes it: `1min 33s`, `1.234s`, `317ms`. */
export function formatSpan(ms: number, accuracy = 0.001): string {
  if (ms === Infinity) return 'infinity';
  if (ms <= 0) return '0';
  let rest = ms;
  const parts: string[] = [];
  for (const [unit, size] of spans) {
    if (rest <= 0 || (rest < accuracy && parts.length > 0)) break;
    if (rest < size) continue;
    const count = Math.floor(rest / size);
    const left = rest - count * size;
    // Below a minute a fraction: 1.234s.
    if (rest < 60_000 && left > 0 && accuracy < size && unit === 's') {
      const digits = Math.max(0, Math.round(Math.log10(size / Math.max(accuracy, 1))));
      parts.push(`${count}.${String(Math.floor(left)).padStart(3, '0').slice(0, digits)}${unit}`);
      return parts.join(' ');
    }
    parts.push(`${count}${unit}`);
    rest = left;
    if (rest < accuracy) break;
  }
  if (parts.length === 0) return `${Math.max(1, Math.round(ms * 1000))}us`;
  return parts.join(' ');
}

/** `1min 33s ago` (format_timestamp_relative()). */
export function ago(now: number, then: number): string {
  const past = now >= then;
  const d = Math.abs(now - then);
  const tail = past ? ' ago' : ' left';
  const day = 86_400_000;
  const count = (size: number): number => Math.floor(d / size);
  const plural = (amount: number, unit: string): string => `${amount} ${unit}${amount === 1 ? '' : 's'}`;
  if (d >= 365.25 * day) {
    const years = count(365.25 * day);
    const months = Math.floor((d - years * 365.25 * day) / (30.4375 * day));
    return `${plural(years, 'year')} ${plural(months, 'month')}${tail}`;
  }
  if (d >= 30.4375 * day) {
    const months = count(30.4375 * day);
    return `${plural(months, 'month')} ${plural(Math.floor((d - months * 30.4375 * day) / day), 'day')}${tail}`;
  }
  if (d >= 7 * day)
    return `${plural(count(7 * day), 'week')} ${plural(Math.floor((d % (7 * day)) / day), 'day')}${tail}`;
  if (d >= 2 * day) return `${count(day)} days${tail}`;
  if (d >= 25 * 3_600_000) return `1 day ${count(3_600_000) - 24}h${tail}`;
  if (d >= 6 * 3_600_000) return `${count(3_600_000)}h${tail}`;
  if (d >= 3_600_000) return `${count(3_600_000)}h ${Math.floor((d % 3_600_000) / 60_000)}min${tail}`;
  if (d >= 300_000) return `${count(60_000)}min${tail}`;
  if (d >= 60_000) return `${count(60_000)}min ${Math.floor((d % 60_000) / 1000)}s${tail}`;
  if (d >= 1000) return `${count(1000)}s${tail}`;
  if (d >= 1) return `${Math.floor(d)}ms${tail}`;
  return d > 0 ? `${Math.round(d * 1000)}us${tail}` : 'now';
}

/** `1.5M` as format_bytes() writes it. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  for (const [unit, size] of [
    ['T', 1024 ** 4],
    ['G', 1024 ** 3],
    ['M', 1024 ** 2],
    ['K', 1024],
  ] as const) {
    if (bytes >= size) return `${Math.floor(bytes / size)}.${Math.floor(((bytes % size) * 10) / size)}${unit}`;
  }
  return `${bytes}B`;
}
