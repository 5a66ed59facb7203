import { lookupHostsAddress } from '../../linux/net/dns/config';
import { resolve } from '../../linux/net/dns/resolve';
import type { Link } from '../../linux/net/types';
import type { Process, Program } from '../../linux/process/types';
import { parseOptions } from './options';

/** getent(1): hosts, ahosts, passwd, group, services. */
export const getent: Program = async (process) => {
  const { stdout, fs } = process;
  const parsed = parseOptions(process.args, { flags: 'i', values: 's' });
  const [database = '', ...keys] = parsed.operands;
  if (database === 'hosts' || database.startsWith('ahosts')) return hosts(process, database, keys);
  const file = { passwd: '/etc/passwd', group: '/etc/group', services: '/etc/services', shadow: '/etc/shadow' }[
    database
  ];
  if (file === undefined) {
    await process.stderr.write(
      `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.\n`,
    );
    return 1;
  }
  const text = fs.readText(file);
  const lines = text.ok ? text.value.split('\n').filter((line) => line !== '') : [];
  if (keys.length === 0) {
    await stdout.write(lines.map((line) => `${line}\n`).join(''));
    return 0;
  }
  let status = 0;
  for (const key of keys) {
    const line = lines.find((each) => each.split(':')[0] === key || each.split(':')[2] === key);
    if (line === undefined) status = 2;
    else await stdout.write(`${line}\n`);
  }
  return status;
};

async function hosts(process: Process, database: string, keys: readonly string[]): Promise<number> {
  let status = 0;
  for (const key of keys) {
    const found = await resolve(process, key);
    if (!found.ok) {
      status = 2;
      continue;
    }
    if (database === 'hosts') {
      const name = lookupHostsAddress(process.fs, key) ?? key;
      for (const address of found.value) await process.stdout.write(`${address.padEnd(15)} ${name}\n`);
      continue;
    }
    for (const address of found.value) {
      const lines = [
        `${address.padEnd(15)} STREAM ${key}\n`,
        `${address.padEnd(15)} DGRAM  \n`,
        `${address.padEnd(15)} RAW    \n`,
      ];
      await process.stdout.write(lines.join(''));
    }
  }
  return status;
}

const flagsOf = ({ kind, up, running }: Link): string =>
  [up && 'UP', kind === 'loopback' ? 'LOOPBACK' : 'BROADCAST', running && 'RUNNING', kind !== 'loopback' && 'MULTICAST']
    .filter(Boolean)
    .join(',');

/** ifconfig(8) of net-tools. */
export const ifconfig: Program = async (process) => {
  const { net, stdout, stderr } = process;
  const [name, ...rest] = process.args.filter((argument) => argument !== '-a');
  if (name !== undefined && !net.link(name)) {
    await stderr.write(`${name}: error fetching interface information: Device not found\n`);
    return 1;
  }
  if (name !== undefined && (rest[0] === 'up' || rest[0] === 'down')) {
    net.setUp(name, rest[0] === 'up');
    return 0;
  }
  const links =
    name === undefined ? net.links().filter(({ up }) => up || process.args.includes('-a')) : [net.link(name)];
  for (const link of links) {
    if (!link) continue;
    const number = { loopback: 73, ether: 4163, veth: 4163, bridge: 4163, dummy: 195, macvlan: 4163 }[link.kind];
    const flags = flagsOf(link);
    let text = `${link.name}: flags=${number}<${flags}>  mtu ${link.mtu}\n`;
    const [cidr] = link.addresses;
    if (cidr !== undefined) {
      const [address = '', length = '32'] = cidr.split('/');
      const mask = maskOf(Number(length));
      const broadcast = link.kind === 'loopback' ? '' : `  broadcast ${broadcastOf(address, mask)}`;
      text += `        inet ${address}  netmask ${mask.join('.')}${broadcast}\n`;
    }
    text +=
      link.kind === 'loopback'
        ? '        loop  txqueuelen 1000  (Local Loopback)\n'
        : `        ether ${link.mac}  txqueuelen 1000  (Ethernet)\n`;
    const { rxPackets, rxBytes, txPackets, txBytes } = link.counters;
    text += `        RX packets ${rxPackets}  bytes ${rxBytes} (${units(rxBytes)})\n        RX errors 0  dropped 0  overruns 0  frame 0\n`;
    text += `        TX packets ${txPackets}  bytes ${txBytes} (${units(txBytes)})\n        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0\n\n`;
    await stdout.write(text);
  }
  return 0;
};

const maskOf = (length: number): readonly number[] =>
  [0, 8, 16, 24].map((shift) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - shift))));
const broadcastOf = (address: string, mask: readonly number[]): string =>
  address
    .split('.')
    .map((part, index) => Number(part) | (255 - (mask[index] ?? 255)))
    .join('.');
const units = (bytes: number): string =>
  bytes < 1000
    ? `${bytes.toFixed(1)} B`
    : bytes < 1e6
      ? `${(bytes / 1000).toFixed(1)} KB`
      : `${(bytes / 1e6).toFixed(1)} MB`;

/** telnet(1): bytes to a port and back. */
export const telnet: Program = async (process) => {
  const { stdout, stderr } = process;
  const [host, port = '23'] = process.args.filter((argument) => !argument.startsWith('-'));
  if (host === undefined) return 0;
  const found = await resolve(process, host);
  if (!found.ok) {
    await stderr.write(`telnet: could not resolve ${host}/${port}: Name or service not known\n`);
    return 1;
  }
  const address = found.value[0] ?? host;
  await stdout.write(`Trying ${address}...\n`);
  const opened = await process.net.connect(process, { address, port: Number(port) });
  if (!opened.ok) {
    await stderr.write(`telnet: Unable to connect to remote host: ${opened.error.message}\n`);
    return 1;
  }
  await stdout.write(`Connected to ${host}.\nEscape character is '^]'.\n`);
  const socket = opened.value;
  process.thread(async () => {
    for await (const chunk of process.stdin) {
      // ^] ends the connection; everything else goes through.
      if (chunk.includes(0x1d)) break;
      await socket.write(chunk);
    }
    socket.close();
  });
  for (let read = await socket.read(); read.ok && read.value; read = await socket.read())
    await stdout.write(read.value);
  await stdout.write('Connection closed by foreign host.\n');
  return 1;
};

/** traceroute(8), with ICMP echoes of growing time to live (-I). */
export const traceroute: Program = async (process) => {
  const { stdout, stderr, net } = process;
  const parsed = parseOptions(process.args, { flags: 'n I T U 4 6 F', values: 'm w q p f' });
  const [name] = parsed.operands;
  if (name === undefined) {
    await stderr.write('Usage:\n  traceroute [ -46dFITnreAUDV ] host [ packetlen ]\n');
    return 2;
  }
  const found = await resolve(process, name);
  if (!found.ok) {
    await stderr.write(
      `${name}: Name or service not known\nCannot handle "host" cmdline arg \`${name}' on position 1 (argc ${process.argv.length - 1})\n`,
    );
    return 2;
  }
  const address = found.value[0] ?? '';
  const hops = Number(parsed.value('m') ?? 30);
  const probes = Number(parsed.value('q') ?? 3);
  await stdout.write(`traceroute to ${name} (${address}), ${hops} hops max, 60 byte packets\n`);
  for (let ttl = 1; ttl <= hops; ttl++) {
    let line = ttl.toString().padStart(2);
    let shown: string | undefined;
    let arrived = false;
    for (let probe = 0; probe < probes; probe++) {
      const echo = await net.echo(process, address, {
        ttl,
        timeout: Number(parsed.value('w') ?? 5) * 1000,
        sequence: ttl * probes + probe,
      });
      if (!echo.ok) {
        line += ' *';
        continue;
      }
      const { from, time, kind } = echo.value;
      if (from !== shown)
        line += parsed.has('n') ? `  ${from}` : `  ${lookupHostsAddress(process.fs, from) ?? from} (${from})`;
      shown = from;
      line += `  ${time.toFixed(3)} ms`;
      if (kind === 'unreachable') line += ' !H';
      arrived ||= kind !== 'exceeded';
    }
    await stdout.write(`${line}\n`);
    if (arrived) break;
  }
  return 0;
};
