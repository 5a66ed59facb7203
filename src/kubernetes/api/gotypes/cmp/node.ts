import type { GoType } from '../types';
import type { GoValue } from '../value';
import { difference } from './difference';

/** valueNode of report_value.go: one place of the two values, with what was found below it. */
export interface ValueNode {
  readonly type: GoType;
  readonly x: GoValue | undefined;
  readonly y: GoValue | undefined;
  readonly parent: ValueNode | undefined;
  same: number;
  diff: number;
  compared: number;
  children: number;
  depth: number;
  /** Members, items or entries. */
  readonly records: ValueRecord[];
  /** What pointers point to. */
  value: ValueNode | undefined;
}

export interface ValueRecord {
  /** The name of a member, the key of an entry; nothing for items. */
  readonly key: string;
  readonly node: ValueNode;
}

/** Compares two values of one type: compareAny of compare.go. */
export function compare(type: GoType, x: GoValue | undefined, y: GoValue | undefined, parent?: ValueNode): ValueNode {
  const node: ValueNode = {
    type,
    x,
    y,
    parent,
    same: 0,
    diff: 0,
    compared: 0,
    children: 0,
    depth: 0,
    records: [],
    value: undefined,
  };
  if (x === undefined || y === undefined) return leaf(node, false);
  switch (type.kind) {
    case 'string':
      return leaf(node, x.text === y.text);
    case 'bool':
      return leaf(node, x.truth === y.truth);
    case 'int':
      return leaf(node, x.number === y.number);
    case 'struct':
      // A type with a method Equal is compared by it.
      if (type.name === 'resource.Quantity') {
        node.compared = 1;
        return leaf(node, equalAmounts(x, y));
      }
      type.fields.forEach((field, index) =>
        child(node, field.name, compare(field.type, x.parts?.[index], y.parts?.[index], node)),
      );
      return node;
    case 'pointer': {
      const [to] = [x.parts?.[0]];
      const other = y.parts?.[0];
      if (to === undefined || other === undefined) return leaf(node, to === other);
      node.value = compare(type.of, to, other, node);
      return add(node, node.value);
    }
    case 'map':
      return compareMaps(type.of, node, x, y);
    case 'slice':
      return compareSlices(type.of, node, x, y);
  }
}

function leaf(node: ValueNode, equal: boolean): ValueNode {
  if (equal) node.same = 1;
  else node.diff = 1;
  return node;
}

function child(node: ValueNode, key: string, below: ValueNode): void {
  node.records.push({ key, node: below });
  add(node, below);
}

function add(node: ValueNode, below: ValueNode): ValueNode {
  node.same += below.same;
  node.diff += below.diff;
  node.compared += below.compared;
  node.children += below.children + 1;
  node.depth = Math.max(node.depth, below.depth + 1);
  return node;
}

function compareMaps(of: GoType, node: ValueNode, x: GoValue, y: GoValue): ValueNode {
  if (x.parts === undefined || y.parts === undefined) return leaf(node, x.parts === y.parts);
  const keys = [...new Set([...(x.keys ?? []), ...(y.keys ?? [])])].sort();
  for (const key of keys) {
    const at = (value: GoValue): GoValue | undefined => value.parts?.[value.keys?.indexOf(key) ?? -1];
    child(node, key, compare(of, at(x), at(y), node));
  }
  return node;
}

function compareSlices(of: GoType, node: ValueNode, x: GoValue, y: GoValue): ValueNode {
  const xs = x.parts;
  const ys = y.parts;
  if (xs === undefined || ys === undefined) return leaf(node, xs === ys);
  const script = difference(xs.length, ys.length, (at, other) => compare(of, xs[at], ys[other]));
  let at = 0;
  let other = 0;
  for (const edit of script) {
    if (edit === 'removed') child(node, '', compare(of, xs[at++], undefined, node));
    else if (edit === 'inserted') child(node, '', compare(of, undefined, ys[other++], node));
    else child(node, '', compare(of, xs[at++], ys[other++], node));
  }
  return node;
}

/** Quantity.Equal. */
function equalAmounts(x: GoValue, y: GoValue): boolean {
  const [value, scale] = amount(x);
  const [other, otherScale] = amount(y);
  const low = Math.min(scale, otherScale);
  return value * 10n ** BigInt(scale - low) === other * 10n ** BigInt(otherScale - low);
}
const amount = (quantity: GoValue): [bigint, number] => {
  const parts = quantity.parts?.[0]?.parts;
  return [BigInt(parts?.[0]?.number ?? 0), Number(parts?.[1]?.number ?? 0)];
};
