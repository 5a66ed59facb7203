import { generate, runningSpec } from '../editor/completion/generate';
import { namesOf } from '../editor/completion/names';
import { completionOptions, specialNames, type CompletionSpec } from '../editor/completion/spec';
import { errorText, out, usage, warn } from '../run/io';
import type { Shell } from '../shell';
import { describeSpec, readCompleteOptions } from './complete-options';
import type { Builtin } from './types';

const synopsis = (name: string, head: string, tail: string): string =>
  `${name} [-abcdefgjksuv]${head} [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] ${tail}`;
const completeSynopsis = synopsis('complete', ' [-pr] [-DEI]', '[name ...]');

export const complete: Builtin = async (shell, args) => {
  const options = await readCompleteOptions(shell, args, 'prDEI', completeSynopsis);
  if (typeof options === 'number') return options;
  const { spec, specified, letters, rest } = options;
  const special = ['D', 'E', 'I'].find((letter) => letters.has(letter));
  const names = special === undefined ? rest : [specialNames[special] ?? ''];
  if (letters.has('r')) return remove(shell, names);
  if (letters.has('p') || (!specified && names.length === 0)) return print(shell, names);
  if (names.length === 0) {
    await errorText(shell, `complete: usage: ${completeSynopsis}\n`);
    return 2;
  }
  for (const name of names) {
    shell.completions.delete(name);
    shell.completions.set(name, spec);
  }
  return 0;
};

async function remove(shell: Shell, names: readonly string[]): Promise<number> {
  if (names.length === 0) for (const name of [...shell.completions.keys()]) shell.completions.delete(name);
  let status = 0;
  // Where nothing was ever registered there is no table to miss a name in.
  if ([...shell.completions.keys()].length === 0) return 0;
  for (const name of names) if (!(await known(shell, name))) status = 1;
  for (const name of names) shell.completions.delete(name);
  return status;
}

async function known(shell: Shell, name: string): Promise<boolean> {
  if (shell.completions.get(name) !== undefined) return true;
  await warn(shell, `${name}: no completion specification`);
  return false;
}

async function print(shell: Shell, names: readonly string[]): Promise<number> {
  let status = 0;
  for (const name of names.length === 0 ? [...shell.completions.keys()] : names) {
    const spec = shell.completions.get(name);
    if (spec === undefined) status = (await known(shell, name)) ? status : 1;
    else await out(shell, describeSpec(spec, name));
  }
  return status;
}

export const compgen: Builtin = async (shell, args) => {
  const options = await readCompleteOptions(shell, args, '', synopsis('compgen', '', '[word]'));
  if (typeof options === 'number') return options;
  const { spec, rest } = options;
  for (const [letter, value] of [
    ['F', spec.function],
    ['C', spec.command],
  ])
    if (value !== undefined) await warn(shell, `warning: -${letter ?? ''} option may not work as you expect`);
  const [word = ''] = rest;
  const request = {
    command: 'compgen',
    word,
    previous: '',
    line: '',
    cursor: 0,
    words: [],
    index: -1,
    type: '9',
    key: 9,
  };
  const { values: found } = await generate(shell, spec, request);
  const files = spec.options.has('default') || spec.options.has('bashdefault');
  const values = found.length === 0 && files ? namesOf(shell, 'file', word) : found;
  if (values.length === 0) return 1;
  return out(shell, values.map((each) => `${each}\n`).join(''));
};

const compoptSynopsis = 'compopt [-o|+o option] [-DEI] [name ...]';

/** Options of the completion that runs, or of registered ones. */
export const compopt: Builtin = async (shell, args) => {
  const on: string[] = [];
  const off: string[] = [];
  let special: string | undefined;
  let index = 0;
  for (; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (/^-[DEI]$/.test(argument)) special = specialNames[argument.charAt(1)];
    else if (/^[-+]o/.test(argument)) {
      const option = argument.length > 2 ? argument.slice(2) : args[++index];
      if (option === undefined) return usage(shell, `${argument}: option requires an argument`, compoptSynopsis);
      if (!completionOptions.includes(option)) {
        await warn(shell, `${option}: invalid option name`);
        return 2;
      }
      (argument.startsWith('-') ? on : off).push(option);
    } else if (argument === '--') {
      index++;
      break;
    } else if (/^[-+]./.test(argument)) return usage(shell, `${argument.slice(0, 2)}: invalid option`, compoptSynopsis);
    else break;
  }
  const names = special === undefined ? args.slice(index) : [special];
  const changes = on.length + off.length > 0;
  if (names.length === 0) {
    const state = runningSpec(shell);
    if (state === undefined) {
      await warn(shell, 'not currently executing completion function');
      return 1;
    }
    if (!changes) return out(shell, optionsText(state.spec, state.name));
    state.spec = changed(state.spec, on, off);
    return 0;
  }
  let status = 0;
  for (const name of names) {
    const spec = shell.completions.get(name);
    if (spec === undefined) status = (await known(shell, name)) ? status : 1;
    else if (changes) shell.completions.set(name, changed(spec, on, off));
    else await out(shell, optionsText(spec, special === undefined ? name : (args[index - 1] ?? '')));
  }
  return status;
};

const optionsText = (spec: CompletionSpec, name: string): string =>
  `compopt ${completionOptions.map((option) => `${spec.options.has(option) ? '-' : '+'}o ${option}`).join(' ')} ${name}\n`;

function changed(spec: CompletionSpec, on: readonly string[], off: readonly string[]): CompletionSpec {
  const options = new Set([...spec.options, ...on]);
  for (const each of off) options.delete(each);
  return { ...spec, options };
}
