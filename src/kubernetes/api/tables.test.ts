import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ApiObject } from '../apimachinery/object';
import { kinds } from './index';

const file = `${process.env['BOTTLESHIP_SHARED'] ?? '../shared'}/ground-truth/kubernetes/api/tables.jsonl`;

interface Line {
  readonly id: string;
  readonly gv: string;
  readonly resource: string;
  readonly columns?: readonly {
    readonly name: string;
    readonly type: string;
    readonly format: string;
    readonly priority: number;
  }[];
  readonly now?: string;
  readonly cells?: readonly unknown[];
  readonly object?: ApiObject;
}

test.skipIf(!existsSync(file))('every recorded row prints as kubectl -o wide printed it (needs ../shared)', () => {
  const wrong: unknown[] = [];
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    if (text === '') continue;
    const line = JSON.parse(text) as Line;
    const kind = kinds.find(({ apiVersion, names }) => apiVersion === line.gv && names.plural === line.resource);
    if (kind === undefined) continue;
    if (line.columns !== undefined) {
      const facts = (each: { name: string; type: string; format: string; priority: number }) => [
        each.name,
        each.type,
        each.format,
        each.priority,
      ];
      expect(kind.columns.filter(({ unlisted }) => unlisted !== true).map(facts), line.id).toEqual(
        line.columns.map(facts),
      );
    }
    if (line.cells === undefined || line.object === undefined || line.now === undefined) continue;
    const object = kind.defaults(line.object);
    const now = Date.parse(line.now);
    const cells = kind.columns.map((column) => column.cell(object, now));
    if (JSON.stringify(cells.map(String)) !== JSON.stringify(line.cells.map(String)))
      wrong.push([line.id, line.cells.join('|'), cells.join('|')]);
  }

  expect(wrong).toEqual([]);
});
