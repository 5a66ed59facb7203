import type { Directive } from './config';

/** A level of the configuration with what it inherits from the levels around it. */
export class Scope {
  readonly #known = new Map<string, readonly Directive[]>();

  constructor(
    readonly block: readonly Directive[],
    readonly parent?: Scope,
  ) {}

  /** The directives of a name on the nearest level that has any. */
  all(name: string): readonly Directive[] {
    let found = this.#known.get(name);
    if (found === undefined) {
      found = this.own(name);
      if (found.length === 0) found = this.parent?.all(name) ?? found;
      this.#known.set(name, found);
    }
    return found;
  }

  /** Those of this level only. */
  own(name: string): readonly Directive[] {
    return this.block.filter((directive) => directive.name === name);
  }

  args(name: string): readonly string[] | undefined {
    return this.all(name).at(-1)?.args;
  }

  value(name: string): string | undefined {
    return this.args(name)?.[0];
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.value(name);
    return value === undefined ? otherwise : value.toLowerCase() === 'on';
  }

  milliseconds(name: string, otherwise: number): number {
    const value = this.value(name);
    return value === undefined ? otherwise : timeOf(value);
  }

  bytes(name: string, otherwise: number): number {
    const value = this.value(name);
    return value === undefined ? otherwise : sizeOf(value);
  }
}

const units = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5, M: 2592e6, y: 31536e6 } as const;

/** `1m30s` as milliseconds (ngx_parse_time). */
export function timeOf(text: string): number {
  let total = 0;
  for (const [, number = '0', unit = 's'] of text.matchAll(/(\d+)(ms|[smhdwMy])?/g)) {
    total += Number(number) * units[unit as keyof typeof units];
  }
  return total;
}

/** `10m` as bytes. */
export function sizeOf(text: string): number {
  const [, number = '0', unit = ''] = /^(\d+)([kmg]?)$/i.exec(text) ?? [];
  const factor = { '': 1, k: 1024, m: 1_048_576, g: 1_073_741_824 }[unit.toLowerCase()] ?? 1;
  return Number(number) * factor;
}
