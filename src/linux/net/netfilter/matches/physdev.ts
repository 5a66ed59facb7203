import type { Passage } from '../rule';
import { err, find, none, ok, one, type MatchExtension } from '../extension';

const fits = (pattern: string, device: string | undefined): boolean =>
  device !== undefined && (pattern.endsWith('+') ? device.startsWith(pattern.slice(0, -1)) : device === pattern);

export const physdev: MatchExtension = {
  name: 'physdev',
  options: { ...one('physdev-in', 'physdev-out'), ...none('physdev-is-in', 'physdev-is-out', 'physdev-is-bridged') },
  make(given) {
    if (given.length === 0) return err('PHYSDEV: no physdev option specified');
    const input = find(given, 'physdev-in');
    const output = find(given, 'physdev-out');
    const isIn = find(given, 'physdev-is-in');
    const isOut = find(given, 'physdev-is-out');
    const bridged = find(given, 'physdev-is-bridged');
    const order = ['physdev-is-in', 'physdev-in', 'physdev-is-out', 'physdev-out', 'physdev-is-bridged'];
    const ordered = order.flatMap((name) => find(given, name) ?? []);
    const parts = ordered.map(
      ({ not, name, value }) => `${not ? '! ' : ''}--${name}${value === '' ? '' : ` ${value}`}`,
    );
    return ok({
      name: 'physdev',
      save: parts.join(' '),
      list: `PHYSDEV match ${parts.join(' ')}`,
      test: ({ packet }: Passage) =>
        (input === undefined || fits(input.value, packet.physIn) !== input.not) &&
        (output === undefined || fits(output.value, packet.physOut) !== output.not) &&
        (isIn === undefined || (packet.physIn !== undefined) !== isIn.not) &&
        (isOut === undefined || (packet.physOut !== undefined) !== isOut.not) &&
        (bridged === undefined || (packet.physIn !== undefined && packet.physOut !== undefined) !== bridged.not),
    });
  },
};
