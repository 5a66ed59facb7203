import type { Document, Node as Parsed, Pair } from 'yaml';
import type * as Yaml from 'yaml';
import { map, scalar, sequence, type YNode } from './node';

export class YamlError extends Error {}

/** The tag that a plain scalar has by what it looks like (go-yaml, resolve.go). */
export function resolveTag(text: string): string {
  if (text === '' || text === '~' || /^(null|Null|NULL)$/.test(text)) return '!!null';
  if (/^(true|True|TRUE|false|False|FALSE)$/.test(text)) return '!!bool';
  if (/^[-+]?(0|[1-9][0-9_]*|0o?[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+)$/.test(text)) return '!!int';
  if (/^[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?$/.test(text) && /[0-9]/.test(text)) return '!!float';
  if (/^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/.test(text)) return '!!float';
  if (/^\d{4}-\d\d?-\d\d?$|^\d{4}-\d\d?-\d\d?([Tt ]\d\d?:\d\d:\d\d(\.\d+)?\s*(Z|[-+]\d\d?(:\d\d)?)?)$/.test(text))
    return '!!timestamp';
  if (text === '<<') return '!!merge';
  return '!!str';
}

const comment = (text: string | null | undefined): string =>
  text === null || text === undefined
    ? ''
    : text
        .split('\n')
        .map((line) => (line === '' ? '' : `#${line}`))
        .join('\n');

const styles: Readonly<Record<string, YNode['style']>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** All documents of a text. */
export function readYaml(
  library: typeof Yaml,
  text: string,
  fileName: string,
  file: number,
  from: number,
): readonly YNode[] {
  const parsed = library.parseAllDocuments(text, {
    keepSourceTokens: true,
    uniqueKeys: false,
    version: '1.2',
    schema: 'core',
    prettyErrors: true,
    strict: false,
  });
  const documents = (Array.isArray(parsed) ? parsed : []) as Document.Parsed[];
  if (documents.length === 0) {
    const node = scalar('!!null', '');
    node.head = comment(text.trim() === '' ? undefined : text.trim().replace(/^#/gm, ''));
    return [Object.assign(node, { fileName, file, document: from })];
  }
  return documents.map((document, index) => {
    const [error] = document.errors;
    if (error !== undefined) {
      const { line = 1 } = error.linePos?.[0] ?? {};
      throw new YamlError(`yaml: ${line > 1 ? `line ${line - 1}: ` : ''}${words(error.code)}`);
    }
    const anchors = new Map<string, YNode>();
    const node = convert(library, document.contents, anchors);
    node.head = [comment(document.commentBefore), node.head]
      .filter((part) => part !== '')
      .join(document.commentBefore === null ? '' : '\n\n');
    node.foot = [node.foot, comment(document.comment)].filter((part) => part !== '').join('\n');
    mark(node, { fileName, file, document: from + index });
    return node;
  });
}

/** go-yaml's words for what the other parser found. */
function words(code: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'found character that cannot start any token';
    case 'BLOCK_IN_FLOW':
    case 'MISSING_CHAR':
      return "did not find expected ',' or ']'";
    case 'BAD_INDENT':
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'mapping values are not allowed in this context';
    default:
      return "could not find expected ':'";
  }
}

function mark(node: YNode, place: Pick<YNode, 'fileName' | 'file' | 'document'>): void {
  Object.assign(node, place);
  for (const item of node.items) mark(item, place);
}

function convert(library: typeof Yaml, parsed: Parsed | null, anchors: Map<string, YNode>): YNode {
  if (parsed === null) return scalar('!!null', '');
  let node: YNode;
  if (library.isAlias(parsed)) {
    node = scalar('', parsed.source);
    node.kind = 'alias';
    node.target = anchors.get(parsed.source);
  } else if (library.isMap(parsed)) {
    node = map();
    if (parsed.flow === true) node.style = 'flow';
    if (parsed.anchor !== undefined) anchors.set(parsed.anchor, node);
    for (const pair of parsed.items as Pair<Parsed, Parsed | null>[]) {
      const key = convert(library, pair.key, anchors);
      const value = convert(library, pair.value, anchors);
      adopt(key, value);
      key.parent = node;
      value.parent = node;
      value.key = key;
      node.items.push(key, value);
    }
  } else if (library.isSeq(parsed)) {
    node = sequence();
    if (parsed.flow === true) node.style = 'flow';
    if (parsed.anchor !== undefined) anchors.set(parsed.anchor, node);
    for (const item of parsed.items as (Parsed | null)[]) {
      const child = convert(library, item, anchors);
      child.parent = node;
      node.items.push(child);
    }
  } else {
    const { source = '', type = 'PLAIN', value } = parsed as { source?: string; type?: string; value: unknown };
    const style = styles[type] ?? 'plain';
    node = scalar(style === 'plain' ? resolveTag(source) : '!!str', style === 'plain' ? source : String(value), style);
  }
  const { anchor, tag } = parsed as { anchor?: string; tag?: string };
  if (anchor !== undefined) {
    node.anchor = anchor;
    anchors.set(anchor, node);
  }
  if (tag !== undefined) {
    node.tag = tag.replace('tag:yaml.org,2002:', '!!');
    node.tagged = node.kind === 'scalar' || !/^!!(map|seq)$/.test(node.tag);
  }
  node.head = comment(parsed.commentBefore);
  if (node.kind === 'scalar' || node.style === 'flow' || node.kind === 'alias') node.line = comment(parsed.comment);
  else node.foot = comment(parsed.comment);
  return node;
}

/** A comment before a block value stands, for go-yaml, before its first key; one at a key's value is the line's. */
function adopt(key: YNode, value: YNode): void {
  if (value.head !== '' && value.kind !== 'scalar') {
    const [first] = value.items;
    if (first !== undefined) {
      first.head = [value.head, first.head].filter((part) => part !== '').join('\n');
      value.head = '';
    }
  }
  if (key.line !== '' && value.line === '') {
    value.line = key.line;
    key.line = '';
  }
}
