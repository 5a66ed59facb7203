import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, ObjectMeta, Quantities } from '../../apimachinery/object';
import { list, named, need, ptr, quantities, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { validateAmounts, validateQuotaUpdate, validateResourceQuotaSpec } from '../validation/quota';

export interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

export interface ResourceQuota extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: {
    readonly hard?: Quantities;
    readonly scopes?: readonly string[];
    readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] };
  };
  readonly status: { readonly hard?: Quantities; readonly used?: Quantities };
}

export const resourceQuota = defineKind<ResourceQuota>({
  names: { group: '', version: 'v1', kind: 'ResourceQuota', plural: 'resourcequotas', short: ['quota'] },
  scope: 'Namespaced',
  updateValidation: ['metaUpdate', 'validate', 'update'],
  schema: object('ResourceQuota', {
    spec: struct('ResourceQuotaSpec', {
      hard: quantities,
      scopes: list(named('ResourceQuotaScope')),
      scopeSelector: ptr(
        struct(
          'ScopeSelector',
          {
            matchExpressions: list(
              struct('ScopedResourceSelectorRequirement', {
                scopeName: need(named('ResourceQuotaScope')),
                operator: need(named('ScopeSelectorOperator')),
                values: list(str),
              }),
            ),
          },
          { atomic: true },
        ),
      ),
    }),
    status: struct('ResourceQuotaStatus', { hard: quantities, used: quantities }),
  }),
  subresources: { status: true },
  defaults: (given) => ({ ...given, spec: given.spec ?? {} }),
  prepareForCreate: (given) => ({ ...given, status: {} }),
  validate: ({ spec }, errors) => validateResourceQuotaSpec(spec, errors.at('spec')),
  validateUpdate: validateQuotaUpdate,
  validateStatusUpdate: ({ status }, _old, errors) => {
    validateAmounts(status.hard, errors.at('status').at('hard'));
    validateAmounts(status.used, errors.at('status').at('used'));
  },
  columns: [
    nameColumn,
    column('Request', (given) => amounts(given, (name) => !name.startsWith('limits.'))),
    column('Limit', (given) => amounts(given, (name) => name.startsWith('limits.'))),
    ageColumn,
  ],
});

/** printResourceQuota: `pods: 1/10, …`. */
const amounts = ({ status }: ResourceQuota, wanted: (name: string) => boolean): string =>
  Object.keys(status.hard ?? {})
    .sort()
    .filter(wanted)
    .map((name) => `${name}: ${status.used?.[name] ?? '0'}/${status.hard?.[name] ?? ''}`)
    .join(', ');
