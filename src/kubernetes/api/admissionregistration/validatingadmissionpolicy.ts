import { equal } from '../../apimachinery/equal';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { int64, list, listMap, named, need, ptr, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, integer, nameColumn } from '../columns';
import { condition, object } from '../meta/schema';
import { validatePolicy } from '../validation/admission-policies';
import {
  categories,
  group,
  matchConditions,
  matchResources,
  withMatchDefaults,
  type MatchCondition,
  type MatchResources,
} from './rules';

export interface Validation {
  readonly expression: string;
  readonly message?: string;
  readonly reason?: 'Unauthorized' | 'Forbidden' | 'Invalid' | 'RequestEntityTooLarge';
  readonly messageExpression?: string;
}

export interface ValidatingAdmissionPolicySpec {
  readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
  readonly matchConstraints?: MatchResources;
  readonly validations?: readonly Validation[];
  readonly failurePolicy?: string;
  readonly auditAnnotations?: readonly { readonly key: string; readonly valueExpression: string }[];
  readonly matchConditions?: readonly MatchCondition[];
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
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

/** Parts of all policies. */
export const paramKind = struct('ParamKind', { apiVersion: str, kind: str }, { atomic: true });
export const variable = struct('Variable', { name: need(str), expression: need(str) }, { atomic: true });

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
  defaults: (given) => {
    const { spec = {} } = given;
    return {
      ...given,
      spec: {
        ...spec,
        failurePolicy: spec.failurePolicy ?? 'Fail',
        ...(spec.matchConstraints === undefined ? {} : { matchConstraints: withMatchDefaults(spec.matchConstraints) }),
      },
      status: given.status ?? {},
    };
  },
  prepareForCreate: (given) => ({ ...given, status: {} }),
  validateCreate: ({ metadata, spec }, errors) => validatePolicy(metadata, spec, false, errors.at('spec')),
  validateUpdate: ({ metadata, spec }, old, errors) => {
    const sameConditions =
      equal(spec.paramKind, old.spec.paramKind) && equal(spec.matchConditions, old.spec.matchConditions);
    validatePolicy(metadata, spec, sameConditions, errors.at('spec'));
  },
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
    column(
      'ParamKind',
      ({ spec: { paramKind } }) =>
        paramKind === undefined ? '<unset>' : `${paramKind.apiVersion ?? ''}/${paramKind.kind ?? ''}`,
      'ParamKind specifies the kind of resources used to parameterize this policy',
    ),
    ageColumn,
  ],
});
