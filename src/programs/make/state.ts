import type { Process } from '../../linux/process/types';
import type { Flags } from './flags';
import type { Scope } from './variables';

/** A line of a makefile. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** The end of make, with what it says last. */
export class Stop extends Error {
  constructor(
    /** Undefined: all is said. */
    readonly text: string | undefined,
    readonly status = 2,
  ) {
    super(text);
  }
}

export interface Recipe {
  /** Where its first line is; undefined for built-in rules. */
  readonly place: Place | undefined;
  readonly lines: readonly string[];
}

/** A prerequisite of a target. */
export interface Dependency {
  readonly target: Target;
  /** After `|`: made first, but its time does not matter. */
  readonly orderOnly: boolean;
  /** Whether it is newer than the target, or was made (`$?`). */
  changed: boolean;
}

/** `struct file` of GNU make, one for each name. */
export class Target {
  dependencies: Dependency[] = [];
  recipe: Recipe | undefined;
  /** The rules of a double-colon target, each on its own. */
  doubleColon: Target[] | undefined;
  isTarget = false;
  phony = false;
  precious = false;
  /** Named in a makefile or on the command line: what an implicit rule may count on. */
  mentioned = false;
  intermediate = false;
  triedImplicit = false;
  stem: string | undefined;
  /** Made by the same run of a recipe. */
  alsoMake: Target[] = [];
  /** Target-specific assignments, in order. */
  readonly settings: Setting[] = [];
  state: 'new' | 'updating' | 'done' = 'new';
  /** Its update under way, for those who need it meanwhile. */
  running: Promise<Outcome> | undefined;
  outcome: Outcome = 'ok';
  /** -Infinity: it is not there. Undefined: not looked yet. */
  mtime: number | undefined;
  parent: Target | undefined;
  scope: Scope | undefined;

  constructor(readonly name: string) {}
}

export type Outcome = 'ok' | 'question' | 'failed';

/** `VAR op value` for a target or a pattern of targets. */
export interface Setting {
  readonly name: string;
  readonly op: string;
  readonly value: string;
  readonly override: boolean;
  readonly exported: boolean;
  readonly place: Place | undefined;
}

export interface PatternRule {
  readonly targets: readonly string[];
  readonly dependencies: readonly { readonly name: string; readonly orderOnly: boolean }[];
  readonly recipe: Recipe;
  /** `%:: x`: only if `x` exists already. */
  readonly terminal: boolean;
}

/** What the parts of make share. */
export interface Make {
  readonly process: Process;
  /** `make`, or `make[1]` below another make. */
  readonly name: string;
  readonly flags: Flags;
  readonly globals: Scope;
  readonly targets: Map<string, Target>;
  readonly patterns: PatternRule[];
  readonly patternSettings: { readonly pattern: string; readonly setting: Setting }[];
  /** Makefiles that were read or were to be. */
  readonly makefiles: { readonly name: string; readonly missing: Place | undefined; readonly optional: boolean }[];
  readonly suffixes: string[];
  defaultGoal: string;
  exportAll: boolean;
  /** The line that is read, or the recipe line: what $(error) points at. */
  place: Place | undefined;
  /** Where the variable is set that is being expanded: what errors in references point at. */
  variablePlace: Place | undefined;
  /** How many recipe lines were started. */
  started: number;
  /** Recipes that run, and those who wait for a place among them (-j). */
  jobs: number;
  readonly waiting: (() => void)[];
  /** Made on the way by implicit rules: removed in the end. */
  readonly intermediates: Target[];
  /** The makefile that is being remade: whether failing is no matter (`-include`), and what is said first if it fails. */
  remaking:
    | { readonly optional: boolean; told: boolean; readonly name: string; readonly missing: Place | undefined }
    | undefined;
  /** A recipe failed, without -k: nothing new begins. */
  broken: boolean;
  /** The expansion under way: with -j, recipes wait for each other's. */
  expanding: Promise<unknown>;
}

/** The target of that name, made known if it was not. */
export function targetNamed(make: Make, name: string): Target {
  // `./x` is `x`.
  const short = name.replace(/^(?:\.\/+)+(?=.)/, '');
  let target = make.targets.get(short);
  if (target === undefined) make.targets.set(short, (target = new Target(short)));
  return target;
}

/** A special target (`.SILENT`) that counts for this target: without prerequisites for all. */
export function special(make: Make, name: string, target?: Target): boolean {
  const found = make.targets.get(name);
  if (found?.isTarget !== true) return false;
  if (found.dependencies.length === 0) return true;
  return target !== undefined && found.dependencies.some((one) => one.target === target);
}

/** `Makefile:2: `, or `make: `. */
export const prefix = (make: Make, place: Place | undefined): string =>
  place === undefined ? `${make.name}: ` : `${place.file}:${place.line}: `;

/** Ends make with `*** text.  Stop.` */
export function fatal(make: Make, place: Place | undefined, text: string): never {
  throw new Stop(`${prefix(make, place)}*** ${text}.  Stop.\n`);
}

export async function complain(make: Make, text: string, place?: Place): Promise<void> {
  await make.process.stderr.write(`${prefix(make, place)}${text}\n`);
}

/** Expands for one recipe at a time, however many jobs there are: a variable knows only whether it is being expanded. */
export function exclusively<T>(make: Make, run: () => Promise<T>): Promise<T> {
  if (make.flags.jobs === 1) return run();
  const mine = make.expanding.then(run, run);
  make.expanding = mine;
  return mine;
}

/** Before the first word on why a makefile cannot be remade comes that it is missing (show_goal_error of remake.c). */
export async function tellMissing(make: Make): Promise<void> {
  const { remaking } = make;
  if (remaking === undefined || remaking.told || remaking.missing === undefined) return;
  remaking.told = true;
  await complain(make, `${remaking.name}: No such file or directory`, remaking.missing);
}
