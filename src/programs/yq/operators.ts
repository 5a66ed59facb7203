import { attach, copy, follow, map, number, numberOf, pairs, scalar, sequence, string, type YNode } from './node';
import { YqError } from './scope';

const isNumber = ({ tag }: YNode): boolean => tag === '!!int' || tag === '!!float';

export function equalNodes(a: YNode, b: YNode): boolean {
  const [left, right] = [follow(a), follow(b)];
  if (left.kind !== right.kind) return false;
  if (left.kind === 'scalar') {
    if (left.tag === '!!null') return right.tag === '!!null';
    if (isNumber(left) && isNumber(right)) return numberOf(left) === numberOf(right);
    if (right.tag === '!!str' && left.tag === '!!str' && /[*?]/.test(right.value))
      return wildcard(right.value).test(left.value);
    return left.tag === right.tag && left.value === right.value;
  }
  if (left.items.length !== right.items.length) return false;
  if (left.kind === 'map') {
    return pairs(left).every(([key, value]) => {
      const other = pairs(right).find(([each]) => each.value === key.value)?.[1];
      return other !== undefined && equalNodes(value, other);
    });
  }
  return left.items.every((item, index) => {
    const other = right.items[index];
    return other !== undefined && equalNodes(item, other);
  });
}

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

const ranks: Readonly<Record<string, number>> = {
  '!!null': 0,
  '!!bool': 1,
  '!!int': 2,
  '!!float': 2,
  '!!timestamp': 3,
  '!!str': 4,
};

/** The order of `sort`: nulls, booleans, numbers, strings. */
export function compareNodes(a: YNode, b: YNode): number {
  const [left, right] = [follow(a), follow(b)];
  const [x, y] = [ranks[left.tag] ?? 5, ranks[right.tag] ?? 5];
  if (x !== y) return x - y;
  if (isNumber(left)) return numberOf(left) - numberOf(right);
  return left.value < right.value ? -1 : left.value > right.value ? 1 : 0;
}

export function addNodes(left: YNode, right: YNode): YNode {
  if (left.tag === '!!null') return copy(right);
  if (right.tag === '!!null') return copy(left);
  if (left.kind === 'map' && right.kind === 'map') {
    const made = copy(left);
    for (const [key, value] of pairs(right)) {
      const old = pairs(made).findIndex(([each]) => each.value === key.value);
      if (old < 0) attach(made, copy(key), copy(value));
      else {
        const replaced = copy(value);
        replaced.parent = made;
        replaced.key = made.items[old * 2];
        made.items[old * 2 + 1] = replaced;
      }
    }
    return made;
  }
  if (left.kind === 'map') throw new YqError(`${right.tag} (${right.value}) cannot be added to a !!map ()`);
  if (left.kind === 'seq') {
    const made = copy(left);
    for (const item of right.kind === 'seq' ? right.items : [right]) attach(made, undefined, copy(item));
    return made;
  }
  if (right.kind !== 'scalar') throw new YqError(`${right.tag} () cannot be added to a ${left.tag} ()`);
  return arithmetic('+', left, right);
}

export function subtractNodes(left: YNode, right: YNode): YNode {
  if (left.kind === 'seq') {
    const gone = right.kind === 'seq' ? right.items : [right];
    const made = sequence();
    for (const item of left.items)
      if (!gone.some((each) => equalNodes(each, item))) attach(made, undefined, copy(item));
    return made;
  }
  if (left.kind === 'map') throw new YqError('maps not yet supported for subtraction');
  return arithmetic('-', left, right);
}

export function arithmetic(operator: string, left: YNode, right: YNode): YNode {
  if (isNumber(left) && isNumber(right)) {
    const [a, b] = [numberOf(left), numberOf(right)];
    const float = left.tag === '!!float' || right.tag === '!!float';
    switch (operator) {
      case '+':
        return typed(a + b, float);
      case '-':
        return typed(a - b, float);
      case '*':
        return typed(a * b, float);
      case '/':
        return scalar('!!float', String(a / b));
      default:
        if (b === 0) throw new YqError('cannot modulo by 0');
        return typed(a % b, float);
    }
  }
  if (operator === '+') {
    const made = string(left.value + right.value);
    made.style = left.style;
    return made;
  }
  if (operator === '/' && left.tag === '!!str' && right.tag === '!!str') {
    const made = sequence();
    for (const part of left.value.split(right.value)) attach(made, undefined, string(part));
    return made;
  }
  if (operator === '*' && left.tag === '!!str' && right.tag === '!!int')
    return string(left.value.repeat(Math.max(0, numberOf(right))));
  const words: Readonly<Record<string, string>> = {
    '-': 'subtracted from',
    '*': 'multiply',
    '/': 'divided by',
    '%': 'modulo by',
  };
  if (operator === '*') throw new YqError(`cannot multiply ${left.tag} with ${right.tag}`);
  if (operator === '-') throw new YqError(`${right.tag} cannot be subtracted from ${left.tag}`);
  throw new YqError(`${left.tag} cannot be ${words[operator] ?? operator} ${right.tag}`);
}

const typed = (value: number, float: boolean): YNode => (float ? scalar('!!float', String(value)) : number(value));

/** `*`: the right map over the left one. Flags: `+` appends sequences, `d` merges them, `n` only new keys, `?` only known ones. */
export function mergeNodes(left: YNode, right: YNode, flags: string): YNode {
  if (right.tag === '!!null' && right.kind === 'scalar') return copy(left);
  if (left.kind === 'scalar' && left.tag === '!!null') return copy(right);
  if (left.kind === 'map' && right.kind === 'map') {
    const made = copy(left);
    if (right.head !== '') made.head = right.head;
    for (const [key, value] of pairs(right)) {
      const at = pairs(made).findIndex(([each]) => each.value === key.value);
      if (at < 0) {
        if (!flags.includes('?')) attach(made, copy(key), copy(value));
        continue;
      }
      const old = made.items[at * 2 + 1] ?? map();
      if (flags.includes('n') && !(old.kind === 'map' && value.kind === 'map')) continue;
      const merged = merge(old, value, flags);
      if (merged.line === '') merged.line = old.line;
      if (old.kind === 'scalar' && merged.kind === 'scalar' && merged.style === 'plain' && old.tag === merged.tag)
        merged.style = old.style;
      const name = made.items[at * 2];
      if (name !== undefined && key.head !== '') name.head = key.head;
      merged.parent = made;
      merged.key = name;
      made.items[at * 2 + 1] = merged;
    }
    return made;
  }
  return merge(left, right, flags);
}

function merge(old: YNode, value: YNode, flags: string): YNode {
  if (old.kind === 'map' && value.kind === 'map') return mergeNodes(old, value, flags);
  if (old.kind === 'seq' && value.kind === 'seq') {
    if (flags.includes('+')) return addNodes(old, value);
    if (flags.includes('d')) {
      const made = copy(old);
      value.items.forEach((item, index) => {
        const before = made.items[index];
        if (before === undefined) attach(made, undefined, copy(item));
        else {
          const merged = merge(before, item, flags);
          merged.parent = made;
          made.items[index] = merged;
        }
      });
      return made;
    }
  }
  return copy(value);
}
