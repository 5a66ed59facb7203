import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, ObjectMeta, Quantities } from '../../apimachinery/object';
import { list, named, need, quantities, struct } from '../../apimachinery/schema';
import { quantityValue } from '../../apimachinery/quantity';
import { column, nameColumn } from '../columns';
import { object } from '../meta/schema';

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
    spec: { ...given.spec, limits: given.spec?.limits?.map(defaultItem) ?? null },
  }),
  validate: ({ spec }, errors) => {
    const seen = new Set<string>();
    spec.limits?.forEach((item, index) => {
      const at = errors.at('spec').at('limits').index(index);
      if (seen.has(item.type)) at.at('type').duplicate(item.type);
      seen.add(item.type);
      if (item.type === 'Pod') {
        if (Object.keys(item.default ?? {}).length > 0)
          at.at('default').forbidden("may not be specified when `type` is 'Pod'");
        if (Object.keys(item.defaultRequest ?? {}).length > 0)
          at.at('defaultRequest').forbidden("may not be specified when `type` is 'Pod'");
      }
      for (const name of Object.keys(item.min ?? {})) {
        const [low, high] = [item.min?.[name], item.max?.[name]];
        if (low !== undefined && high !== undefined && quantityValue(low) > quantityValue(high))
          at.at('min').key(name).invalid(low, `min value ${low} is greater than max value ${high}`);
      }
    });
  },
  columns: [
    nameColumn,
    { ...column<LimitRange>('Created At', ({ metadata }) => metadata.creationTimestamp), type: 'date' },
  ],
});

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
