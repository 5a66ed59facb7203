import type { Flag, Spec } from './spec';

const WIDTH = 80;

/** `docker compose up --help`. */
export function commandHelp(spec: Spec): string {
  const about = spec.long === undefined ? spec.short.trimEnd() : `${spec.short}\n\n${spec.long}`;
  return `${usage(spec)}\n\n${about}\n\nOptions:\n${flagTable(spec.flags)}`;
}

/** `Usage:  docker compose up [OPTIONS] [SERVICE...]`. */
export const usage = ({ name, use }: Spec): string => `Usage:  docker compose ${name}${use === '' ? '' : ` ${use}`}`;

/** Flags in two columns, the second one wrapped (pflag's FlagUsagesWrapped at 80 columns). */
export function flagTable(flags: readonly Flag[]): string {
  const rows = flags
    .filter(({ hidden }) => !hidden)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, short, type, text }): readonly [string, string] => {
      const head = short === undefined ? `      --${name}` : `  -${short}, --${name}`;
      return [type === undefined ? head : `${head} ${type}`, text];
    });
  const column = Math.max(...rows.map(([head]) => head.length)) + 3;
  return rows.map(([head, text]) => `${head.padEnd(column)}${wrap(column, text)}\n`).join('');
}

/** May go this far over the edge rather than leave a short word alone on the last line. */
const SLOP = 5;

function wrap(indentation: number, text: string): string {
  const width = WIDTH - indentation - SLOP;
  const lines: string[] = [];
  let rest = text;
  while (rest !== '') {
    const [line, more] = cut(width, rest);
    lines.push(line);
    rest = more;
  }
  return lines.join('\n').replaceAll('\n', `\n${' '.repeat(indentation)}`);
}

function cut(width: number, text: string): [string, string] {
  if (width + SLOP > text.length) return [text, ''];
  const head = text.slice(0, width);
  const blank = Math.max(head.lastIndexOf(' '), head.lastIndexOf('\t'), head.lastIndexOf('\n'));
  if (blank <= 0) return [text, ''];
  const newline = head.lastIndexOf('\n');
  const at = newline > 0 && newline < blank ? newline : blank;
  return [text.slice(0, at), text.slice(at + 1)];
}
