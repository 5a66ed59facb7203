import { TCP, UDP } from '../../packet';
import { serviceName } from '../names';
import type { Passage } from '../rule';
import { alias, err, ok, one, parsePorts, portsText, type MatchExtension } from '../extension';

export const multiport: MatchExtension = {
  name: 'multiport',
  options: {
    ...one('sports', 'dports', 'ports'),
    ...alias('source-ports', 'sports'),
    ...alias('destination-ports', 'dports'),
  },
  make(given, { protocol }) {
    const option = given[0];
    if (option === undefined) return err('multiport expection an option');
    if (protocol !== TCP && protocol !== UDP) {
      return err("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'");
    }
    const ranges = option.value.split(',').map((part) => parsePorts(part));
    if (ranges.length > 15) return err('too many ports specified');
    const good = ranges.filter((range) => range !== undefined);
    if (good.length !== ranges.length) return err(`invalid port/service \`${option.value}' specified`);
    const text = good.map((range) => portsText(range)).join(',');
    const named = good
      .map(({ low, high }) => (low === high ? serviceName(low) : `${serviceName(low)}:${serviceName(high)}`))
      .join(',');
    const has = (port: number): boolean => good.some(({ low, high }) => port >= low && port <= high);
    const source = option.name !== 'dports';
    const destination = option.name !== 'sports';
    return ok({
      name: 'multiport',
      save: `${option.not ? '! ' : ''}--${option.name} ${text}`,
      list: `multiport ${option.name.padEnd(6)} ${option.not ? '!' : ''}${named}`,
      listNumeric: `multiport ${option.name.padEnd(6)} ${option.not ? '!' : ''}${text}`,
      test: ({ packet }: Passage) =>
        ((source && has(packet.sourcePort)) || (destination && has(packet.destinationPort))) !== option.not,
    });
  },
};
