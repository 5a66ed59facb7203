import type { FieldErrors } from '../../apimachinery/field-errors';
import { isDns1123Label, isDns1123Subdomain, isValidLabelValue } from '../../apimachinery/names';
import type { EndpointSlice } from '../discovery/endpointslice';
import { parseAddress, validateIpName } from '../networking/ip';
import { label, oneOf, qualifiedName, subdomain } from './common';
import { endpointIp, isIpv4Address, legacyIp } from './ip';

const mostPorts = 20_000;
const mostEndpoints = 1000;
const mostAddresses = 100;
const types = ['FQDN', 'IPv4', 'IPv6'];
const protocols = ['SCTP', 'TCP', 'UDP'];

/** pkg/apis/discovery/validation: ValidateEndpointSlice but for the endpoints, which updates look at only if they change. */
export function validateEndpointSlice({ addressType, ports }: EndpointSlice, errors: FieldErrors): void {
  if (String(addressType ?? '') === '') errors.at('addressType').required('');
  else oneOf(addressType, types, errors.at('addressType'));
  const all = ports ?? [];
  if (all.length > mostPorts) return errors.at('ports').tooMany(all.length, mostPorts);
  const names = new Set<string>();
  all.forEach(({ name = '', protocol, appProtocol }, index) => {
    const at = errors.at('ports').index(index);
    if (name !== '') label(name, at.at('name'));
    if (names.has(name)) at.at('name').duplicate(name);
    names.add(name);
    if (protocol === undefined) at.at('protocol').required('');
    else oneOf(protocol, protocols, at.at('protocol'));
    if (appProtocol !== undefined) qualifiedName(appProtocol, at.at('appProtocol'));
  });
}

export function validateEndpoints(
  type: EndpointSlice['addressType'],
  endpoints: NonNullable<EndpointSlice['endpoints']>,
  errors: FieldErrors,
): void {
  if (endpoints.length > mostEndpoints) return errors.at('endpoints').tooMany(endpoints.length, mostEndpoints);
  endpoints.forEach(({ addresses: given, hostname, nodeName, hints }, index) => {
    const at = errors.at('endpoints').index(index);
    const addresses = given ?? [];
    const place = at.at('addresses');
    if (addresses.length === 0) place.required('must contain at least 1 address');
    else if (addresses.length > mostAddresses) place.tooMany(addresses.length, mostAddresses);
    addresses.forEach((address, each) => validateAddress(type, address, place, place.index(each)));
    if (nodeName !== undefined) subdomain(nodeName, at.at('nodeName'));
    if (hostname !== undefined) label(hostname, at.at('hostname'));
    validateHints(hints?.forZones ?? [], at.at('hints').at('forZones'));
  });
}

const mostZones = 8;

function validateHints(zones: readonly { readonly name?: string }[], errors: FieldErrors): void {
  if (zones.length > mostZones) return errors.tooMany(zones.length, mostZones);
  const names = new Set<string>();
  zones.forEach(({ name = '' }, index) => {
    const at = errors.index(index).at('name');
    if (names.has(name)) at.duplicate(name);
    else names.add(name);
    for (const text of isValidLabelValue(name)) at.invalid(name, text);
  });
}

function validateAddress(type: string, text: string, list: FieldErrors, errors: FieldErrors): void {
  if (type === 'FQDN') return fullyQualified(text, errors);
  if (type !== 'IPv4' && type !== 'IPv6') return;
  const before = errors.causes.length;
  if (type === 'IPv4') legacyIp(text, errors);
  else validateIpName(text, errors);
  const address = parseAddress(text);
  if (errors.causes.length > before || address === undefined) return;
  if (isIpv4Address(address) !== (type === 'IPv4')) list.invalid(text, `must be an ${type} address`);
  endpointIp(text, errors);
}

/** IsFullyQualifiedDomainName. */
function fullyQualified(name: string, errors: FieldErrors): void {
  if (name === '') return errors.required('');
  const bare = name.endsWith('.') ? name.slice(0, -1) : name;
  const problems = isDns1123Subdomain(bare);
  if (problems.length > 0) return errors.invalid(bare, problems.join(','));
  if (bare.split('.').length < 2)
    return errors.invalid(bare, 'should be a domain with at least two segments separated by dots');
  for (const part of bare.split('.')) for (const text of isDns1123Label(part)) errors.invalid(part, text);
}
