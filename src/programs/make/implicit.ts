import { exists } from './files';
import { targetNamed, type Make, type PatternRule, type Recipe, type Target } from './state';
import { directoryOf, fileOf, stemOf, withStem } from './words';

/** `.c.o:` is `%.o: %.c`, `.c:` is `%: %.c`, if those are suffixes (convert_to_pattern of rule.c). */
export function suffixRule(make: Make, name: string, recipe: Recipe): void {
  const [, from = '', to = ''] = /^(\.[^./]+)(\.[^./]+)?$/.exec(name) ?? [];
  if (from === '' || !make.suffixes.includes(from) || (to !== '' && !make.suffixes.includes(to))) return;
  const rule = { targets: [`%${to}`], dependencies: [{ name: `%${from}`, orderOnly: false }], recipe, terminal: false };
  const same = make.patterns.findIndex(
    (one) => one.targets[0] === `%${to}` && one.dependencies[0]?.name === `%${from}`,
  );
  if (same >= 0) make.patterns.splice(same, 1);
  const builtin = make.patterns.findIndex((one) => one.recipe.place === undefined);
  make.patterns.splice(builtin < 0 ? make.patterns.length : builtin, 0, rule);
}

interface Match {
  readonly rule: PatternRule;
  readonly target: string;
  readonly stem: string;
  /** What was cut off before the target was matched against a pattern without a slash. */
  readonly directory: string;
}

/** Finds a pattern rule for a target without recipe and makes it the target's own (pattern_search of implicit.c). */
export function findImplicit(make: Make, target: Target, chain: readonly PatternRule[] = []): boolean {
  target.triedImplicit = true;
  if (target.phony || make.patterns.length === 0) return false;
  const matches = candidates(make, target.name).filter(
    // No chain goes on with a rule for anything.
    ({ rule, target: pattern }) => !chain.includes(rule) && (chain.length === 0 || pattern !== '%' || rule.terminal),
  );
  for (const chaining of [false, true])
    for (const match of matches) {
      if (chaining && match.rule.terminal) continue;
      const names = match.rule.dependencies.map(({ name, orderOnly }) => ({
        name: prerequisite(match, name),
        orderOnly,
      }));
      const links: Target[] = [];
      const possible = names.every(({ name }) => {
        if (oughtToExist(make, name) || exists(make, name)) return true;
        if (!chaining) return false;
        const known = make.targets.get(name);
        const link = known ?? targetNamed(make, name);
        const found = findImplicit(make, link, [...chain, match.rule]);
        if (!found) {
          link.triedImplicit = false;
          if (known === undefined) make.targets.delete(name);
        } else if (!link.mentioned) links.push(link);
        return found;
      });
      if (!possible) continue;
      for (const link of links) link.intermediate = true;
      take(make, target, match, names);
      return true;
    }
  return false;
}

/** Rules that match the name, the shortest stem first; those that match anything only if no other does. */
function candidates(make: Make, name: string): Match[] {
  const found: Match[] = [];
  for (const rule of make.patterns)
    for (const target of rule.targets) {
      const cut = name.includes('/') && !target.includes('/');
      const stem = stemOf(target, cut ? fileOf(name) : name);
      if (stem !== undefined && stem !== '')
        found.push({ rule, target, stem, directory: cut ? directoryOf(name) : '' });
    }
  const specific = found.some(({ target }) => target !== '%');
  return found
    .filter(({ target, rule }) => !specific || target !== '%' || rule.terminal)
    .sort((a, b) => a.stem.length - b.stem.length);
}

function prerequisite({ stem, directory }: Match, name: string): string {
  return name.includes('%') ? directory + withStem(name, stem) : name;
}

function oughtToExist(make: Make, name: string): boolean {
  const target = make.targets.get(name);
  return target !== undefined && target.mentioned;
}

function take(
  make: Make,
  target: Target,
  { rule, stem, directory, target: pattern }: Match,
  names: readonly { readonly name: string; readonly orderOnly: boolean }[],
): void {
  const more = names.map(({ name, orderOnly }) => ({ target: targetNamed(make, name), orderOnly, changed: false }));
  target.dependencies = [...more, ...target.dependencies];
  target.recipe = rule.recipe;
  target.stem = directory + stem;
  target.alsoMake = rule.targets
    .filter((other) => other !== pattern)
    .map((other) => targetNamed(make, directory + withStem(other, stem)));
}
