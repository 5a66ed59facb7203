import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, Time } from '../../apimachinery/object';
import {
  atomicBytes,
  int32,
  keyedList,
  list,
  map,
  named,
  need,
  ptr,
  str,
  struct,
  time,
} from '../../apimachinery/schema';
import { humanDuration } from '../../apimachinery/time';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { validateCsr, validateCsrUpdate } from '../validation/csr';

export interface CertificateSigningRequest extends ApiObject {
  readonly spec: {
    /** Base64 of a PEM. */
    readonly request: string;
    readonly signerName: string;
    readonly expirationSeconds?: number;
    readonly usages?: readonly string[];
    readonly username?: string;
    readonly uid?: string;
    readonly groups?: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  readonly status: {
    readonly conditions?: readonly (Condition<'Approved' | 'Denied' | 'Failed'> & {
      readonly lastUpdateTime?: Time;
      readonly lastTransitionTime?: Time;
    })[];
    /** Base64 of a PEM. */
    readonly certificate?: string;
  };
}

export const certificateSigningRequest = defineKind<CertificateSigningRequest>({
  names: {
    group: 'certificates.k8s.io',
    version: 'v1',
    kind: 'CertificateSigningRequest',
    plural: 'certificatesigningrequests',
    short: ['csr'],
  },
  scope: 'Cluster',
  updateValidation: ['meta', 'validate', 'update', 'metaUpdate'],
  schema: object('CertificateSigningRequest', {
    spec: struct('CertificateSigningRequestSpec', {
      request: need(atomicBytes),
      signerName: need(str),
      expirationSeconds: ptr(int32),
      usages: list(named('KeyUsage')),
      username: str,
      uid: str,
      groups: list(str),
      extra: map({ ...list(str), go: 'v1.ExtraValue' }),
    }),
    status: struct('CertificateSigningRequestStatus', {
      conditions: keyedList(
        struct('CertificateSigningRequestCondition', {
          type: need(named('RequestConditionType')),
          status: need(named('ConditionStatus')),
          reason: str,
          message: str,
          lastUpdateTime: time,
          lastTransitionTime: time,
        }),
        'type',
      ),
      certificate: atomicBytes,
    }),
  }),
  selectableFields: { 'spec.signerName': ({ spec }) => spec.signerName },
  subresources: { status: true },
  prepareForCreate: (given) => ({ ...given, status: {} }),
  prepareForUpdate: (given, old) => ({ ...given, spec: old.spec }),
  prepareForStatusUpdate: keepVerdicts,
  nameRule: 'any',
  validate: validateCsr,
  validateUpdate: validateCsrUpdate,
  validateStatusUpdate: (given, old, errors) => {
    validateCsr(given, errors);
    validateCsrUpdate(given, old, errors, 'status');
  },
  columns: [
    nameColumn,
    ageColumn,
    column('SignerName', ({ spec }) => (spec.signerName === '' ? '<none>' : spec.signerName)),
    column('Requestor', ({ spec }) => spec.username ?? ''),
    column('RequestedDuration', ({ spec }) =>
      spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000),
    ),
    column('Condition', state),
  ],
});

/** csrStatusStrategy.PrepareForUpdate: verdicts stay as they are, unless some came or went. */
function keepVerdicts(given: CertificateSigningRequest, old: CertificateSigningRequest): CertificateSigningRequest {
  const { conditions } = given.status ?? {};
  if (conditions === undefined) return given;
  const before = old.status.conditions ?? [];
  const kept = (type: string): boolean =>
    conditions.filter((each) => each.type === type).length === before.filter((each) => each.type === type).length;
  const seen = new Map<string, number>();
  return {
    ...given,
    status: {
      ...given.status,
      conditions: conditions.map((condition) => {
        const { type } = condition;
        if ((type !== 'Approved' && type !== 'Denied') || !kept(type)) return condition;
        const index = seen.get(type) ?? 0;
        seen.set(type, index + 1);
        return before.filter((each) => each.type === type)[index] ?? condition;
      }),
    },
  };
}

/** extractCSRStatus. */
function state({ status }: CertificateSigningRequest): string {
  const has = (type: string): boolean => (status.conditions ?? []).some((each) => each.type === type);
  let text = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  if (has('Failed')) text += ',Failed';
  if ((status.certificate ?? '') !== '') text += ',Issued';
  return text;
}
