import { BuildFailure } from './source';
import { didYouMean } from './suggest';

type Kind = 'bool' | 'string' | 'strings';

/** Flags of one instruction by name, checked against those it knows (instructions/bflag.go). */
export class Flags {
  readonly #values = new Map<string, readonly string[]>();

  constructor(args: readonly string[], known: Readonly<Record<string, Kind>>) {
    for (const arg of args) {
      if (!arg.startsWith('--')) throw new BuildFailure(`arg should start with -- : ${arg}`);
      const equals = arg.indexOf('=');
      const written = equals < 0 ? arg : arg.slice(0, equals);
      const name = written.slice(2);
      const value = equals < 0 ? undefined : arg.slice(equals + 1);
      const kind = known[name];
      if (kind === undefined) throw new BuildFailure(`unknown flag: ${written}${didYouMean(name, Object.keys(known))}`);
      const former = this.#values.get(name);
      if (former !== undefined && kind !== 'strings') throw new BuildFailure(`duplicate flag specified: ${written}`);
      if (kind === 'bool') this.#values.set(name, [boolean(written, value)]);
      else if (value === undefined) throw new BuildFailure(`missing a value on flag: ${written}`);
      else this.#values.set(name, [...(former ?? []), value]);
    }
  }

  text(name: string): string {
    return this.#values.get(name)?.[0] ?? '';
  }

  texts(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  isTrue(name: string): boolean {
    return this.text(name) === 'true';
  }

  isUsed(name: string): boolean {
    return this.#values.has(name);
  }
}

function boolean(flag: string, value: string | undefined): string {
  if (value === '') throw new BuildFailure(`missing a value on flag: ${flag}`);
  const lower = value?.toLowerCase() ?? 'true';
  if (lower === 'true' || lower === 'false') return lower;
  throw new BuildFailure(`expecting boolean value for flag ${flag}, not: ${value ?? ''}`);
}
