import { Failure } from '../errors';
import { isList, list } from '../json';
import { JsonPath, JsonPathError } from '../jsonpath/evaluate';
import { relaxed } from '../jsonpath/relaxed';
import { goText } from './json';
import { escapeTerminal } from './table';
import type { TabWriter } from '../../toolkit/tabwriter';

interface Column {
  readonly header: string;
  readonly path: JsonPath;
}

function column(header: string, path: string): Column {
  try {
    return { header, path: new JsonPath(relaxed(path), { allowMissingKeys: true }) };
  } catch (reason) {
    if (reason instanceof JsonPathError) throw new Failure(reason.message);
    throw reason;
  }
}

/** `HEADER:.path,…`. Source: kubectl pkg/cmd/get/customcolumn.go. */
export function columnsOfSpec(spec: string): readonly Column[] {
  if (spec === '') throw new Failure('custom-columns format specified but no custom columns given');
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) throw new Failure(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return column(part.slice(0, colon), part.slice(colon + 1));
  });
}

/** A file of two lines: headers, and below them paths. */
export function columnsOfTemplate(template: string): readonly Column[] {
  const lines = template.split('\n');
  const words = (line: string): readonly string[] => line.split(/\s+/).filter((word) => word !== '');
  const missing = (what: string): Failure =>
    new Failure(
      `invalid template, missing ${what} line. Expected format is one line of space separated headers, one line of space separated column specs.`,
    );
  if (template === '') throw missing('header');
  if (lines[1] === undefined || (lines[1] === '' && lines.length === 2)) throw missing('spec');
  const headers = words(lines[0] ?? '');
  const specs = words(lines[1]);
  if (headers.length !== specs.length)
    throw new Failure(`number of headers (${headers.length}) and field specifications (${specs.length}) don't match`);
  return headers.map((header, index) => column(header, specs[index] ?? ''));
}

export class CustomColumnsPrinter {
  #headed = false;
  constructor(
    readonly columns: readonly Column[],
    readonly noHeaders: boolean,
  ) {}

  print(value: unknown, writer: TabWriter): void {
    if (!this.noHeaders && !this.#headed) {
      writer.write(`${this.columns.map(({ header }) => header).join('\t')}\n`);
      this.#headed = true;
    }
    const objects = isList(value) ? list(value, 'items') : [value];
    for (const each of objects) writer.write(`${this.columns.map(({ path }) => cell(path, each)).join('\t')}\n`);
  }
}

function cell(path: JsonPath, value: unknown): string {
  try {
    const found = path.find(value);
    const none = found.length === 0 || found[0]?.length === 0 ? ['<none>'] : [];
    return [...none, ...found.flat().map((each) => escapeTerminal(goText(each)))].join(',');
  } catch (reason) {
    if (reason instanceof JsonPathError) throw new Failure(reason.message);
    throw reason;
  }
}
