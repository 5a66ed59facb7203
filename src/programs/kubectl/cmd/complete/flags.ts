import type { Command } from '../../command';
import { flagsOf } from '../../command';
import { flag, type Flag, type FlagSet } from '../../flags/flag-set';

const byName = (a: Flag, b: Flag): number => (a.name < b.name ? -1 : 1);

const helpFlag = (name: string): Flag => flag.bool('help', false, `help for ${name}`, { short: 'h' });

/** Flags of a command, help among its own: inherited ones first, each part by name, as cobra goes through them. */
export function offeredFlags(path: readonly Command[], name: string): readonly Flag[] {
  const above = path.slice(0, -1).flatMap(({ persistentFlags = [] }) => persistentFlags);
  const own = flagsOf(path).filter((each) => !above.includes(each));
  // A command's own flag hides one of all commands.
  const inherited = above.filter((each) => !own.some((other) => other.name === each.name));
  const shown = (flags: readonly Flag[]): readonly Flag[] =>
    flags.filter(({ hidden, deprecated }) => hidden !== true && deprecated === undefined).toSorted(byName);
  return [...shown(inherited), ...shown([...own, helpFlag(name)])];
}

/** `--name` and `-n` where they begin with what is typed, with the first line of what they are for. */
export function flagNames(flags: readonly Flag[], wanted: string): readonly string[] {
  return flags.flatMap(({ name, short, usage }) =>
    [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]
      .filter((written) => written.startsWith(wanted))
      .map((written) => `${written}\t${usage}`),
  );
}

/** May be given again. */
const repeats = ({ kind }: Flag): boolean => kind === 'strings' || kind === 'array';

/** Flags that can still be given: required ones alone as long as there are any that fit. */
export function namesToGive(flags: readonly Flag[], given: FlagSet, wanted: string): readonly string[] {
  const required = requiredFlags(flags, given, wanted);
  if (required.length > 0) return required;
  return flagNames(
    flags.filter((each) => !given.changed(each.name) || repeats(each)),
    wanted,
  );
}

export function requiredFlags(flags: readonly Flag[], given: FlagSet, wanted: string): readonly string[] {
  return flagNames(
    flags.filter(({ required, name }) => required === true && !given.changed(name)),
    wanted,
  );
}
