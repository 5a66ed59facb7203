import { equal } from '../../apimachinery/equal';
import { GoText, goQuote } from '../../apimachinery/field-errors';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, Time } from '../../apimachinery/object';
import { listMap, list, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { condition, object } from '../meta/schema';
import { validateCidr } from './ip';

export interface ServiceCidr extends ApiObject {
  readonly spec: { readonly cidrs?: readonly string[] };
  readonly status: { readonly conditions?: readonly (Condition & { readonly lastTransitionTime?: Time })[] };
}

const goStrings = (items: readonly string[]): string => `[]string{${items.map(goQuote).join(', ')}}`;

/** A range that cluster IPs are taken from. */
export const serviceCidr = defineKind<ServiceCidr>({
  names: { group: 'networking.k8s.io', version: 'v1', kind: 'ServiceCIDR', plural: 'servicecidrs' },
  scope: 'Cluster',
  schema: object('ServiceCIDR', {
    spec: struct('ServiceCIDRSpec', { cidrs: list(str) }),
    status: struct('ServiceCIDRStatus', { conditions: listMap(condition, 'type') }),
  }),
  subresources: { status: true },
  prepareForCreate: (given) => ({ ...given, status: {} }),
  validate: ({ spec }, errors) => {
    const at = errors.at('spec').at('cidrs');
    const cidrs = spec?.cidrs ?? [];
    if (cidrs.length === 0) return at.required('at least one CIDR required');
    if (cidrs.length > 2)
      return at.invalid(
        new GoText(`networking.ServiceCIDRSpec{CIDRs:${goStrings(cidrs)}}`),
        'may only hold up to 2 values',
      );
    const families = cidrs.map((cidr, index) => validateCidr(cidr, at.index(index)));
    if (families.length === 2 && families[0] !== undefined && families[0] === families[1])
      at.invalid(
        new GoText(goStrings(cidrs)),
        'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
      );
  },
  updateValidation: ['metaUpdate', 'update'],
  validateUpdate: ({ spec }, old, errors) => {
    if (!equal(spec.cidrs, old.spec.cidrs))
      errors
        .at('spec')
        .at('cidrs')
        .invalid(new GoText(goStrings(spec.cidrs ?? [])), 'field is immutable');
  },
  columns: [
    nameColumn,
    column(
      'CIDRs',
      ({ spec }) => (spec.cidrs ?? []).join(','),
      'CIDRs defines the IP blocks in CIDR notation (e.g. "192.168.0.0/24" or "2001:db8::/64") from which to assign service cluster IPs. Max of two CIDRs is allowed, one of each IP family. This field is immutable.',
    ),
    ageColumn,
  ],
});
