import { base64, fromBase64 } from '../../linux/net/tls/pem';
import { decode, encode } from '../../linux/io/bytes';
import {
  attach,
  boolean,
  copy,
  each,
  follow,
  isTrue,
  made,
  map,
  nothing,
  number,
  numberOf,
  pairs,
  pathOf,
  scalar,
  sequence,
  string,
  type YNode,
} from './node';
import { compareNodes, equalNodes, mergeNodes } from './operators';
import type { Expression } from './parse';
import { YqError, type Evaluate, type Nodes, type Scope } from './scope';
import { writeJson, writeProperties, writeYaml } from './write';

interface Call {
  readonly args: readonly Expression[];
  readonly nodes: Nodes;
  readonly scope: Scope;
  readonly evaluate: Evaluate;
  /** What argument `index` gives for a node. */
  readonly arg: (index: number, node: YNode) => Nodes;
  /** The first of them as text. */
  readonly text: (index: number, node: YNode) => string;
}

type Operator = (call: Call) => Nodes;

/** For each node, with aliases followed. */
const one =
  (visit: (node: YNode, call: Call) => YNode | Nodes): Operator =>
  (call) =>
    each(call.nodes, (node) => {
      const found = visit(follow(node), call);
      return Array.isArray(found) ? (found as Nodes) : [found as YNode];
    });

const list = (items: Nodes): YNode => made(sequence(), items);
const words = (node: YNode): string => (node.kind === 'scalar' ? node.value : '');
const yaml = (node: YNode): string => writeYaml(node, { indent: 2, comments: true });

const regexp = (pattern: string): RegExp => {
  try {
    const flags = /^\(\?([ims]+)\)/.exec(pattern);
    return new RegExp(pattern.slice(flags?.[0].length ?? 0), `g${flags?.[1] ?? ''}`);
  } catch {
    throw new YqError(`error parsing regexp: ${pattern}`);
  }
};

/** Items in the order of what an expression gives for each. */
const sorted = (node: YNode, { arg, args }: Call): Nodes =>
  [...node.items].sort((a, b) => {
    const [x, y] = args.length === 0 ? [[a], [b]] : [arg(0, a), arg(0, b)];
    for (let index = 0; index < Math.max(x.length, y.length); index++) {
      const order = compareNodes(x[index] ?? nothing(), y[index] ?? nothing());
      if (order !== 0) return order;
    }
    return 0;
  });

const entry = (key: YNode, value: YNode): YNode => {
  const made = map();
  attach(made, string('key'), copy(key));
  attach(made, string('value'), copy(value));
  return made;
};
const entriesOf = (node: YNode): YNode =>
  list(
    node.kind === 'map'
      ? pairs(node).map(([key, value]) => entry(key, value))
      : node.items.map((item, index) => entry(number(index), item)),
  );
const get = (node: YNode, key: string): YNode | undefined => pairs(node).find(([name]) => name.value === key)?.[1];
const fromEntries = (node: YNode): YNode => {
  const made = map();
  for (const item of node.items)
    attach(made, copy(get(item, 'key') ?? nothing()), copy(get(item, 'value') ?? nothing()));
  return made;
};

const remove = (node: YNode): void => {
  const { parent } = node;
  if (parent === undefined) return;
  const at = parent.items.indexOf(node);
  if (at < 0) return;
  if (parent.kind === 'map') parent.items.splice(at - 1, 2);
  else parent.items.splice(at, 1);
};

const kinds: Readonly<Record<string, string>> = { map: 'map', seq: 'seq', scalar: 'scalar', alias: 'alias' };

const groups = (node: YNode, call: Call): Nodes => {
  const found: { readonly key: Nodes; readonly items: YNode[] }[] = [];
  for (const item of node.items) {
    const key = call.arg(0, item);
    const known = found.find((each) => each.key.every((part, index) => equalNodes(part, key[index] ?? nothing())));
    if (known === undefined) found.push({ key, items: [item] });
    else known.items.push(item);
  }
  return found.map(({ items }) => list(items));
};

/** Paths of all leaves or nodes. */
const pathNode = (node: YNode): YNode =>
  list(pathOf(node).map((key) => Object.assign(copy(key), { head: '', line: '', foot: '', style: 'plain' })));

const table: Readonly<Record<string, Operator>> = {
  select: ({ nodes, arg }) => nodes.filter((node) => arg(0, node).some(isTrue)),
  map: (call) => each(call.nodes, (node) => [list(each(childrenOf(node), (item) => call.arg(0, item)))]),
  map_values: (call) =>
    each(call.nodes, (node) => {
      const made = copy(follow(node));
      made.items = made.items.map((item, index) => {
        if (made.kind === 'map' && index % 2 === 0) return item;
        const [value = nothing()] = call.arg(0, item);
        return Object.assign(copy(value), { parent: made, key: item.key });
      });
      return [made];
    }),
  length: one((node) => {
    if (node.kind === 'map') return number(node.items.length / 2);
    if (node.kind === 'seq') return number(node.items.length);
    return number(node.tag === '!!null' ? 0 : [...node.value].length);
  }),
  keys: one((node) => {
    if (node.kind === 'map')
      return list(pairs(node).map(([key]) => Object.assign(copy(key), { head: '', line: '', foot: '' })));
    if (node.kind === 'seq') return list(node.items.map((_, index) => number(index)));
    throw new YqError(`cannot get keys of ${node.tag}, keys only works for maps and arrays`);
  }),
  key: ({ nodes }) =>
    nodes.flatMap((node) =>
      node.key !== undefined
        ? [node.key]
        : node.parent?.kind === 'seq'
          ? [number(node.parent.items.indexOf(node))]
          : [],
    ),
  is_key: ({ nodes }) =>
    nodes.map((node) => boolean(node.parent?.kind === 'map' && node.parent.items.indexOf(node) % 2 === 0)),
  has: one((node, { arg }) => {
    const [wanted] = arg(0, node);
    if (wanted === undefined) return boolean(false);
    if (node.kind === 'map') return boolean(pairs(node).some(([key]) => key.value === wanted.value));
    return boolean(node.kind === 'seq' && wanted.tag === '!!int' && numberOf(wanted) < node.items.length);
  }),
  contains: one((node, { arg }) => boolean(arg(0, node).every((wanted) => includes(node, follow(wanted))))),
  not: one((node) => boolean(!isTrue(node))),
  any: one((node) => boolean(node.items.some(isTrue))),
  all: one((node) => boolean(node.items.every(isTrue))),
  any_c: one((node, { arg }) => boolean(node.items.some((item) => arg(0, item).some(isTrue)))),
  all_c: one((node, { arg }) => boolean(node.items.every((item) => arg(0, item).some(isTrue)))),
  empty: () => [],
  del: ({ nodes, evaluate, args, scope }) => {
    const [path] = args;
    if (path !== undefined) for (const node of evaluate(path, nodes, scope)) remove(node);
    return nodes;
  },
  delpaths: ({ nodes }) => nodes,
  to_entries: one((node) => (node.tag === '!!null' ? [] : entriesOf(node))),
  from_entries: one(fromEntries),
  with_entries: one((node, { arg }) => {
    const changed = fromEntries(list(each(entriesOf(node).items, (item) => arg(0, item))));
    return Object.assign(changed, { head: node.head, foot: node.foot });
  }),
  with: ({ nodes, args, evaluate, scope }) => {
    const [path, update] = args;
    if (path !== undefined && update !== undefined)
      for (const node of evaluate(path, nodes, scope)) evaluate(update, [node], scope);
    return nodes;
  },
  sort: one((node, call) => list(sorted(node, { ...call, args: [] }))),
  sort_by: one((node, call) => list(sorted(node, call))),
  sort_keys: ({ nodes, args, evaluate, scope }) => {
    const [path] = args;
    for (const node of path === undefined ? nodes : evaluate(path, nodes, scope)) {
      const real = follow(node);
      if (real.kind !== 'map') continue;
      real.items = [...pairs(real)].sort(([a], [b]) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0)).flat();
    }
    return nodes;
  },
  group_by: one((node, call) => list(groups(node, call))),
  unique: one((node, call) =>
    list(groups(node, { ...call, arg: (_, item) => [item] }).flatMap((group) => group.items.slice(0, 1))),
  ),
  unique_by: one((node, call) => list(groups(node, call).flatMap((group) => group.items.slice(0, 1)))),
  reverse: one((node) => list([...node.items].reverse())),
  flatten: one((node, { args, arg }) => {
    const depth = args.length === 0 ? Infinity : numberOf(arg(0, node)[0] ?? number(1));
    const flat = (items: Nodes, left: number): Nodes =>
      items.flatMap((item) => (follow(item).kind === 'seq' && left > 0 ? flat(follow(item).items, left - 1) : [item]));
    return list(flat(node.items, depth));
  }),
  first: one((node, { args, arg }) => {
    const found = args.length === 0 ? node.items[0] : node.items.find((item) => arg(0, item).some(isTrue));
    return found === undefined ? [] : [found];
  }),
  min: one((node) => [...node.items].sort(compareNodes).slice(0, 1)),
  max: one((node) => [...node.items].sort(compareNodes).slice(-1)),
  collect: ({ nodes }) => [list(nodes)],
  pick: one((node, { arg }) => {
    const wanted = arg(0, node).flatMap((each) => each.items);
    if (node.kind === 'seq') return list(wanted.flatMap((key) => node.items[numberOf(key)] ?? []));
    const made = map();
    for (const key of wanted) {
      const value = get(node, key.value);
      if (value !== undefined) attach(made, copy(key), copy(value));
    }
    return made;
  }),
  omit: one((node, { arg }) => {
    const gone = new Set(arg(0, node).flatMap((each) => each.items.map(words)));
    const made = map();
    for (const [key, value] of pairs(node)) if (!gone.has(key.value)) attach(made, copy(key), copy(value));
    return made;
  }),
  path: ({ nodes }) => nodes.map(pathNode),
  parent: ({ nodes }) => nodes.flatMap((node) => node.parent ?? []),
  document_index: ({ nodes }) => nodes.map(({ document }) => number(document)),
  file_index: ({ nodes }) => nodes.map(({ file }) => number(file)),
  filename: ({ nodes }) => nodes.map(({ fileName }) => string(fileName)),
  line: ({ nodes }) => nodes.map(() => number(0)),
  tag: one((node) => string(node.tag)),
  kind: ({ nodes }) => nodes.map(({ kind }) => string(kinds[kind] ?? kind)),
  style: one(({ style }) => string(style === 'plain' ? '' : style)),
  anchor: ({ nodes }) => nodes.map(({ anchor }) => string(anchor)),
  alias: ({ nodes }) => nodes.map(({ kind, value }) => string(kind === 'alias' ? value : '')),
  line_comment: ({ nodes }) => nodes.map(({ line }) => string(line.replace(/^#\s?/, ''))),
  head_comment: ({ nodes }) => nodes.map((node) => string((node.key?.head ?? node.head).replace(/^#\s?/gm, ''))),
  foot_comment: ({ nodes }) => nodes.map(({ foot }) => string(foot.replace(/^#\s?/gm, ''))),
  explode: ({ nodes, args, evaluate, scope }) => {
    const [path] = args;
    for (const node of path === undefined ? nodes : evaluate(path, nodes, scope)) explode(node);
    return nodes;
  },
  env: ({ nodes, args, scope }) => {
    const name = nameOf(args[0]);
    const value = scope.env.get(name);
    if (value === undefined) throw new YqError(`Value for env variable '${name}' not provided in env()`);
    return (nodes.length === 0 ? [nothing()] : nodes).map(() => scope.yaml(value));
  },
  strenv: ({ nodes, args, scope }) => {
    const name = nameOf(args[0]);
    const value = scope.env.get(name);
    if (value === undefined) throw new YqError(`Value for env variable '${name}' not provided in strenv()`);
    return (nodes.length === 0 ? [nothing()] : nodes).map(() => string(value));
  },
  envsubst: one((node, { scope }) =>
    string(node.value.replace(/\$\{?(\w+)\}?/g, (_, name: string) => scope.env.get(name) ?? '')),
  ),
  load: one((node, { text, scope }) => scope.load(text(0, node))),
  load_str: one((node, { text, scope }) => string(scope.text(text(0, node)))),
  split: one((node, { text }) => (node.tag === '!!null' ? [] : list(node.value.split(text(0, node)).map(string)))),
  join: one((node, { text }) => string(node.items.map((item) => words(follow(item))).join(text(0, node)))),
  trim: one((node) => string(node.value.trim())),
  upcase: one((node) => string(node.value.toUpperCase())),
  downcase: one((node) => string(node.value.toLowerCase())),
  test: one((node, { text }) => boolean(regexp(text(0, node)).test(node.value))),
  sub: one((node, { text }) =>
    Object.assign(string(node.value.replace(regexp(text(0, node)), text(1, node).replace(/\$\{(\d+)\}/g, '$$$1'))), {
      style: node.style,
    }),
  ),
  match: one((node, { text }) => {
    const found = new RegExp(regexp(text(0, node)).source).exec(node.value);
    return found === null ? [] : matched(found);
  }),
  capture: one((node, { text }) => {
    const found = new RegExp(regexp(text(0, node)).source).exec(node.value);
    const made = map();
    for (const [name, value] of Object.entries(found?.groups ?? {}))
      attach(made, string(name), value === undefined ? nothing() : string(value));
    return found === null ? [] : made;
  }),
  to_number: one((node) => (Number.isNaN(Number(node.value)) ? badNumber(node.value) : number(Number(node.value)))),
  to_string: one((node) => string(node.kind === 'scalar' ? node.value : yaml(node).trimEnd())),
  to_yaml: one((node) => string(yaml(node))),
  to_json: one((node, { args, arg }) =>
    string(
      writeJson(node, args.length === 0 ? 2 : numberOf(arg(0, node)[0] ?? number(2))) +
        (args.length > 0 && numberOf(arg(0, node)[0] ?? number(0)) === 0 ? '' : '\n'),
    ),
  ),
  json_line: one((node) => string(writeJson(exploded(node), 0))),
  to_props: one((node) => string(writeProperties(node))),
  from_yaml: one((node, { scope }) => scope.yaml(node.value)),
  base64: one((node) => string(base64(encode(node.value)))),
  base64d: one((node) => string(decode(fromBase64(node.value) ?? new Uint8Array(0)))),
  uri: one((node) => string(encodeURIComponent(node.value).replaceAll('%20', '+'))),
  sh: one((node) => string(/^[\w.\-/]*$/.test(node.value) ? node.value : `'${node.value.replaceAll("'", "'\"'\"'")}'`)),
  csv: one((node) => string(node.items.map((item) => cell(follow(item).value, ',')).join(','))),
  tsv: one((node) => string(node.items.map((item) => follow(item).value).join('\t'))),
  floor: one((node) => number(Math.floor(numberOf(node)))),
  ceil: one((node) => number(Math.ceil(numberOf(node)))),
  now: ({ nodes, scope }) =>
    nodes.map(() => scalar('!!timestamp', new Date(scope.now()).toISOString().replace(/\.\d+Z$/, 'Z'))),
  error: ({ nodes, text }) => {
    throw new YqError(text(0, nodes[0] ?? nothing()));
  },
  merge: ({ nodes, arg }) => nodes.map((node) => mergeNodes(node, arg(0, node)[0] ?? nothing(), '')),
  recurse: ({ nodes }) => nodes,
  shuffle: ({ nodes }) => nodes,
  split_doc: ({ nodes }) => nodes.map((node, index) => Object.assign(node, { document: index })),
  getpath: one((node, { arg }) => {
    let at: YNode | undefined = node;
    for (const key of arg(0, node).flatMap((each) => each.items)) {
      const real: YNode | undefined = at === undefined ? undefined : follow(at);
      at = real?.kind === 'map' ? get(real, key.value) : real?.items[numberOf(key)];
    }
    return at ?? nothing();
  }),
};

const synonyms: Readonly<Record<string, string>> = {
  documentIndex: 'document_index',
  di: 'document_index',
  fileIndex: 'file_index',
  fi: 'file_index',
  filterKeys: 'pick',
  lineComment: 'line_comment',
  headComment: 'head_comment',
  footComment: 'foot_comment',
  sortKeys: 'sort_keys',
  tojson: 'to_json',
  toyaml: 'to_yaml',
  toprops: 'to_props',
  from_json: 'from_yaml',
  fromjson: 'from_yaml',
  fromyaml: 'from_yaml',
  ascii_upcase: 'upcase',
  ascii_downcase: 'downcase',
  tostring: 'to_string',
  tonumber: 'to_number',
  type: 'tag',
  get_path: 'getpath',
  splitDoc: 'split_doc',
  mapValues: 'map_values',
  withEntries: 'with_entries',
  toEntries: 'to_entries',
  fromEntries: 'from_entries',
  load_yaml: 'load',
  strload: 'load_str',
  parse_yaml: 'from_yaml',
  getKey: 'key',
};

const formats: Readonly<Record<string, string>> = {
  '@json': 'json_line',
  '@base64': 'base64',
  '@base64d': 'base64d',
  '@yaml': 'to_yaml',
  '@props': 'to_props',
  '@csv': 'csv',
  '@tsv': 'tsv',
  '@uri': 'uri',
  '@sh': 'sh',
};

/** Runs a function of the language. */
export function calls(
  given: string,
  all: readonly Expression[],
  nodes: Nodes,
  scope: Scope,
  evaluate: Evaluate,
  place = '',
): Nodes {
  // `sub("a", "b")`: a comma may stand between arguments.
  const [whole] = all;
  const args = given === 'sub' && whole?.kind === 'binary' && whole.operator === ',' ? [whole.left, whole.right] : all;
  const name = synonyms[given] ?? formats[given] ?? given;
  const operator = table[name];
  if (operator === undefined) throw new YqError(`${place}invalid input text "${given}"`);
  const arg = (index: number, node: YNode): Nodes => {
    const expression = args[index];
    return expression === undefined ? [] : evaluate(expression, [node], scope);
  };
  return operator({
    args,
    nodes,
    scope,
    evaluate,
    arg,
    text: (index, node) => words(follow(arg(index, node)[0] ?? nothing())),
  });
}

const childrenOf = (node: YNode): Nodes => {
  const real = follow(node);
  return real.kind === 'map' ? pairs(real).map(([, value]) => value) : real.items;
};

const nameOf = (expression: Expression | undefined): string =>
  expression?.kind === 'call' ? expression.name : expression?.kind === 'literal' ? expression.text : '';

const badNumber = (text: string): never => {
  throw new YqError(`cannot convert node value [${text}] at path  of tag !!str to number`);
};

const cell = (value: string, separator: string): string =>
  value.includes(separator) || /["\n]|^\s/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

function includes(node: YNode, wanted: YNode): boolean {
  if (node.kind === 'seq')
    return (wanted.kind === 'seq' ? wanted.items : [wanted]).every((each) =>
      node.items.some((item) => includes(follow(item), follow(each))),
    );
  if (node.kind === 'map') {
    return pairs(wanted).every(([key, value]) => {
      const found = get(node, key.value);
      return found !== undefined && includes(follow(found), follow(value));
    });
  }
  return node.tag === '!!str' && wanted.tag === '!!str' ? node.value.includes(wanted.value) : equalNodes(node, wanted);
}

function matched(found: RegExpExecArray): YNode {
  const made = map();
  attach(made, string('string'), string(found[0]));
  attach(made, string('offset'), number(found.index));
  attach(made, string('length'), number(found[0].length));
  const captures = sequence();
  found.slice(1).forEach((text) => {
    const capture = map();
    attach(capture, string('string'), (text as string | undefined) === undefined ? nothing() : string(text));
    attach(
      capture,
      string('offset'),
      number((text as string | undefined) === undefined ? -1 : found[0].indexOf(text) + found.index),
    );
    attach(capture, string('length'), number((text as string | undefined)?.length ?? 0));
    attach(captures, undefined, capture);
  });
  attach(made, string('captures'), captures);
  return made;
}

const exploded = (node: YNode): YNode => {
  const made = copy(node);
  explode(made);
  return made;
};

/** Puts what aliases stand for in their place, merges `<<` in, and drops anchors. */
export function explode(node: YNode): void {
  if (node.kind === 'alias') {
    const target = copy(follow(node));
    const { line, head, foot, parent, key } = node;
    Object.assign(node, target, { anchor: '', line, head, foot, parent, key });
    for (const item of node.items) item.parent = node;
  }
  node.anchor = '';
  if (node.kind === 'map') {
    const merged: YNode[] = [];
    const own = pairs(node);
    for (const [key, value] of own) {
      if (key.tag !== '!!merge') {
        const at = merged.findIndex((each, index) => index % 2 === 0 && each.value === key.value);
        if (at >= 0) merged.splice(at, 2, merged[at] ?? key, value);
        else merged.push(key, value);
        continue;
      }
      const from = follow(value);
      for (const source of from.kind === 'seq' ? from.items : [from]) {
        for (const [name, inherited] of pairs(follow(source))) {
          if (!merged.some((each, index) => index % 2 === 0 && each.value === name.value))
            merged.push(copy(name), copy(inherited));
        }
      }
    }
    node.items = merged;
    merged.forEach((item, index) => {
      item.parent = node;
      if (index % 2 === 1) item.key = merged[index - 1];
    });
  }
  for (const item of node.items) explode(item);
}
