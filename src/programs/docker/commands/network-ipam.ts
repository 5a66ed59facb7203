import { parseCidr, parseIpv4 } from '../../../linux/net/address';
import { mask6, parse6, parseCidr6 } from '../../../linux/net/address6';
import { CommandError } from '../cli/command';

interface IpamConfig {
  Subnet: string;
  IPRange?: string;
  Gateway?: string;
  AuxiliaryAddresses?: Record<string, string>;
}

interface Given {
  readonly subnets: readonly string[];
  readonly ranges: readonly string[];
  readonly gateways: readonly string[];
  /** `name=address`. */
  readonly aux: Readonly<Record<string, string>>;
}

/** Whether an address, or the address of a CIDR, lies in a subnet (cli/command/network/create.go, subnetMatches). */
function subnetMatches(subnet: string, data: string): boolean {
  const [address = ''] = data.split('/');
  const four = parseCidr(subnet);
  if (four !== undefined && subnet.includes('/')) {
    const size = 2 ** (32 - four.length);
    const number = parseIpv4(address);
    return number !== undefined && Math.floor(number / size) === Math.floor(four.address / size);
  }
  const six = parseCidr6(subnet);
  if (six === undefined || !subnet.includes('/'))
    throw new CommandError(`invalid subnet: invalid CIDR address: ${subnet}`);
  if (data.includes('/') && parseCidr6(data) === undefined && parseCidr(data) === undefined)
    throw new CommandError(`invalid CIDR address: ${data}`);
  const number = parse6(address);
  return number !== undefined && (number & mask6(six.length)) === (six.address & mask6(six.length));
}

/** Puts ranges, gateways and auxiliary addresses to the subnets they belong to (createIPAMConfig). */
export function ipamConfig({ subnets, ranges, gateways, aux }: Given): readonly IpamConfig[] {
  if (subnets.length < ranges.length || subnets.length < gateways.length)
    throw new CommandError('every ip-range or gateway must have a corresponding subnet');
  const configs: IpamConfig[] = [];
  for (const subnet of subnets) {
    for (const { Subnet } of configs)
      if (subnetMatches(subnet, Subnet) || subnetMatches(Subnet, subnet))
        throw new CommandError('multiple overlapping subnet configuration is not supported');
    configs.push({ Subnet: subnet });
  }
  const holder = (data: string, what: string): IpamConfig => {
    const config = configs.find(({ Subnet }) => subnetMatches(Subnet, data));
    if (config === undefined) throw new CommandError(`no matching subnet for ${what} ${data}`);
    return config;
  };
  for (const range of ranges) {
    const config = holder(range, 'range');
    if (config.IPRange !== undefined)
      throw new CommandError(
        `cannot configure multiple ranges (${range}, ${config.IPRange}) on the same subnet (${config.Subnet})`,
      );
    config.IPRange = range;
  }
  for (const gateway of gateways) {
    const config = holder(gateway, 'gateway');
    if (config.Gateway !== undefined)
      throw new CommandError(
        `cannot configure multiple gateways (${gateway}, ${config.Gateway}) for the same subnet (${config.Subnet})`,
      );
    config.Gateway = gateway;
  }
  for (const [name, address] of Object.entries(aux))
    (holder(address, 'aux-address').AuxiliaryAddresses ??= {})[name] = address;
  return configs;
}
