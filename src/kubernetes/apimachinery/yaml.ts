import type { LineCounter, parse, parseDocument, stringify, visit } from 'yaml';

interface Yaml {
  readonly parse: typeof parse;
  readonly stringify: typeof stringify;
  readonly parseDocument: typeof parseDocument;
  readonly visit: typeof visit;
  readonly LineCounter: typeof LineCounter;
}

let library: Yaml | undefined;

/** Loads the YAML library. A lab does it before its clock starts, so that everything else may parse synchronously. */
export async function loadYaml(): Promise<void> {
  library ??= await import('yaml');
}

/** The library, once it is loaded. */
export function yaml(): Yaml {
  if (library === undefined) throw new Error('loadYaml has to come first');
  return library;
}

export interface ParsedYaml {
  readonly value: unknown;
  /** What a strict parser says where keys are given twice, the last of which counts. */
  readonly strict: string | undefined;
}

/** A document as sigs.k8s.io/yaml reads it; what is no YAML throws. */
export function parseYaml(text: string): ParsedYaml {
  const { parseDocument, visit, LineCounter } = yaml();
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { version: '1.1', uniqueKeys: false, lineCounter });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  const complaints: { readonly line: number; readonly key: unknown }[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key, value } of items) {
        const name: unknown = scalarOf(key);
        if (name === undefined) continue;
        const [start = 0] = rangeOf(value) ?? rangeOf(key) ?? [];
        if (seen.has(name)) complaints.push({ line: lineCounter.linePos(start).line, key: name });
        seen.add(name);
      }
    },
  });
  const lines = complaints
    .sort((left, right) => left.line - right.line)
    .map(({ line, key }) => `\n  line ${line}: key ${JSON.stringify(key)} already set in map`);
  const strict = lines.length === 0 ? undefined : `yaml: unmarshal errors:${lines.join('')}`;
  return { value: document.toJS() as unknown, strict };
}

const scalarOf = (node: unknown): unknown =>
  typeof node === 'object' && node !== null && 'value' in node ? node.value : undefined;
const rangeOf = (node: unknown): readonly number[] | undefined =>
  typeof node === 'object' && node !== null && 'range' in node ? (node.range as readonly number[]) : undefined;
