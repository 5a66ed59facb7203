import type { Link } from '../../../linux/net/types';
import type { Process, Program } from '../../../linux/process/types';

/** `327.5 MiB` (networking/interface.c, print_bytes_scaled). */
function scaled(bytes: number): string {
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti'];
  let unit = 0;
  let value = bytes;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${(Math.floor(value * 10) / 10).toFixed(1)} ${units[unit] ?? ''}B`;
}

const octets = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');

/** One interface as ife_print writes it. */
function describe(link: Link): string {
  const indent = ' '.repeat(10);
  const loopback = link.kind === 'loopback';
  const medium = loopback ? 'Local Loopback  ' : `Ethernet  HWaddr ${link.mac.toUpperCase()}  `;
  const lines = [`${link.name.padEnd(9)} Link encap:${medium}`];
  for (const cidr of link.addresses.slice(0, 1)) {
    const [address = '', length = '32'] = cidr.split('/');
    const mask = Number(length) === 0 ? 0 : (-1 << (32 - Number(length))) >>> 0;
    const value = address.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);
    const broadcast = loopback ? '' : `  Bcast:${octets((value | ~mask) >>> 0)}`;
    lines.push(`${indent}inet addr:${address}${broadcast}  Mask:${octets(mask)}`);
  }
  if (loopback && link.up) lines.push(`${indent}inet6 addr: ::1/128 Scope:Host`);
  const flags = [
    ...(link.up ? ['UP'] : []),
    ...(loopback ? ['LOOPBACK'] : ['BROADCAST']),
    ...(link.up && link.running ? ['RUNNING'] : []),
    ...(loopback ? [] : ['MULTICAST']),
  ];
  const { rxPackets, rxBytes, txPackets, txBytes } = link.counters;
  const queue = link.kind === 'veth' ? '0' : '1000';
  lines.push(
    `${indent}${flags.join(' ')}  MTU:${link.mtu}  Metric:1`,
    `${indent}RX packets:${rxPackets} errors:0 dropped:0 overruns:0 frame:0`,
    `${indent}TX packets:${txPackets} errors:0 dropped:0 overruns:0 carrier:0`,
    `${indent}collisions:0 txqueuelen:${queue} `,
    `${indent}RX bytes:${rxBytes} (${scaled(rxBytes)})  TX bytes:${txBytes} (${scaled(txBytes)})`,
  );
  return `${lines.join('\n')}\n\n`;
}

/** BusyBox's ifconfig, of which `up` and `down` are `ifconfig`'s of the table. */
export const ifconfig =
  (other: Program | undefined): Program =>
  async (process: Process) => {
    const { net, stdout, stderr, args } = process;
    const [name, ...rest] = args.filter((arg) => arg !== '-a');
    if (rest.length > 0 && other !== undefined) return other(process);
    const links = name === undefined ? net.links().filter(({ up }) => up || args.includes('-a')) : [net.link(name)];
    const found = links.flatMap((link) => (link === undefined ? [] : [link]));
    if (found.length === 0 && name !== undefined) {
      await stderr.write(`ifconfig: ${name}: error fetching interface information: Device not found\n`);
      return 1;
    }
    await stdout.write(
      found
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(describe)
        .join(''),
    );
    return 0;
  };
