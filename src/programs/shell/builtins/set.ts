import { out, usage, warn } from '../run/io';
import type { Shell } from '../shell';
import { Exit } from '../state/errors';
import { assignmentLine } from '../state/describe';
import { functionText } from '../parse/print';
import { isSetOption, optionOfLetter, setOptions, type SetOption } from '../state/options';
import { readOptions } from './options';
import type { Builtin } from './types';

const names = Object.keys(setOptions) as SetOption[];

/** `set -m` brings job control where there is a terminal. */
function change(shell: Shell, option: SetOption, on: boolean): void {
  shell.options.change(option, on);
  if (option === 'errexit' && on && shell.negated !== undefined) shell.tested = shell.negated;
  if (option === 'monitor') shell.jobControl = on;
  if (option === 'vi' && on) shell.options.change('emacs', false);
  if (option === 'emacs' && on) shell.options.change('vi', false);
}

/** optnames[] of dash's options.c; those we do not keep are off. */
const dashNames =
  'errexit noglob ignoreeof interactive monitor noexec stdin xtrace verbose vi emacs noclobber allexport notify nounset privileged nolog debug'.split(
    ' ',
  );

function listDashOptions(shell: Shell, plus: boolean): string {
  const rows = dashNames.map((name) => {
    const on = name === 'interactive' ? shell.interactive : isSetOption(name) && shell.options.has(name);
    return plus ? `set ${on ? '-' : '+'}o ${name}\n` : `${name.padEnd(16)}${on ? 'on' : 'off'}\n`;
  });
  return `${plus ? '' : 'Current option settings\n'}${rows.join('')}`;
}

const listOptions = (shell: Shell, plus: boolean): string =>
  names
    .map((name) => {
      const on = shell.options.has(name);
      return plus ? `set ${on ? '-' : '+'}o ${name}\n` : `${name.padEnd(15)}\t${on ? 'on' : 'off'}\n`;
    })
    .join('');

export const set: Builtin = async (shell, args) => {
  if (args.length === 0) return out(shell, listAll(shell));
  let index = 0;
  for (; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (argument === '--') {
      shell.positional = args.slice(index + 1);
      return 0;
    }
    if (argument === '+') continue;
    if (argument === '-') {
      change(shell, 'xtrace', false);
      change(shell, 'verbose', false);
      index++;
      break;
    }
    if (!/^[-+]./.test(argument)) break;
    const on = argument.startsWith('-');
    for (const letter of argument.slice(1)) {
      if (letter === 'o') {
        const name = args[index + 1];
        if (name === undefined) {
          await out(shell, (shell.dialect === 'dash' ? listDashOptions : listOptions)(shell, !on));
          return 0;
        }
        if (!isSetOption(name) || (shell.dialect === 'dash' && !dashNames.includes(name))) {
          await warn(
            shell,
            shell.dialect === 'bash' ? `${name}: invalid option name` : `Illegal option ${on ? '-' : '+'}o ${name}`,
          );
          if (shell.dialect !== 'bash') throw new Exit(2);
          return 2;
        }
        index++;
        change(shell, name, on);
        continue;
      }
      const option = optionOfLetter(letter);
      if (option === undefined || letter === '') {
        const sign = on ? '-' : '+';
        if (shell.dialect !== 'bash') {
          await warn(shell, `Illegal option ${sign}${letter}`);
          throw new Exit(2);
        }
        return usage(
          shell,
          `${sign}${letter}: invalid option`,
          'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]',
        );
      }
      change(shell, option, on);
    }
  }
  if (index < args.length) shell.positional = args.slice(index);
  return 0;
};

function listAll(shell: Shell): string {
  const lines = shell.variables.names().flatMap((name) => {
    const value = shell.variables.get(name)?.value;
    if (value === undefined) return [];
    if (shell.dialect === 'bash') return [`${assignmentLine(name, value)}\n`];
    return typeof value === 'string' ? [`${name}='${value.replaceAll("'", `'"'"'`)}'\n`] : [];
  });
  if (shell.dialect === 'bash') {
    for (const name of [...shell.functions.keys()].sort()) {
      const found = shell.functions.get(name);
      if (found !== undefined) lines.push(`${functionText(found)}\n`);
    }
  }
  return lines.join('');
}

export const shopt: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'psuqo', 'shopt [-pqsu] [-o] [optname ...]');
  if (options === undefined) return 2;
  const { flags, rest } = options;
  const [turnOn, turnOff] = [flags.has('s'), flags.has('u')];
  if (flags.has('o')) return shoptSet(shell, flags, rest);
  if (rest.length === 0) {
    const shown = shell.options.shopts().filter(([, on]) => (turnOn ? on : turnOff ? !on : true));
    return flags.has('q') ? 0 : out(shell, shown.map(([name, on]) => line(name, on, flags.has('p'))).join(''));
  }
  let status = 0;
  for (const name of rest) {
    if (!shell.options.knows(name)) {
      await warn(shell, `${name}: invalid shell option name`);
      status = 1;
    } else if (turnOn || turnOff) shell.options.shopt(name, turnOn);
    else {
      const on = shell.options.on(name);
      if (!on) status = 1;
      if (!flags.has('q')) await out(shell, line(name, on, flags.has('p')));
    }
  }
  return status;
};

const line = (name: string, on: boolean, reusable: boolean): string =>
  reusable ? `shopt ${on ? '-s' : '-u'} ${name}\n` : `${name.padEnd(15)}\t${on ? 'on' : 'off'}\n`;

async function shoptSet(shell: Shell, flags: ReadonlyMap<string, string>, rest: readonly string[]): Promise<number> {
  if (rest.length === 0) return out(shell, listOptions(shell, flags.has('p')));
  let status = 0;
  for (const name of rest) {
    if (!isSetOption(name)) {
      await warn(shell, `${name}: invalid option name`);
      status = 1;
    } else if (flags.has('s') || flags.has('u')) change(shell, name, flags.has('s'));
    else {
      const on = shell.options.has(name);
      if (!on) status = 1;
      if (!flags.has('q'))
        await out(
          shell,
          flags.has('p') ? `set ${on ? '-' : '+'}o ${name}\n` : `${name.padEnd(15)}\t${on ? 'on' : 'off'}\n`,
        );
    }
  }
  return status;
}
