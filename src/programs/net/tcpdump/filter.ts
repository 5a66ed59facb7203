import type { CapturedPacket, Endpoint } from '../../../linux/net/types';

export type Filter = (packet: CapturedPacket) => boolean;

export class FilterError extends Error {}

const protocols: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17 };
const services: Readonly<Record<string, number>> = { http: 80, https: 443, domain: 53, ssh: 22, smtp: 25, ntp: 123 };

/** A filter expression (pcap-filter(7)): host, net, port, portrange, src, dst, tcp, udp, icmp, and, or, not, brackets. */
export function parseFilter(words: readonly string[]): Filter {
  const tokens = words.join(' ').match(/[()]|&&|\|\||!(?!=)|[^\s()!]+/g) ?? [];
  let at = 0;
  const next = (): string | undefined => tokens[at];

  const either = (): Filter => {
    let left = both();
    while (next() === 'or' || next() === '||') {
      at++;
      const [a, b] = [left, both()];
      left = (packet) => a(packet) || b(packet);
    }
    return left;
  };
  const both = (): Filter => {
    let left = single();
    while (next() !== undefined && !/^(or|\|\||\))$/.test(next() ?? '')) {
      if (next() === 'and' || next() === '&&') at++;
      const [a, b] = [left, single()];
      left = (packet) => a(packet) && b(packet);
    }
    return left;
  };
  const single = (): Filter => {
    const word = tokens[at++];
    if (word === undefined) throw new FilterError('syntax error');
    if (word === 'not' || word === '!') {
      const inner = single();
      return (packet) => !inner(packet);
    }
    if (word === '(') {
      const inner = either();
      if (tokens[at++] !== ')') throw new FilterError('syntax error');
      return inner;
    }
    return primitive(word);
  };
  const primitive = (first: string): Filter => {
    let word = first;
    let protocol: number | undefined;
    if (protocols[word] !== undefined || word === 'ip' || word === 'arp' || word === 'ip6') {
      protocol = protocols[word];
      if (word === 'arp' || word === 'ip6') return () => false;
      if (!/^(src|dst|host|net|port|portrange)$/.test(next() ?? ''))
        return (packet) => protocol === undefined || packet.protocol === protocol;
      word = tokens[at++] ?? '';
    }
    let ends: readonly ('source' | 'destination')[] = ['source', 'destination'];
    if (word === 'src' || word === 'dst') {
      ends = [word === 'src' ? 'source' : 'destination'];
      word = tokens[at++] ?? '';
    }
    const fits =
      (test: (end: Endpoint) => boolean): Filter =>
      (packet) =>
        (protocol === undefined || packet.protocol === protocol) && ends.some((end) => test(packet[end]));
    const kind = /^(host|net|port|portrange)$/.test(word) ? word : 'host';
    const value = kind === word ? (tokens[at++] ?? '') : word;
    if (value === '') throw new FilterError('syntax error');
    switch (kind) {
      case 'port': {
        const port = services[value] ?? Number(value);
        if (Number.isNaN(port)) throw new FilterError(`unknown port '${value}'`);
        const ported = fits((end) => end.port === port);
        return (packet) => packet.protocol !== 1 && ported(packet);
      }
      case 'portrange': {
        const [low = 0, high = 0] = value.split('-').map(Number);
        return fits((end) => end.port >= low && end.port <= high);
      }
      case 'net': {
        const [network = '', length = String(8 * network.split('.').length)] = value.split('/');
        const number = (text: string): number =>
          text
            .split('.')
            .concat(['0', '0', '0'])
            .slice(0, 4)
            .reduce((sum, part) => sum * 256 + Number(part), 0);
        const size = 2 ** (32 - Number(length));
        return fits((end) => Math.floor(number(end.address) / size) === Math.floor(number(network) / size));
      }
      default:
        if (!/^\d+(\.\d+){3}$/.test(value)) throw new FilterError(`unknown host '${value}'`);
        return fits((end) => end.address === value);
    }
  };

  if (tokens.length === 0) return () => true;
  const whole = either();
  if (at < tokens.length) throw new FilterError('syntax error');
  return whole;
}
