import { ICMP } from '../../packet';
import type { Passage } from '../rule';
import { err, find, ok, one, type MatchExtension } from '../extension';

/** Names of libipt_icmp with type and code; without code any. */
const names: Readonly<Record<string, readonly [number, number?]>> = {
  any: [255],
  'echo-reply': [0],
  pong: [0],
  'destination-unreachable': [3],
  'network-unreachable': [3, 0],
  'host-unreachable': [3, 1],
  'protocol-unreachable': [3, 2],
  'port-unreachable': [3, 3],
  'fragmentation-needed': [3, 4],
  'source-quench': [4],
  redirect: [5],
  'echo-request': [8],
  ping: [8],
  'time-exceeded': [11],
  'ttl-exceeded': [11],
  'ttl-zero-during-transit': [11, 0],
  'parameter-problem': [12],
};

export const icmp: MatchExtension = {
  name: 'icmp',
  protocols: [ICMP],
  options: one('icmp-type'),
  make(given) {
    const option = find(given, 'icmp-type');
    if (option === undefined) return err('icmp: option "--icmp-type" must be specified');
    const numbers = /^(\d+)(?:\/(\d+))?$/.exec(option.value);
    const found: readonly [number, number?] | undefined =
      numbers === null
        ? Object.entries(names).find(([name]) => name === option.value)?.[1]
        : numbers[2] === undefined
          ? [Number(numbers[1])]
          : [Number(numbers[1]), Number(numbers[2])];
    if (found === undefined) return err(`Unknown ICMP type \`${option.value}'`);
    const [type, code] = found;
    const text = type === 255 ? 'any' : code === undefined ? String(type) : `${type}/${code}`;
    const not = option.not ? '!' : '';
    const name = Object.entries(names).find(([, known]) => known[0] === type && known[1] === code)?.[0];
    const numbered = `${not}type ${type}${code === undefined ? '' : ` code ${code}`}`;
    return ok({
      name: 'icmp',
      save: `${option.not ? '! ' : ''}--icmp-type ${text}`,
      list: `icmp ${name === undefined ? numbered : not + name}`,
      // print_icmptype: the word and the number run together, but for a negation.
      listNumeric: type === 255 && !option.not ? 'icmp any' : `icmp${option.not ? ' ' : ''}${numbered}`,
      test: ({ packet }: Passage) =>
        packet.protocol === ICMP &&
        (type === 255 || (packet.icmpType === type && (code === undefined || packet.icmpCode === code))) !== option.not,
    });
  },
};
