import { compile } from '../toolkit/regex';
import { tool } from '../toolkit/tool';

class Wrong extends Error {}

/** expr(1). Numbers are of any size, as GNU's with GMP. */
export const expr = tool(
  {
    name: 'expr',
    usage: 'EXPRESSION',
    about: 'Print the value of EXPRESSION to standard output.',
    raw: true,
    trouble: 2,
  },
  async (tool) => {
    const args = tool.operands[0] === '--' ? tool.operands.slice(1) : tool.operands;
    if (args.length === 0) return tool.usageError('missing operand');
    try {
      const parser = new Parser(args);
      const value = parser.parse();
      await tool.out.line(value);
      return value === '' || /^-?0+$/.test(value) ? 1 : 0;
    } catch (error) {
      if (error instanceof Wrong) return tool.fail(error.message, 2);
      throw error;
    }
  },
);

const isInteger = (text: string): boolean => /^-?\d+$/.test(text);
const isNull = (text: string): boolean => text === '' || /^-?0+$/.test(text);

class Parser {
  #at = 0;

  constructor(readonly args: readonly string[]) {}

  parse(): string {
    const value = this.#level(0);
    const rest = this.args[this.#at];
    if (rest !== undefined) throw new Wrong(`syntax error: unexpected argument ‘${rest}’`);
    return value;
  }

  /** Operators from weakest to strongest: |, &, comparisons, + -, * / %, :. */
  #level(level: number): string {
    const operators = [['|'], ['&'], ['<', '<=', '=', '==', '!=', '>=', '>'], ['+', '-'], ['*', '/', '%'], [':']][
      level
    ];
    if (operators === undefined) return this.#primary();
    let left = this.#level(level + 1);
    for (;;) {
      const operator = this.args[this.#at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.#at++;
      const right = this.#level(level + 1);
      left = apply(left, operator, right);
    }
  }

  #next(): string {
    const word = this.args[this.#at++];
    if (word === undefined) throw new Wrong(`syntax error: missing argument after ‘${this.args[this.#at - 2] ?? ''}’`);
    return word;
  }

  #primary(): string {
    const word = this.#next();
    if (word === '+') return this.#next();
    if (word === '(') {
      const value = this.#level(0);
      const close = this.args[this.#at++];
      if (close === undefined) throw new Wrong(`syntax error: expecting ‘)’ after ‘${this.args[this.#at - 2] ?? ''}’`);
      if (close !== ')') throw new Wrong(`syntax error: expecting ‘)’ instead of ‘${close}’`);
      return value;
    }
    if (word === ')') throw new Wrong('syntax error: unexpected ‘)’');
    const more = this.#at < this.args.length;
    if (word === 'length' && more) return String([...this.#primary()].length);
    if (word === 'match' && more) return match(this.#primary(), this.#primary());
    if (word === 'index' && more) {
      const text = [...this.#primary()];
      const chars = this.#primary();
      return String(text.findIndex((char) => chars.includes(char)) + 1);
    }
    if (word === 'substr' && more) {
      const text = [...this.#primary()];
      const [from, count] = [Number(this.#primary()), Number(this.#primary())];
      return from >= 1 && count >= 1 ? text.slice(from - 1, from - 1 + count).join('') : '';
    }
    return word;
  }
}

function match(text: string, pattern: string): string {
  const regex = compile(pattern.startsWith('^') ? pattern : `^${pattern}`, false, 's');
  if (typeof regex === 'string') throw new Wrong(regex);
  const found = regex.exec(text);
  if (regex.source.includes('(') && found?.length !== 1) return found?.[1] ?? (pattern.includes('\\(') ? '' : '0');
  return String([...(found?.[0] ?? '')].length);
}

function apply(left: string, operator: string, right: string): string {
  switch (operator) {
    case '|':
      return isNull(left) ? (isNull(right) ? '0' : right) : left;
    case '&':
      return isNull(left) || isNull(right) ? '0' : left;
    case ':':
      return match(left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': {
      if (!isInteger(left) || !isInteger(right)) throw new Wrong('non-integer argument');
      const [a, b] = [BigInt(left), BigInt(right)];
      if (b === 0n && (operator === '/' || operator === '%')) throw new Wrong('division by zero');
      const results = { '+': () => a + b, '-': () => a - b, '*': () => a * b, '/': () => a / b, '%': () => a % b };
      return String(results[operator]());
    }
    default: {
      const numbers = isInteger(left) && isInteger(right);
      const [a, b] = numbers ? [BigInt(left), BigInt(right)] : [left, right];
      const results: Readonly<Record<string, boolean>> = {
        '<': a < b,
        '<=': a <= b,
        '=': a === b,
        '==': a === b,
        '!=': a !== b,
        '>=': a >= b,
        '>': a > b,
      };
      return results[operator] === true ? '1' : '0';
    }
  }
}
