import { expandSettings, automatics } from './target-scope';
import { findImplicit } from './implicit';
import { missing, mtimeOf, newest } from './files';
import { chop, runRecipe } from './recipe';
import {
  complain,
  exclusively,
  fatal,
  tellMissing,
  type Dependency,
  type Make,
  type Outcome,
  type Target,
} from './state';

/** Brings a target up to date (update_file of remake.c). `from`: the target that needs it. */
export async function update(make: Make, target: Target, from: Target | undefined): Promise<Outcome> {
  if (target.state === 'done') return target.outcome;
  // Somebody else makes it already (-j).
  if (target.running !== undefined) return target.running;
  target.state = 'updating';
  target.parent ??= from;
  target.running = once(make, target);
  target.outcome = await target.running;
  target.state = 'done';
  return target.outcome;
}

async function once(make: Make, target: Target): Promise<Outcome> {
  if (target.doubleColon === undefined) return updateRule(make, target);
  // Each double-colon rule on its own, in order.
  let worst: Outcome = 'ok';
  for (const rule of target.doubleColon) {
    rule.phony = target.phony;
    rule.parent = target.parent;
    rule.settings.push(...target.settings);
    const outcome = await updateRule(make, rule);
    if (outcome !== 'ok') worst = outcome;
    if (outcome === 'failed' && !make.flags.keepGoing) return outcome;
  }
  target.mtime = undefined;
  if (target.doubleColon.some(({ mtime }) => mtime === newest)) target.mtime = newest;
  return worst;
}

async function updateRule(make: Make, target: Target): Promise<Outcome> {
  const { flags } = make;
  const time = mtimeOf(make, target);
  const absent = time === missing;
  implicit(make, target);
  if (flags.oldFiles.has(target.name)) return 'ok';
  target.scope = await exclusively(make, () => expandSettings(make, target));
  let must = absent;
  // Prerequisites tell from beside (-j).
  let worst = 'ok' as Outcome;
  const running: Promise<void>[] = [];
  for (const dependency of [...target.dependencies]) {
    if (isAbove(dependency.target, target)) {
      await complain(make, `Circular ${target.name} <- ${dependency.target.name} dependency dropped.`);
      target.dependencies = target.dependencies.filter((one) => one !== dependency);
      continue;
    }
    const one = check(make, dependency, target, time).then(({ outcome, newer }) => {
      if (outcome !== 'ok' && worst !== 'failed') worst = outcome;
      if (newer && !dependency.orderOnly) must = true;
    });
    if (flags.jobs === 1) await one;
    else {
      running.push(one);
      // Told where all are waited for.
      one.catch(() => undefined);
    }
    if (stopped(make, worst)) break;
  }
  await Promise.all(running);
  if (!stopped(make, worst) && (must || flags.always)) {
    for (const dependency of target.dependencies) {
      if (!dependency.target.intermediate || dependency.target.state === 'done') continue;
      const before = mtimeOf(make, dependency.target);
      const outcome = await update(make, dependency.target, target);
      if (outcome !== 'ok') worst = outcome;
      if (mtimeOf(make, dependency.target) !== before) dependency.changed = true;
      if (stopped(make, worst)) break;
    }
  }
  if (worst !== 'ok') {
    if (target.parent === undefined && flags.keepGoing && !flags.just && !flags.question && make.remaking === undefined)
      await complain(make, `Target '${target.name}' not remade because of errors.`);
    return worst;
  }
  return decide(make, target, time, must);
}

/** Whether to go no further. */
export const stopped = (make: Make, outcome: Outcome): boolean => outcome !== 'ok' && !make.flags.keepGoing;

function implicit(make: Make, target: Target): void {
  if (target.phony || target.recipe !== undefined || target.triedImplicit) return;
  if (findImplicit(make, target) || target.isTarget) return;
  target.recipe = make.targets.get('.DEFAULT')?.recipe;
}

/** Whether a target is being updated for the sake of this one. */
function isAbove(target: Target, below: Target): boolean {
  for (let one: Target | undefined = below; one !== undefined; one = one.parent)
    if (one === target || one.name === target.name) return target.state !== 'done';
  return false;
}

/** Updates a prerequisite; intermediate files only as far as what they are made of (check_dep of remake.c). */
async function check(
  make: Make,
  dependency: Dependency,
  needed: Target,
  time: number,
): Promise<{ readonly outcome: Outcome; readonly newer: boolean }> {
  const { target } = dependency;
  if (target.phony || !target.intermediate || target.state === 'done') {
    const before = mtimeOf(make, target);
    const outcome = await update(make, target, needed);
    const after = mtimeOf(make, target);
    dependency.changed = after !== before || before === missing;
    return { outcome, newer: after === missing || after > time };
  }
  implicit(make, target);
  target.parent ??= needed;
  const own = mtimeOf(make, target);
  if (own !== missing && own > time) return { outcome: 'ok', newer: true };
  let newer = false;
  for (const one of target.dependencies) {
    if (isAbove(one.target, target)) continue;
    const below = await check(make, one, target, time);
    if (below.newer && !one.orderOnly) newer = true;
    if (stopped(make, below.outcome)) return { outcome: below.outcome, newer };
  }
  return { outcome: 'ok', newer };
}

/** With all prerequisites up to date: makes the target if it must be made. */
async function decide(make: Make, target: Target, time: number, given: boolean): Promise<Outcome> {
  const { flags } = make;
  let must = given;
  let changed = false;
  for (const dependency of target.dependencies) {
    const own = mtimeOf(make, dependency.target);
    if (!dependency.orderOnly) {
      if (own === missing && !dependency.target.intermediate) must = true;
      changed ||= dependency.changed;
    }
    dependency.changed ||= time === missing || own > time;
  }
  const absent = time === missing;
  if (make.targets.get(target.name) !== target && target.dependencies.length === 0) must = true;
  else if (!absent && target.isTarget && !changed && target.recipe === undefined && !flags.always) must = false;
  else if (target.recipe !== undefined && flags.always) must = true;
  if (!must) return 'ok';
  const { recipe } = target;
  if (recipe === undefined) {
    if (target.phony || target.isTarget) return 'ok';
    return cannot(make, target);
  }
  const scope = await automatics(make, target);
  const outcome = await runRecipe(make, target, recipe, scope);
  finish(make, target, outcome, absent);
  return outcome;
}

function finish(make: Make, target: Target, outcome: Outcome, absent: boolean): void {
  const { flags } = make;
  const pretended = flags.just || flags.question || flags.touch;
  const really =
    !pretended || (target.recipe !== undefined && chop(target.recipe).every((line) => /\$[({]MAKE[)}]/.test(line)));
  if (!target.phony) target.mtime = really ? undefined : newest;
  if (target.intermediate && absent && !target.precious) make.intermediates.push(target);
  for (const other of target.alsoMake) {
    other.state = 'done';
    other.outcome = outcome;
    if (other.mtime === missing && !other.mentioned) {
      other.intermediate = true;
      make.intermediates.push(other);
    }
    other.mtime = really ? undefined : newest;
  }
}

/** Nothing says how to make it (complain of remake.c). */
async function cannot(make: Make, target: Target): Promise<Outcome> {
  if (make.remaking?.optional === true) return 'failed';
  await tellMissing(make);
  const needed = target.parent === undefined ? '' : `, needed by '${target.parent.name}'`;
  const text = `No rule to make target '${target.name}'${needed}`;
  if (!make.flags.keepGoing) fatal(make, undefined, text);
  await complain(make, `*** ${text}.`);
  return 'failed';
}
