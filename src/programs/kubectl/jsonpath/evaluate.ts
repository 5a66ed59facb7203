import { JsonPathError, parse, type ListNode, type Node } from './parse';

export { JsonPathError } from './parse';

export interface JsonPathOptions {
  /** A field that is not there gives nothing instead of an error (`kubectl get` does so, `kubectl wait` does not). */
  readonly allowMissingKeys?: boolean;
}

/**
 * A compiled template. `execute` gives the text that kubectl prints; `find` the values, a list an action.
 * Source: client-go util/jsonpath/jsonpath.go. Both throw `JsonPathError`.
 */
export class JsonPath {
  readonly #root: ListNode;
  readonly #allowMissingKeys: boolean;

  constructor(template: string, { allowMissingKeys = false }: JsonPathOptions = {}) {
    this.#root = parse(template);
    this.#allowMissingKeys = allowMissingKeys;
  }

  find(data: unknown): readonly (readonly unknown[])[] {
    return new Evaluation(this.#allowMissingKeys).run(this.#root.nodes, data);
  }

  execute(data: unknown): string {
    return this.find(data)
      .map((results) => results.map(print).join(' '))
      .join('');
  }
}

class Evaluation {
  #beginRange = 0;
  #inRange = 0;
  #endRange = 0;
  #lastEnd: Node | undefined;

  constructor(readonly allowMissingKeys: boolean) {}

  run(nodes: readonly Node[], data: unknown): unknown[][] {
    const full: unknown[][] = [];
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index];
      if (node === undefined) break;
      const results = this.#walk([data], node);
      if (this.#endRange > 0 && this.#endRange <= this.#inRange) {
        this.#endRange--;
        this.#lastEnd = node;
        break;
      }
      if (this.#beginRange > 0) {
        this.#beginRange--;
        this.#inRange++;
        const inside = nodes.slice(index + 1);
        // With nothing to range over, the inside is still walked once, to find where it ends.
        if (results.length === 0) this.run(inside, undefined);
        for (const value of results) full.push(...this.run(inside, value));
        this.#inRange--;
        const end = this.#lastEnd === undefined ? -1 : nodes.indexOf(this.#lastEnd, index + 1);
        if (end >= 0) index = end;
        continue;
      }
      full.push(results);
    }
    return full;
  }

  #walk(input: readonly unknown[], node: Node): unknown[] {
    switch (node.kind) {
      case 'list':
        return node.nodes.reduce<unknown[]>((values, inner) => this.#walk(values, inner), [...input]);
      case 'text':
        return [node.text];
      case 'number':
        return [node.float ? new Float(node.value) : node.value];
      case 'bool':
        return [node.value];
      case 'field':
        return this.#field(input, node.name);
      case 'array':
        return input.flatMap((value) => (value === null || value === undefined ? [] : sliceOf(value, node)));
      case 'filter':
        return this.#filter(input, node);
      case 'recursive':
        return recursive(input);
      case 'wildcard':
        return input.flatMap(children);
      case 'union':
        return node.nodes.flatMap((list) => this.#walk(input, list));
      case 'identifier':
        return this.#identifier(input, node.name);
    }
  }

  #identifier(input: readonly unknown[], name: string): unknown[] {
    if (name === 'range') {
      this.#beginRange++;
      return [...input];
    }
    if (name !== 'end') throw new JsonPathError(`unrecognized identifier ${name}`);
    if (this.#inRange === 0) throw new JsonPathError('not in range, nothing to end');
    this.#endRange++;
    return [];
  }

  #field(input: readonly unknown[], name: string): unknown[] {
    const found = input.flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));
    if (found.length > 0 || this.allowMissingKeys) return found;
    throw new JsonPathError(`${name} is not found`);
  }

  #filter(input: readonly unknown[], node: Extract<Node, { kind: 'filter' }>): unknown[] {
    return input.flatMap((value) => {
      if (!Array.isArray(value))
        throw new JsonPathError(`${goText(value)} is not array or slice and cannot be filtered`);
      return value.filter((item: unknown) => this.#passes(item, node));
    });
  }

  #passes(item: unknown, { left, right, operator }: Extract<Node, { kind: 'filter' }>): boolean {
    if (operator === 'exists') {
      try {
        return this.#walk([item], left).length > 0;
      } catch {
        return false;
      }
    }
    const lefts = this.#walk([item], left);
    if (lefts.length === 0) return false;
    if (lefts.length > 1) throw new JsonPathError('can only compare one element at a time');
    const rights = this.#walk([item], right);
    if (rights.length === 0) return false;
    if (rights.length > 1) throw new JsonPathError('can only compare one element at a time');
    return compare(operator, lefts[0], rights[0]);
  }
}

/** A float literal of the template: to Go it is another type than the integers of the data, even where it is whole. */
class Float {
  constructor(readonly value: number) {}
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value)
    ? Object.keys(value)
        .sort()
        .map((key) => value[key])
    : [];
}

function recursive(input: readonly unknown[]): unknown[] {
  return input.flatMap((value) => {
    const below = children(value);
    return below.length === 0 ? [] : [value, ...recursive(below)];
  });
}

function sliceOf(value: unknown, { params }: Extract<Node, { kind: 'array' }>): unknown[] {
  if (!Array.isArray(value)) throw new JsonPathError(`${goType(value)} is not array or slice`);
  const { length } = value;
  const [first, second, third] = params;
  let start = first.known ? first.value : 0;
  if (start < 0) start += length;
  let end = second.known ? second.value : length;
  if (end < 0 || (end === 0 && second.derived)) end += length;
  const outside = (index: number): never => {
    throw new JsonPathError(`array index out of bounds: index ${index}, length ${length}`);
  };
  const step = third.known ? third.value : 1;
  if (start === end) return [];
  if (start >= length || start < 0) outside(start);
  if (end > length || end < 0) outside(end - 1);
  if (start > end) throw new JsonPathError(`starting index ${start} is greater than ending index ${end}`);
  if (step <= 0) throw new JsonPathError('step must be > 0');
  return value.slice(start, end).filter((_item, index) => index % step === 0);
}

type BasicKind = 'bool' | 'int' | 'float' | 'string';

function basic(value: unknown): { readonly kind: BasicKind; readonly value: boolean | number | string } {
  if (value instanceof Float) return { kind: 'float', value: value.value };
  if (typeof value === 'boolean') return { kind: 'bool', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if (typeof value === 'number') return { kind: Number.isInteger(value) ? 'int' : 'float', value };
  throw new JsonPathError('invalid type for comparison');
}

function compare(operator: string, a: unknown, b: unknown): boolean {
  const [left, right] = [basic(a), basic(b)];
  if (left.kind !== right.kind) throw new JsonPathError('incompatible types for comparison');
  const ordered = (): void => {
    if (left.kind === 'bool') throw new JsonPathError('invalid type for comparison');
  };
  switch (operator) {
    case '==':
      return left.value === right.value;
    case '!=':
      return left.value !== right.value;
    case '<':
      ordered();
      return left.value < right.value;
    case '>':
      ordered();
      return left.value > right.value;
    case '<=':
      ordered();
      return left.value <= right.value;
    case '>=':
      ordered();
      return left.value >= right.value;
    default:
      throw new JsonPathError(`unrecognized filter operator ${operator}`);
  }
}

function goType(value: unknown): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return 'map[string]interface {}';
}

/** Go's %v of a value of unstructured JSON. */
function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return value === null || value === undefined ? '<nil>' : String(value);
  const entries = Object.keys(value).sort();
  return `map[${entries.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
}

function print(value: unknown): string {
  if (value instanceof Float) return String(value.value);
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? goJson(value) : String(value);
}

/** encoding/json's Marshal: keys sorted, `<`, `>` and `&` escaped. */
export function goJson(value: unknown): string {
  const sorted = JSON.stringify(value, (_key, inner: unknown) =>
    isObject(inner)
      ? Object.fromEntries(
          Object.keys(inner)
            .sort()
            .map((key) => [key, inner[key]]),
        )
      : inner,
  );
  return sorted.replace(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
