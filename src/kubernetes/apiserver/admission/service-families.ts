import type { ServiceSpec } from '../../api/core/service';
import { familyOf, isHeadless, validateClusterIps } from '../../api/validation/service-addresses';
import type { FieldErrors } from '../../apimachinery/field-errors';
import { goStrings } from '../../api/validation/pod-spec';

/** The families that the cluster has networks of (--service-cluster-ip-range). */
const configured = ['IPv4'];
const single = 'SingleStack';

/** initIPFamilyFields (pkg/registry/core/service/storage/alloc.go): policy and families, as far as they are not said. */
export function initFamilies(given: ServiceSpec, old: ServiceSpec | undefined, errors: FieldErrors): ServiceSpec {
  if (given.type === 'ExternalName') return given;
  const open = isHeadless(given) && Object.keys(given.selector ?? {}).length === 0;
  const ipFamilyPolicy = given.ipFamilyPolicy ?? old?.ipFamilyPolicy ?? (open ? 'RequireDualStack' : single);
  validateClusterIps({ ...given, ipFamilyPolicy }, errors);
  if (errors.any) return given;

  const { clusterIPs = [] } = given;
  const families = [...(given.ipFamilies ?? [])];
  const policy = errors.at('ipFamilyPolicy');
  if (old !== undefined && ipFamilyPolicy !== single) {
    const reduced = (now: number, before: number): boolean => now === 1 && before === 2;
    if (reduced(clusterIPs.length, old.clusterIPs?.length ?? 0))
      policy.invalid(ipFamilyPolicy, "must be 'SingleStack' to release the secondary cluster IP");
    if (reduced(families.length, old.ipFamilies?.length ?? 0))
      policy.invalid(ipFamilyPolicy, "must be 'SingleStack' to release the secondary IP family");
  }
  if (ipFamilyPolicy === single) {
    const several = (what: string): void =>
      policy.invalid(
        ipFamilyPolicy,
        `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
      );
    if (clusterIPs.length === 2) several('cluster IPs');
    if (families.length === 2 && !sameFamilies(families, old)) several('IP families');
  }
  if (!isHeadless(given))
    clusterIPs.forEach((address, index) => {
      if (index < families.length) return;
      const family = familyOf(address);
      if (configured.includes(family)) families.push(family);
      else
        errors
          .at('clusterIPs')
          .index(index)
          .invalid(goStrings(clusterIPs), `${family} is not configured on this cluster`);
    });
  if (errors.any) return given;

  if (open) {
    const [first = 'IPv4', ...more] = families;
    const other = first === 'IPv4' ? 'IPv6' : 'IPv4';
    const both = ipFamilyPolicy !== single && more.length === 0;
    return { ...given, ipFamilyPolicy, ipFamilies: both ? [first, other] : [first, ...more] };
  }
  if (ipFamilyPolicy === 'RequireDualStack')
    policy.invalid(ipFamilyPolicy, 'this cluster is not configured for dual-stack services');
  families.forEach((family, index) => {
    if (!configured.includes(family))
      errors.at('ipFamilies').index(index).invalid(family, 'not configured on this cluster');
  });
  if (errors.any) return given;
  return { ...given, ipFamilyPolicy, ipFamilies: families.length === 0 ? configured : families };
}

/** Who asks for one stack and leaves the families as they were wants the first of them. */
const sameFamilies = (families: string[], old: ServiceSpec | undefined): boolean => {
  const same = old?.ipFamilies?.length === 2 && old.ipFamilies.every((each, index) => each === families[index]);
  if (same) families.length = 1;
  return same;
};
