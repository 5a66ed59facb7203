import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import type { ServiceSpec } from '../core/service';
import { parseAddress } from '../networking/ip';
import { oneOf } from './common';
import { legacyIp } from './ip';
import { goStrings } from './pod-spec';

const families = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

export const isHeadless = ({ clusterIPs }: ServiceSpec): boolean =>
  clusterIPs?.length === 1 && clusterIPs[0] === 'None';

/** IPv4 or IPv6, of an address that is one. */
export const familyOf = (address: string): string => (parseAddress(address)?.v6 === true ? 'IPv6' : 'IPv4');

/** ValidateServiceClusterIPsRelatedFields. */
export function validateClusterIps(spec: ServiceSpec, errors: FieldErrors): void {
  const { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy, type } = spec;
  if (type === 'ExternalName') return;
  const at = errors.at('clusterIPs');
  const [first] = clusterIPs;
  if (clusterIP === '') {
    if (first !== undefined) at.invalid(goStrings(clusterIPs), 'must be empty when `clusterIP` is not specified');
  } else if (first === undefined) at.required('');
  else if (first !== clusterIP) at.invalid(goStrings(clusterIPs), 'first value must match `clusterIP`');

  const seen = new Set<string>();
  ipFamilies.forEach((family, index) => {
    const place = errors.at('ipFamilies').index(index);
    if (!families.includes(family)) place.notSupported(family, families);
    if (seen.has(family)) place.duplicate(family);
    seen.add(family);
  });
  if (ipFamilyPolicy !== undefined) oneOf(ipFamilyPolicy, policies, errors.at('ipFamilyPolicy'));

  const alone = clusterIPs.length === 1;
  let wrong = false;
  clusterIPs.forEach((address, index) => {
    if (index === 0 && address === 'None') {
      if (!alone) at.invalid(goStrings(clusterIPs), "'None' must be the first and only value");
      wrong ||= !alone;
    } else if (!legacyIp(address, at.index(index))) wrong = true;
  });
  if (clusterIPs.length > 2) at.invalid(goStrings(clusterIPs), 'may only hold up to 2 values');
  if (wrong) return;
  if (clusterIPs.length > 1 && new Set(clusterIPs.map(familyOf)).size < clusterIPs.length)
    at.invalid(goStrings(clusterIPs), 'may specify no more than one IP for each IP family');
  if (isHeadless(spec)) return;
  clusterIPs.slice(0, ipFamilies.length).forEach((address, index) => {
    const family = ipFamilies[index] ?? '';
    if (families.includes(family) && family !== familyOf(address))
      at.index(index).invalid(address, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``);
  });
}

const once = 'may not change once set';

/** validateUpgradeDowngradeClusterIPs and validateUpgradeDowngradeIPFamilies: a second of either may come and go. */
export function validateAddressesUpdate(spec: ServiceSpec, old: ServiceSpec, errors: FieldErrors): void {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return;
  const { clusterIPs: now = [], ipFamilies: kinds = [] } = spec;
  const { clusterIPs: before = [], ipFamilies: oldKinds = [] } = old;
  if (isHeadless(spec) && isHeadless(old)) return;
  const single = (what: string): void => {
    if (spec.ipFamilyPolicy !== 'SingleStack')
      errors
        .at('ipFamilyPolicy')
        .invalid(spec.ipFamilyPolicy, `must be set to 'SingleStack' when releasing the secondary ${what}`);
  };
  const addresses = errors.at('clusterIPs');
  if (before.length === now.length)
    before.forEach((address, index) => {
      if (address !== now[index]) addresses.index(index).invalid(goStrings(now), once);
    });
  else {
    if (now.length === 0) addresses.index(0).invalid(new GoText('[]string(nil)'), 'primary clusterIP can not be unset');
    else if (before.length > 0 && now[0] !== before[0]) addresses.index(0).invalid(goStrings(now), once);
    if (before.length > now.length && now.length === 1) single('clusterIP');
  }

  if (isHeadless(spec) || isHeadless(old)) return;
  const place = errors.at('ipFamilies').index(0);
  if (oldKinds.length === kinds.length) {
    oldKinds.forEach((family, index) => {
      if (family !== kinds[index]) place.invalid(goFamilies(kinds), once);
    });
    return;
  }
  const released = oldKinds.length > kinds.length;
  if (released && now.length === 0) place.invalid(goFamilies(kinds), 'primary ipFamily can not be unset');
  if (oldKinds.length > 0 && kinds.length > 0 && kinds[0] !== oldKinds[0])
    place.invalid(released ? goStrings(now) : goFamilies(kinds), once);
  if (released && kinds.length === 1) single('ipFamily');
}

const goFamilies = (items: readonly string[]): GoText =>
  new GoText(
    items.length === 0 ? '[]core.IPFamily(nil)' : `[]core.IPFamily{${items.map((each) => `"${each}"`).join(', ')}}`,
  );
