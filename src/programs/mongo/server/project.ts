import { isArray, isDoc, type Doc, type Value } from '../bson';
import { isNumber, toNumber } from './compare';
import { CommandError } from './error';
import { evaluate } from './expressions';

const flag = (value: Value): boolean | undefined =>
  typeof value === 'boolean' ? value : isNumber(value) ? toNumber(value) !== 0 : undefined;

/** A projection: fields that stay, fields that go, or fields that are made. */
export function project(document: Doc, fields: Doc): Doc {
  if (fields.size === 0) return document;
  const others = [...fields].filter(([key]) => key !== '_id');
  const excluding =
    others.length === 0 ? flag(fields.get('_id')) === false : others.every(([, value]) => flag(value) === false);
  const wrong = excluding ? undefined : others.find(([, value]) => flag(value) === false);
  if (wrong !== undefined)
    throw new CommandError(31254, 'Location31254', `Cannot do exclusion on field ${wrong[0]} in inclusion projection`);
  if (excluding) {
    let next = document;
    for (const [path, value] of fields) if (flag(value) === false) next = without(next, path.split('.')) as Doc;
    return next;
  }
  const tree = treeOf(fields);
  const made: Doc = new Map();
  if (flag(fields.get('_id')) !== false && document.has('_id')) made.set('_id', document.get('_id'));
  const kept = only(document, tree);
  for (const [key, value] of isDoc(kept) ? kept : []) if (key !== '_id') made.set(key, value);
  for (const [path, value] of fields) {
    if (flag(value) !== undefined) continue;
    const slice = isDoc(value) ? value.get('$slice') : undefined;
    const result =
      slice === undefined || (isArray(slice) && typeof slice[0] === 'string')
        ? evaluate(value, document, new Map())
        : sliced(document.get(path), slice);
    if (result === undefined) made.delete(path);
    else set(made, path.split('.'), result);
  }
  return made;
}

function sliced(value: Value, slice: Value): Value {
  if (!isArray(value)) return value;
  if (isArray(slice)) return value.slice(toNumber(slice[0]), toNumber(slice[0]) + toNumber(slice[1]));
  return toNumber(slice) < 0 ? value.slice(toNumber(slice)) : value.slice(0, toNumber(slice));
}

function set(document: Doc, [head = '', ...rest]: readonly string[], value: Value): void {
  if (rest.length === 0) {
    document.set(head, value);
    return;
  }
  const inside = document.get(head);
  const next: Doc = isDoc(inside) ? inside : new Map();
  document.set(head, next);
  set(next, rest, value);
}

type Tree = Map<string, Branch>;
type Branch = true | { readonly inside: Tree };

function treeOf(fields: Doc): Tree {
  const tree: Tree = new Map();
  const add = (at: Tree, [head = '', ...rest]: readonly string[], value: Value): void => {
    if (rest.length > 0 || (isDoc(value) && ![...value.keys()].some((key) => key.startsWith('$')))) {
      const inside = at.get(head);
      const next: Tree = typeof inside === 'object' ? inside.inside : new Map();
      at.set(head, { inside: next });
      if (rest.length > 0) add(next, rest, value);
      else for (const [key, one] of isDoc(value) ? value : []) add(next, key.split('.'), one);
    } else if (flag(value) === true) at.set(head, true);
  };
  for (const [path, value] of fields) add(tree, path.split('.'), value);
  return tree;
}

function only(value: Value, tree: Tree): Value {
  if (isArray(value)) return value.map((one) => only(one, tree));
  if (!isDoc(value)) return undefined;
  const made: Doc = new Map();
  for (const [key, inside] of value) {
    const branch = tree.get(key);
    if (branch === undefined) continue;
    const kept = branch === true ? inside : only(inside, branch.inside);
    if (kept !== undefined) made.set(key, kept);
  }
  return made;
}

function without(value: Value, [head = '', ...rest]: readonly string[]): Value {
  if (isArray(value)) return value.map((one) => without(one, [head, ...rest]));
  if (!isDoc(value) || !value.has(head)) return value;
  const next: Doc = new Map(value);
  if (rest.length === 0) next.delete(head);
  else next.set(head, without(value.get(head), rest));
  return next;
}
