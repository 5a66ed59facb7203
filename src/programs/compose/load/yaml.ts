import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, type Document } from 'yaml';
import { LoadError, type Dict, type Path, type Value } from './value';

/** One document of a file, with the places that `!reset` and `!override` marked. */
export interface Source {
  readonly value: Value;
  readonly reset: readonly Path[];
}

interface Reading {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly reset: Path[];
}

/** Reads a compose file's text as go-yaml v3 does: YAML 1.2 booleans, merge keys, no key twice. */
export function readYaml(text: string): readonly Source[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  if (!Array.isArray(parsed)) return [];
  return (parsed as readonly Document.Parsed[]).map((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) {
      const late = document.errors.find(({ code }) => code === 'MULTILINE_IMPLICIT_KEY');
      const place = late === undefined ? problem.pos[0] : late.pos[1];
      throw new LoadError(words(problem.code, problem.message, lines.linePos(place).line, text));
    }
    const reading: Reading = { document, lines, reset: [] };
    return { value: valueOf(document.contents, reading, []) ?? null, reset: reading.reset };
  });
}

// go-yaml's words for what the parser found.
function words(code: string, message: string, line: number, text: string): string {
  const here = text.split('\n')[line - 1] ?? '';
  if (message.includes('end with a')) {
    const before = line > 1 ? `line ${line - 1}: ` : '';
    return `yaml: ${before}did not find expected ',' or '${message.includes(']') ? ']' : '}'}'`;
  }
  if (/^\s*\t/.test(here) || code === 'TAB_AS_INDENT')
    return `yaml: line ${line}: found character that cannot start any token`;
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || message.includes('Nested mappings are not allowed'))
    return `yaml: line ${line}: mapping values are not allowed in this context`;
  if (code === 'BAD_ALIAS' || message.includes('Unresolved alias')) return 'yaml: unknown anchor referenced';
  if (code === 'MULTILINE_IMPLICIT_KEY' || code === 'MISSING_CHAR')
    return `yaml: line ${line}: could not find expected ':'`;
  return `yaml: line ${line}: did not find expected key`;
}

function valueOf(node: unknown, reading: Reading, path: Path): Value | undefined {
  if (node === null || node === undefined) return null;
  if (isAlias(node)) {
    const target = node.resolve(reading.document);
    if (target === undefined) throw new LoadError(`yaml: unknown anchor '${node.source}' referenced`);
    return valueOf(target, reading, path);
  }
  const { tag } = node as { tag?: string };
  if (tag === '!reset') {
    reading.reset.push(path);
    return undefined;
  }
  if (tag === '!override') reading.reset.push(path);
  if (isMap(node)) return mapOf(node.items, reading, path);
  if (isSeq(node)) {
    const items = node.items.map((item, index) => valueOf(item, reading, [...path, String(index)]));
    return items.filter((item) => item !== undefined);
  }
  if (!isScalar(node)) return null;
  const source = typeof node.value === 'string' ? node.value : '';
  if (tag === 'tag:yaml.org,2002:str' || tag === '!!str') return source;
  return node.type === 'PLAIN' ? resolve(source) : source;
}

function mapOf(pairs: readonly unknown[], reading: Reading, path: Path): Dict {
  const result: Dict = {};
  const merged: Dict = {};
  const at = new Map<string, number>();
  for (const pair of pairs) {
    if (!isPair(pair)) continue;
    const key = isScalar(pair.key) ? String(pair.key.value ?? '') : '';
    const offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
    const { line } = reading.lines.linePos(offset);
    const earlier = at.get(key);
    if (earlier !== undefined)
      throw new LoadError(`line ${line}: mapping key ${JSON.stringify(key)} already defined at line ${earlier}`);
    at.set(key, line);
    if (key === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') {
      const source = valueOf(pair.value, reading, path) ?? null;
      for (const each of Array.isArray(source) ? source : [source]) {
        if (typeof each !== 'object' || each === null || Array.isArray(each))
          throw new LoadError('yaml: map merge requires map or sequence of maps as the value');
        for (const [name, value] of Object.entries(each)) if (!(name in merged)) merged[name] = value;
      }
      continue;
    }
    const value = valueOf(pair.value, reading, [...path, key]);
    if (value !== undefined) result[key] = value;
  }
  return { ...merged, ...result };
}

const constants: Readonly<Record<string, null | boolean>> = {
  '': null,
  '~': null,
  null: null,
  Null: null,
  NULL: null,
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

/** A plain scalar (go-yaml v3, resolve.go). */
export function resolve(source: string): Value {
  if (Object.hasOwn(constants, source)) return constants[source] ?? null;
  if (!/^[-+.\d]/.test(source)) return source;
  if (/^[-+]?\.(inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  const digits = source.replaceAll('_', '');
  if (/^[-+]?(0b[01]+|0o[0-7]+|0x[\da-fA-F]+|\d+)$/.test(digits)) {
    const body = digits.replace(/^[-+]/, '');
    const size = /^0[0-7]+$/.test(body) ? parseInt(body, 8) : Number(body);
    return digits.startsWith('-') ? -size : size;
  }
  if (/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(digits)) return Number(digits);
  return source;
}
