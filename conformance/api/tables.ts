import { join } from 'node:path';
import { kinds } from '../../src/kubernetes/api/index';
import type { ApiObject } from '../../src/kubernetes/apimachinery/object';
import { readLines } from '../lines';
import type { Comparison } from '../runner';
import { apart } from './requests';

interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly priority: number;
}

interface Line {
  readonly id: string;
  readonly gv: string;
  readonly resource: string;
  readonly columns?: readonly ColumnFacts[];
  readonly now?: string;
  readonly cells?: readonly unknown[];
  readonly object?: ApiObject;
}

const facts = ({ name, type, format, priority }: ColumnFacts): string => `${name} ${type} ${format} ${priority}`;

/** Columns of kinds, and rows as `kubectl get -o wide` prints them. */
export async function* replayTables(recordings: string, file: string): AsyncIterable<Comparison> {
  const lines = [...readLines<Line>(join(recordings, `${file}.jsonl`))];
  // Rows are of what is stored: where a version cannot tell all of it, the object of the stored version does.
  const stored = new Map(lines.map((line) => [`${line.id} ${line.gv}`, line.object]));
  for (const { id, gv, resource, columns, now, cells, object } of lines) {
    const kind = kinds
      .flatMap((each) => [each, ...each.views])
      .find(({ apiVersion, names }) => apiVersion === gv && names.plural === resource);
    const told = (wanted: string, got: () => string): Comparison => {
      const ours = kind === undefined ? 'not served' : got();
      return { id, same: wanted === ours, difference: apart(wanted, ours) };
    };
    if (columns !== undefined)
      yield told(columns.map(facts).join(), () =>
        (kind?.columns ?? [])
          .filter(({ unlisted }) => unlisted !== true)
          .map(facts)
          .join(),
      );
    if (cells !== undefined && object !== undefined && now !== undefined)
      yield told(JSON.stringify(cells.map(String)), () => {
        const kept = kind?.stored === undefined ? undefined : stored.get(`${id} ${kind.stored.apiVersion}`);
        const whole = kind?.defaults(kept ?? kind.decode(object)) ?? object;
        return JSON.stringify((kind?.columns ?? []).map((column) => String(column.cell(whole, Date.parse(now)))));
      });
    await Promise.resolve();
  }
}
