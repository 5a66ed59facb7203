import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { bool, int32, named, need, ptr, str } from '../../apimachinery/schema';
import { ageColumn, column, integer, nameColumn } from '../columns';
import { object } from '../meta/schema';

export interface PriorityClass extends ApiObject {
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly description?: string;
  readonly preemptionPolicy?: 'PreemptLowerPriority' | 'Never';
}

/** Above this only the system's own classes stand. */
const HIGHEST = 1_000_000_000;
export const systemClasses: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

export const priorityClass = defineKind<PriorityClass>({
  names: { group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClass', plural: 'priorityclasses', short: ['pc'] },
  scope: 'Cluster',
  updateValidation: ['metaUpdate', 'update'],
  schema: object('PriorityClass', {
    value: need(int32),
    globalDefault: bool,
    description: str,
    preemptionPolicy: ptr(named('PreemptionPolicy')),
  }),
  // One from the beginning; updates do not count (PrepareForUpdate does nothing).
  generation: () => undefined,
  defaults: (given) => ({ preemptionPolicy: 'PreemptLowerPriority', ...given, value: given.value ?? 0 }),
  validate: ({ metadata: { name }, value, preemptionPolicy }, errors) => {
    if (name.startsWith('system-')) {
      if (systemClasses[name] !== value)
        errors
          .at('metadata')
          .at('name')
          .forbidden(
            "priority class names with 'system-' prefix are reserved for system use only. error: " + unknown(name),
          );
    } else if (value > HIGHEST)
      errors.at('value').forbidden(`maximum allowed value of a user defined priority is ${HIGHEST}`);
    if (preemptionPolicy !== 'PreemptLowerPriority' && preemptionPolicy !== 'Never' && preemptionPolicy !== undefined)
      errors.at('preemptionPolicy').notSupported(preemptionPolicy, ['PreemptLowerPriority', 'Never']);
  },
  validateUpdate: (given, old, errors) => {
    if (given.value !== old.value) errors.at('value').forbidden('may not be changed in an update.');
    if (given.preemptionPolicy !== old.preemptionPolicy)
      errors.at('preemptionPolicy').invalid(given.preemptionPolicy, 'field is immutable');
  },
  columns: [
    nameColumn,
    integer('Value', ({ value }) => value),
    { ...column<PriorityClass>('Global-Default', ({ globalDefault }) => globalDefault ?? false), type: 'boolean' },
    ageColumn,
    column('PreemptionPolicy', ({ preemptionPolicy }) => preemptionPolicy ?? ''),
  ],
});

const unknown = (name: string): string => `${name} is not a known system priority class`;
