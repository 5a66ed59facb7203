import { lookupHostsAddress } from '../../linux/net/dns/config';
import { resolve } from '../../linux/net/dns/resolve';
import type { Program } from '../../linux/process/types';
import { parseOptions } from './options';

const usage = `
Usage
  tracepath [options] <destination>

Options:
  -4             use IPv4
  -6             use IPv6
  -b             print both name and ip
  -l <length>    use packet <length>
  -m <hops>      use maximum <hops>
  -n             no dns name resolution
  -p <port>      use destination <port>
  -V             print version and exit
  <destination>  dns name or ip address

For more details see tracepath(8).
`;

/** tracepath(8) of iputils: the hops of a path and its MTU. */
export const tracepath: Program = async (process) => {
  const { stdout, stderr, net } = process;
  const parsed = parseOptions(process.args, { flags: '4 6 b n h V', values: 'l m p' });
  const [name] = parsed.operands;
  if (parsed.has('V')) {
    await stdout.write('tracepath from iputils 20221126\n');
    return 0;
  }
  if (parsed.error !== undefined || parsed.has('h') || name === undefined) {
    await stderr.write(usage);
    return parsed.has('h') ? 0 : 255;
  }
  const found = await resolve(process, name);
  const address = found.ok ? found.value[0] : undefined;
  if (address === undefined) {
    await stderr.write(`tracepath: ${name}: Name or service not known\n`);
    return 1;
  }
  const hops = Number(parsed.value('m') ?? 30);
  const numeric = parsed.has('n');
  const nameOf = (from: string): string => {
    const known = lookupHostsAddress(process.fs, from) ?? from;
    return numeric ? from : parsed.has('b') ? `${known} (${from})` : known;
  };
  const route = net.routeTo(address);
  const link = route === undefined ? undefined : net.link(route.device);
  const mtu = link === undefined ? 1500 : link.kind === 'loopback' ? 65535 : link.mtu;
  if (link?.kind !== 'loopback') await stdout.write(` 1?: [LOCALHOST]                      pmtu ${mtu}\n`);
  for (let ttl = 1; ttl <= hops; ttl++) {
    const hop = ttl.toString().padStart(2);
    const echo = await net.echo(process, address, { ttl, timeout: 3000, sequence: ttl });
    if (!echo.ok) {
      await stdout.write(`${hop}:  no reply\n`);
      continue;
    }
    const { from, time, kind } = echo.value;
    const end = kind === 'reply' ? 'reached' : kind === 'unreachable' ? '!H' : '';
    await stdout.write(`${hop}:  ${nameOf(from).padEnd(52)}${time.toFixed(3).padStart(7)}ms ${end}\n`);
    if (kind === 'exceeded') continue;
    if (kind === 'reply') await stdout.write(`     Resume: pmtu ${mtu} hops ${ttl} back ${ttl} \n`);
    return 0;
  }
  await stdout.write(`     Too many hops: pmtu ${mtu}\n     Resume: pmtu ${mtu} \n`);
  return 0;
};
