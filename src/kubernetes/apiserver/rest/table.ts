import type { Kind } from '../../apimachinery/kind';
import type { ApiObject, ListMeta } from '../../apimachinery/object';
import { ageColumn, nameColumn } from '../../api/columns';
import type { Column } from '../../apimachinery/columns';

/** How much of each object a table's rows carry. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

const fallback: readonly Column<ApiObject>[] = [nameColumn, ageColumn];

/** metav1.Table, what `kubectl get` prints. */
export function table(
  kind: Pick<Kind, 'columns' | 'tableOrder'>,
  objects: readonly ApiObject[],
  metadata: ListMeta,
  now: number,
  include: IncludeObject,
  {
    version = 'v1',
    header = true,
    shown = (object) => object,
  }: {
    readonly version?: string;
    readonly header?: boolean;
    /** What the rows carry of an object: with its managers. */
    readonly shown?: (object: ApiObject) => ApiObject;
  } = {},
): object {
  const columns = kind.columns.length === 0 ? fallback : kind.columns;
  const apiVersion = `meta.k8s.io/${version}`;
  return {
    kind: 'Table',
    apiVersion,
    metadata,
    columnDefinitions: header ? definitionsOf(columns) : null,
    rows: inTableOrder(kind, objects).map((object) => ({
      cells: columns.map((column) => column.cell(object, now)),
      object: include === 'Object' ? shown(object) : include === 'Metadata' ? partial(shown(object), version) : null,
    })),
  };
}

const inTableOrder = ({ tableOrder }: Pick<Kind, 'tableOrder'>, objects: readonly ApiObject[]): readonly ApiObject[] =>
  tableOrder === undefined ? objects : objects.toSorted(tableOrder);

const definitionsOf = (columns: readonly Column<ApiObject>[]): readonly object[] =>
  columns
    .filter(({ unlisted }) => unlisted !== true)
    .map(({ name, type, format, description, priority }) => ({ name, type, format, description, priority }));

/** What of a row stays: the texts around the cells that age, and those cells' columns. */
interface Row {
  readonly version: string;
  readonly texts: readonly string[];
  readonly aging: readonly Column<ApiObject>[];
}

/** Objects do not change once they are stored, so their rows are made once for all who ask. */
const rowsOf = new WeakMap<Kind, WeakMap<ApiObject, Row>>();

function rowOf(
  object: ApiObject,
  columns: readonly Column<ApiObject>[],
  now: number,
  version: string,
  metadata: string,
): Row {
  const texts: string[] = [];
  const aging: Column<ApiObject>[] = [];
  // Joined and not added up: a sum stays a tree of its parts, which every reader would walk again.
  let parts = ['{"cells":['];
  for (const [index, column] of columns.entries()) {
    if (index > 0) parts.push(',');
    if (column.ages?.(object) !== true) parts.push(JSON.stringify(column.cell(object, now)));
    else {
      texts.push(parts.join(''));
      aging.push(column);
      parts = [];
    }
  }
  parts.push(
    `],"object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${version}","metadata":`,
    metadata,
    '}}',
  );
  texts.push(parts.join(''));
  return { version, texts, aging };
}

/** The same with the objects' metadata, as JSON text; `metadataText` knows that of an object. */
export function tableText(
  kind: Kind,
  objects: readonly ApiObject[],
  metadata: ListMeta,
  now: number,
  version: string,
  metadataText: (object: ApiObject) => string,
): string {
  const columns = kind.columns.length === 0 ? fallback : kind.columns;
  let rows = rowsOf.get(kind);
  if (rows === undefined) rowsOf.set(kind, (rows = new WeakMap<ApiObject, Row>()));
  const texts = [
    `{"kind":"Table","apiVersion":"meta.k8s.io/${version}","metadata":${JSON.stringify(metadata)},"columnDefinitions":${JSON.stringify(definitionsOf(columns))},"rows":[`,
  ];
  let comma = '';
  // Many are of one age.
  let age: { readonly cell: unknown; readonly text: string } | undefined;
  for (const object of inTableOrder(kind, objects)) {
    let row = rows.get(object);
    if (row?.version !== version) rows.set(object, (row = rowOf(object, columns, now, version, metadataText(object))));
    texts.push(comma);
    comma = ',';
    for (let place = 0; place < row.aging.length; place++) {
      const cell = row.aging[place]?.cell(object, now);
      if (age === undefined || age.cell !== cell) age = { cell, text: JSON.stringify(cell) };
      texts.push(row.texts[place] ?? '', age.text);
    }
    texts.push(row.texts[row.aging.length] ?? '');
  }
  texts.push(']}\n');
  return texts.join('');
}

export const partial = ({ metadata }: ApiObject, version = 'v1'): object => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata,
});
