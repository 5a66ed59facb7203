/** A YAML node as yq works on it: changed in place, with its comments and its way of being written. */
export interface YNode {
  kind: 'map' | 'seq' | 'scalar' | 'alias';
  /** `!!str`, `!!int`, `!!map` … */
  tag: string;
  /** Whether the document says the tag. */
  tagged: boolean;
  /** Of a scalar, its text; of an alias, the anchor's name. */
  value: string;
  style: 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'flow';
  anchor: string;
  /** Of a map: keys and values, one behind the other. */
  items: YNode[];
  head: string;
  line: string;
  foot: string;
  /** Where it hangs; undefined at the top. */
  parent: YNode | undefined;
  key: YNode | undefined;
  /** What an alias stands for. */
  target: YNode | undefined;
  document: number;
  file: number;
  /** A document of `eval-all`: operators see all of them at once. */
  together?: boolean;
  fileName: string;
}

const blank = {
  tagged: false,
  anchor: '',
  head: '',
  line: '',
  foot: '',
  parent: undefined,
  key: undefined,
  target: undefined,
  document: 0,
  file: 0,
  fileName: '',
} as const;

export const scalar = (tag: string, value: string, style: YNode['style'] = 'plain'): YNode => ({
  ...blank,
  kind: 'scalar',
  tag,
  value,
  style,
  items: [],
});
export const string = (value: string): YNode => scalar('!!str', value);
export const boolean = (value: boolean): YNode => scalar('!!bool', String(value));
export const nothing = (): YNode => scalar('!!null', 'null');
export const map = (items: YNode[] = []): YNode => ({
  ...blank,
  kind: 'map',
  tag: '!!map',
  value: '',
  style: 'plain',
  items,
});
export const sequence = (items: YNode[] = []): YNode => ({
  ...blank,
  kind: 'seq',
  tag: '!!seq',
  value: '',
  style: 'plain',
  items,
});

/** A number as Go prints it. */
export function number(value: number): YNode {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return scalar('!!int', String(value));
  return scalar('!!float', String(value));
}

export const follow = (node: YNode): YNode =>
  node.kind === 'alias' && node.target !== undefined ? follow(node.target) : node;

export function copy(node: YNode): YNode {
  const made: YNode = { ...node, items: [] };
  made.items = node.items.map((item, index) => {
    const child = copy(item);
    child.parent = made;
    if (node.kind === 'map' && index % 2 === 1) child.key = made.items[index - 1];
    return child;
  });
  if (made.kind === 'map')
    made.items.forEach((child, index) => (child.key = index % 2 === 1 ? made.items[index - 1] : undefined));
  return made;
}

/** Makes a node be what another is; its own comments stay unless the other has some. */
export function become(node: YNode, other: YNode): void {
  const from = copy(other);
  const { kind, tag, tagged, value, items, target } = from;
  const keeps =
    node.kind === 'scalar' && kind === 'scalar' && node.tag === tag && node.style !== 'plain' && from.style === 'plain';
  Object.assign(node, {
    kind,
    tag,
    tagged,
    value,
    items,
    target,
    style: keeps ? node.style : from.style,
    anchor: from.anchor === '' ? node.anchor : from.anchor,
  });
  for (const item of items) item.parent = node;
  node.head = other.head === '' ? node.head : other.head;
  node.line = other.line === '' ? node.line : other.line;
  node.foot = other.foot === '' ? node.foot : other.foot;
}

export const pairs = (node: YNode): readonly (readonly [YNode, YNode])[] => {
  const found: (readonly [YNode, YNode])[] = [];
  for (let index = 0; index + 1 < node.items.length; index += 2) {
    const [key, value] = [node.items[index], node.items[index + 1]];
    if (key !== undefined && value !== undefined) found.push([key, value]);
  }
  return found;
};

/** Hangs a value under a key of a map, or behind the items of a sequence. */
export function attach(parent: YNode, key: YNode | undefined, value: YNode): void {
  value.parent = parent;
  value.key = key;
  if (parent.kind === 'map' && key !== undefined) {
    key.parent = parent;
    parent.items.push(key, value);
  } else parent.items.push(value);
}

/** Keys from the top, as `path` gives them. */
export function pathOf(node: YNode): readonly YNode[] {
  const { parent } = node;
  if (parent === undefined) return [];
  const own = parent.kind === 'map' ? node.key : number(parent.items.indexOf(node));
  return [...pathOf(parent), ...(own === undefined ? [] : [own])];
}

export const isTrue = (node: YNode): boolean => {
  const { tag, value } = follow(node);
  return !(tag === '!!null' || (tag === '!!bool' && /^(false|no|off)$/i.test(value)));
};
export const numberOf = ({ value }: YNode): number =>
  /^0o/.test(value) ? Number.parseInt(value.slice(2), 8) : Number(value.replaceAll('_', ''));

export const each = (nodes: readonly YNode[], visit: (node: YNode) => readonly YNode[]): readonly YNode[] =>
  nodes.flatMap(visit);

/** Hangs copies of nodes into a new one, so that what they come from stays where it is. */
export function made(target: YNode, items: readonly YNode[]): YNode {
  for (const item of items) attach(target, undefined, copy(item));
  return target;
}
