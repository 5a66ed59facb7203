import { calls } from './functions';
import {
  attach,
  become,
  boolean,
  copy,
  each,
  follow,
  made,
  isTrue,
  map,
  nothing,
  numberOf,
  pairs,
  scalar,
  sequence,
  string,
  type YNode,
} from './node';
import type { Expression } from './parse';
import { YqError, type Nodes, type Scope } from './scope';
import { addNodes, compareNodes, equalNodes, mergeNodes, subtractNodes, arithmetic } from './operators';

/** Evaluates an expression for each node of the context. */
export function evaluate(expression: Expression, nodes: Nodes, scope: Scope): Nodes {
  switch (expression.kind) {
    case 'self':
      return nodes;
    case 'empty':
      return [];
    case 'literal':
      return nodes.length === 0
        ? [scalar(expression.tag, expression.text)]
        : nodes.map(() => scalar(expression.tag, expression.text));
    case 'interpolated':
      return each(nodes, (node) => [
        string(
          expression.parts
            .map((part) =>
              typeof part === 'string'
                ? part
                : evaluate(part, [node], scope)
                    .map((found) => textOf(found, scope))
                    .join(''),
            )
            .join(''),
        ),
      ]);
    case 'variable':
      return (scope.variables.get(expression.name) ?? missing(`variable $${expression.name} not defined`)).map(
        (node) => node,
      );
    case 'path':
      return paths(expression, nodes, scope);
    case 'each':
      return each(evaluate(expression.of, nodes, scope), (node) => {
        const real = follow(node);
        if (real.kind === 'map') return pairs(real).map(([, value]) => value);
        if (real.kind === 'seq') return real.items;
        if (real.tag === '!!null') return [];
        return [];
      });
    case 'slice':
      return each(evaluate(expression.of, nodes, scope), (node) => {
        const bound = (of: Expression | undefined, fallback: number): number => {
          const [found] = of === undefined ? [] : evaluate(of, [node], scope);
          return found === undefined ? fallback : numberOf(found);
        };
        const real = follow(node);
        if (real.kind === 'scalar')
          return [string([...real.value].slice(bound(expression.from, 0), bound(expression.to, Infinity)).join(''))];
        return [made(sequence(), real.items.slice(bound(expression.from, 0), bound(expression.to, real.items.length)))];
      });
    case 'descend':
      return each(evaluate(expression.of, nodes, scope), (node) => descend(node, expression.keys));
    case 'sequence': {
      const { inner } = expression;
      if (inner === undefined) return [sequence()];
      return each(nodes, (node) => [made(sequence(), evaluate(inner, [node], scope))]);
    }
    case 'object':
      return each(nodes, (node) => objects(expression.entries, node, scope));
    case 'as': {
      throw new YqError("'as' must be used with a pipe");
    }
    case 'reduce': {
      let result: Nodes = evaluate(expression.start, nodes.slice(0, 1), scope);
      for (const item of evaluate(expression.over, nodes, scope)) {
        result = evaluate(expression.step, result, {
          ...scope,
          variables: new Map([...scope.variables, [expression.name, [item]]]),
        });
      }
      return result;
    }
    case 'call':
      return calls(expression.name, expression.args, nodes, scope, evaluate, expression.place);
    case 'binary':
      return binary(expression, nodes, scope);
  }
}

const missing = (message: string): never => {
  throw new YqError(message);
};

const textOf = (node: YNode, scope: Scope): string => {
  const real = follow(node);
  return real.kind === 'scalar'
    ? real.value
    : (calls('to_yaml', [], [real], scope, evaluate)[0]?.value.replace(/\n$/, '') ?? '');
};

function descend(node: YNode, keys: boolean): Nodes {
  const real = node.kind === 'alias' ? node : follow(node);
  if (real.kind === 'map')
    return [real, ...pairs(real).flatMap(([key, value]) => [...(keys ? [key] : []), ...descend(value, keys)])];
  return [real, ...real.items.flatMap((item) => descend(item, keys))];
}

function paths(expression: Extract<Expression, { kind: 'path' }>, nodes: Nodes, scope: Scope): Nodes {
  return each(evaluate(expression.of, nodes, scope), (node) =>
    each(evaluate(expression.name, [node], scope), (name) => child(node, name)),
  );
}

/** What stands under a key or index; where nothing does, a null that an assignment may fill. */
export function child(node: YNode, name: YNode): Nodes {
  const real = follow(node);
  const pending = (): YNode => {
    const made = nothing();
    made.parent = real;
    made.key = copy(name);
    Object.assign(made, { document: real.document, file: real.file, fileName: real.fileName });
    return made;
  };
  if (real.kind === 'map') {
    if (name.tag === '!!str' && /[*?]/.test(name.value)) {
      const pattern = new RegExp(
        `^${name.value
          .replace(/[.+^${}()|[\]\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      );
      return pairs(real).flatMap(([key, value]) => (pattern.test(key.value) ? [value] : []));
    }
    const found = pairs(real).findLast(([key]) => key.value === name.value)?.[1];
    if (found !== undefined) return [found];
    for (const [key, value] of pairs(real)) {
      if (key.tag !== '!!merge') continue;
      const from = follow(value);
      for (const source of from.kind === 'seq' ? from.items : [from]) {
        const inherited = pairs(follow(source)).find(([each]) => each.value === name.value)?.[1];
        if (inherited !== undefined) return [inherited];
      }
    }
    return [pending()];
  }
  if (real.kind === 'seq') {
    if (name.tag === '!!str' && name.value === '*') return real.items;
    if (name.tag !== '!!int')
      throw new YqError(
        `cannot index array with '${name.value}' (strconv.ParseInt: parsing "${name.value}": invalid syntax)`,
      );
    const index = numberOf(name);
    const at = index < 0 ? real.items.length + index : index;
    if (at < 0) throw new YqError(`index [${index}] out of range, array size is ${real.items.length}`);
    return [real.items[at] ?? pending()];
  }
  return real.tag === '!!null' ? [pending()] : [];
}

/** Hangs a node that stood for something missing where it belongs, and what it hangs on. */
export function settle(node: YNode): void {
  const { parent, key } = node;
  if (parent === undefined || parent.items.includes(node)) return;
  settle(parent);
  if (key === undefined) return;
  if (parent.kind === 'scalar') {
    Object.assign(parent, key.tag === '!!int' ? { kind: 'seq', tag: '!!seq' } : { kind: 'map', tag: '!!map' }, {
      value: '',
      style: 'plain',
      items: [],
    });
  }
  if (parent.kind === 'map') {
    key.parent = parent;
    parent.items.push(key, node);
    if (parent.style === 'flow' && parent.items.length === 2) parent.style = 'plain';
  } else {
    const at = numberOf(key);
    while (parent.items.length < at) attach(parent, undefined, nothing());
    parent.items.push(node);
  }
}

function objects(entries: readonly (readonly [Expression, Expression])[], node: YNode, scope: Scope): Nodes {
  let results: YNode[] = [map()];
  for (const [keyExpression, valueExpression] of entries) {
    const next: YNode[] = [];
    for (const result of results) {
      for (const key of evaluate(keyExpression, [node], scope)) {
        for (const value of evaluate(valueExpression, [node], scope)) {
          const target = copy(result);
          attach(target, copy(key), copy(value));
          next.push(target);
        }
      }
    }
    results = next;
  }
  return results;
}

type Binary = Extract<Expression, { kind: 'binary' }>;

function binary(expression: Binary, nodes: Nodes, scope: Scope): Nodes {
  const { operator, left, right, flags } = expression;
  switch (operator) {
    case '|': {
      if (left.kind === 'as') {
        return each(nodes, (node) => {
          const found = evaluate(left.of, [node], scope);
          return found.flatMap((value) =>
            evaluate(right, [node], { ...scope, variables: new Map([...scope.variables, [left.name, [value]]]) }),
          );
        });
      }
      return evaluate(right, evaluate(left, nodes, scope), scope);
    }
    case ',':
      return [...evaluate(left, nodes, scope), ...evaluate(right, nodes, scope)];
    case '=':
      assign(evaluate(left, nodes, scope), (_target, index, all) => {
        const values = evaluate(right, nodes, scope);
        return values.length === all.length && nodes.length > 1 ? values[index] : (values[0] ?? undefined);
      });
      return nodes;
    case '|=':
      assign(evaluate(left, nodes, scope), (target) => evaluate(right, [target], scope)[0]);
      return nodes;
    case 'set': {
      const [value] = evaluate(right, nodes, scope);
      if (value !== undefined) for (const target of evaluate(left, nodes, scope)) adorn(target, flags, value.value);
      return nodes;
    }
    case '+=':
    case '-=':
    case '*=':
    case '//=': {
      const plain: Binary = { ...expression, operator: operator.slice(0, -1) };
      assign(evaluate(left, nodes, scope), (target) => {
        const [value] = evaluate(right, nodes, scope);
        return value === undefined ? undefined : combine(plain, target, value, flags);
      });
      return nodes;
    }
    case 'and':
    case 'or':
      return each(nodes, (node) => {
        const first = evaluate(left, [node], scope).map(isTrue);
        const second = evaluate(right, [node], scope).map(isTrue);
        return first.flatMap((a) =>
          second.length === 0
            ? [boolean(a && operator === 'or')]
            : second.map((b) => boolean(operator === 'and' ? a && b : a || b)),
        );
      });
    case '//': {
      const found = evaluate(left, nodes, scope).filter(isTrue);
      return found.length > 0 ? found : evaluate(right, nodes, scope);
    }
    default:
      return cross(expression, nodes, scope);
  }
}

/** `line_comment=`, `style=` and the like. */
function adorn(node: YNode, what: string, value: string): void {
  const comment = value === '' ? '' : value.replace(/^/gm, '# ');
  const holder = node.kind === 'map' && node.key !== undefined && what === 'head_comment' ? node.key : node;
  if (what === 'line_comment') node.line = comment;
  else if (what === 'head_comment') holder.head = comment;
  else if (what === 'foot_comment') node.foot = comment;
  else if (what === 'style')
    node.style = /^(single|double|literal|folded|flow)$/.test(value) ? (value as YNode['style']) : 'plain';
  else if (what === 'tag')
    Object.assign(node, { tag: value, tagged: !/^!!(str|int|float|bool|null|map|seq)$/.test(value) });
  else if (what === 'anchor') node.anchor = value;
}

/** Each left with each right. */
function cross(expression: Binary, nodes: Nodes, scope: Scope): Nodes {
  const together = nodes.length > 1 && nodes.every((node) => node.together === true);
  return (together ? [nodes] : nodes.length === 0 ? [[nothing()]] : nodes.map((node) => [node])).flatMap((context) => {
    const rights = evaluate(expression.right, context, scope);
    return each(evaluate(expression.left, context, scope), (a) =>
      rights.map((b) => combine(expression, a, b, expression.flags)),
    );
  });
}

function combine({ operator }: Binary, a: YNode, b: YNode, flags: string): YNode {
  const [left, right] = [follow(a), follow(b)];
  switch (operator) {
    case '==':
      return boolean(equalNodes(left, right));
    case '!=':
      return boolean(!equalNodes(left, right));
    case '<':
    case '>':
    case '<=':
    case '>=': {
      if (left.tag === '!!null' || right.tag === '!!null')
        return boolean(operator.endsWith('=') && left.tag === right.tag);
      const order = compareNodes(left, right);
      return boolean(
        operator === '<' ? order < 0 : operator === '>' ? order > 0 : operator === '<=' ? order <= 0 : order >= 0,
      );
    }
    case '+':
      return addNodes(left, right);
    case '-':
      return subtractNodes(left, right);
    case '*':
      return left.kind === 'scalar' && right.kind === 'scalar' && left.tag !== '!!null'
        ? arithmetic('*', left, right)
        : mergeNodes(left, right, flags);
    case '//':
      return isTrue(left) ? a : b;
    default:
      return arithmetic(operator, left, right);
  }
}

function assign(targets: Nodes, value: (target: YNode, index: number, all: Nodes) => YNode | undefined): void {
  targets.forEach((target, index) => {
    const wanted = value(target, index, targets);
    if (wanted === undefined) return;
    settle(target);
    become(target, wanted);
  });
}
