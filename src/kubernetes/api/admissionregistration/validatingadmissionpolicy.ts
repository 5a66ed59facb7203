import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { int64, list, listMap, named, need, ptr, str, struct } from '../../apimachinery/schema';
import { ageColumn, integer, nameColumn } from '../columns';
import { condition, object } from '../meta/schema';
import { validatePolicy } from '../validation/admission-policies';
import { paramKind, paramKindColumn, sameConditions, variable, withPolicyDefaults, type PolicySpec } from './policies';
import { categories, group, matchConditions, matchResources } from './rules';

export interface Validation {
  readonly expression: string;
  readonly message?: string;
  readonly reason?: 'Unauthorized' | 'Forbidden' | 'Invalid' | 'RequestEntityTooLarge';
  readonly messageExpression?: string;
}

export interface ValidatingAdmissionPolicySpec extends PolicySpec {
  readonly validations?: readonly Validation[];
  readonly auditAnnotations?: readonly { readonly key: string; readonly valueExpression: string }[];
}

export interface ExpressionWarning {
  readonly fieldRef: string;
  readonly warning: string;
}

export interface ValidatingAdmissionPolicy extends ApiObject {
  readonly spec: ValidatingAdmissionPolicySpec;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly typeChecking?: { readonly expressionWarnings?: readonly ExpressionWarning[] };
    readonly conditions?: readonly unknown[];
  };
}

export const validatingAdmissionPolicy = defineKind<ValidatingAdmissionPolicy>({
  names: {
    group,
    version: 'v1',
    kind: 'ValidatingAdmissionPolicy',
    plural: 'validatingadmissionpolicies',
    singular: 'validatingadmissionpolicy',
    categories,
  },
  scope: 'Cluster',
  schema: object('ValidatingAdmissionPolicy', {
    spec: struct('ValidatingAdmissionPolicySpec', {
      paramKind: ptr(paramKind),
      matchConstraints: ptr(matchResources),
      validations: list(
        struct('Validation', {
          expression: need(str),
          message: str,
          reason: ptr({ type: 'string', go: 'v1.StatusReason' }),
          messageExpression: str,
        }),
      ),
      failurePolicy: ptr(named('FailurePolicyType')),
      auditAnnotations: list(struct('AuditAnnotation', { key: need(str), valueExpression: need(str) })),
      matchConditions,
      variables: listMap(variable, 'name'),
    }),
    status: struct('ValidatingAdmissionPolicyStatus', {
      observedGeneration: int64,
      typeChecking: ptr(
        struct('TypeChecking', {
          expressionWarnings: list(struct('ExpressionWarning', { fieldRef: need(str), warning: need(str) })),
        }),
      ),
      conditions: { type: 'list', of: condition, keys: ['type'] },
    }),
  }),
  generation: ({ spec }) => spec,
  subresources: { status: true },
  defaults: (given) => ({ ...withPolicyDefaults(given), status: given.status ?? {} }),
  prepareForCreate: (given) => ({ ...given, status: {} }),
  validateCreate: ({ metadata, spec }, errors) => validatePolicy(metadata, spec, false, errors.at('spec')),
  validateUpdate: ({ metadata, spec }, old, errors) =>
    validatePolicy(metadata, spec, sameConditions(spec, old.spec), errors.at('spec')),
  validateStatusUpdate: ({ status }, _old, errors) =>
    status?.typeChecking?.expressionWarnings?.forEach(({ fieldRef, warning }, index) => {
      const at = errors.at('status.typeChecking.expressionWarnings').index(index);
      if (warning === '') at.at('warning').required('');
      if (fieldRef.trim() === '') at.at('fieldRef').required('');
    }),
  columns: [
    nameColumn,
    integer(
      'Validations',
      ({ spec }) => spec.validations?.length ?? 0,
      'Validations indicates the number of validation rules defined in this configuration',
    ),
    paramKindColumn,
    ageColumn,
  ],
});
