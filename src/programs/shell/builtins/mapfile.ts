import { warn } from '../run/io';
import { readDelimited } from '../run/read-line';
import { fromBytes, toBytes } from '../text';
import { singleQuote } from '../expand/quote';
import { Source } from '../parse/source';
import { isName, readOptions } from './options';
import type { Builtin } from './types';

/** `mapfile` and `readarray` */
export const mapfile: Builtin = async (shell, args) => {
  const synopsis = `${shell.running ?? 'mapfile'} [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]`;
  const options = await readOptions(shell, args, 'd:n:O:s:tu:C:c:', synopsis);
  if (options === undefined) return 2;
  const { flags, rest } = options;
  const name = rest[0] ?? 'MAPFILE';
  if (!isName(name)) {
    await warn(shell, `\`${name}': not a valid identifier`);
    return 1;
  }
  const fd = Number(flags.get('u') ?? 0);
  if (shell.process.fds.get(fd) === undefined) {
    await warn(shell, `${fd}: invalid file descriptor: Bad file descriptor`);
    return 1;
  }
  const wrong = (letter: string, what: string): string | undefined => {
    const value = flags.get(letter);
    return value === undefined || /^\d+$/.test(value) ? undefined : `${value}: ${what}`;
  };
  const fault =
    wrong('n', 'invalid line count') ??
    wrong('s', 'invalid line count') ??
    wrong('O', 'invalid array origin') ??
    wrong('c', 'invalid callback quantum');
  if (fault !== undefined) {
    await warn(shell, fault);
    return 1;
  }
  const delimiter = flags.has('d') ? (toBytes(flags.get('d') ?? '')[0] ?? 0) : 10;
  const count = Number(flags.get('n') ?? 0);
  const skip = Number(flags.get('s') ?? 0);
  const origin = Number(flags.get('O') ?? 0);
  const quantum = Number(flags.get('c') ?? 5000);
  const callback = flags.get('C');
  shell.variables.makeArray(name, 'indexed');
  if (!flags.has('O')) shell.variables.assignArray(name, []);
  let index = 0;
  for (let number = 0; count === 0 || index < count; number++) {
    const { bytes, delimited } = await readDelimited(shell, fd, delimiter);
    if (bytes.length === 0 && !delimited) break;
    if (number < skip) continue;
    // A text ends at a NUL.
    const end = bytes.indexOf(0);
    const kept = delimited && delimiter !== 0 && end < 0 && !flags.has('t') ? String.fromCharCode(delimiter) : '';
    const text = fromBytes(end < 0 ? bytes : bytes.subarray(0, end)) + kept;
    if (callback !== undefined && (index + 1) % quantum === 0) {
      const line = `${callback} ${origin + index} ${singleQuote(text)}`;
      await shell.interpreter.source(shell, new Source(line, shell.source.name, 'eval'));
    }
    shell.variables.assignElement(name, String(origin + index), text);
    index++;
    if (!delimited) break;
  }
  return 0;
};
