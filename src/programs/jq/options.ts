import type { FileSystem } from '../../linux/fs/types';
import { JsonParseError, JsonReader, readJson, type Json, type PrintOptions } from '../jqlang';
import { usageLine } from './usage';

export interface JqOptions {
  readonly program: string | undefined;
  readonly files: readonly string[];
  readonly named: ReadonlyMap<string, Json>;
  readonly positional: readonly Json[];
  readonly flags: ReadonlySet<Flag>;
  readonly print: PrintOptions;
}

export type Flag =
  | 'null-input'
  | 'raw-input'
  | 'slurp'
  | 'raw-output'
  | 'raw-output0'
  | 'join-output'
  | 'exit-status'
  | 'stream'
  | 'seq'
  | 'from-file'
  | 'unbuffered'
  | 'sort-keys'
  | 'compact-output'
  | 'ascii-output'
  | 'color-output'
  | 'monochrome-output'
  | 'tab'
  | 'help'
  | 'version';

const shorts: Readonly<Record<string, Flag>> = {
  n: 'null-input',
  R: 'raw-input',
  s: 'slurp',
  c: 'compact-output',
  r: 'raw-output',
  j: 'join-output',
  a: 'ascii-output',
  S: 'sort-keys',
  C: 'color-output',
  M: 'monochrome-output',
  e: 'exit-status',
  f: 'from-file',
  h: 'help',
  V: 'version',
};
const longs = new Set<string>([
  ...Object.values(shorts),
  'raw-output0',
  'stream',
  'seq',
  'unbuffered',
  'tab',
] satisfies Flag[]);
const isFlag = (name: string): name is Flag => longs.has(name);

const broken = (message: string): string => `jq: ${message}\n${usageLine}`;

/** Takes the command line apart; a text is what is wrong with it. */
export function readOptions(args: readonly string[], fs: FileSystem): JqOptions | string {
  const flags = new Set<Flag>();
  const named = new Map<string, Json>();
  const positional: Json[] = [];
  const files: string[] = [];
  let program: string | undefined;
  let rest: 'files' | 'strings' | 'json' = 'files';
  let indent = 2;
  let ended = false;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (ended || !arg.startsWith('-') || arg === '-') {
      if (program === undefined) program = arg;
      else if (rest === 'files') files.push(arg);
      else if (rest === 'strings') positional.push(arg);
      else {
        const value = parsed(arg);
        if (value === undefined) return broken('invalid JSON text passed to --jsonargs');
        positional.push(value);
      }
      continue;
    }
    if (arg === '--') {
      ended = true;
      continue;
    }
    if (!arg.startsWith('--')) {
      // What looks like no cluster of letters is the program after all (`-1`, `-.a`).
      if (!/^-[A-Za-z]+$/.test(arg) && program === undefined) {
        program = arg;
        continue;
      }
      for (const letter of arg.slice(1)) {
        const flag = shorts[letter];
        if (letter === 'L') index++;
        else if (flag === undefined) return broken(`Unknown option ${arg}`);
        else flags.add(flag);
      }
      continue;
    }
    const name = arg.slice(2);
    switch (name) {
      case 'args':
        rest = 'strings';
        continue;
      case 'jsonargs':
        rest = 'json';
        continue;
      case 'indent': {
        const given = args[++index];
        if (given === undefined) return broken('--indent takes one parameter');
        indent = Number.parseInt(given, 10);
        if (Number.isNaN(indent)) indent = 0;
        if (indent < -1) return broken('--indent takes a number between -1 and 7');
        if (indent > 7) return broken('--indent takes a number between -1 and 7');
        continue;
      }
      case 'arg':
      case 'argjson':
      case 'slurpfile':
      case 'rawfile': {
        const [key, value] = args.slice(index + 1);
        if (key === undefined || value === undefined) {
          const parameters = name === 'argjson' ? 'text' : name === 'arg' ? 'value' : 'filename';
          return broken(`--${name} takes two parameters (e.g. --${name} varname ${parameters})`);
        }
        index += 2;
        const given = argument(key, name, value, fs);
        if (typeof given === 'object') {
          return given.usage ? broken(given.message) : `jq: ${given.message}\n`;
        }
        if (!named.has(key)) named.set(key, given());
        continue;
      }
      case 'stream-errors':
        flags.add('stream');
        continue;
      default:
        if (!isFlag(name)) return broken(`Unknown option ${arg}`);
        flags.add(name);
    }
  }
  return { program, files, named, positional, flags, print: printOptions(flags, indent) };
}

function printOptions(flags: ReadonlySet<Flag>, indent: number): PrintOptions {
  const step = flags.has('tab') ? '\t' : indent > 0 ? ' '.repeat(indent) : undefined;
  return {
    ...(flags.has('compact-output') || step === undefined ? {} : { indent: step }),
    sortKeys: flags.has('sort-keys'),
    ascii: flags.has('ascii-output'),
  };
}

function parsed(text: string): Json | undefined {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonParseError) return undefined;
    throw error;
  }
}

/** The value of --arg and its like. */
function argument(
  key: string,
  kind: 'arg' | 'argjson' | 'slurpfile' | 'rawfile',
  given: string,
  fs: FileSystem,
): (() => Json) | { readonly message: string; readonly usage: boolean } {
  if (kind === 'arg') return () => given;
  if (kind === 'argjson') {
    const value = parsed(given);
    return value === undefined ? { message: 'invalid JSON text passed to --argjson', usage: true } : () => value;
  }
  const text = fs.readText(given);
  const bad = (why: string) => ({ message: `Bad JSON in --${kind} ${key} ${given}: ${why}`, usage: false });
  if (!text.ok) return bad(`Could not open ${given}: ${text.error.message}`);
  if (kind === 'rawfile') return () => text.value;
  const reader = new JsonReader();
  reader.feed(text.value);
  reader.end();
  const values: Json[] = [];
  try {
    for (let value = reader.take(); value !== undefined; value = reader.take()) values.push(value);
  } catch (error) {
    if (error instanceof JsonParseError) return bad(error.message);
    throw error;
  }
  return () => values;
}
