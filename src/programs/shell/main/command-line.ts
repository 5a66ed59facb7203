import type { Dialect } from '../shell';
import { isSetOption, optionOfLetter, type SetOption } from '../state/options';

/** What a shell was called with. */
export interface CommandLine {
  /** argv[0] without the dash of a login shell, as messages call it. */
  readonly name: string;
  readonly login: boolean;
  readonly interactive: boolean;
  readonly command: string | undefined;
  readonly script: string | undefined;
  /** What follows the command or the script. */
  readonly rest: readonly string[];
  readonly options: readonly (readonly [SetOption, boolean])[];
  readonly shopts: readonly (readonly [string, boolean])[];
  readonly noProfile: boolean;
  readonly noRc: boolean;
  readonly rcFile: string | undefined;
  readonly version: boolean;
  readonly help: boolean;
  readonly fault: string | undefined;
}

/** Reads the arguments of bash(1), dash(1) or ash. */
export function parseCommandLine(argv: readonly string[], dialect: Dialect): CommandLine {
  const [zero = dialect, ...args] = argv;
  const options: [SetOption, boolean][] = [];
  const shopts: [string, boolean][] = [];
  let [login, interactive, fromInput, wantsCommand] = [zero.startsWith('-'), false, false, false];
  let [noProfile, noRc, version, help] = [false, false, false, false];
  let rcFile: string | undefined;
  let fault: string | undefined;
  let index = 0;
  for (; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (argument === '--' || argument === '-') {
      index++;
      break;
    }
    if (argument === '-version' && dialect === 'bash') {
      version = true;
      continue;
    }
    if (argument.startsWith('--') && dialect === 'bash') {
      if (argument === '--login') login = true;
      else if (argument === '--noprofile') noProfile = true;
      else if (argument === '--norc') noRc = true;
      else if (argument === '--version') version = true;
      else if (argument === '--help') help = true;
      else if (argument === '--rcfile' || argument === '--init-file') rcFile = args[++index];
      else if (argument === '--posix') options.push(['posix', true]);
      else if (!['--verbose', '--noediting', '--restricted', '--debugger'].includes(argument)) {
        fault ??= `${argument}: invalid option`;
      }
      continue;
    }
    if (!/^[-+]./.test(argument)) break;
    const on = argument.startsWith('-');
    for (const letter of argument.slice(1)) {
      if (letter === 'c') wantsCommand = true;
      else if (letter === 's') fromInput = true;
      else if (letter === 'i') interactive = true;
      else if (letter === 'l') login = true;
      else if (letter === 'o' || letter === 'O') {
        const name = args[++index] ?? '';
        if (letter === 'O') shopts.push([name, on]);
        else if (isSetOption(name)) options.push([name, on]);
        else fault ??= `${name}: invalid option name`;
      } else {
        const option = optionOfLetter(letter);
        if (option !== undefined) options.push([option, on]);
        else fault ??= `${argument.charAt(0)}${letter}: invalid option`;
      }
    }
  }
  let rest = args.slice(index);
  let command: string | undefined;
  let script: string | undefined;
  if (wantsCommand) {
    [command, ...rest] = rest;
    if (command === undefined) fault ??= '-c: option requires an argument';
  } else if (!fromInput && rest.length > 0) [script, ...rest] = rest;
  const shared = { name: zero, login, interactive, command, script, rest, options, shopts };
  return { ...shared, noProfile, noRc, rcFile, version, help, fault };
}
