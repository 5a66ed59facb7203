import type { Process } from '../../../linux/process/types';
import { isGroup, nameOf, type Command, type Group } from './command';
import type { Flag } from './flags';
import { wrap } from './wrap';

/** What the engine said of itself when it was pinged, as far as help depends on it. */
export interface Seen {
  /** The header `Swarm`: `inactive`, `active/manager`, …; undefined where no engine answered. */
  readonly swarm: string | undefined;
  /** How many columns the terminal has. */
  readonly width: number;
}

/** The width to which flags' texts are wrapped: of the terminal on standard input, else 80. */
export const helpWidth = (process: Process): number =>
  process.fds.get(0)?.kind === 'tty' ? (process.tty?.size.columns ?? 80) : 80;

/** `docker run --help`. `path` is how it was called. */
export function commandHelp(command: Command, path: string, { width }: Seen): string {
  const parts = [`Usage:  ${usageLine(command, path)}\n\n${(command.long ?? command.short).trim()}\n`];
  if (command.experimental === true) parts.push(experimentalNote(path));
  const aliases = command.aliases ?? [];
  if (aliases.length > 1) parts.push(`\nAliases:\n  ${aliases.join(', ')}\n`);
  if (command.examples !== undefined) parts.push(`\nExamples:\n${command.examples}\n`);
  const shown = (command.flags ?? []).filter(({ hidden }) => hidden !== true);
  if (shown.length > 0) parts.push(`\nOptions:\n${flagTable(shown, width)}`);
  return parts.join('');
}

/** `docker rm [OPTIONS] CONTAINER [CONTAINER...]`; further lines of a usage stand as they are written. */
export function usageLine({ use }: Command, path: string): string {
  const space = use.indexOf(' ');
  return space < 0 ? path : `${path}${use.slice(space)}`;
}

/** `docker network --help`. */
export function groupHelp(group: Group, path: string, seen: Seen): string {
  const shown = (group.flags ?? []).filter(({ hidden }) => hidden !== true);
  const parts = [
    `Usage:  ${path}${shown.length > 0 ? ' [OPTIONS]' : ''} COMMAND\n\n${(group.long ?? group.short).trim()}\n`,
  ];
  if (group.experimental === true) parts.push(experimentalNote(path));
  if (shown.length > 0) parts.push(`\nOptions:\n${flagTable(shown, seen.width)}`);
  parts.push(sections(group, seen));
  parts.push(`\nRun '${path} COMMAND --help' for more information on a command.\n`);
  return parts.join('');
}

/** Groups first, then single commands; each by name, without those that need another state of the engine. */
export function sections(group: Group, seen: Seen): string {
  const available = group.commands
    .filter((entry) => isAvailable(entry, seen))
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const width = Math.max(11, ...group.commands.map((entry) => nameOf(entry).length)) + 1;
  const table = (title: string, entries: readonly (Command | Group)[]): string =>
    entries.length === 0 ? '' : `\n${title}:\n${commandTable(entries, width)}`;
  const isTop = ({ order }: Command | Group): boolean => order !== undefined;
  const top = available.filter(isTop).toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
  const rest = available.filter((entry) => !isTop(entry));
  const swarm = group.swarmSection === true ? rest.filter((entry) => isGroup(entry) && entry.swarm !== undefined) : [];
  const managing = rest.filter((entry) => isGroup(entry) && !swarm.includes(entry));
  return [
    table('Common Commands', top),
    table('Management Commands', managing),
    table('Swarm Commands', swarm),
    table(
      'Commands',
      rest.filter((entry) => !isGroup(entry)),
    ),
  ].join('');
}

/** Whether an entry is listed, given the engine's state (cmd/docker: hideUnsupportedFeatures). */
function isAvailable(entry: Command | Group, { swarm }: Seen): boolean {
  if (entry.hidden === true) return false;
  if (entry.swarm === undefined || entry.swarm === '' || swarm === undefined) return true;
  return entry.swarm === 'manager' ? swarm === 'active/manager' : swarm !== 'inactive';
}

const commandTable = (entries: readonly (Command | Group)[], width: number): string =>
  entries
    .map((entry) => {
      const name = isGroup(entry) && entry.plugin !== undefined ? `${nameOf(entry)}*` : nameOf(entry);
      return `  ${name.padEnd(width)}${entry.short}\n`;
    })
    .join('');

/** Flags in two columns, the second wrapped (pflag's FlagUsagesWrapped, one column less than the terminal has). */
export function flagTable(flags: readonly Flag[], width: number): string {
  const rows = [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, short, type, text, fallback }) => {
      const head = short === undefined ? `      --${name}` : `  -${short}, --${name}`;
      return [
        type === 'bool' ? head : `${head} ${type}`,
        fallback === undefined ? text : `${text} ${fallback}`,
      ] as const;
    });
  const column = Math.max(...rows.map(([head]) => head.length)) + 3;
  return rows.map(([head, text]) => `${head.padEnd(column)}${wrap(text, column, width - 1)}\n`).join('');
}

const experimentalNote = (path: string): string => `
EXPERIMENTAL:
  ${path} is an experimental feature.
  Experimental features provide early access to product functionality. These
  features may change between releases without warning, or can be removed from a
  future release. Learn more about experimental features in our documentation:
  https://docs.docker.com/go/experimental/
`;
