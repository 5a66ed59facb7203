import { Fault, NoVerdict } from './fault';
import { Words, type WordMode } from './words';

export type TokenKind = 'word' | 'operator' | 'newline' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** An operator, or a word as it is written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

// The longest first.
const operators = '&>> ;;& <<- <<< && || ;; ;& << <& >& >> >| <> &> |& ( ) ; & | < >'.split(' ');

/** What POSIX has, all that dash knows. */
const plainOperators = '<<- && || ;; << <& >& >> >| <> ( ) ; & | < >'.split(' ');

const redirections = new Set(['&>>', '<<-', '<<<', '<<', '<&', '>&', '>>', '>|', '<>', '&>', '<', '>']);

export const isRedirection = ({ kind, text }: Token): boolean => kind === 'operator' && redirections.has(text);

/** Cuts a text into bash's tokens, one ahead. */
export class Tokens {
  readonly words: Words;
  #at = 0;
  #next: Token | undefined;
  #mode: WordMode;
  /** Here-documents whose text begins at the next newline. */
  #hereDocs: { readonly delimiter: string; readonly tabs: boolean }[] = [];

  constructor(
    readonly text: string,
    readonly extglob: boolean,
    commands: (position: number) => number,
    elements: (position: number) => number,
    /** As dash cuts: nothing beyond POSIX. */
    readonly plain = false,
  ) {
    this.words = new Words(text, commands, elements, plain);
    this.#mode = { extglob };
  }

  get position(): number {
    return this.#at;
  }

  /** Goes on at another place; gives what comes back. */
  jump(position: number): () => void {
    const [at, next, mode, hereDocs] = [this.#at, this.#next, this.#mode, this.#hereDocs];
    this.#at = position;
    this.#next = undefined;
    this.#mode = { extglob: this.extglob };
    this.#hereDocs = [];
    return () => {
      this.#at = at;
      this.#next = next;
      this.#mode = mode;
      // A body that has not begun inside begins after the line outside, where nobody here follows it.
      if (this.#hereDocs.length > 0) throw new NoVerdict();
      this.#hereDocs = hereDocs;
    };
  }

  /** The next token, read as a word of `mode` if it is one. */
  peek(mode: Omit<WordMode, 'extglob'> & { readonly extglob?: boolean } = {}): Token {
    const wanted = { extglob: this.extglob, ...mode };
    const { assigns = false, regex = false, extglob } = wanted;
    const same =
      (this.#mode.assigns ?? false) === assigns &&
      (this.#mode.regex ?? false) === regex &&
      this.#mode.extglob === extglob;
    if (this.#next === undefined || !same) {
      this.#mode = wanted;
      this.#next = this.#read();
    }
    return this.#next;
  }

  /** Takes the token that was last looked at. */
  take(): Token {
    const token = this.#next ?? this.peek();
    this.#next = undefined;
    this.#at = token.end;
    if (token.kind === 'newline') this.#skipHereDocs();
    return token;
  }

  hereDoc(word: Token, tabs: boolean): void {
    const delimiter = word.text.replace(/\$?'([^']*)'|\$?"((?:\\.|[^"])*)"|\\(.)/gs, (_all, one, two, three) =>
      String(one ?? two ?? three ?? ''),
    );
    this.#hereDocs.push({ delimiter, tabs });
  }

  #read(): Token {
    const { text } = this;
    let start = this.#at;
    for (;;) {
      while (text.charAt(start) === ' ' || text.charAt(start) === '\t') start++;
      if (text.startsWith('\\\n', start)) start += 2;
      else break;
    }
    if (text.charAt(start) === '#') {
      const end = text.indexOf('\n', start);
      start = end < 0 ? text.length : end;
    }
    if (start >= text.length) return { kind: 'end', text: '', start, end: start };
    if (text.charAt(start) === '\n') return { kind: 'newline', text: '\n', start, end: start + 1 };
    const found = (this.plain ? plainOperators : operators).find((operator) => text.startsWith(operator, start));
    const substitutes = !this.plain && /^[<>]\($/.test(text.slice(start, start + 2));
    const belongs = this.#mode.regex === true && (found === '(' || found === '|');
    if (found !== undefined && !substitutes && !belongs)
      return { kind: 'operator', text: found, start, end: start + found.length };
    const end = this.words.word(start, this.#mode);
    return { kind: 'word', text: text.slice(start, end), start, end };
  }

  #skipHereDocs(): void {
    for (const { delimiter, tabs } of this.#hereDocs.splice(0)) {
      for (;;) {
        if (this.#at >= this.text.length) break;
        const newline = this.text.indexOf('\n', this.#at);
        const line = this.text.slice(this.#at, newline < 0 ? undefined : newline);
        this.#at = newline < 0 ? this.text.length : newline + 1;
        if ((tabs ? line.replace(/^\t+/, '') : line) === delimiter) break;
      }
    }
  }
}

/** How bash names a token in its messages. */
export const tokenName = ({ kind, text }: Token): string => (kind === 'newline' ? 'newline' : text);

/** `syntax error near unexpected token …` */
export function unexpected(token: Token, expecting?: string): Fault {
  if (token.kind === 'end')
    return new Fault(token.start, ['syntax error: unexpected end of file'], {
      unfinished: true,
      atEnd: true,
      expecting,
    });
  return new Fault(token.start, [`syntax error near unexpected token \`${tokenName(token)}'`], {
    shown: true,
    expecting,
  });
}
