import type { Passage } from '../rule';
import { err, find, none, ok, one, type MatchExtension } from '../extension';

const types = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
];

export const addrtype: MatchExtension = {
  name: 'addrtype',
  options: { ...one('src-type', 'dst-type'), ...none('limit-iface-in', 'limit-iface-out') },
  make(given) {
    const source = find(given, 'src-type');
    const destination = find(given, 'dst-type');
    const limitIn = find(given, 'limit-iface-in') !== undefined;
    const limitOut = find(given, 'limit-iface-out') !== undefined;
    if (source === undefined && destination === undefined) {
      return err('addrtype: At least one option is required');
    }
    const words = (value: string): readonly string[] => {
      const given = value.split(',').map((word) => word.toUpperCase());
      return types.filter((word) => given.includes(word));
    };
    for (const option of [source, destination]) {
      const bad = option?.value.split(',').find((word) => !types.includes(word.toUpperCase()));
      if (bad !== undefined) return err(`addrtype: bad type "${bad}"`);
    }
    const sources = words(source?.value ?? '');
    const destinations = words(destination?.value ?? '');
    const saves = [
      ...(source === undefined ? [] : [`${source.not ? '! ' : ''}--src-type ${sources.join(',')}`]),
      ...(destination === undefined ? [] : [`${destination.not ? '! ' : ''}--dst-type ${destinations.join(',')}`]),
      ...(limitIn ? ['--limit-iface-in'] : []),
      ...(limitOut ? ['--limit-iface-out'] : []),
    ];
    const lists = [
      ...(source === undefined ? [] : [`src-type ${source.not ? '!' : ''}${sources.join(',')}`]),
      ...(destination === undefined ? [] : [`dst-type ${destination.not ? '!' : ''}${destinations.join(',')}`]),
      ...(limitIn ? ['limit-in'] : []),
      ...(limitOut ? ['limit-out'] : []),
    ];
    return ok({
      name: 'addrtype',
      save: saves.join(' '),
      list: `ADDRTYPE match ${lists.join(' ')}`,
      test: ({ packet, surroundings, input, output }: Passage) => {
        const device = limitIn ? input : limitOut ? output : undefined;
        return (
          (source === undefined || sources.includes(surroundings.addressType(packet.source, device)) !== source.not) &&
          (destination === undefined ||
            destinations.includes(surroundings.addressType(packet.destination, device)) !== destination.not)
        );
      },
    });
  },
};
