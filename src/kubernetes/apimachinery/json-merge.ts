import { setMember } from './members';

type Members = Record<string, unknown>;

/**
 * Parses a JSON text (which must be one: `scanJson` has looked) in which names stand twice, as Go decodes it: the second
 * value goes into what the first has made, so that maps and structs hold the members of both.
 */
export function parseMerging(text: string): unknown {
  return new Parser(text).value();
}

class Parser {
  #at = 0;
  constructor(readonly text: string) {}

  value(): unknown {
    const char = this.#peek();
    if (char === '{') return this.#object();
    if (char === '[') return this.#array();
    return JSON.parse(this.#scalar());
  }

  #peek(): string {
    while (/[ \t\r\n]/.test(this.text.charAt(this.#at))) this.#at++;
    return this.text.charAt(this.#at);
  }

  #object(): Members {
    const members: Members = {};
    this.#at++;
    while (this.#peek() !== '}') {
      const name = JSON.parse(this.#scalar()) as string;
      this.#peek();
      this.#at++;
      const value = this.value();
      // `__proto__` is a name like others.
      const had = Object.hasOwn(members, name);
      Object.defineProperty(members, name, {
        value: had ? merged(members[name], value) : value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
      if (this.#peek() === ',') this.#at++;
    }
    this.#at++;
    return members;
  }

  #array(): unknown[] {
    const items: unknown[] = [];
    this.#at++;
    while (this.#peek() !== ']') {
      items.push(this.value());
      if (this.#peek() === ',') this.#at++;
    }
    this.#at++;
    return items;
  }

  /** The text of a string, a number or a word. */
  #scalar(): string {
    this.#peek();
    const scalar = /"(?:[^"\\]|\\.)*"|[^,\]}\s]+/y;
    scalar.lastIndex = this.#at;
    const found = scalar.exec(this.text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}

function merged(first: unknown, second: unknown): unknown {
  if (Array.isArray(first) && Array.isArray(second))
    return second.map((item: unknown, index) => (index < first.length ? merged(first[index], item) : item));
  if (!isMembers(first) || !isMembers(second)) return second;
  const result: Members = { ...first };
  for (const name in second)
    setMember(result, name, Object.hasOwn(first, name) ? merged(first[name], second[name]) : second[name]);
  return result;
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
