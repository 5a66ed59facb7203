import { GoText, goQuote } from '../../apimachinery/field-errors';
import { validateLabels } from '../../apimachinery/names';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Quantities } from '../../apimachinery/object';
import { atomicStrings, list, need, ptr, quantities, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { toleration } from '../core/pod-schema';
import type { Toleration } from '../core/pod-spec';
import { object } from '../meta/schema';
import { label } from '../validation/common';
import { validateToleration } from '../validation/pod-spec';
import { validateResources } from '../validation/resources';

export interface RuntimeClass extends ApiObject {
  readonly handler: string;
  readonly overhead?: { readonly podFixed?: Quantities };
  readonly scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
  };
}

export const runtimeClass = defineKind<RuntimeClass>({
  names: { group: 'node.k8s.io', version: 'v1', kind: 'RuntimeClass', plural: 'runtimeclasses' },
  scope: 'Cluster',
  createOnUpdate: true,
  unconditionalUpdate: false,
  updateValidation: ['meta', 'validate', 'metaUpdate', 'update'],
  schema: object('RuntimeClass', {
    handler: need(str),
    overhead: ptr(struct('Overhead', { podFixed: quantities })),
    scheduling: ptr(struct('Scheduling', { nodeSelector: atomicStrings, tolerations: list(toleration) })),
  }),
  defaults: (given) => ({ ...given, handler: given.handler ?? '' }),
  validate: ({ handler, overhead, scheduling }, errors) => {
    label(handler, errors.at('handler'));
    if (overhead?.podFixed !== undefined) validateResources({ limits: overhead.podFixed }, errors.at('overhead'));
    const at = errors.at('scheduling');
    validateLabels(scheduling?.nodeSelector, at.at('nodeSelector'));
    const keys = new Set<string>();
    scheduling?.tolerations?.forEach((toleration, index) => {
      const place = at.at('tolerations').index(index);
      // Upstream says the field twice.
      validateToleration(toleration, at.at('tolerations').at('tolerations').index(index));
      // Those that differ in their seconds only are the same.
      const { key = '', operator = '', value = '', effect = '' } = toleration;
      const text = [key, operator, value, effect].map(goQuote);
      if (keys.has(text.join()))
        place.duplicate(
          new GoText(
            `core.Toleration{Key:${text[0]}, Operator:${text[1]}, Value:${text[2]}, Effect:${text[3]}, TolerationSeconds:(*int64)(${toleration.tolerationSeconds === undefined ? 'nil' : '0xc000000000'})}`,
          ),
        );
      keys.add(text.join());
    });
  },
  validateUpdate: ({ handler }, old, errors) => {
    if (handler !== old.handler) errors.at('handler').invalid(handler, 'field is immutable');
  },
  columns: [nameColumn, column('Handler', ({ handler }) => handler), ageColumn],
});
