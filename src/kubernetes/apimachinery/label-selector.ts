import { err, ok, type Result } from '../../sim/result';
import { goQuote } from './field-errors';
import { isQualifiedName, isValidLabelValue } from './names';
import type { Labels } from './object';

/** A selector as it stands in a query: `app=web,tier in (a, b),!old`. k8s.io/apimachinery/pkg/labels/selector.go */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';
  readonly values: readonly string[];
}

type TokenKind =
  'identifier' | 'end' | ',' | '!' | '=' | '==' | '!=' | '(' | ')' | '<' | '>' | 'in' | 'notin' | 'error';
interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

export const matchesLabels = (requirements: readonly LabelRequirement[], labels: Labels | undefined): boolean =>
  requirements.every((requirement) => matchesRequirement(requirement, labels));

function matchesRequirement({ key, operator, values }: LabelRequirement, labels: Labels | undefined): boolean {
  const value = labels?.[key];
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
    case 'lt': {
      if (value === undefined || !/^[+-]?\d+$/.test(value)) return false;
      const limit = Number(values[0]);
      return operator === 'gt' ? Number(value) > limit : Number(value) < limit;
    }
  }
}

/** Selector.String: canonical, as messages and continue tokens have it. */
export const labelRequirementsText = (requirements: readonly LabelRequirement[]): string =>
  requirements.map(requirementText).join(',');

function requirementText({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`;
    case 'gt':
    case 'lt':
      return `${key}${operator === 'gt' ? '>' : '<'}${values.join('')}`;
    default:
      return `${key}${operator}${values.join('')}`;
  }
}

/** labels.Parse, with its messages. */
export function parseLabelSelector(text: string): Result<readonly LabelRequirement[], string> {
  try {
    return ok(new Parser(tokensOf(text)).parse());
  } catch (error) {
    if (error instanceof SelectorError) return err(error.message);
    throw error;
  }
}

class SelectorError extends Error {}

const special = new Set(['=', '!', '(', ')', ',', '>', '<']);

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (/[ \t\r\n]/.test(char)) {
      at++;
      continue;
    }
    if (!special.has(char)) {
      let end = at;
      while (end < text.length && !special.has(text.charAt(end)) && !/[ \t\r\n]/.test(text.charAt(end))) end++;
      const word = text.slice(at, end);
      tokens.push({ kind: word === 'in' || word === 'notin' ? word : 'identifier', text: word });
      at = end;
      continue;
    }
    const two = text.slice(at, at + 2);
    if (two === '==' || two === '!=') {
      tokens.push({ kind: two, text: two });
      at += 2;
      continue;
    }
    tokens.push({ kind: char as TokenKind, text: char });
    at++;
  }
  return tokens;
}

const end: Token = { kind: 'end', text: '' };

class Parser {
  #at = 0;
  constructor(readonly tokens: readonly Token[]) {}

  /** `values`: `in` and `notin` may be a value where a value stands. */
  #peek(values = false): Token {
    const token = this.tokens[this.#at] ?? end;
    return values && (token.kind === 'in' || token.kind === 'notin') ? { ...token, kind: 'identifier' } : token;
  }
  #next(values = false): Token {
    const token = this.#peek(values);
    this.#at++;
    return token;
  }

  parse(): readonly LabelRequirement[] {
    const requirements: LabelRequirement[] = [];
    for (;;) {
      const token = this.#peek(true);
      if (token.kind === 'end') return sorted(requirements);
      if (token.kind !== 'identifier' && token.kind !== '!')
        throw new SelectorError(`found '${token.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const after = this.#next();
      if (after.kind === 'end') return sorted(requirements);
      if (after.kind !== ',') throw new SelectorError(`found '${after.text}', expected: ',' or 'end of string'`);
      const following = this.#peek(true);
      if (following.kind !== 'identifier' && following.kind !== '!')
        throw new SelectorError(`found '${following.text}', expected: identifier after ','`);
    }
  }

  #requirement(): LabelRequirement {
    let token = this.#next(true);
    const negated = token.kind === '!';
    if (negated) token = this.#next(true);
    if (token.kind !== 'identifier') throw unparsable(`found '${token.text}', expected: identifier`);
    const key = token.text;
    const problems = isQualifiedName(key);
    if (problems.length > 0) throw unparsable(`<nil>: Invalid value: ${goQuote(key)}: ${problems.join('; ')}`);
    const following = this.#peek();
    if (negated) return { key, operator: '!', values: [] };
    if (following.kind === 'end' || following.kind === ',') return { key, operator: 'exists', values: [] };

    const operator = operators[this.#next().text];
    if (operator === undefined) throw unparsable(`found '${following.text}', expected: in, notin, =, ==, !=, gt, lt`);
    const values = operator === 'in' || operator === 'notin' ? this.#set() : [this.#exact()];
    if (operator === 'gt' || operator === 'lt') {
      const [value = ''] = values;
      if (!/^[+-]?\d+$/.test(value))
        throw unparsable(
          `values[0]: Invalid value: ${goQuote(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
        );
    }
    values.forEach((value, index) => {
      const wrong = isValidLabelValue(value);
      if (wrong.length > 0)
        throw unparsable(`values[${index}][${key}]: Invalid value: ${goQuote(value)}: ${wrong.join('; ')}`);
    });
    return { key, operator, values: [...new Set(values)].sort() };
  }

  #exact(): string {
    const token = this.#peek(true);
    if (token.kind === 'end' || token.kind === ',') return '';
    this.#at++;
    if (token.kind === 'identifier') return token.text;
    throw unparsable(`found '${token.text}', expected: identifier`);
  }

  #set(): readonly string[] {
    const open = this.#next(true);
    if (open.kind !== '(') throw unparsable(`found '${open.text}' expected: '('`);
    const token = this.#peek(true);
    if (token.kind === ')') {
      this.#at++;
      return [''];
    }
    if (token.kind !== 'identifier' && token.kind !== ',')
      throw unparsable(`found '${token.text}', expected: ',', ')' or identifier`);
    const values: string[] = [];
    for (;;) {
      const value = this.#next(true);
      if (value.kind === 'identifier') {
        values.push(value.text);
        const after = this.#next(true);
        if (after.kind === ')') return values;
        if (after.kind !== ',') throw unparsable(`found '${after.text}', expected: ',' or ')'`);
        // An empty value may follow a comma.
        if (this.#peek(true).kind === ')') {
          values.push('');
          this.#at++;
          return values;
        }
        continue;
      }
      if (value.kind === ',') {
        values.push('');
        const after = this.#peek(true);
        if (after.kind === ')') {
          values.push('');
          this.#at++;
          return values;
        }
        if (after.kind === ',') {
          this.#at++;
          values.push('');
        }
        continue;
      }
      throw unparsable(`found '${value.text}', expected: ',', or identifier`);
    }
  }
}

const operators: Readonly<Record<string, LabelRequirement['operator']>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};

const unparsable = (why: string): SelectorError => new SelectorError(`unable to parse requirement: ${why}`);
const sorted = (requirements: readonly LabelRequirement[]): readonly LabelRequirement[] =>
  [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
