import { doubleQuote, quoteIfNeeded, singleQuote } from '../expand/quote';
import { Flag, type Variable } from './variables';
import { AssociativeArray, IndexedArray } from './values';

/** The letters of a variable's attributes, in the order of `declare -p`. */
export function valueAttributes(variable: Variable | undefined): string {
  if (variable === undefined) return '';
  const { value, flags } = variable;
  let letters = '';
  if (value instanceof IndexedArray) letters += 'a';
  if (value instanceof AssociativeArray) letters += 'A';
  if ((flags & Flag.integer) !== 0) letters += 'i';
  if ((flags & Flag.nameref) !== 0) letters += 'n';
  if ((flags & Flag.readonly) !== 0) letters += 'r';
  if ((flags & Flag.exported) !== 0) letters += 'x';
  if ((flags & Flag.capitalize) !== 0) letters += 'c';
  if ((flags & Flag.lower) !== 0) letters += 'l';
  if ((flags & Flag.upper) !== 0) letters += 'u';
  return letters;
}

/** `([0]="a" [1]="b")` */
export function arrayText(value: IndexedArray | AssociativeArray): string {
  if (value instanceof IndexedArray) {
    return `(${value
      .entries()
      .map(([index, text]) => `[${index}]=${doubleQuote(text)}`)
      .join(' ')})`;
  }
  return `(${value
    .entries()
    .map(([key, text]) => `[${quoteKey(key)}]=${doubleQuote(text)} `)
    .join('')})`;
}

const quoteKey = (key: string): string => (/^[\w./:@%+,-]+$/.test(key) ? key : doubleQuote(key));

/** `declare -x NAME="value"`, as `declare -p` prints it. */
export function declarationLine(name: string, variable: Variable): string {
  const letters = valueAttributes(variable);
  const head = `declare -${letters === '' ? '-' : letters} ${name}`;
  const { value } = variable;
  if (value === undefined || (typeof value !== 'string' && !value.assigned)) return head;
  return typeof value === 'string' ? `${head}=${doubleQuote(value)}` : `${head}=${arrayText(value)}`;
}

/** `${name@A}`: like `declare -p`, but single quotes, and nothing before a plain variable. */
export function declarationOf(name: string, variable: Variable, scalar: boolean): string {
  const letters = valueAttributes(variable);
  const { value } = variable;
  if (value === undefined) return '';
  const first =
    value instanceof IndexedArray ? value.get(0) : value instanceof AssociativeArray ? value.get('0') : value;
  if (scalar && first === undefined) return `declare -${letters} ${name}`;
  const text = scalar || typeof value === 'string' ? singleQuote(first ?? '') : arrayText(value);
  return letters === '' ? `${name}=${text}` : `declare -${letters} ${name}=${text}`;
}

/** A line of `set`. */
export function assignmentLine(name: string, value: string | IndexedArray | AssociativeArray): string {
  return `${name}=${typeof value === 'string' ? (value === '' ? '' : quoteIfNeeded(value)) : arrayText(value)}`;
}
