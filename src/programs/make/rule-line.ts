import { expand } from './expand';
import { globbed } from './files';
import { parseAssignment } from './lines';
import { complain, fatal, targetNamed, Target, type Make, type Place, type Recipe } from './state';
import { findOutside, splitPattern, stemOf, withStem, words } from './words';
import { suffixRule } from './implicit';

/** A rule whose recipe may go on. */
export interface OpenRule {
  readonly place: Place;
  readonly targets: readonly string[];
  readonly kind: ':' | '::' | '&:';
  /** Of a static pattern rule. */
  readonly pattern: string | undefined;
  readonly dependencies: readonly { readonly name: string; readonly orderOnly: boolean }[];
  readonly recipe: string[];
  recipeLine: number | undefined;
}

/** Reads the line of a rule, or of a target's own variable (then there is nothing that a recipe could follow). */
export async function readRule(make: Make, line: string, place: Place, tab: boolean): Promise<OpenRule | undefined> {
  const semicolon = findOutside(line, ';');
  let text = semicolon < 0 ? line : line.slice(0, semicolon);
  let colon = findOutside(text, ':');
  if (colon < 0) {
    text = await expand(make, text, make.globals);
    if (text.trim() === '') return undefined;
    colon = findOutside(text, ':');
  }
  if (colon < 0) {
    if (tab) fatal(make, place, 'recipe commences before first target');
    const blanks = line.startsWith('        ') ? ' (did you mean TAB instead of 8 spaces?)' : '';
    fatal(make, place, `missing separator${blanks}`);
  }
  const double = text[colon + 1] === ':';
  const grouped = text[colon - 1] === '&';
  const left = await expand(make, text.slice(0, grouped ? colon - 1 : colon), make.globals);
  const targets = globbed(make, words(left));
  let right = text.slice(colon + (double ? 2 : 1));
  const rest = semicolon < 0 ? '' : line.slice(semicolon);
  const [, marks = '', setting = ''] = /^\s*((?:(?:override|export|private)\s+)*)([^]*)$/.exec(right) ?? [];
  const found = parseAssignment(setting);
  if (found !== undefined && found.name !== '') {
    const value = parseAssignment(setting + rest)?.value ?? found.value;
    const name = (await expand(make, found.name, make.globals)).trim();
    const own = {
      ...found,
      name,
      value,
      place,
      override: marks.includes('override'),
      exported: marks.includes('export'),
    };
    for (const target of targets) {
      if (splitPattern(target) !== undefined) make.patternSettings.push({ pattern: target, setting: own });
      else targetNamed(make, target).settings.push(own);
    }
    return undefined;
  }
  if (targets.length === 0) {
    if (right.trim() !== '') fatal(make, place, 'missing target pattern');
    return undefined;
  }
  let pattern: string | undefined;
  const second = findOutside(right, ':');
  right = await expand(make, right, make.globals);
  const colonToo = second < 0 ? right.indexOf(': ') : findOutside(right, ':');
  if (colonToo >= 0 && !double) {
    const patterns = words(right.slice(0, colonToo));
    if (patterns.length === 0) fatal(make, place, 'missing target pattern');
    if (patterns.length > 1) fatal(make, place, 'multiple target patterns');
    pattern = patterns[0] ?? '';
    if (splitPattern(pattern) === undefined) fatal(make, place, "target pattern contains no '%'");
    right = right.slice(colonToo + 1);
  }
  const [usual = '', ...orders] = right.split(/(?:^|(?<=\s))\|(?=\s|$)/);
  const dependencies = [
    ...globbed(make, words(usual)).map((name) => ({ name, orderOnly: false })),
    ...globbed(make, words(orders.join(' '))).map((name) => ({ name, orderOnly: true })),
  ];
  const recipe = semicolon < 0 ? [] : [line.slice(semicolon + 1).replace(/^[ \t]+/, '')];
  const recipeLine = semicolon < 0 ? undefined : place.line;
  return { place, targets, kind: double ? '::' : grouped ? '&:' : ':', pattern, dependencies, recipe, recipeLine };
}

/** Enters a rule that is read to its end (record_files of read.c). */
export async function fileRule(make: Make, rule: OpenRule): Promise<void> {
  const { targets, kind, pattern, dependencies, place } = rule;
  const recipe: Recipe | undefined =
    rule.recipeLine === undefined ? undefined : { place: { ...place, line: rule.recipeLine }, lines: rule.recipe };
  const implicit = targets.filter((name) => splitPattern(name) !== undefined);
  if (implicit.length > 0 && pattern === undefined) {
    const plain = targets.filter((name) => !implicit.includes(name));
    if (plain.length > 0) {
      if (implicit.includes(targets[0] ?? '')) fatal(make, place, 'mixed implicit and normal rules');
      await complain(make, '*** mixed implicit and normal rules: deprecated syntax', place);
      await fileRule(make, { ...rule, targets: plain });
    }
    addPattern(make, { targets: implicit, dependencies, recipe, terminal: kind === '::' });
    return;
  }
  const made: Target[] = [];
  for (const name of targets) {
    const stem = pattern === undefined ? undefined : stemOf(pattern, name);
    const unfit = pattern !== undefined && stem === undefined;
    if (unfit) await complain(make, `target '${name}' doesn't match the target pattern`, place);
    if (recipe !== undefined && dependencies.length === 0 && pattern === undefined) suffixRule(make, name, recipe);
    const named = targetNamed(make, name);
    const both = named.isTarget && !named.phony && (named.doubleColon !== undefined) !== (kind === '::');
    if (both) fatal(make, place, `target file '${name}' has both : and :: entries`);
    named.isTarget = named.mentioned = true;
    let target = named;
    if (kind === '::') {
      target = new Target(named.name);
      target.isTarget = true;
      (named.doubleColon ??= []).push(target);
    } else if (recipe !== undefined) {
      const old = target.recipe;
      if (old !== undefined) {
        await complain(make, `warning: overriding recipe for target '${name}'`, recipe.place);
        await complain(make, `warning: ignoring old recipe for target '${name}'`, old.place);
      }
      target.recipe = recipe;
    }
    if (kind === '::') target.recipe = recipe;
    if (stem !== undefined) target.stem = stem;
    enter(make, target, unfit ? [] : dependencies, stem, recipe !== undefined);
    made.push(target);
    goal(make, named.name);
  }
  if (kind === '&:') for (const one of made) one.alsoMake = made.filter((other) => other !== one);
}

function enter(
  make: Make,
  target: Target,
  dependencies: OpenRule['dependencies'],
  stem: string | undefined,
  first: boolean,
): void {
  if (target.name === '.SUFFIXES' && dependencies.length === 0) make.suffixes.length = 0;
  const more = dependencies.map(({ name, orderOnly }) => {
    const dependency = targetNamed(make, stem === undefined ? name : withStem(name, stem));
    dependency.mentioned = true;
    if (target.name === '.PHONY') dependency.phony = dependency.isTarget = true;
    if (target.name === '.PRECIOUS' || target.name === '.SECONDARY') dependency.precious = true;
    if (target.name === '.INTERMEDIATE') dependency.intermediate = true;
    if (target.name === '.SUFFIXES') make.suffixes.push(name);
    return { target: dependency, orderOnly, changed: false };
  });
  // Prerequisites of the rule with the recipe come first, for `$<`.
  target.dependencies = first ? [...more, ...target.dependencies] : [...target.dependencies, ...more];
}

function addPattern(
  make: Make,
  {
    targets,
    dependencies,
    recipe,
    terminal,
  }: Pick<OpenRule, 'targets' | 'dependencies'> & { recipe: Recipe | undefined; terminal: boolean },
): void {
  const key = (names: readonly string[]): string => names.join('\n');
  const same = make.patterns.findIndex(
    (one) =>
      key(one.targets) === key(targets) &&
      key(one.dependencies.map(({ name }) => name)) === key(dependencies.map(({ name }) => name)),
  );
  // Without a recipe it takes back the rule of that look.
  if (recipe === undefined && same >= 0) make.patterns.splice(same, 1);
  if (recipe === undefined) return;
  const made = { targets, dependencies, recipe, terminal };
  if (same >= 0) make.patterns.splice(same, 1);
  // Before the built-in ones.
  const builtin = make.patterns.findIndex((one) => one.recipe.place === undefined);
  make.patterns.splice(builtin < 0 ? make.patterns.length : builtin, 0, made);
}

/** The first target is what is made when none is asked for. */
function goal(make: Make, name: string): void {
  if (make.defaultGoal !== '' || (name.startsWith('.') && !name.includes('/'))) return;
  make.defaultGoal = name;
  make.globals.set('.DEFAULT_GOAL', name, 'file');
}
