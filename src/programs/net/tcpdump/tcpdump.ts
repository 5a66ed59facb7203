import { decode } from '../../../linux/io/bytes';
import { decodeMessage } from '../../../linux/net/dns/message';
import type { CapturedPacket, Endpoint } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import { parseOptions } from '../options';
import { FilterError, parseFilter, type Filter } from './filter';

const services: Readonly<Record<number, string>> = {
  22: 'ssh',
  53: 'domain',
  80: 'http',
  443: 'https',
  123: 'ntp',
  25: 'smtp',
};
const two = (value: number): string => String(value).padStart(2, '0');

function time(at: number): string {
  const date = new Date(at);
  const micros = String(Math.round((at % 1000) * 1000)).padStart(6, '0');
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.${micros}`;
}

/** The first sequence number of a flow's direction: hidden behind relative ones as soon as it is known. */
function initial({ source, destination }: CapturedPacket): number {
  let state = 0x811c9dc5;
  for (const character of `${source.address}:${source.port}>${destination.address}:${destination.port}`) {
    state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
  }
  return state >>> 0;
}

const flagNames: readonly (readonly [number, string])[] = [
  [1, 'F'],
  [2, 'S'],
  [4, 'R'],
  [8, 'P'],
  [16, '.'],
];

/** One packet as tcpdump prints it. */
export function line(
  packet: CapturedPacket,
  { numeric, verbose, any }: { readonly numeric: boolean; readonly verbose: boolean; readonly any: boolean },
): string {
  const name = ({ address, port }: Endpoint): string =>
    packet.protocol === 1 ? address : `${address}.${numeric ? port : (services[port] ?? port)}`;
  const place = any ? `${packet.device.padEnd(5)} ${packet.outgoing ? 'Out' : 'In '} ` : '';
  const protocol = packet.protocol === 1 ? 'ICMP (1)' : packet.protocol === 6 ? 'TCP (6)' : 'UDP (17)';
  const details = verbose
    ? `(tos 0x${packet.tos.toString(16)}, ttl ${packet.ttl}, id ${initial(packet) & 0xffff}, offset 0, flags [DF], proto ${protocol}, length ${packet.length})\n    `
    : '';
  return `${time(packet.at)} ${place}IP ${details}${name(packet.source)} > ${name(packet.destination)}: ${body(packet)}`;
}

function body(packet: CapturedPacket): string {
  const length = packet.payload?.length ?? 0;
  if (packet.protocol === 1) return icmp(packet);
  if (packet.protocol !== 6) {
    const dns = packet.source.port === 53 || packet.destination.port === 53 ? question(packet) : undefined;
    return dns ?? `UDP, length ${length}`;
  }
  const names = flagNames.filter(([bit]) => (packet.flags & bit) !== 0).map(([, letter]) => letter);
  const syn = (packet.flags & 2) !== 0;
  const acked = (packet.flags & 16) !== 0;
  const relative = packet.sequence;
  const reverse = { ...packet, source: packet.destination, destination: packet.source };
  const sequence = syn
    ? `seq ${initial(packet)}, `
    : length > 0
      ? `seq ${relative}:${relative + length}, `
      : (packet.flags & 5) !== 0
        ? `seq ${relative}, `
        : '';
  const acknowledge = acked ? `ack ${syn ? (initial(reverse) + 1) >>> 0 : packet.acknowledge}, ` : '';
  const options = syn ? 'options [mss 1460,nop,wscale 7], ' : '';
  const text = packet.payload === undefined ? '' : (decode(packet.payload.subarray(0, 200)).split('\r\n')[0] ?? '');
  const http = /^(GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS) \S+ HTTP|^HTTP\/1\.\d \d+/.test(text)
    ? `: HTTP: ${text}`
    : '';
  return `Flags [${names.join('')}], ${sequence}${acknowledge}win ${packet.window === 0 ? 64_240 : packet.window}, ${options}length ${length}${http}`;
}

function icmp({ icmpType, icmpCode, source, sequence, destination, length }: CapturedPacket): string {
  const size = length - 20;
  if (icmpType === 8 || icmpType === 0)
    return `ICMP echo ${icmpType === 8 ? 'request' : 'reply'}, id ${source.port === 0 ? destination.port : source.port}, seq ${sequence}, length ${size}`;
  if (icmpType === 11) return `ICMP time exceeded in-transit, length ${size}`;
  const what = ['net', 'host', 'protocol', 'port'][icmpCode] ?? 'host';
  return `ICMP ${what === 'port' ? `${destination.address} udp port` : `${what} ${source.address}`} unreachable, length ${size}`;
}

function question(packet: CapturedPacket): string | undefined {
  const message = packet.payload === undefined ? undefined : decodeMessage(packet.payload);
  if (message === undefined || message.question === undefined) return undefined;
  const size = packet.payload?.length ?? 0;
  const { type, name } = message.question;
  if (!message.response) return `${message.id}${message.recursionDesired ? '+' : ''} ${type}? ${name}. (${size})`;
  const code = message.code === 'NXDOMAIN' ? ' NXDomain' : message.code === 'SERVFAIL' ? ' ServFail' : '';
  const answers = message.answers.map((answer) => `${answer.type} ${answer.data}`).join(', ');
  return `${message.id}${code}${message.authoritative ? '*' : ''} ${message.answers.length}/${message.authority.length}/${message.additional.length} ${answers}${answers === '' ? '' : ' '}(${size})`.replace(
    /  +/g,
    ' ',
  );
}

const printable = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte === 10 ? '\n' : '.')).join(
    '',
  );

/** `-X`: what a packet carries, in hexadecimal and as text. */
function dump(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const words =
      Array.from(row, (byte) => byte.toString(16).padStart(2, '0'))
        .join('')
        .match(/.{1,4}/g) ?? [];
    text += `\t0x${at.toString(16).padStart(4, '0')}:  ${words.join(' ').padEnd(39)}  ${printable(row).replaceAll('\n', '.')}\n`;
  }
  return text;
}

/** tcpdump(8). */
export async function tcpdump(process: Process): Promise<number> {
  const parsed = parseOptions(process.args, {
    flags: 'n A X x e v q t l D U p N S K L version help',
    values: 'i/interface c s w r C W G Z B',
  });
  const { net } = process;
  if (parsed.has('version')) {
    await process.stderr.write('tcpdump version 4.99.3\nlibpcap version 1.10.3 (with TPACKET_V3)\n');
    return 0;
  }
  if (parsed.error !== undefined) {
    const letter = parsed.error.option.replace(/^-+/, '');
    await process.stderr.write(
      `tcpdump: ${parsed.error.kind === 'missing' ? `option requires an argument -- '${letter}'` : `invalid option -- '${letter}'`}\n`,
    );
    return 1;
  }
  const links = net.links().filter(({ up }) => up);
  if (parsed.has('D')) {
    const names = [...links.map(({ name }) => name), 'any'];
    await process.stdout.write(
      names
        .map(
          (name, index) =>
            `${index + 1}.${name}${name === 'any' ? ' (Pseudo-device that captures on all interfaces) [Up, Running]' : ' [Up, Running]'}\n`,
        )
        .join(''),
    );
    return 0;
  }
  if (!process.capable('NET_RAW')) {
    await process.stderr.write(
      "tcpdump: eth0: You don't have permission to capture on that device\n(socket: Operation not permitted)\n",
    );
    return 1;
  }
  const device = parsed.value('i') ?? links.find(({ kind }) => kind !== 'loopback')?.name ?? 'lo';
  const any = device === 'any';
  if (!any && net.link(device) === undefined) {
    await process.stderr.write(`tcpdump: ${device}: No such device exists\n(No such device exists)\n`);
    return 1;
  }
  if (parsed.has('w', 'r')) {
    await process.stderr.write(
      `tcpdump: ${parsed.value('w') ?? parsed.value('r') ?? ''}: capture files are not available here\n`,
    );
    return 1;
  }
  let filter: Filter;
  try {
    filter = parseFilter(parsed.operands);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    await process.stderr.write(`tcpdump: can't parse filter expression: ${error.message}\n`);
    return 1;
  }
  const verbose = parsed.has('v');
  if (any) await process.stderr.write('tcpdump: data link type LINUX_SLL2\n');
  const hint = verbose ? '' : 'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n';
  const link = any ? 'LINUX_SLL2 (Linux cooked v2)' : 'EN10MB (Ethernet)';
  await process.stderr.write(
    `${hint}${verbose ? 'tcpdump: ' : ''}listening on ${device}, link-type ${link}, snapshot length 262144 bytes\n`,
  );
  return capture(process, device, filter, {
    limit: Number(parsed.value('c') ?? Infinity),
    show: (packet) => {
      const text = `${line(packet, { numeric: parsed.has('n'), verbose, any })}\n`;
      const payload = packet.payload ?? new Uint8Array(0);
      if (parsed.has('A')) return `${text}${payload.length === 0 ? '' : `${printable(payload)}\n`}`;
      return parsed.has('X', 'x') ? text + dump(payload) : text;
    },
  });
}

async function capture(
  process: Process,
  device: string,
  filter: Filter,
  { limit, show }: { readonly limit: number; readonly show: (packet: CapturedPacket) => string },
): Promise<number> {
  const waiting: CapturedPacket[] = [];
  let wake: (() => void) | undefined;
  let stopped = false;
  const end = process.net.capture(device, (packet) => {
    if (!filter(packet)) return;
    waiting.push(packet);
    wake?.();
  });
  process.atExit(end);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.signals.handle(signal, () => {
      stopped = true;
      wake?.();
    });
  }
  let count = 0;
  while (!stopped && count < limit) {
    if (waiting.length === 0) {
      await process.block<void>(
        (resume) => {
          wake = resume;
          return () => {
            wake = undefined;
          };
        },
        { interruptible: true },
      );
    }
    for (let packet = waiting.shift(); packet !== undefined && count < limit; packet = waiting.shift()) {
      count++;
      await process.stdout.write(show(packet));
    }
  }
  end();
  const plural = (number: number, what: string): string => `${number} packet${number === 1 ? '' : 's'} ${what}\n`;
  await process.stderr.write(
    `${stopped && process.tty !== undefined ? '\n' : ''}${plural(count, 'captured')}${plural(count, 'received by filter')}${plural(0, 'dropped by kernel')}`,
  );
  return 0;
}
