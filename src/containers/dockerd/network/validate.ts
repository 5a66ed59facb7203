import { formatCidr, netmask, parseCidr, parseIpv4 } from '../../../linux/net/address';
import { format6, mask6, parse6, parseCidr6 } from '../../../linux/net/address6';
import { overlaps } from './ipam';
import type { IpamConfig } from './network';

type Family = 'IPv4' | 'IPv6';

/** What is wrong with the subnets of a network to be made (api/types/network/ipam.go, ValidateIPAM). */
export function validateIpam(configs: readonly IpamConfig[], ipv6: boolean): string | undefined {
  const problems = configs.flatMap((config) => problemsOf(config, ipv6));
  return problems.length === 0 ? undefined : `invalid network config:\n${problems.join('\n')}`;
}

function problemsOf({ Subnet = '', IPRange = '', Gateway = '', AuxiliaryAddresses = {} }: IpamConfig, ipv6: boolean) {
  const masked = maskedPrefix(Subnet);
  if (masked === undefined) return [`invalid subnet ${Subnet}: invalid CIDR block notation`];
  const family = familyOf(Subnet);
  if (family === 'IPv6' && !ipv6) return [];
  const problems: string[] = [];
  if (masked !== Subnet) problems.push(`invalid subnet ${Subnet}: it should be ${masked}`);
  if (IPRange !== '') problems.push(...rangeProblems(IPRange, Subnet));
  const gateway = addressProblem(Gateway, Subnet);
  if (gateway !== undefined) problems.push(`invalid gateway ${Gateway}: ${gateway}`);
  for (const [name, address] of Object.entries(AuxiliaryAddresses)) {
    const problem = addressProblem(address, Subnet);
    if (problem !== undefined) problems.push(`invalid auxiliary address ${name}: ${problem}`);
  }
  return problems;
}

function rangeProblems(range: string, subnet: string): readonly string[] {
  const masked = maskedPrefix(range);
  if (masked === undefined) return [`invalid ip-range ${range}: invalid CIDR block notation`];
  if (familyOf(range) !== familyOf(subnet))
    return [`invalid ip-range ${range}: parent subnet is an ${familyOf(subnet)} block`];
  const problems: string[] = [];
  if (lengthOf(range) < lengthOf(subnet))
    problems.push(`invalid ip-range ${range}: CIDR block is bigger than its parent subnet ${subnet}`);
  if (masked !== range) problems.push(`invalid ip-range ${range}: it should be ${masked}`);
  if (familyOf(range) === 'IPv4' && !overlaps(range, subnet))
    problems.push(`invalid ip-range ${range}: parent subnet ${subnet} doesn't contain ip-range`);
  return problems;
}

function addressProblem(address: string, subnet: string): string | undefined {
  if (address === '') return undefined;
  if (parseIpv4(address) === undefined && parse6(address) === undefined) return 'invalid address';
  if (familyOf(address) !== familyOf(subnet)) return `parent subnet is an ${familyOf(subnet)} block`;
  return subnetContains(subnet, address) ? undefined : `parent subnet ${subnet} doesn't contain this address`;
}

/** Whether an address lies in a subnet, of either family. */
export function subnetContains(subnet: string, address: string): boolean {
  if (familyOf(subnet) === 'IPv4') return familyOf(address) === 'IPv4' && overlaps(subnet, `${address}/32`);
  const [prefix, number] = [parseCidr6(subnet), parse6(address)];
  if (prefix === undefined || number === undefined) return false;
  return (prefix.address & mask6(prefix.length)) === (number & mask6(prefix.length));
}

export const familyOf = (text: string): Family => (text.includes(':') ? 'IPv6' : 'IPv4');
const lengthOf = (text: string): number => Number(text.split('/')[1]);

/** The prefix without its host bits; undefined if it is none. */
function maskedPrefix(text: string): string | undefined {
  if (!text.includes('/')) return undefined;
  const four = parseCidr(text);
  if (four !== undefined)
    return formatCidr({ address: (four.address & netmask(four.length)) >>> 0, length: four.length });
  const six = parseCidr6(text);
  return six === undefined ? undefined : `${format6(six.address & mask6(six.length))}/${six.length}`;
}
