import { equal } from '../../apimachinery/equal';
import { validateEndpoints, validateEndpointSlice } from '../validation/endpointslice';
import { ipWarnings } from '../validation/ip';
import { bool, int32, list, named, need, ptr, set, str, strings, struct } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import { objectReference } from '../core/object-reference';
import { ageColumn, column, nameColumn } from '../columns';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Labels, ObjectMeta } from '../../apimachinery/object';
import type { ObjectReference } from '../core/object-reference';

export interface EndpointSlice extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  readonly endpoints: readonly Endpoint[] | null;
  readonly ports: readonly EndpointPort[] | null;
}

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
  readonly hostname?: string;
  readonly targetRef?: ObjectReference;
  readonly deprecatedTopology?: Labels;
  readonly nodeName?: string;
  readonly zone?: string;
  readonly hints?: { readonly forZones?: readonly { readonly name: string }[] };
}

export interface EndpointPort {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port?: number;
  readonly appProtocol?: string;
}

/** The label that says whose endpoints a slice holds. */
export const serviceNameLabel = 'kubernetes.io/service-name';

function withoutNodeHints(slice: EndpointSlice): EndpointSlice {
  if (!(slice.endpoints ?? []).some(({ hints }) => hints !== undefined && 'forNodes' in hints)) return slice;
  const mend = ({ hints, ...rest }: Endpoint): Endpoint => {
    const { forNodes: _nodes, ...zones } = (hints ?? {}) as typeof hints & { readonly forNodes?: unknown };
    return hints === undefined ? rest : { ...rest, hints: zones };
  };
  return { ...slice, endpoints: (slice.endpoints ?? []).map(mend) };
}

export const endpointSlice = defineKind<EndpointSlice, 'service'>({
  names: { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice', plural: 'endpointslices' },
  scope: 'Namespaced',
  updateValidation: ['meta', 'validate', 'update'],
  schema: object('EndpointSlice', {
    addressType: need(named('AddressType')),
    endpoints: need(
      list(
        struct('Endpoint', {
          addresses: need(set(str)),
          conditions: struct('EndpointConditions', { ready: ptr(bool), serving: ptr(bool), terminating: ptr(bool) }),
          hostname: ptr(str),
          targetRef: ptr(objectReference),
          deprecatedTopology: strings,
          nodeName: ptr(str),
          zone: ptr(str),
          hints: ptr(
            struct('EndpointHints', {
              forZones: list(struct('ForZone', { name: need(str) })),
              forNodes: list(struct('ForNode', { name: need(str) })),
            }),
          ),
        }),
      ),
    ),
    ports: need(
      list(
        struct(
          'EndpointPort',
          { name: ptr(str), protocol: ptr(named('Protocol')), port: ptr(int32), appProtocol: ptr(str) },
          { atomic: true },
        ),
      ),
    ),
  }),
  createOnUpdate: true,
  generation: ({ endpoints, ports, addressType, metadata }) => [endpoints, ports, addressType, metadata.labels ?? {}],

  defaults: (slice) => ({
    ...slice,
    endpoints: (slice.endpoints ?? []).length === 0 ? null : slice.endpoints,
    ports: slice.ports?.map((port) => ({ ...port, name: port.name ?? '', protocol: port.protocol ?? 'TCP' })) ?? null,
  }),
  indexes: {
    /** `namespace/name` of the Service. */
    service: ({ metadata: { namespace, labels } }) => {
      const name = labels?.[serviceNameLabel];
      return name === undefined ? undefined : `${namespace}/${name}`;
    },
  },

  // The feature PreferSameTrafficDistribution is off: hints of nodes go.
  prepareForCreate: withoutNodeHints,
  prepareForUpdate: withoutNodeHints,
  validate: validateEndpointSlice,
  validateCreate: ({ addressType, endpoints }, errors) => validateEndpoints(addressType, endpoints ?? [], errors),
  validateUpdate: ({ addressType, endpoints }, old, errors) => {
    // What stands there already is let be, for the sake of old slices.
    if (!equal(endpoints, old.endpoints)) validateEndpoints(addressType, endpoints ?? [], errors);
    if (addressType !== old.addressType) errors.at('addressType').invalid(addressType, 'field is immutable');
  },
  warnings: ({ addressType, endpoints }, old) =>
    addressType === 'FQDN'
      ? old === undefined
        ? ['spec.addressType: FQDN endpoints are deprecated']
        : []
      : (endpoints ?? []).flatMap(({ addresses }, index) =>
          (addresses ?? []).flatMap((each, position) => ipWarnings(`endpoints[${index}].addresses[${position}]`, each)),
        ),

  columns: [
    nameColumn,
    column('AddressType', ({ addressType }) => addressType),
    column('Ports', ({ ports }) =>
      limited(
        (ports ?? []).map(({ port }) => (port === undefined ? '*' : String(port))),
        '<unset>',
      ),
    ),
    column('Endpoints', ({ endpoints }) =>
      limited(
        (endpoints ?? []).flatMap(({ addresses }) => addresses),
        '<unset>',
      ),
    ),
    ageColumn,
  ],
});

const shown = 3;

/** formatDiscoveryPorts, formatDiscoveryEndpoints: at most three, then how many more. */
function limited(items: readonly string[], none: string): string {
  if (items.length === 0) return none;
  const text = items.slice(0, shown).join(',');
  return items.length > shown ? `${text} + ${items.length - shown} more...` : text;
}
