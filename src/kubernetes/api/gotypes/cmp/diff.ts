import type { GoType } from '../types';
import { isZero, type GoValue } from '../value';
import { compare, type ValueNode, type ValueRecord } from './node';
import {
  addStats,
  appendEllipsis,
  differing,
  equalNodes,
  length,
  line,
  noStats,
  textOf,
  wrap,
  type Stats,
  type TextNode,
  type TextRecord,
} from './text';
import { braces, keyText, valueNode, withType, type Options } from './value-text';

/** cmp.Diff of github.com/google/go-cmp v0.7: what changed from one value to another of the same type. */
export function cmpDiff(x: GoValue, y: GoValue): string {
  const root = compare(x.type, x, y);
  return root.diff === 0 ? '' : textOf(diffNode({ mode: '', types: 'emit', verbosity: 0 }, root) ?? line(''));
}

const CONTEXT = 2;

/** FormatDiff of report_compare.go. */
function diffNode(given: Options, node: ValueNode): TextNode | undefined {
  const options = { ...given, verbosity: given.mode === '=' ? 1 : Math.max(given.verbosity, 3) };
  if (node.depth === 0) return leafNode(options, node);
  const { type } = node;
  if (type.kind === 'pointer') {
    const to = node.value === undefined ? undefined : diffNode(options, node.value);
    return to === undefined ? undefined : wrap('&', to);
  }
  return withType(options, type, listNode(options, node));
}

const shown = (options: Options, value: GoValue | undefined): TextNode | undefined =>
  value === undefined ? undefined : valueNode(options, value);

function leafNode(options: Options, { type, x, y, diff }: ValueNode): TextNode | undefined {
  if (options.mode === '-') return shown(options, x);
  if (options.mode === '+') return shown(options, y);
  const elide = diff === 0 ? options : { ...options, types: 'elide' as const };
  const one = shown(elide, x);
  const other = shown(elide, y);
  if (diff === 0) return one !== undefined && other !== undefined && length(one) < length(other) ? one : other;
  const records: TextRecord[] = [];
  if (one !== undefined) records.push({ mode: '-', key: '', value: one });
  if (other !== undefined) records.push({ mode: '+', key: '', value: other });
  return withType({ ...options, types: 'emit' }, type, { kind: 'list', records });
}

const recordName = { struct: 'field', slice: 'element', map: 'entry' } as const;

/** formatDiffList. */
function listNode(given: Options, node: ValueNode): TextNode {
  const { type, records } = node;
  if (type.kind !== 'struct' && type.kind !== 'slice' && type.kind !== 'map') return line('');
  const { mode, verbosity } = given;
  const options: Options = {
    ...given,
    types: type.kind === 'struct' ? 'auto' : 'elide',
    verbosity: verbosity - 1,
  };
  const most = mode === '=' ? ((2 ** verbosity) >> 1) << 2 : (2 ** verbosity) << 1;
  if (mode !== '') return braces(unified(options, type, records, most));

  const list: TextRecord[] = [];
  let told = 0;
  let rest = noStats(recordName[type.kind]);
  let from = 0;
  const groups = coalesced(rest.name, records);
  groups.forEach((group, index) => {
    const count = group.identical + differing(group);
    if (told >= most) {
      rest = addStats(rest, group);
      return;
    }
    const own = records.slice(from, from + count);
    from += count;
    if (differing(group) === 0) equals(options, type, own, index !== 0, index !== groups.length - 1, group, list);
    else {
      for (const record of own) unequal(options, type, record, list);
      told += count;
    }
  });
  if (rest.identical + differing(rest) > 0) appendEllipsis(list, rest);
  return braces(list);
}

const keyOf = (type: GoType, key: string): string => (type.kind === 'map' ? keyText(type.key, key) : key);

/** Records of one value, or of values that are equal: zero members are left out. */
function unified(options: Options, type: GoType, records: readonly ValueRecord[], most: number): TextRecord[] {
  const list: TextRecord[] = [];
  for (const { key, node } of records) {
    if (list.length === most) {
      appendEllipsis(list);
      break;
    }
    const own = options.mode === '+' ? node.y : node.x;
    if (type.kind === 'struct' && (own === undefined || isZero(own))) continue;
    const value = diffNode(options, node);
    if (value !== undefined) list.push({ key: keyOf(type, key), value });
  }
  return list;
}

/** Of equal records, those next to differences are told. */
function equals(
  options: Options,
  type: GoType,
  records: readonly ValueRecord[],
  before: boolean,
  after: boolean,
  stats: Stats,
  list: TextRecord[],
): void {
  const low = before ? Math.min(CONTEXT, records.length) : 0;
  let high = after ? Math.min(CONTEXT, records.length - low) : 0;
  if (records.length - low - high === 1) high++;
  const tell = ({ key, node }: ValueRecord): void => {
    const value = diffNode({ ...options, mode: '=' }, node);
    if (value !== undefined) list.push({ key: keyOf(type, key), value });
  };
  records.slice(0, low).forEach(tell);
  if (records.length > low + high) appendEllipsis(list, { ...stats, identical: stats.identical - low - high });
  records.slice(records.length - high).forEach(tell);
}

function unequal(options: Options, type: GoType, { key: name, node }: ValueRecord, list: TextRecord[]): void {
  const key = keyOf(type, name);
  if (node.children !== node.depth) {
    const value = diffNode(options, node);
    if (value !== undefined) list.push({ key, value });
    return;
  }
  let x = diffNode({ ...options, mode: '-' }, node);
  let y = diffNode({ ...options, mode: '+' }, node);
  // What looks the same is told at more length.
  for (let more = 0; more <= 6 && x !== undefined && y !== undefined && equalNodes(x, y); more++) {
    const verbose = { ...options, verbosity: Math.max(options.verbosity, 0) + 2 * more };
    x = diffNode({ ...verbose, mode: '-' }, node);
    y = diffNode({ ...verbose, mode: '+' }, node);
  }
  if (x !== undefined) list.push({ mode: '-', key, value: x });
  if (y !== undefined) list.push({ mode: '+', key, value: y });
}

/** coalesceAdjacentRecords: neighbours that are equal, and neighbours that are not. */
function coalesced(name: string, records: readonly ValueRecord[]): readonly Stats[] {
  const groups: Stats[] = [];
  let were: boolean | undefined;
  for (const { node } of records) {
    const same = node.diff === 0;
    if (same !== were) groups.push(noStats(name));
    were = same;
    const sort = same ? 'identical' : node.y === undefined ? 'removed' : node.x === undefined ? 'inserted' : 'modified';
    const last = groups.at(-1) ?? noStats(name);
    groups[groups.length - 1] = { ...last, [sort]: last[sort] + 1 };
  }
  return groups;
}
