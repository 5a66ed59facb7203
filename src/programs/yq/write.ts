import { follow, numberOf, pairs, type YNode } from './node';
import { resolveTag } from './read';

/** How a string has to be written: plain where it reads back as one (go-yaml, emitter and encode.go). */
function textOf(node: YNode, flow: boolean): string {
  const { value, style, tag, tagged } = node;
  if (style === 'single') return `'${value.replaceAll("'", "''")}'`;
  if (style === 'double') return double(value);
  if (tag !== '!!str') return value === '' && tag === '!!null' ? '' : value;
  if (tagged && style === 'plain' && isPlain(value, flow)) return value;
  if (resolveTag(value) !== '!!str') return `"${value}"`;
  if (isPlain(value, flow)) return value;

  if (/[\u0000-\u0008\u000b-\u001f\u007f]|\n/.test(value)) return double(value);
  return `'${value.replaceAll("'", "''")}'`;
}

const isPlain = (value: string, flow: boolean): boolean =>
  value !== '' &&
  !/^[\s,[\]{}#&*!|>'"%@`]/.test(value) &&
  !/^[-?:](\s|$)/.test(value) &&
  !/: |\s#|:$|^---|^\.\.\.|\s$/.test(value) &&
  !/[\n\t\u0000-\u001f\u007f]/.test(value) &&
  !(flow && /[,[\]{}]/.test(value)) &&
  !/^[=]$/.test(value);

const double = (value: string): string =>
  `"${value
    .replace(/[\\"]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')

    .replace(
      /[\u0000-\u001f\u007f]/g,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
    )}"`;

export interface WriteOptions {
  readonly indent: number;
  readonly comments: boolean;
}

/** A document as text, with a newline at its end. */
export function writeYaml(node: YNode, options: WriteOptions): string {
  const writer = new Writer(options);
  const lines: string[] = [];
  if (options.comments && node.head !== '')
    lines.push(...node.head.split('\n'), ...(node.kind === 'scalar' ? [] : ['']));
  lines.push(...writer.block(node, 0));
  if (options.comments && node.foot !== '')
    lines.push(...(node.kind === 'scalar' ? [] : ['']), ...node.foot.split('\n'));
  return `${lines.join('\n').replace(/^((?:#.*\n)+)\n(?=#)/, '$1\n')}\n`;
}

class Writer {
  constructor(readonly options: WriteOptions) {}

  #props({ anchor, tag, tagged }: YNode): string {
    return `${anchor === '' ? '' : `&${anchor} `}${tagged ? `${tag} ` : ''}`;
  }

  #comment(text: string, indent: number): string[] {
    if (!this.options.comments || text === '') return [];
    return text.split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  }

  #tail(node: YNode): string {
    return this.options.comments && node.line !== '' ? ` ${node.line}` : '';
  }

  /** A value that stands on one line; undefined for blocks. */
  #inline(node: YNode, flow = false): string | undefined {
    if (node.kind === 'alias') return `*${node.value}`;
    if (node.kind === 'scalar') {
      if ((node.style === 'literal' || node.style === 'folded') && !flow) return undefined;
      if (node.style === 'plain' && node.tag === '!!str' && node.value.includes('\n') && !flow) return undefined;
      return this.#props(node) + textOf(node, flow);
    }
    if (node.items.length === 0) return this.#props(node) + (node.kind === 'map' ? '{}' : '[]');
    if (node.style !== 'flow' && !flow) return undefined;
    const inner =
      node.kind === 'map'
        ? pairs(node).map(([key, value]) => `${this.#inline(key, true) ?? ''}: ${this.#inline(value, true) ?? ''}`)
        : node.items.map((item) => this.#inline(item, true) ?? '');
    return `${this.#props(node)}${node.kind === 'map' ? `{${inner.join(', ')}}` : `[${inner.join(', ')}]`}`;
  }

  /** A literal or folded block: its mark and its lines. */
  #scalarBlock(node: YNode, indent: number): readonly [string, readonly string[]] {
    const { value, style } = node;
    const mark = style === 'folded' ? '>' : '|';
    const chomp = value.endsWith('\n') ? (value.endsWith('\n\n') || value === '\n' ? '+' : '') : '-';
    const hint = /^\s/.test(value) ? String(this.options.indent) : '';
    const body = value.replace(/\n$/, '').split('\n');
    const shown =
      style === 'folded'
        ? body.flatMap((line, index) =>
            index > 0 && line !== '' && body[index - 1] !== '' && !/^\s/.test(line) ? ['', line] : [line],
          )
        : body;
    const lines = shown.map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
    return [`${this.#props(node)}${mark}${hint}${chomp}`, lines];
  }

  block(node: YNode, indent: number): string[] {
    const inline = this.#inline(node);
    const pad = ' '.repeat(indent);
    if (inline !== undefined) return [pad + inline + this.#tail(node)];
    if (node.kind === 'scalar') {
      const [mark, lines] = this.#scalarBlock(node, indent + this.options.indent);
      return [`${pad}${mark}`, ...lines];
    }
    const lines: string[] = [];
    if (node.kind === 'map') {
      for (const [key, value] of pairs(node)) {
        lines.push(...this.#comment(key.head, indent));
        const name = `${pad}${key.tag === '!!merge' ? '!!merge ' : ''}${this.#inline(key) ?? ''}:`;
        lines.push(...this.#value(name, value, indent));
        lines.push(...this.#comment(key.foot, indent));
        if (value.kind !== 'scalar' && value.foot !== '')
          lines.push(...this.#comment(value.foot, indent + this.options.indent));
      }
      return lines;
    }
    for (const item of node.items) {
      lines.push(...this.#comment(item.head, indent));
      const inner = this.#inline(item);
      if (inner !== undefined) lines.push(`${pad}- ${inner}${this.#tail(item)}`);
      else if (item.kind === 'scalar') {
        const [mark, body] = this.#scalarBlock(item, indent + this.options.indent);
        lines.push(`${pad}- ${mark}`, ...body);
      } else {
        const props = this.#props(item).trimEnd();
        const [first = '', ...rest] = this.block(item, indent + 2);
        const comments =
          this.options.comments &&
          item.items[0]?.head !== undefined &&
          item.kind === 'map' &&
          first.trimStart().startsWith('#');
        if (props !== '') lines.push(`${pad}- ${props}`, first, ...rest);
        else if (comments) lines.push(`${pad}- ${first.trimStart()}`, ...rest);
        else lines.push(`${pad}- ${first.slice(indent + 2)}`, ...rest);
      }
      if (item.foot !== '') lines.push(...this.#comment(item.foot, indent));
    }
    return lines;
  }

  #value(name: string, value: YNode, indent: number): string[] {
    const inline = this.#inline(value);
    if (inline !== undefined) return [`${name}${inline === '' ? '' : ` ${inline}`}${this.#tail(value)}`];
    if (value.kind === 'scalar') {
      const [mark, body] = this.#scalarBlock(value, indent + this.options.indent);
      return [`${name} ${mark}${this.#tail(value)}`, ...body];
    }
    const props = this.#props(value).trimEnd();
    const head = `${name}${props === '' ? '' : ` ${props}`}${this.#tail(value)}`;
    return [
      head,
      ...this.#comment(value.head, indent + this.options.indent),
      ...this.block(value, indent + this.options.indent),
    ];
  }
}

/** JSON; `indent` 0: on one line. */
export function writeJson(node: YNode, indent: number, level = 0): string {
  const real = follow(node);
  const pad = indent === 0 ? '' : `\n${' '.repeat(indent * (level + 1))}`;
  const end = indent === 0 ? '' : `\n${' '.repeat(indent * level)}`;
  if (real.kind === 'map') {
    const inner = pairs(real).map(
      ([key, value]) =>
        `${JSON.stringify(follow(key).value)}:${indent === 0 ? '' : ' '}${writeJson(value, indent, level + 1)}`,
    );
    return inner.length === 0 ? '{}' : `{${pad}${inner.join(`,${pad}`)}${end}}`;
  }
  if (real.kind === 'seq') {
    const inner = real.items.map((item) => writeJson(item, indent, level + 1));
    return inner.length === 0 ? '[]' : `[${pad}${inner.join(`,${pad}`)}${end}]`;
  }
  switch (real.tag) {
    case '!!null':
      return 'null';
    case '!!bool':
      return String(/^(true|yes|on)$/i.test(real.value));
    case '!!int':
    case '!!float':
      return Number.isNaN(numberOf(real)) ? JSON.stringify(real.value) : String(numberOf(real));
    default:
      return JSON.stringify(real.value);
  }
}

/** Java properties: one line a leaf, comments before it. */
export function writeProperties(node: YNode): string {
  const lines: string[] = [];
  const walk = (at: YNode, prefix: string, notes: readonly string[]): void => {
    const real = follow(at);
    const below = (name: string): string => (prefix === '' ? name : `${prefix}.${name}`);
    if (real.kind === 'map') {
      pairs(real).forEach(([key, value], index) =>
        walk(value, below(key.value), [
          ...(index === 0 ? notes : []),
          ...(value.kind === 'scalar' ? [key.head, value.head, value.line] : []),
        ]),
      );
    } else if (real.kind === 'seq') {
      real.items.forEach((item, index) =>
        walk(item, below(String(index)), [...(index === 0 ? notes : []), item.head, item.line]),
      );
    } else {
      const comments = notes.filter((note) => note !== '');
      if (comments.length > 0) lines.push(...(lines.length > 0 ? [''] : []), ...comments);
      lines.push(`${prefix} = ${real.value.replaceAll('\n', '\\n')}`);
    }
  };
  walk(node, '', [node.head]);
  return lines.map((line) => `${line}\n`).join('');
}
