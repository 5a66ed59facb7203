import { isGroup, nameOf, type Command, type Group } from './command';
import type { Flag } from './flags';

const WIDTH = 80;

/** `docker run --help`. `path` is how it was called. */
export function commandHelp(command: Command, path: string): string {
  const parts = [`Usage:  ${usageLine(command, path)}\n\n${command.long ?? command.short}\n`];
  const aliases = command.aliases ?? [];
  if (aliases.length > 1) parts.push(`\nAliases:\n  ${aliases.join(', ')}\n`);
  if ((command.flags ?? []).length > 0) parts.push(`\nOptions:\n${flagTable(command.flags ?? [])}`);
  return parts.join('');
}

/** `docker rm [OPTIONS] CONTAINER [CONTAINER...]`. */
export function usageLine({ use }: Command, path: string): string {
  const space = use.indexOf(' ');
  return space < 0 ? path : `${path}${use.slice(space)}`;
}

export function groupHelp(group: Group, path: string): string {
  return `Usage:  ${path} COMMAND\n\n${group.short}\n\nCommands:\n${commandTable(group.commands)}\nRun '${path} COMMAND --help' for more information on a command.\n`;
}

export function commandTable(entries: readonly (Command | Group)[]): string {
  const width = Math.max(11, ...entries.map((entry) => nameOf(entry).length + 1));
  return entries.map((entry) => `  ${nameOf(entry).padEnd(width)} ${shortOf(entry)}\n`).join('');
}

const shortOf = (entry: Command | Group): string => (isGroup(entry) ? entry.short : (entry.short.split('\n')[0] ?? ''));

/** Flags in two columns, the second wrapped (pflag's FlagUsagesWrapped at 80 columns). */
function flagTable(flags: readonly Flag[]): string {
  const rows = [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, short, type, text }) => {
      const head = short === undefined ? `      --${name}` : `  -${short}, --${name}`;
      return [type === 'bool' ? head : `${head} ${type}`, text] as const;
    });
  const column = Math.max(...rows.map(([head]) => head.length)) + 3;
  return rows.map(([head, text]) => `${head.padEnd(column)}${wrap(text, WIDTH - column, column)}\n`).join('');
}

function wrap(text: string, width: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.join(`\n${' '.repeat(indent)}`);
}
