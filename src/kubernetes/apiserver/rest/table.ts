import type { Kind } from '../../apimachinery/kind';
import type { ApiObject, ListMeta } from '../../apimachinery/object';
import { ageColumn, nameColumn } from '../../api/columns';
import type { Column } from '../../apimachinery/columns';

/** How much of each object a table's rows carry. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

const fallback: readonly Column<ApiObject>[] = [nameColumn, ageColumn];

/** metav1.Table, what `kubectl get` prints. */
export function table(
  kind: Kind,
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
    columnDefinitions: header
      ? columns
          .filter(({ unlisted }) => unlisted !== true)
          .map(({ name, type, format, description, priority }) => ({ name, type, format, description, priority }))
      : null,
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, now)),
      object: include === 'Object' ? shown(object) : include === 'Metadata' ? partial(shown(object), version) : null,
    })),
  };
}

export const partial = ({ metadata }: ApiObject, version = 'v1'): object => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata,
});
