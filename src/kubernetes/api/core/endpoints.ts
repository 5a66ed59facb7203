import type { FieldErrors } from '../../apimachinery/field-errors';
import { label, oneOf, portRange, qualifiedName, subdomain } from '../validation/common';
import { endpointIp, ipWarnings, legacyIp } from '../validation/ip';
import { int32, list, named, need, ptr, str, struct } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import { objectReference } from './object-reference';
import { ageColumn, column, nameColumn } from '../columns';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, ObjectMeta } from '../../apimachinery/object';
import type { ObjectReference } from './object-reference';

export interface Endpoints extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly subsets?: readonly EndpointSubset[];
}

export interface EndpointSubset {
  readonly addresses?: readonly EndpointAddress[];
  readonly notReadyAddresses?: readonly EndpointAddress[];
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol: 'TCP' | 'UDP' | 'SCTP';
    readonly appProtocol?: string;
  }[];
}

export interface EndpointAddress {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: ObjectReference;
}

const endpointAddress = struct(
  'EndpointAddress',
  { ip: need(str), hostname: str, nodeName: ptr(str), targetRef: ptr(objectReference) },
  { atomic: true },
);
const endpointSubset = struct('EndpointSubset', {
  addresses: list(endpointAddress),
  notReadyAddresses: list(endpointAddress),
  ports: list(
    struct(
      'EndpointPort',
      { name: str, port: need(int32), protocol: named('Protocol'), appProtocol: ptr(str) },
      { atomic: true },
    ),
  ),
});

export const endpoints = defineKind<Endpoints>({
  names: { group: '', version: 'v1', kind: 'Endpoints', plural: 'endpoints', short: ['ep'] },
  scope: 'Namespaced',
  deprecated: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  schema: object('Endpoints', { subsets: list(endpointSubset) }),
  storage: 'services/endpoints',
  createOnUpdate: true,

  defaults: (object) =>
    object.subsets === undefined
      ? object
      : {
          ...object,
          subsets: object.subsets.map((subset) =>
            subset.ports === undefined
              ? subset
              : { ...subset, ports: subset.ports.map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' })) },
          ),
        },

  validate: ({ subsets }, errors) =>
    subsets?.forEach(({ addresses = [], notReadyAddresses = [], ports = [] }, index) => {
      const at = errors.at('subsets').index(index);
      if (addresses.length === 0 && notReadyAddresses.length === 0)
        at.required('must specify `addresses` or `notReadyAddresses`');
      addresses.forEach((address, each) => validateAddress(address, at.at('addresses').index(each)));
      notReadyAddresses.forEach((address, each) => validateAddress(address, at.at('notReadyAddresses').index(each)));
      ports.forEach(({ name = '', port, protocol, appProtocol }, each) => {
        const place = at.at('ports').index(each);
        if (name === '' && ports.length > 1) place.at('name').required('');
        else if (name !== '') label(name, place.at('name'));
        if (!(port >= 1 && port <= 65535)) place.at('port').invalid(port ?? 0, portRange);
        oneOf(protocol, ['TCP', 'UDP', 'SCTP'], place.at('protocol'));
        if (appProtocol !== undefined) qualifiedName(appProtocol, place.at('appProtocol'));
      });
    }),

  warnings: ({ subsets }) =>
    (subsets ?? []).flatMap(({ addresses = [], notReadyAddresses = [] }, index) => [
      ...addresses.flatMap(({ ip }, each) => ipWarnings(`subsets[${index}].addresses[${each}].ip`, ip ?? '')),
      ...notReadyAddresses.flatMap(({ ip }, each) =>
        ipWarnings(`subsets[${index}].notReadyAddresses[${each}].ip`, ip ?? ''),
      ),
    ]),
  columns: [nameColumn, column('Endpoints', addressesText), ageColumn],
});

const shown = 3;

/** formatEndpoints: at most three, then how many more. */
function addressesText({ subsets }: Endpoints): string {
  const all = (subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) =>
          addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)),
        ),
  );
  const text = all.slice(0, shown).join(',');
  return all.length > shown ? `${text} + ${all.length - shown} more...` : text === '' ? '<none>' : text;
}

function validateAddress({ ip = '', hostname, nodeName }: EndpointAddress, errors: FieldErrors): void {
  legacyIp(ip, errors.at('ip'));
  if (hostname !== undefined && hostname !== '') label(hostname, errors.at('hostname'));
  if (nodeName !== undefined) subdomain(nodeName, errors.at('nodeName'));
  endpointIp(ip, errors.at('ip'));
}
