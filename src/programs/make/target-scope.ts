import { suffixStart, splitPattern, stemOf } from './words';
import type { Make, Setting, Target } from './state';
import { assign, Scope } from './variables';

/** The variables of a target: its own settings and those of its pattern, above those of the target that needs it. */
export async function expandSettings(make: Make, target: Target): Promise<Scope> {
  const outer = target.parent?.scope ?? make.globals;
  const settings: Setting[] = make.patternSettings
    .filter(({ pattern }) => stemOf(pattern, target.name) !== undefined)
    .sort((a, b) => literal(a.pattern) - literal(b.pattern))
    .map(({ setting }) => setting);
  settings.push(...target.settings);
  if (settings.length === 0) return outer;
  const scope = new Scope(outer);
  for (const { name, op, value, override, exported, place } of settings) {
    const variable = await assign(make, scope, { name, op, value, origin: override ? 'override' : 'file', place });
    if (variable !== undefined && exported) variable.exported = true;
  }
  return scope;
}

/** The more of a pattern is plain, the more it counts. */
const literal = (pattern: string): number => (splitPattern(pattern) ?? []).join('').length;

/** `$@` and its like (set_file_variables of commands.c). */
export async function automatics(make: Make, target: Target): Promise<Scope> {
  const scope = new Scope(target.scope ?? make.globals);
  const usual = target.dependencies.filter(({ orderOnly }) => !orderOnly);
  const names = usual.map((one) => one.target.name);
  const ordered = target.dependencies.filter(({ orderOnly }) => orderOnly).map((one) => one.target.name);
  const once = (list: readonly string[]): string => [...new Set(list)].join(' ');
  const values: Readonly<Record<string, string>> = {
    '@': target.name,
    '<': names[0] ?? '',
    '^': once(names),
    '+': names.join(' '),
    '?': once(usual.filter(({ changed }) => changed).map((one) => one.target.name)),
    '|': once(ordered.filter((name) => !names.includes(name))),
    '*': target.stem ?? suffixStem(make, target.name),
  };
  for (const [name, value] of Object.entries(values)) scope.set(name, value, 'automatic');
  return scope;
}

/** `$*` of an explicit rule: the name without a known suffix. */
function suffixStem(make: Make, name: string): string {
  const start = suffixStart(name);
  return make.suffixes.includes(name.slice(start)) ? name.slice(0, start) : '';
}
