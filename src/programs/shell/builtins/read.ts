import type { OpenFile } from '../../../linux/io/open-file';
import { ifsOf } from '../expand/word';
import type { Shell } from '../shell';
import { errorText, readFrom, warn } from '../run/io';
import { handlePending, hasPending } from '../run/traps';
import { fromBytes, toBytes } from '../text';
import { assignTo } from './assign-to';
import { isName, readOptions } from './options';
import { splitRead } from './split-read';
import type { Builtin } from './types';

const SYNOPSIS =
  'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]';

interface Wanted {
  readonly fd: number;
  readonly delimiter: number | undefined;
  readonly characters: number | undefined;
  readonly raw: boolean;
  /** Virtual instant at which reading gives up. */
  readonly until: number | undefined;
}

/** `read` */
export const read: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'ersa:d:i:n:N:p:t:u:', SYNOPSIS);
  if (options === undefined) return 2;
  const { flags, rest } = options;
  const strange = shell.dialect === 'dash' ? [...flags.keys()].find((letter) => !'pr'.includes(letter)) : undefined;
  if (strange !== undefined) {
    await warn(shell, `Illegal option -${strange}`);
    return 2;
  }
  if (shell.dialect === 'dash' && rest.length === 0) {
    await warn(shell, 'arg count');
    return 2;
  }
  const unnamed = shell.dialect === 'dash' ? rest.find((name) => !isName(name)) : undefined;
  if (unnamed !== undefined) {
    await warn(shell, `${unnamed}: bad variable name`);
    return 2;
  }
  const { process } = shell;
  const fault = faultIn(flags);
  if (fault !== undefined) {
    await warn(shell, fault);
    return 1;
  }
  const fd = Number(flags.get('u') ?? 0);
  const file = process.fds.get(fd);
  if (file === undefined) {
    await warn(shell, `${flags.has('u') ? `${fd}: invalid file descriptor` : 'read error: 0'}: Bad file descriptor`);
    return 1;
  }
  const timeout = flags.get('t');
  if (timeout !== undefined && Number(timeout) === 0) return isReady(file) ? 0 : 1;
  const terminal = file.kind === 'tty';
  const prompt = flags.get('p');
  if (prompt !== undefined && terminal) await errorText(shell, prompt);
  const count = flags.get('N') ?? flags.get('n');
  const delimiter = flags.get('d');
  const wanted: Wanted = {
    fd,
    delimiter: flags.has('N') ? undefined : delimiter === undefined ? 10 : (toBytes(delimiter)[0] ?? 0),
    characters: count === undefined ? undefined : Number(count),
    raw: flags.has('r'),
    until: timeout === undefined ? undefined : process.clock.now + Number(timeout) * 1000,
  };
  const settings =
    terminal && (flags.has('s') || count !== undefined || delimiter !== undefined) ? process.tty?.termios : undefined;
  const before = settings === undefined ? undefined : { ...settings };
  if (settings !== undefined) {
    if (flags.has('s')) settings.echo = false;
    if (count !== undefined || delimiter !== undefined) settings.canonical = false;
  }
  try {
    const { text, ended } = await collect(shell, wanted);
    if (!(await store(shell, text, rest, flags, wanted.raw))) return 1;
    return ended === 'timeout' ? 142 : ended === 'end' ? 1 : 0;
  } finally {
    if (settings !== undefined) Object.assign(settings, before);
  }
};

/** What is wrong with the numbers among the options. */
function faultIn(flags: ReadonlyMap<string, string>): string | undefined {
  const [timeout, descriptor] = [flags.get('t'), flags.get('u')];
  const count = flags.get('n') ?? flags.get('N');
  if (timeout !== undefined && !/^\d*\.?\d+$|^\d+\.?$/.test(timeout))
    return `${timeout}: invalid timeout specification`;
  if (count !== undefined && !/^\s*\+?\d+\s*$/.test(count)) return `${count}: invalid number`;
  if (descriptor !== undefined && !/^\d+$/.test(descriptor))
    return `${descriptor}: invalid file descriptor specification`;
  return undefined;
}

/** `read -t 0`: whether a read would not wait. Nothing is read. */
const isReady = (file: OpenFile): boolean => file.read(0) !== 'wait';

interface Collected {
  readonly text: string;
  readonly ended: 'delimiter' | 'end' | 'timeout';
}

/** Reads up to the delimiter. Without -r a backslash protects the next character and joins lines. */
async function collect(shell: Shell, { fd, delimiter, characters, raw, until }: Wanted): Promise<Collected> {
  const bytes: number[] = [];
  const text = (): string => fromBytes(Uint8Array.from(bytes));
  let escaped = false;
  let counted = 0;
  if (characters === 0) return { text: '', ended: 'delimiter' };
  const file = shell.process.fds.get(fd);
  const block = file?.kind === 'file' && file.seek !== undefined ? 512 : 1;
  for (;;) {
    // Bytes may never end, and never have to be waited for (/dev/zero).
    if (shell.interrupted) await handlePending(shell);
    const chunk = await readUntil(shell, fd, block, until);
    if (chunk === 'timeout') return { text: text(), ended: 'timeout' };
    if (chunk.length === 0) return { text: text(), ended: 'end' };
    for (const [index, byte] of chunk.entries()) {
      const finished = (): Collected => {
        if (index + 1 < chunk.length) file?.seek?.(index + 1 - chunk.length, 'cur');
        return { text: text(), ended: 'delimiter' };
      };
      if (!escaped && byte === delimiter) return finished();
      if (byte === 0 && delimiter !== 0) continue;
      if (!raw && escaped && byte === 10) {
        bytes.pop();
        escaped = false;
        continue;
      }
      bytes.push(byte);
      const wasEscaped = escaped;
      escaped = !raw && !escaped && byte === 0x5c;
      if (characters === undefined || escaped) continue;
      // Bytes that continue a UTF-8 character do not count; a protected one counts with its backslash as one.
      if ((byte & 0xc0) !== 0x80 || wasEscaped) counted++;
      if (counted >= characters && isWhole(bytes)) return finished();
    }
  }
}

/** Whether the last character has all its bytes. */
function isWhole(bytes: readonly number[]): boolean {
  let back = 0;
  while (back < 3 && ((bytes[bytes.length - 1 - back] ?? 0) & 0xc0) === 0x80) back++;
  const lead = bytes[bytes.length - 1 - back] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return back + 1 >= length;
}

async function readUntil(
  shell: Shell,
  fd: number,
  max: number,
  until: number | undefined,
): Promise<Uint8Array | 'timeout'> {
  const { process } = shell;
  const file = process.fds.get(fd);
  for (;;) {
    if (until !== undefined && file !== undefined) {
      const now = file.read(max);
      if (now !== 'wait') return now.ok ? now.value : new Uint8Array(0);
      const left = until - process.clock.now;
      if (left <= 0) return 'timeout';
      const woken = await process.block<'ready' | 'timeout'>(
        (wake) => {
          const timer = process.clock.setTimer(left, () => wake('timeout'));
          const cancel = file.onReadable(() => wake('ready'));
          return () => {
            process.clock.cancel(timer);
            cancel();
          };
        },
        { interruptible: true },
      );
      if (!woken.ok && hasPending(shell)) await handlePending(shell);
      continue;
    }
    const chunk = await readFrom(shell, fd, max);
    if (chunk === 'error') return new Uint8Array(0);
    if (chunk !== 'interrupted') return chunk;
    if (hasPending(shell)) await handlePending(shell);
  }
}

async function store(
  shell: Shell,
  text: string,
  names: readonly string[],
  flags: ReadonlyMap<string, string>,
  raw: boolean,
): Promise<boolean> {
  const array = flags.get('a');
  if (array !== undefined) {
    const values = splitRead(text, ifsOf(shell), raw, Infinity);
    shell.variables.makeArray(array, 'indexed');
    shell.variables.assignArray(
      array,
      values.map((value) => ({ subscript: undefined, value, append: false })),
    );
    return true;
  }
  if (names.length === 0) {
    shell.set('REPLY', raw ? text : text.replace(/\\([^])/g, '$1'));
    return true;
  }
  if (flags.has('N')) {
    names.forEach((name, index) => assignTo(shell, name, index === 0 ? text : ''));
    return true;
  }
  const values = splitRead(text, ifsOf(shell), raw, names.length);
  for (const [index, name] of names.entries()) {
    if (assignTo(shell, name, values[index] ?? '')) continue;
    await warn(shell, `\`${name}': not a valid identifier`);
    return false;
  }
  return true;
}
