import { parseIpv4 } from '../../../linux/net/address';
import type { EndpointSettings } from '../api-types';
import { predefined, type Network } from './network';
import { subnetContains } from './validate';

/** What is wrong with the place that somebody wants in a network (api/types/network/endpoint.go, daemon's validateEndpointSettings). */
export function endpointConflict(network: Network, settings: EndpointSettings): string | undefined {
  const { IPAMConfig, MacAddress = '', Aliases } = settings;
  const problems: string[] = [];
  const own = !predefined.has(network.name);
  const four = IPAMConfig?.IPv4Address ?? '';
  const six = IPAMConfig?.IPv6Address ?? '';
  if (!own && (four !== '' || six !== ''))
    problems.push('user specified IP address is supported on user defined networks only');
  if (!own && network.name !== 'bridge' && (Aliases?.length ?? 0) > 0)
    problems.push('network-scoped aliases are only supported for user-defined networks');
  for (const [address, family] of [
    [four, 'IPv4'],
    [six, 'IPv6'],
  ] as const) {
    if (address === '' || !own) continue;
    const subnets = network.ipam.config.filter(({ Subnet = '' }) => Subnet.includes(':') === (family === 'IPv6'));
    if (family === 'IPv4' && parseIpv4(address) === undefined) problems.push(`invalid IPv4 address: ${address}`);
    else if (!network.configured)
      problems.push(
        'user specified IP address is supported only when connecting to networks with user configured subnets',
      );
    else if (!subnets.some(({ Subnet = '' }) => subnetContains(Subnet, address)))
      problems.push(`no configured subnet or ip-range contain the IP address ${address}`);
  }
  if (MacAddress !== '' && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(MacAddress))
    problems.push(`invalid MAC address: ${MacAddress}`);
  return problems.length === 0 ? undefined : problems.join('\n');
}
