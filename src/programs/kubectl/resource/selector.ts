import { Failure } from '../errors';
import { at, text } from '../json';

/** One requirement of a label selector (apimachinery labels.Requirement). */
export interface Requirement {
  readonly key: string;
  readonly operator: 'exists' | '!' | '=' | '!=' | 'in' | 'notin' | 'gt' | 'lt';
  readonly values: readonly string[];
}

const tokens = /\s*(!=|==|=|!|\(|\)|,|>|<|[^\s!=(),<>]+)/y;

/** Reads a label selector, for what is filtered on this side. */
export function parseSelector(source: string): readonly Requirement[] {
  const words: string[] = [];
  tokens.lastIndex = 0;
  while (tokens.lastIndex < source.length) {
    const found = tokens.exec(source);
    if (!found) break;
    words.push(found[1] ?? '');
  }
  const bad = (): Failure => new Failure(`the provided selector "${source}" is not valid: unable to parse requirement`);
  const requirements: Requirement[] = [];
  let index = 0;
  const next = (): string => words[index++] ?? '';
  while (index < words.length) {
    const first = next();
    if (first === '!') requirements.push({ key: next(), operator: '!', values: [] });
    else {
      const operator = words[index] ?? ',';
      if (operator === ',') requirements.push({ key: first, operator: 'exists', values: [] });
      else if (operator === 'in' || operator === 'notin') {
        index++;
        if (next() !== '(') throw bad();
        const values: string[] = [];
        for (let word = next(); word !== ')'; word = next()) {
          if (word === '') throw bad();
          if (word !== ',') values.push(word);
        }
        requirements.push({ key: first, operator, values });
      } else {
        index++;
        const value = words[index] === ',' || words[index] === undefined ? '' : next();
        const known = { '=': '=', '==': '=', '!=': '!=', '>': 'gt', '<': 'lt' }[operator];
        if (known === undefined) throw bad();
        requirements.push({ key: first, operator: known as Requirement['operator'], values: [value] });
      }
    }
    if (index < words.length && next() !== ',') throw bad();
  }
  return requirements;
}

export const matchesSelector = (requirements: readonly Requirement[], labels: unknown): boolean =>
  requirements.every(({ key, operator, values }) => {
    const has = at(labels, key) !== undefined;
    const value = text(labels, key);
    switch (operator) {
      case 'exists':
        return has;
      case '!':
        return !has;
      case '=':
      case 'in':
        return has && values.includes(value);
      case '!=':
      case 'notin':
        return !has || !values.includes(value);
      case 'gt':
        return has && Number(value) > Number(values[0]);
      case 'lt':
        return has && Number(value) < Number(values[0]);
    }
  });
