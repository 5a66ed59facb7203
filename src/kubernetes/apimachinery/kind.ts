import type { ApiObject } from './object';

/** What the API calls a kind. */
export interface KindNames {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular?: string;
  readonly short?: readonly string[];
  readonly categories?: readonly string[];
}

/** The values under which an index finds an object; undefined: not in the index. */
export type IndexFunction<T> = (object: T) => string | readonly string[] | undefined;

/** What one file of `api/` says about a kind. `Index` names the declared indexes. */
export interface KindDefinition<T extends ApiObject, Index extends string = never> {
  readonly names: KindNames;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly indexes?: Readonly<Record<Index, IndexFunction<T>>>;
}

/** A kind that the server knows. Methods, not function members, so that a `Kind<Pod>` is a `Kind<ApiObject>`. */
export interface Kind<T extends ApiObject = ApiObject, Index extends string = string> {
  readonly names: KindNames;
  readonly namespaced: boolean;
  /** `apps/v1`, or `v1`. */
  readonly apiVersion: string;
  /** `deployments.apps`, `pods`: unique among kinds. */
  readonly resource: string;
  readonly indexNames: readonly Index[];
  indexValues(index: Index, object: T): string | readonly string[] | undefined;
}

/** Makes a kind of its definition. */
export function defineKind<T extends ApiObject, Index extends string = never>(
  definition: KindDefinition<T, Index>,
): Kind<T, Index> {
  const { names, scope, indexes } = definition;
  return {
    names,
    namespaced: scope === 'Namespaced',
    apiVersion: names.group === '' ? names.version : `${names.group}/${names.version}`,
    resource: names.group === '' ? names.plural : `${names.plural}.${names.group}`,
    indexNames: indexes === undefined ? [] : (Object.keys(indexes) as Index[]),
    indexValues: (index, object) => indexes?.[index](object),
  };
}
