import type { Budget } from './budget';
import { parseType, type CelType } from './types';
import type { Value } from './values';

/** One overload of a function; the receiver is the first parameter of members. */
export interface Overload {
  readonly name: string;
  readonly member: boolean;
  readonly params: readonly CelType[];
  readonly result: CelType;
  readonly run: (args: readonly Value[], budget: Budget) => Value;
}

export type Library = readonly Overload[];

const signature = /^(?:(.+)\.)?([\w?!@\-+*/%=<>&|[\]:]+)\((.*)\): (.+)$/;

/** `string.contains(string): bool` is a member, `size(string): int` a function, `/ip.isCanonical(string): bool` one with a dot in its name. */
export function fn<Args extends readonly unknown[]>(
  text: string,
  run: (args: Args, budget: Budget) => Value,
): Overload {
  const qualified = text.startsWith('/');
  const match = qualified ? /^()\/([\w.]+)\((.*)\): (.+)$/.exec(text) : signature.exec(text);
  if (match === null) throw new Error(`signature ${text}`);
  const [, receiver = '', name = '', params = '', result = ''] = match;
  return {
    name,
    member: receiver !== '',
    params: [receiver, ...splitTypes(params)].filter((each) => each !== '').map(parseType),
    result: parseType(result),
    run: run as unknown as Overload['run'],
  };
}

/** At commas that stand in no brackets. */
function splitTypes(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, char] of [...text].entries()) {
    if (char === '<') depth++;
    if (char === '>') depth--;
    if (char !== ',' || depth > 0) continue;
    found.push(text.slice(start, index).trim());
    start = index + 1;
  }
  found.push(text.slice(start).trim());
  return found;
}

/** Functions by name, members and others apart. */
export class Functions {
  readonly #members = new Map<string, Overload[]>();
  readonly #globals = new Map<string, Overload[]>();

  constructor(libraries: readonly Library[]) {
    for (const overload of libraries.flat()) {
      const where = overload.member ? this.#members : this.#globals;
      const known = where.get(overload.name);
      if (known === undefined) where.set(overload.name, [overload]);
      else known.push(overload);
    }
  }
  find(name: string, member: boolean): readonly Overload[] | undefined {
    return (member ? this.#members : this.#globals).get(name);
  }
  /** Whether it is known at all, as a member or not. */
  has(name: string): boolean {
    return this.#members.has(name) || this.#globals.has(name);
  }
}
