import { yamlKey, yamlString } from './yaml-scalar';

/** A JSON value as `kubectl -o yaml` prints it: keys sorted, two spaces a level, sequences not indented. Ends with a newline. */
export function toYaml(value: unknown): string {
  if (isObject(value) && Object.keys(value).length > 0) return mapping(value, 0);
  if (Array.isArray(value) && value.length > 0) return sequence(value, 0);
  return `${scalar(value, 2, 0)}\n`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mapping(object: Readonly<Record<string, unknown>>, indent: number): string {
  const pad = ' '.repeat(indent);
  let out = '';
  for (const key of Object.keys(object).sort(naturally)) {
    const value = object[key];
    if (value === undefined) continue;
    const head = `${pad}${yamlKey(key)}:`;
    if (isObject(value) && Object.keys(value).length > 0) out += `${head}\n${mapping(value, indent + 2)}`;
    else if (Array.isArray(value) && value.length > 0) out += `${head}\n${sequence(value, indent)}`;
    else out += `${head} ${scalar(value, indent + 2, head.length + 1)}\n`;
  }
  return out;
}

function sequence(items: readonly unknown[], indent: number): string {
  const pad = ' '.repeat(indent);
  return items
    .map((item) => {
      if (isObject(item) && Object.keys(item).length > 0)
        return `${pad}- ${mapping(item, indent + 2).slice(indent + 2)}`;
      if (Array.isArray(item) && item.length > 0) return `${pad}- ${sequence(item, indent + 2).slice(indent + 2)}`;
      return `${pad}- ${scalar(item, indent + 2, indent + 2)}\n`;
    })
    .join('');
}

function scalar(value: unknown, indent: number, column: number): string {
  if (typeof value === 'string') return yamlString(value, indent, column);
  if (typeof value === 'number') return goNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return '[]';
  return isObject(value) ? '{}' : 'null';
}

/** strconv.FormatFloat(value, 'g', -1, 64) for what is no integer. */
function goNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  return String(value).replace(/e([-+])(\d)$/, 'e$10$2');
}

// goyaml's keyList.Less: letters after everything else, and runs of digits by their value.
function naturally(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at++) {
    const [x, y] = [left[at] ?? '', right[at] ?? ''];
    if (x === y) continue;
    const [letterX, letterY] = [isLetter(x), isLetter(y)];
    if (letterX && letterY) return x < y ? -1 : 1;
    if (letterX || letterY) return letterY ? -1 : 1;
    const inNumber = (x === '0' || y === '0') && endsInNonZeroNumber(left, at);
    const [m, mEnd] = number(left, at, inNumber);
    const [n, nEnd] = number(right, at, inNumber);
    if (m !== n) return m < n ? -1 : 1;
    if (mEnd !== nEnd) return mEnd - nEnd;
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

const isLetter = (character: string): boolean => /\p{L}/u.test(character);
const isDigit = (character: string | undefined): boolean => character !== undefined && /\d/.test(character);

function endsInNonZeroNumber(characters: readonly string[], end: number): boolean {
  for (let at = end - 1; at >= 0 && isDigit(characters[at]); at--) if (characters[at] !== '0') return true;
  return false;
}

function number(characters: readonly string[], from: number, prefixed: boolean): readonly [number, number] {
  let value = prefixed ? 1 : 0;
  let at = from;
  for (; isDigit(characters[at]); at++) value = value * 10 + Number(characters[at]);
  return [value, at];
}
