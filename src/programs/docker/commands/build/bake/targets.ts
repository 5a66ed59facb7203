import { CommandError } from '../../../cli/command';
import type { FlagValues } from '../../../cli/flags';
import type { Definition, Target } from './definition';

/** The targets that names mean: groups are taken apart, what a target inherits is in it. */
export function resolveTargets(
  definition: Definition,
  names: readonly string[],
): { readonly names: readonly string[]; readonly targets: Readonly<Record<string, Target>> } {
  const found = new Set<string>();
  const visit = (name: string, from: readonly string[]): void => {
    if (from.includes(name)) return;
    const group = definition.groups[name];
    if (group !== undefined) for (const member of group) visit(member, [...from, name]);
    else if (definition.targets[name] !== undefined) found.add(name);
    else if (name === 'default' && Object.keys(definition.targets).length > 0)
      for (const each of Object.keys(definition.targets)) found.add(each);
    else throw new CommandError(`failed to find target ${name}`);
  };
  for (const name of names) visit(name, []);
  const all = [...found];
  return { names: all, targets: Object.fromEntries(all.map((name) => [name, flattened(definition, name, [])])) };
}

function flattened(definition: Definition, name: string, from: readonly string[]): Target {
  const target = definition.targets[name];
  if (target === undefined) throw new CommandError(`failed to find target ${name}`);
  if (from.includes(name)) throw new CommandError(`infinite loop in inheritance of target ${name}`);
  const { inherits = [], ...own } = target;
  const base = inherits.reduce<Target>((all, each) => merge(all, flattened(definition, each, [...from, name])), {});
  return { context: '.', dockerfile: 'Dockerfile', ...merge(base, own) };
}

/** A target over another: maps are joined, all else is replaced. */
function merge(base: Target, over: Target): Target {
  return {
    ...base,
    ...over,
    ...(base.args || over.args ? { args: { ...base.args, ...over.args } } : {}),
    ...(base.labels || over.labels ? { labels: { ...base.labels, ...over.labels } } : {}),
    ...(base.contexts || over.contexts ? { contexts: { ...base.contexts, ...over.contexts } } : {}),
  };
}

const lists = new Set(['tags', 'platforms', 'output', 'secret', 'cache-from', 'cache-to']);

/** `--set PATTERN.KEY=VALUE`, and the flags that stand for such (bake.go: newOverrides). */
export function applyOverrides(
  targets: Readonly<Record<string, Target>>,
  flags: FlagValues,
): Readonly<Record<string, Target>> {
  const sets = [...flags.all('set')];
  for (const flag of ['no-cache', 'pull']) if (flags.given(flag)) sets.push(`*.${flag}=${String(flags.on(flag))}`);
  if (flags.on('push')) sets.push('*.output=type=registry');
  const result: Record<string, Target> = { ...targets };
  for (const set of sets) {
    const [, pattern = '', path = '', value = ''] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(set) ?? [];
    if (path === '') throw new CommandError(`invalid override key ${set.split('=')[0] ?? set}, expected target.name`);
    const matcher = new RegExp(
      `^${pattern
        .replace(/[.+^${}()|\\]/g, '\\$&')
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '.')}$`,
    );
    const [key = '', name = ''] = path.split('.');
    const chosen = Object.keys(result).filter((each) => matcher.test(each));
    if (chosen.length === 0) throw new CommandError(`could not find any target matching '${pattern}'`);
    for (const each of chosen) result[each] = overridden(result[each] ?? {}, key, name, value);
  }
  return result;
}

function overridden(target: Target, key: string, name: string, value: string): Target {
  if (key === 'args' || key === 'labels' || key === 'contexts')
    return { ...target, [key]: { ...target[key], [name]: value } };
  if (lists.has(key)) return { ...target, [key]: [value] };
  if (key === 'no-cache' || key === 'pull') return { ...target, [key]: value === 'true' };
  if (['context', 'dockerfile', 'target', 'network'].includes(key)) return { ...target, [key]: value };
  throw new CommandError(`unknown key: ${key}`);
}
