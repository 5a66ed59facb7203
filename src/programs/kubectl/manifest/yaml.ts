import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, type Document } from 'yaml';

/** In goyaml's words: `yaml: line 3: mapping values are not allowed in this context`. */
export class YamlError extends Error {}

/** Documents of a YAML text as JSON values, read as sigs.k8s.io/yaml (goyaml v2) does: YAML 1.1 booleans, no base 60. */
export function decodeYaml(source: string): readonly unknown[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(source, {
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  if (!Array.isArray(documents)) return [];
  return (documents as readonly Document.Parsed[]).map((document) => {
    const [problem] = document.errors;
    if (problem) {
      // A key that began lines ago: goyaml names the line of its colon.
      const late = document.errors.find(({ code }) => code === 'MULTILINE_IMPLICIT_KEY');
      const place = late === undefined ? problem.pos[0] : late.pos[1];
      throw new YamlError(words(problem.code, problem.message, lines.linePos(place).line, source));
    }
    return valueOf(document.contents, document, lines);
  });
}

// goyaml's wording for what the parser found; its line numbers start at the block, ours at the place.
function words(code: string, message: string, line: number, source: string): string {
  if (message.includes('end with a')) {
    const before = line > 1 ? `line ${line - 1}: ` : '';
    return `yaml: ${before}did not find expected node content`;
  }
  const here = source.split('\n')[line - 1] ?? '';
  if (/^\s*\t/.test(here) || code === 'TAB_AS_INDENT')
    return `yaml: line ${line}: found character that cannot start any token`;
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || message.includes('Nested mappings are not allowed'))
    return `yaml: line ${line}: mapping values are not allowed in this context`;
  if (code === 'BAD_ALIAS' || message.includes('Unresolved alias')) return `yaml: unknown anchor referenced`;
  if (code === 'MULTILINE_IMPLICIT_KEY' || code === 'MISSING_CHAR')
    return `yaml: line ${line}: could not find expected ':'`;
  // A parser's error names the line, from 0, on which the mapping began; where that is the first one, that of the place.
  const named = blockStart(source.split('\n'), line - 1) || line - 1;
  return `yaml: ${named === 0 ? '' : `line ${named}: `}did not find expected key`;
}

const indentOf = (text: string): number => text.search(/\S/);

/** On which line, from 0, the block mapping began that was being read when line `at` did not fit. */
function blockStart(lines: readonly string[], at: number): number {
  const wrong = indentOf(lines[at] ?? '');
  let start = at;
  let indent = -1;
  for (let index = at - 1; index >= 0; index--) {
    const here = indentOf(lines[index] ?? '');
    if (here < 0) continue;
    if (indent < 0) {
      if (here >= wrong) continue;
      indent = here;
    } else if (here < indent || lines[index]?.startsWith('---') === true) break;
    if (here === indent) start = index;
  }
  return indent < 0 ? 0 : start;
}

function valueOf(node: unknown, document: Document.Parsed, lines: LineCounter): unknown {
  if (node === null || node === undefined) return null;
  if (isAlias(node)) return valueOf(node.resolve(document), document, lines);
  if (isMap(node)) {
    const result: Record<string, unknown> = {};
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const key = keyText(valueOf(pair.key, document, lines));
      const plain = isScalar(pair.key) && pair.key.type === 'PLAIN';
      if (key === '<<' && plain) merge(result, valueOf(pair.value, document, lines));
      // Of equal keys the last counts.
      else result[key] = valueOf(pair.value, document, lines);
    }
    return result;
  }
  if (isSeq(node)) return node.items.map((item) => valueOf(item, document, lines));
  if (!isScalar(node)) return null;
  const source = typeof node.value === 'string' ? node.value : '';
  if (node.tag === 'tag:yaml.org,2002:str') return source;
  if (node.tag === 'tag:yaml.org,2002:binary') return atob(source.replace(/\s/g, ''));
  return node.type === 'PLAIN' ? resolve(source) : source;
}

function merge(target: Record<string, unknown>, source: unknown): void {
  const sources = Array.isArray(source) ? (source as readonly unknown[]) : [source];
  for (const each of sources) {
    for (const [key, value] of Object.entries(typeof each === 'object' && each !== null ? each : {}))
      if (!(key in target)) target[key] = value;
  }
}

/** Go's %#v of what goyaml reads. */
function goMap(value: unknown): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${(value as readonly unknown[]).map(goMap).join(', ')}}`;
  if (typeof value !== 'object') return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const members = Object.entries(value as object).map(([key, item]) => `${JSON.stringify(key)}:${goMap(item)}`);
  return `map[interface {}]interface {}{${members.join(', ')}}`;
}

/** Keys of JSON are texts: numbers and booleans are written out. */
function keyText(key: unknown): string {
  if (key === null) return 'null';
  if (typeof key === 'object') throw new YamlError(`yaml: invalid map key: ${goMap(key)}`);
  return typeof key === 'string' ? key : String(key);
}

const constants: Readonly<Record<string, unknown>> = {
  '': null,
  '~': null,
  ...Object.fromEntries(['null', 'Null', 'NULL'].map((word) => [word, null])),
  ...Object.fromEntries(
    ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true]),
  ),
  ...Object.fromEntries(
    ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false]),
  ),
};

const integer = /^[-+]?(?:0b[01]+|0o?[0-7]+|0x[\da-fA-F]+|\d+)$/;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** A plain scalar (goyaml resolve.go). */
function resolve(source: string): unknown {
  if (Object.hasOwn(constants, source)) return constants[source];
  const first = source.charCodeAt(0);
  if (!(first >= 48 && first <= 57) && !'+-.'.includes(source[0] ?? '')) return source;
  if (/^[-+]?\.(inf|Inf|INF)$/.test(source) || /^\.(nan|NaN|NAN)$/.test(source)) return source;
  const digits = source.replaceAll('_', '');
  if (integer.test(digits)) return integerOf(digits, source);
  if (float.test(digits)) return Number(digits);
  return source;
}

function integerOf(digits: string, source: string): unknown {
  const negative = digits.startsWith('-');
  const body = digits.replace(/^[-+]/, '');
  const magnitude = /^0[0-7]+$/.test(body) ? parseInt(body, 8) : Number(body);
  if (Number.isNaN(magnitude)) return source;
  return negative ? -magnitude : magnitude;
}
