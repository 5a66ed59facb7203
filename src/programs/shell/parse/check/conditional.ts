import { Fault } from './fault';
import { tokenName, type Token, type Tokens } from './tokens';

const unary = /^-[abcdefghkLnNoOprRsStuvwxzG]$/;
const binary = /^(?:=|==|!=|=~|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))$/;

/** `[[ … ]]` behind its `[[`, as parse.y's cond_expr and its like read it, with their words for what is wrong. */
export function checkConditional(tokens: Tokens): void {
  const next = new Conditional(tokens).expression();
  if (ends(next)) {
    tokens.take();
    return;
  }
  throw fault(next, 'syntax error in conditional expression', (name) => `: unexpected token \`${name}'`);
}

const ends = ({ kind, text }: Token): boolean => kind === 'word' && text === ']]';

function fault(token: Token, message: string, named: (name: string) => string): Fault {
  // A word is not named.
  const name = token.kind === 'word' && !ends(token) ? '' : named(tokenName(token));
  return new Fault(token.start, [`${message}${name}`], { effect: 'conditional' });
}

class Conditional {
  constructor(readonly tokens: Tokens) {}

  /** Gives the token behind the expression, not taken. */
  expression(): Token {
    let next = this.#term();
    while (next.kind === 'operator' && (next.text === '&&' || next.text === '||')) {
      this.tokens.take();
      next = this.#term();
    }
    return next;
  }

  #skip(): Token {
    let token = this.tokens.peek({ extglob: true });
    while (token.kind === 'newline') {
      this.tokens.take();
      token = this.tokens.peek({ extglob: true });
    }
    if (token.kind === 'end')
      throw new Fault(token.start, ["unexpected EOF while looking for `]]'"], { unfinished: true });
    return token;
  }

  #term(): Token {
    const { tokens } = this;
    const first = this.#skip();
    if (ends(first)) throw new Fault(first.start, [], { effect: 'conditional' });
    if (first.kind === 'operator' && first.text === '(') {
      tokens.take();
      const next = this.expression();
      if (next.kind !== 'operator' || next.text !== ')') {
        const isWord = next.kind === 'word' && !ends(next);
        const message = isWord ? "expected `)'" : `unexpected token \`${tokenName(next)}', expected \`)'`;
        throw new Fault(next.start, [message], { effect: 'conditional' });
      }
      tokens.take();
      return this.#skip();
    }
    if (first.kind !== 'word') {
      const message = `unexpected token \`${tokenName(first)}' in conditional command`;
      throw new Fault(first.start, [message], { effect: 'conditional' });
    }
    tokens.take();
    if (first.text === '!') return this.#term();
    if (unary.test(first.text)) {
      this.#operand('unary', false);
      return this.#skip();
    }
    return this.#binary();
  }

  #binary(): Token {
    const { tokens } = this;
    const operator = tokens.peek({ extglob: true });
    const { kind, text } = operator;
    const ordered = kind === 'operator' && (text === '<' || text === '>');
    if ((kind === 'word' && binary.test(text)) || ordered) {
      tokens.take();
      this.#operand('binary', text === '=~');
      return this.#skip();
    }
    if (ends(operator) || (kind === 'operator' && ['&&', '||', ')'].includes(text))) return operator;
    const message = 'conditional binary operator expected';
    throw new Fault(
      operator.start,
      [
        kind === 'word'
          ? message
          : `unexpected token \`${kind === 'end' ? 'newline' : tokenName(operator)}', ${message}`,
      ],
      { effect: 'conditional' },
    );
  }

  #operand(arity: 'unary' | 'binary', regex: boolean): void {
    const token = this.tokens.peek({ extglob: true, regex });
    if (token.kind === 'word' && !ends(token)) {
      this.tokens.take();
      return;
    }
    const name = token.kind === 'end' ? 'newline' : tokenName(token);
    throw new Fault(token.start, [`unexpected argument \`${name}' to conditional ${arity} operator`], {
      effect: 'conditional',
    });
  }
}
