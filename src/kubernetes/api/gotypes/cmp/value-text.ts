import { goQuote } from '../../../apimachinery/field-errors';
import { quantityText, type Quantity } from '../../../apimachinery/quantity';
import { typeName, type GoType } from '../types';
import { isZero, type GoValue } from '../value';
import { appendEllipsis, equalNodes, line, nil, wrap, type Mode, type TextNode, type TextRecord } from './text';

/** How things are printed: formatOptions. `types`: always with the type, never, or with that of composite things. */
export interface Options {
  readonly mode: Mode;
  readonly types: 'emit' | 'elide' | 'auto';
  readonly verbosity: number;
}

/** FormatType: the type in front of its value. */
export function withType(options: Options, type: GoType, node: TextNode): TextNode {
  if (options.types === 'elide') return node;
  if (options.types === 'auto') {
    if (type.kind !== 'struct' && type.kind !== 'slice' && type.kind !== 'map') return node;
    if (equalNodes(node, nil) || options.mode === '=') return node;
  }
  const name = type.kind === 'pointer' ? `(${typeName(type)})` : typeName(type);
  return wrap(name, inParens(node));
}

const inParens = (node: TextNode): TextNode =>
  node.kind === 'wrap' &&
  ((node.prefix.startsWith('(') && node.suffix.endsWith(')')) ||
    (node.prefix.startsWith('{') && node.suffix.endsWith('}')))
    ? node
    : wrap('(', node, ')');

/** How much is told: 0, 4, 8, 16 … */
const limit = (verbosity: number): number => ((2 ** Math.max(verbosity, 0)) >> 1) << 2;

/** FormatValue: a value alone. */
export function valueNode(options: Options, value: GoValue): TextNode {
  const { type, parts } = value;
  const said = stringer(value);
  if (said !== undefined) return stringNode(options, 's', said);
  const deeper = { ...options, verbosity: options.verbosity - 1 };
  switch (type.kind) {
    case 'string':
      return withType(options, type, stringNode(options, '', value.text ?? ''));
    case 'bool':
      return withType(options, type, line(String(value.truth ?? false)));
    case 'int':
      return withType(options, type, line(String(value.number ?? 0)));
    case 'pointer':
      return parts?.[0] === undefined ? nil : wrap('&', valueNode(options, parts[0]));
    case 'struct': {
      const list: TextRecord[] = [];
      for (const [index, field] of type.fields.entries()) {
        const part = parts?.[index];
        if (part === undefined || isZero(part)) continue;
        if (list.length === limit(options.verbosity)) {
          appendEllipsis(list);
          break;
        }
        list.push({ key: field.name, value: valueNode({ ...deeper, types: 'auto' }, part) });
      }
      return withType(options, type, braces(list));
    }
    case 'slice':
    case 'map': {
      if (parts === undefined) return withType(options, type, nil);
      const list: TextRecord[] = [];
      for (const [index, part] of parts.entries()) {
        if (list.length === limit(options.verbosity)) {
          appendEllipsis(list);
          break;
        }
        const key = type.kind === 'map' ? keyText(type.key, value.keys?.[index] ?? '') : '';
        list.push({ key, value: valueNode({ ...deeper, types: 'elide' }, part) });
      }
      return withType(options, type, braces(list));
    }
  }
}

export const braces = (records: readonly TextRecord[]): TextNode => wrap('{', { kind: 'list', records }, '}');

/** formatMapKey. */
export const keyText = (type: GoType, key: string): string => (hasString(type) ? 's' : '') + quoted(key);

const hasString = (type: GoType): boolean => type.kind === 'string' && type.name === 'core.ResourceName';

/** What the method String of a value's type says. */
function stringer({ type, parts, text }: GoValue): string | undefined {
  if (hasString(type)) return text ?? '';
  if (type.kind === 'struct' && type.name === 'v1.Time') return '0001-01-01 00:00:00 +0000 UTC';
  const to = parts?.[0];
  if (type.kind !== 'pointer' || to === undefined || type.of.kind !== 'struct') return undefined;
  if (type.of.name === 'resource.Quantity') return amountText(to);
  if (type.of.name === 'v1.LabelSelector') return selectorText(to);
  return undefined;
}

function amountText(value: GoValue): string {
  const [amount, , text, format] = value.parts ?? [];
  if (text?.text !== undefined && text.text !== '') return text.text;
  return quantityText({
    unscaled: BigInt(amount?.parts?.[0]?.number ?? 0),
    scale: Number(amount?.parts?.[1]?.number ?? 0),
    format: (format?.text ?? 'DecimalSI') as Quantity['format'],
    wide: false,
  });
}

/** LabelSelector.String of apimachinery's generated.pb.go. */
function selectorText({ parts }: GoValue): string {
  const [labels, expressions] = parts ?? [];
  const map = (labels?.keys ?? []).map((key, index) => `${key}: ${labels?.parts?.[index]?.text ?? ''},`).join('');
  const list = (expressions?.parts ?? []).map(({ parts: [key, operator, values] = [] }) => {
    const items = (values?.parts ?? []).map(({ text }) => text ?? '').join(' ');
    return `LabelSelectorRequirement{Key:${key?.text ?? ''},Operator:${operator?.text ?? ''},Values:[${items}],},`;
  });
  return `&LabelSelector{MatchLabels:map[string]string{${map}},MatchExpressions:[]LabelSelectorRequirement{${list.join('')}},}`;
}

/** formatString: what is too long is cut; many lines that were put in or taken away stand below each other. */
function stringNode({ mode, verbosity }: Options, prefix: string, text: string): TextNode {
  const longest = 2 ** verbosity * 32;
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.length >= 4 && (mode === '-' || mode === '+') && lines.every((each) => plain(each, prefix, longest))) {
    const record = (value: string): TextRecord => ({ mode, key: '', value: line(value), noComma: true });
    const most = 2 ** verbosity * 4;
    const shown = lines.length > most ? [...lines.slice(0, most - 1), '...'] : lines;
    return wrap(
      '(',
      { kind: 'list', records: [record(`${prefix}"""`), ...shown.map(record), record(`${prefix}"""`)] },
      ')',
    );
  }
  if (text.length > longest + 3) return line(`${prefix}${quoted(text.slice(0, longest))}...`);
  return line(prefix + quoted(text));
}

const plain = (text: string, prefix: string, longest: number): boolean =>
  !text.startsWith(`${prefix}"""`) && !text.startsWith('...') && text.length <= longest && isPrintable(text);
const isPrintable = (text: string): boolean => !/[^\t\P{C}]/u.test(text);

/** In quotes, or as a raw string where that needs no backslashes. */
function quoted(text: string): string {
  const simple = goQuote(text);
  if (simple.length === text.length + 2 || !isPrintable(text) || text.includes('`')) return simple;
  return `\`${text}\``;
}
