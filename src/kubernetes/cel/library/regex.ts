import { fn, type Library } from '../functions';
import { regexCost, regexOf as patternOf, type Regex } from '../regex';
import { CelError } from '../values';

function regexOf(pattern: string): Regex {
  try {
    return patternOf(pattern);
  } catch (thrown) {
    throw thrown instanceof CelError ? new CelError(`Illegal regex: ${thrown.message}`) : thrown;
  }
}

function findAll(text: string, pattern: string, limit: bigint): readonly string[] {
  const regex = regexOf(pattern);
  const found: string[] = [];
  let from = 0;
  while (from <= text.length && (limit < 0n || BigInt(found.length) < limit)) {
    const match = regex.find(text, from);
    if (match === undefined) break;
    found.push(text.slice(match.start, match.end));
    from = match.end > match.start ? match.end : match.end + 1;
  }
  return found;
}

/** Kubernetes' regular expressions. */
export const regex: Library = [
  fn('string.find(string): string', ([text, pattern]: readonly [string, string], budget) => {
    budget.charge(regexCost(pattern, text));
    const match = regexOf(pattern).find(text, 0);
    return match === undefined ? '' : text.slice(match.start, match.end);
  }),
  fn('string.findAll(string): list<string>', ([text, pattern]: readonly [string, string], budget) => {
    budget.charge(regexCost(pattern, text) * (1 + Math.ceil(text.length / 10)));
    return findAll(text, pattern, -1n);
  }),
  fn(
    'string.findAll(string, int): list<string>',
    ([text, pattern, limit]: readonly [string, string, bigint], budget) => {
      budget.charge(regexCost(pattern, text) * (1 + Math.ceil(text.length / 10)));
      return findAll(text, pattern, limit);
    },
  ),
];
