/** What Go's JSON decoder finds in a text that JSON.parse does not tell: its words for errors, and fields given twice. */
export interface JsonScan {
  readonly error: string | undefined;
  /** `metadata.labels.a`, in the order they were met. */
  readonly duplicates: readonly string[];
}

export function scanJson(text: string): JsonScan {
  const scanner = new Scanner(text);
  try {
    scanner.space();
    scanner.value('');
    scanner.space();
    if (scanner.at < text.length) scanner.fail('after top-level value');
    return { error: undefined, duplicates: scanner.duplicates };
  } catch (error) {
    if (error instanceof ScanError) return { error: error.message, duplicates: [] };
    throw error;
  }
}

/** The path of every key of a valid text, in the order they were met. */
export function scanKeys(text: string): readonly string[] {
  const scanner = new Scanner(text, []);
  scanner.space();
  scanner.value('');
  return scanner.keys ?? [];
}

/** Go allows 10,000; nothing that is meant is a tenth as deep, and a stack is not for ever. */
const MAX_DEPTH = 1000;

class ScanError extends Error {}

class Scanner {
  at = 0;
  #depth = 0;
  readonly duplicates: string[] = [];
  constructor(
    readonly text: string,
    readonly keys?: string[],
  ) {}

  #peek(): string {
    return this.text.charAt(this.at);
  }

  fail(context: string): never {
    if (this.at >= this.text.length) throw new ScanError('unexpected end of JSON input');
    const char = this.#peek();
    const shown = char === "'" ? `'\\''` : char === '"' ? `'"'` : `'${char}'`;
    throw new ScanError(`invalid character ${shown} ${context}`);
  }

  space(): void {
    while (this.at < this.text.length && /[ \t\r\n]/.test(this.#peek())) this.at++;
  }

  value(path: string): void {
    const char = this.#peek();
    if (char === '{' || char === '[') {
      if (++this.#depth > MAX_DEPTH) throw new ScanError('exceeded max depth');
      if (char === '{') this.#object(path);
      else this.#array(path);
      this.#depth--;
    } else if (char === '"') this.#string();
    else if (char === '-' || /\d/.test(char)) this.#number();
    else if (char === 't') this.#word('true');
    else if (char === 'f') this.#word('false');
    else if (char === 'n') this.#word('null');
    else this.fail('looking for beginning of value');
  }

  #object(path: string): void {
    this.at++;
    this.space();
    const seen = new Set<string>();
    if (this.#peek() === '}') {
      this.at++;
      return;
    }
    for (;;) {
      if (this.#peek() !== '"') this.fail('looking for beginning of object key string');
      const key = this.#string();
      const inner = path === '' ? key : `${path}.${key}`;
      this.keys?.push(inner);
      if (seen.has(key)) this.duplicates.push(inner);
      seen.add(key);
      this.space();
      if (this.#peek() !== ':') this.fail('after object key');
      this.at++;
      this.space();
      this.value(inner);
      this.space();
      if (this.#peek() === '}') {
        this.at++;
        return;
      }
      if (this.#peek() !== ',') this.fail('after object key:value pair');
      this.at++;
      this.space();
    }
  }

  #array(path: string): void {
    this.at++;
    this.space();
    if (this.#peek() === ']') {
      this.at++;
      return;
    }
    for (let index = 0; ; index++) {
      this.value(`${path}[${index}]`);
      this.space();
      if (this.#peek() === ']') {
        this.at++;
        return;
      }
      if (this.#peek() !== ',') this.fail('after array element');
      this.at++;
      this.space();
    }
  }

  #string(): string {
    const start = ++this.at;
    let escaped = false;
    for (;;) {
      const char = this.#peek();
      if (char === '') this.fail('');
      if (char === '"') break;
      if (char === '\\') {
        escaped = true;
        this.at++;
        if (!/["\\/bfnrtu]/.test(this.#peek())) this.fail('in string escape code');
      } else if (char < ' ') this.fail('in string literal');
      this.at++;
    }
    const raw = this.text.slice(start, this.at++);
    return escaped ? (JSON.parse(`"${raw}"`) as string) : raw;
  }

  #number(): void {
    const match = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/.exec(this.text.slice(this.at));
    if (match === null) {
      this.at++;
      this.fail('in numeric literal');
    }
    this.at += match[0].length;
  }

  #word(word: string): void {
    for (const char of word) {
      if (this.#peek() !== char) this.fail(`in literal ${word} (expecting '${char}')`);
      this.at++;
    }
  }
}
