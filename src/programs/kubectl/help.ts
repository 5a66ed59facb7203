import { nameOf, pathText, type Command } from './command';
import { defaultText, type Flag } from './flags/flag-set';

/** A headed list of commands in the root's help. */
export interface Group {
  readonly title: string;
  readonly commands: readonly Command[];
}

/** `--help` of a command. Source: kubectl pkg/util/templates. */
export function helpText(path: readonly Command[], groups: readonly Group[]): string {
  const command = path[path.length - 1];
  if (command === undefined) return '';
  const about = (command.long ?? command.short).trim();
  return `${about}${usageText(path, groups)}`;
}

/** What follows the description; begins with an empty line, ends with a newline. */
export function usageText(path: readonly Command[], groups: readonly Group[]): string {
  const command = path[path.length - 1];
  if (command === undefined) return '';
  const sections: string[] = [];
  if (command.aliases && command.aliases.length > 0)
    sections.push(`Aliases:\n${[nameOf(command), ...command.aliases].join(', ')}`);
  if (command.example) sections.push(`Examples:\n${indent(command.example)}`);
  const children = visible(command.commands ?? []);
  if (children.length > 0) sections.push(childrenText(path, children, groups));
  const own = ownFlags(path);
  if (own.length > 0) sections.push(`Options:\n${own.map(flagText).join('\n\n')}`);
  const runnable = command.run !== undefined || (command.commands ?? []).length > 0;
  if (runnable) sections.push(`Usage:\n  ${usageLine(path)}`);
  const tips: string[] = [];
  if ((command.commands ?? []).length > 0)
    tips.push(`Use "${pathText(path)} <command> --help" for more information about a given command.`);
  if (runnable) tips.push('Use "kubectl options" for a list of global command-line options (applies to all commands).');
  sections.push(tips.join('\n'));
  return `\n\n${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

const visible = (commands: readonly Command[]): readonly Command[] =>
  commands.filter((child) => !child.hidden && child.deprecated === undefined && nameOf(child) !== 'options');

// Flags of the command that subcommands do not inherit, by name.
function ownFlags(path: readonly Command[]): readonly Flag[] {
  const own = path[path.length - 1]?.flags ?? [];
  return own.filter(({ hidden }) => !hidden).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function childrenText(path: readonly Command[], children: readonly Command[], groups: readonly Group[]): string {
  const width = Math.max(11, ...(path[path.length - 1]?.commands ?? []).map((child) => nameOf(child).length));
  const lines = (list: readonly Command[]): string =>
    list.map((child) => `\n  ${nameOf(child).padEnd(width)}   ${child.short}`).join('');
  if (path.length > 1) {
    const sorted = children.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    return `Available Commands:${lines(sorted)}`;
  }
  return groups.map(({ title, commands }) => `${title}${lines(visible(commands))}`).join('\n\n');
}

/** `    -n, --namespace='':` and the description below, as kubectl's help shows a flag. */
export function flagText(flag: Flag): string {
  const short = flag.short === undefined ? '    ' : `    -${flag.short}, `;
  const deprecated = flag.deprecated === undefined ? '' : ` (DEPRECATED: ${flag.deprecated})`;
  return `${short}--${flag.name}=${defaultText(flag)}:\n\t${flag.usage}${deprecated}`;
}

function usageLine(path: readonly Command[]): string {
  const command = path[path.length - 1];
  if (command === undefined) return '';
  const parents = pathText(path.slice(0, -1));
  const line = parents === '' ? command.use : `${parents} ${command.use}`;
  return line.includes('[options]') ? line : `${line} [options]`;
}

const indent = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `  ${line.trim()}`)
    .join('\n')
    .trimEnd();
