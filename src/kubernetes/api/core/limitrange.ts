import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, ObjectMeta, Quantities } from '../../apimachinery/object';
import { list, named, need, quantities, struct } from '../../apimachinery/schema';
import { column, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { validateLimits } from '../validation/limitrange';

export interface LimitRangeItem {
  readonly type: 'Pod' | 'Container' | 'PersistentVolumeClaim';
  readonly max?: Quantities;
  readonly min?: Quantities;
  readonly default?: Quantities;
  readonly defaultRequest?: Quantities;
  readonly maxLimitRequestRatio?: Quantities;
}

export interface LimitRange extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: { readonly limits: readonly LimitRangeItem[] | null };
}

export const limitRange = defineKind<LimitRange>({
  names: { group: '', version: 'v1', kind: 'LimitRange', plural: 'limitranges', short: ['limits'] },
  scope: 'Namespaced',
  createOnUpdate: true,
  updateValidation: ['meta', 'validate', 'update'],
  schema: object('LimitRange', {
    spec: struct('LimitRangeSpec', {
      limits: need(
        list(
          struct('LimitRangeItem', {
            type: need(named('LimitType')),
            max: quantities,
            min: quantities,
            default: quantities,
            defaultRequest: quantities,
            maxLimitRequestRatio: quantities,
          }),
        ),
      ),
    }),
  }),
  defaults: (given) => ({
    ...given,
    spec: { ...given.spec, limits: defaultLimits(given.spec?.limits) },
  }),
  // pkg/registry/core/limitrange/strategy.go: without a name it gets an identifier for one.
  prepareForCreate: (given) =>
    given.metadata.name === '' ? { ...given, metadata: { ...given.metadata, name: given.metadata.uid } } : given,
  validate: ({ spec }, errors) => validateLimits(spec.limits ?? [], errors.at('spec').at('limits')),
  columns: [
    nameColumn,
    { ...column<LimitRange>('Created At', ({ metadata }) => metadata.creationTimestamp), type: 'date' },
  ],
});

const defaultLimits = (limits: LimitRange['spec']['limits'] | undefined): LimitRange['spec']['limits'] =>
  limits === undefined || limits === null || limits.length === 0 ? null : limits.map(defaultItem);

/** SetDefaults_LimitRangeItem: limits default to the maximum, requests to the limit, then to the minimum. */
function defaultItem(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== 'Container') return item;
  const limit = { ...item.max, ...item.default };
  const request = { ...item.min, ...limit, ...item.defaultRequest };
  return {
    ...item,
    ...(Object.keys(limit).length === 0 ? {} : { default: limit }),
    ...(Object.keys(request).length === 0 ? {} : { defaultRequest: request }),
  };
}
