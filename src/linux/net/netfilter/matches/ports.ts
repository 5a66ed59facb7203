import { serviceName } from '../names';
import { TCP, UDP, type Packet } from '../../packet';
import {
  alias,
  err,
  find,
  none,
  ok,
  one,
  parsePorts,
  portsText,
  type Given,
  type MatchExtension,
  type PortRange,
} from '../extension';

interface Side {
  readonly range: PortRange;
  readonly not: boolean;
}

function side(given: readonly Given[], name: string): Side | string | undefined {
  const option = find(given, name);
  if (option === undefined) return undefined;
  const range = parsePorts(option.value);
  if (range !== undefined && range.low > range.high) return `invalid portrange (min > max)`;
  return range === undefined
    ? `invalid port/service \`${option.value.split(':')[0] ?? ''}' specified`
    : { range, not: option.not };
}

const inside = (port: number, { range, not }: Side): boolean => (port >= range.low && port <= range.high) !== not;
const save = (name: string, { range, not }: Side): string => `${not ? '! ' : ''}--${name} ${portsText(range)}`;
const list = (name: string, { range, not }: Side, text: (port: number) => string): string =>
  range.low === range.high
    ? `${name}:${not ? '!' : ''}${text(range.low)}`
    : `${name}s:${not ? '!' : ''}${text(range.low)}:${text(range.high)}`;
const hex = (bits: number): string => `0x${bits.toString(16).toUpperCase().padStart(2, '0')}`;

const flagBits: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ALL: 63,
  NONE: 0,
};
const flagOrder = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const;

function parseFlags(text: string): number | undefined {
  let bits = 0;
  for (const name of text.split(',')) {
    const bit = flagBits[name.toUpperCase()];
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}

const flagsText = (bits: number): string =>
  bits === 0 ? 'NONE' : flagOrder.filter((name) => (bits & (flagBits[name] ?? 0)) !== 0).join(',');

function portsMatch(name: 'tcp' | 'udp', protocol: number): MatchExtension {
  return {
    name,
    protocols: [protocol],
    options: {
      ...one('sport', 'dport'),
      ...alias('source-port', 'sport'),
      ...alias('destination-port', 'dport'),
      ...(protocol === TCP ? { 'tcp-flags': { values: 2 }, ...none('syn'), ...one('tcp-option') } : {}),
    },
    make(given) {
      const source = side(given, 'sport');
      const destination = side(given, 'dport');
      if (typeof source === 'string') return err(source);
      if (typeof destination === 'string') return err(destination);
      const flags = find(given, 'tcp-flags');
      const syn = find(given, 'syn');
      const mask = syn === undefined ? parseFlags(flags?.value ?? 'NONE') : 0x17;
      const wanted = syn === undefined ? parseFlags(flags?.second ?? 'NONE') : 2;
      if (mask === undefined || wanted === undefined) {
        return err(`Unknown TCP flag \`${flags?.value ?? ''}'`);
      }
      const notFlags = (syn ?? flags)?.not ?? false;
      const hasFlags = syn !== undefined || flags !== undefined;
      const saves = [
        ...(source === undefined ? [] : [save('sport', source)]),
        ...(destination === undefined ? [] : [save('dport', destination)]),
        ...(hasFlags ? [`${notFlags ? '! ' : ''}--tcp-flags ${flagsText(mask)} ${flagsText(wanted)}`] : []),
      ];
      const lists = (text: (port: number) => string, flags: (bits: number) => string): string =>
        [
          name,
          ...(source === undefined ? [] : [list('spt', source, text)]),
          ...(destination === undefined ? [] : [list('dpt', destination, text)]),
          ...(hasFlags ? [`flags:${notFlags ? '!' : ''}${flags(mask)}/${flags(wanted)}`] : []),
        ].join(' ');
      return ok({
        name,
        save: saves.join(' '),
        list: lists(serviceName, flagsText),
        listNumeric: lists(String, hex),
        test: ({ packet }: { readonly packet: Packet }) =>
          packet.protocol === protocol &&
          (destination === undefined || inside(packet.destinationPort, destination)) &&
          (source === undefined || inside(packet.sourcePort, source)) &&
          (!hasFlags || ((packet.flags & mask) === wanted) !== notFlags),
      });
    },
  };
}

export const tcp = portsMatch('tcp', TCP);
export const udp = portsMatch('udp', UDP);
