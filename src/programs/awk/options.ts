import type { Process } from '../../linux/process/types';

export interface AwkOptions {
  readonly source: string;
  readonly separator: string | undefined;
  readonly assignments: readonly string[];
  readonly operands: readonly string[];
}

const usage = (name: string): string => `Usage: ${name} [Options] [Program] [file ...]

Program:
    The -f option value is the name of a file containing program text.
    If no -f option is given, a "--" ends option processing; the following
    parameters are the program text.

Options:
    -f program-file  Program  text is read from file instead of from the
                     command-line.  Multiple -f options are accepted.
    -F value         sets the field separator, FS, to value.
    -v var=value     assigns value to program variable var.
    --               unambiguous end of options.

    Implementation-specific options are prefixed with "-W".  They can be
    abbreviated:

    -W version       show version information and exit.
    -W dump          show assembler-like listing of program and exit.
    -W help          show this message and exit.
    -W interactive   set unbuffered output, line-buffered input.
    -W exec file     use file as program as well as last option.
    -W random=number set initial random seed.
    -W sprintf=number adjust size of sprintf buffer.
    -W posix_space   do not consider "\\n" a space.
    -W usage         show this message and exit.
`;

const version = `mawk 1.3.4 20240123
Copyright 2008-2023,2024, Thomas E. Dickey
Copyright 1991-1996,2014, Michael D. Brennan
`;

/** gawk's long names for what POSIX has as letters. */
const long: Readonly<Record<string, string>> = { 'field-separator': 'F', assign: 'v', file: 'f' };

/** Takes the command line apart: options, program text, operands; or a text to print and the status to end with. */
export function readOptions(
  process: Process,
  name: string,
): AwkOptions | { readonly text: string; readonly status: number } {
  const { args } = process;
  const sources: string[] = [];
  const assignments: string[] = [];
  let separator: string | undefined;
  let index = 0;
  const failed = (message: string) => ({ text: `${name}: ${message}\n`, status: 2 });
  for (; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      index++;
      break;
    }
    if (!arg.startsWith('-') || arg === '-') break;
    if (arg === '--version' || arg === '-W' + 'version' || arg === '-V') return { text: version, status: 0 };
    if (arg === '--help' || arg === '-h') return { text: usage(name), status: 0 };
    let letter = arg.charAt(1);
    let value: string | undefined = arg.slice(2);
    if (arg.startsWith('--')) {
      const [, word = '', attached] = /^--([a-z-]+)(?:=([^]*))?$/.exec(arg) ?? [];
      const known = long[word];
      if (known === undefined) {
        if (['posix', 'traditional', 're-interval', 'characters-as-bytes', 'sandbox'].includes(word)) continue;
        return failed(`not an option: ${arg}`);
      }
      letter = known;
      value = attached ?? '';
    }
    if (!['F', 'v', 'f', 'W', 'e'].includes(letter)) return failed(`not an option: ${arg}`);
    if (value === '') value = args[++index];
    if (value === undefined) return failed(`option requires an argument -- ${letter}`);
    if (letter === 'F') separator = value === 't' ? '\t' : value;
    else if (letter === 'v') assignments.push(value);
    else if (letter === 'e') sources.push(value);
    else if (letter === 'W') {
      if (/^v/.test(value)) return { text: version, status: 0 };
      if (/^[hu]/.test(value)) return { text: usage(name), status: 0 };
    } else {
      const text = process.fs.readText(value === '-' ? '/dev/stdin' : value);
      if (!text.ok) return failed(`cannot open ${value} (${text.error.message})`);
      sources.push(text.value);
    }
  }
  let operands = args.slice(index);
  if (sources.length === 0) {
    const [program, ...rest] = operands;
    if (program === undefined) return { text: usage(name), status: 2 };
    sources.push(program);
    operands = rest;
  }
  return { source: sources.join('\n'), separator, assignments, operands };
}
