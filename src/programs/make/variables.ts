import { expand } from './expand';
import { fatal, special, type Make, type Place } from './state';
import { shell } from './shell';

export type Origin =
  'default' | 'environment' | 'file' | 'environment override' | 'command line' | 'override' | 'automatic';

/** Later ones overrule earlier ones. */
const strength: readonly Origin[] = [
  'default',
  'environment',
  'file',
  'environment override',
  'command line',
  'override',
  'automatic',
];

export interface Variable {
  readonly name: string;
  value: string;
  recursive: boolean;
  origin: Origin;
  /** Undefined: as `export` of all says, or if it came from the environment. */
  exported?: boolean | undefined;
  place: Place | undefined;
  expanding?: boolean;
}

/** Variables of a target or a call, before those around it. */
export class Scope {
  readonly own = new Map<string, Variable>();

  constructor(readonly outer?: Scope) {}

  get(name: string): Variable | undefined {
    return this.own.get(name) ?? this.outer?.get(name);
  }

  set(name: string, value: string, origin: Origin, recursive = false, place?: Place): void {
    this.own.set(name, { name, value, recursive, origin, place });
  }

  /** All that are seen from here. */
  all(): Map<string, Variable> {
    const all = this.outer?.all() ?? new Map<string, Variable>();
    for (const [name, variable] of this.own) all.set(name, variable);
    return all;
  }
}

/** `name op value`, the name expanded already. */
export async function assign(
  make: Make,
  scope: Scope,
  { name, op, value, origin = 'file', place }: AssignmentTo,
): Promise<Variable | undefined> {
  if (name === '') fatal(make, place, 'empty variable name');
  const before = scope.get(name);
  if (op === '?=' && before !== undefined) return before;
  const here = scope.own.get(name);
  const rank = strength.indexOf(origin);
  // A target's setting does not overrule the command line either.
  if (before !== undefined && before.origin !== 'automatic' && strength.indexOf(before.origin) > rank) return here;
  let [text, recursive] = [value, true];
  if (op === ':=' || op === '::=') [text, recursive] = [await expand(make, value, scope), false];
  else if (op === '!=') text = await shell(make, await expand(make, value, scope), scope);
  else if (op === '+=' && before !== undefined) {
    recursive = before.recursive;
    const more = recursive ? value : await expand(make, value, scope);
    text = before.value === '' ? more : more === '' ? before.value : `${before.value} ${more}`;
  }
  const made: Variable = { name, value: text, recursive, origin, place, exported: before?.exported };
  if (here === undefined) scope.own.set(name, made);
  else Object.assign(here, made);
  return scope.own.get(name);
}

interface AssignmentTo {
  readonly name: string;
  readonly op: string;
  readonly value: string;
  readonly origin?: Origin;
  readonly place: Place | undefined;
}

/** What recipes and `$(shell)`'s successors get as their environment. */
export async function environment(make: Make, scope: Scope): Promise<Map<string, string>> {
  const env = new Map<string, string>();
  for (const [name, value] of make.process.env) if (!scope.get(name)) env.set(name, value);
  for (const [name, variable] of scope.all()) {
    if (name === 'SHELL' || name === 'MAKELEVEL') continue;
    if (!exportable(make, variable)) continue;
    env.set(name, variable.recursive ? await expandVariable(make, variable, scope) : variable.value);
  }
  const own = make.process.env.get('SHELL');
  if (own !== undefined) env.set('SHELL', own);
  env.set('MAKELEVEL', String(make.flags.level + 1));
  return env;
}

function exportable(make: Make, { name, origin, exported }: Variable): boolean {
  if (exported !== undefined) return exported;
  if (origin === 'automatic' || origin === 'default') return false;
  if (origin === 'environment' || origin === 'environment override' || origin === 'command line') return true;
  return (
    make.process.env.has(name) ||
    ((make.exportAll || special(make, '.EXPORT_ALL_VARIABLES')) && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
  );
}

/** The value of a recursive variable. */
export async function expandVariable(make: Make, variable: Variable, scope: Scope): Promise<string> {
  if (!variable.recursive) return variable.value;
  const outer = make.variablePlace;
  if (variable.place !== undefined) make.variablePlace = variable.place;
  if (variable.expanding === true)
    fatal(
      make,
      make.variablePlace ?? make.place,
      `Recursive variable '${variable.name}' references itself (eventually)`,
    );
  variable.expanding = true;
  const value = await expand(make, variable.value, scope);
  variable.expanding = false;
  make.variablePlace = outer;
  return value;
}
