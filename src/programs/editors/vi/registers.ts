import { type RegisterText } from './types';

/** The registers. `+` and `*` are plain ones here: there is no other clipboard on the machine. */
export class Registers {
  readonly #named = new Map<string, RegisterText>();
  /** What `""` is. */
  #unnamed = '0';
  /** Read only ones, computed when they are looked at. */
  readonly computed = new Map<string, () => string>();

  static isValid(name: string): boolean {
    return /^[a-zA-Z0-9"\-+*_.:%/#=]$/.test(name);
  }

  static isWritable(name: string): boolean {
    return /^[a-zA-Z0-9"\-+*_/]$/.test(name);
  }

  get(name: string): RegisterText | undefined {
    const computed = this.computed.get(name);
    if (computed !== undefined) {
      const text = computed();
      return text === '' ? undefined : { shape: 'char', lines: text.split('\n') };
    }
    if (name === '' || name === '"') return this.#named.get(this.#unnamed);
    if (name === '_') return undefined;
    return this.#named.get(name.toLowerCase());
  }

  /** Puts a text into a register; a capital appends. */
  set(name: string, text: RegisterText): void {
    if (name === '_') return;
    const lower = name === '' || name === '"' ? '0' : name.toLowerCase();
    const former = /^[A-Z]$/.test(name) ? this.#named.get(lower) : undefined;
    this.#named.set(lower, former === undefined ? text : joined(former, text));
    this.#unnamed = lower;
  }

  /** A yank. */
  yanked(name: string, text: RegisterText): void {
    this.set(name, text);
  }

  /** A deletion: `small` if within a line and not by a far motion. */
  deleted(name: string, text: RegisterText, { small, far }: { readonly small: boolean; readonly far: boolean }): void {
    if (name === '_') return;
    const named = name !== '' && name !== '"';
    if (named) this.set(name, text);
    const pointed = this.#unnamed;
    if (!small || far) {
      for (let number = 9; number > 1; number--) {
        const from = this.#named.get(String(number - 1));
        if (from !== undefined) this.#named.set(String(number), from);
      }
      this.#named.set('1', text);
      this.#unnamed = '1';
    }
    if (!named && small) {
      this.#named.set('-', text);
      if (!far) this.#unnamed = '-';
    }
    if (named) this.#unnamed = pointed;
  }

  /** `:reg`'s lines. */
  list(only: string): readonly string[] {
    const order = ['"', ...'0123456789abcdefghijklmnopqrstuvwxyz-*+', '.', ':', '%', '#', '/'];
    return order.flatMap((name) => {
      if (only !== '' && !only.includes(name)) return [];
      const text = this.get(name);
      if (text === undefined) return [];
      const kind = text.shape === 'line' ? 'l' : text.shape === 'block' ? 'b' : 'c';
      const whole = text.lines.join('^J') + (text.shape === 'line' ? '^J' : '');
      return [`  ${kind}  "${name}   ${whole.replaceAll('\t', '^I').replaceAll('\x1b', '^[')}`];
    });
  }
}

function joined(a: RegisterText, b: RegisterText): RegisterText {
  if (a.shape === 'line' || b.shape === 'line') return { shape: 'line', lines: [...a.lines, ...b.lines] };
  const lines = [...a.lines];
  lines[lines.length - 1] = `${lines.at(-1) ?? ''}${b.lines[0] ?? ''}`;
  return { shape: 'char', lines: [...lines, ...b.lines.slice(1)] };
}

/** A register's text as keys: what `@a` types. */
export function asKeys(text: RegisterText): string {
  return text.lines.join('\n') + (text.shape === 'line' ? '\n' : '');
}
