import type { Packet } from '../../packet';
import { err, find, maskedText, ok, one, parseMasked, type MatchExtension } from '../extension';

function markMatch(name: 'mark' | 'connmark', of: (packet: Packet) => number): MatchExtension {
  return {
    name,
    options: one('mark'),
    make(given) {
      const option = find(given, 'mark');
      if (option === undefined) return err(`${name}: option "--mark" must be specified`);
      const parsed = parseMasked(option.value);
      if (parsed === undefined) return err(`${name}: Bad value for "--mark" option: "${option.value}"`);
      const { value, mask } = parsed;
      const text = maskedText(value, mask);
      return ok({
        name,
        save: `${option.not ? '! ' : ''}--mark ${text}`,
        list: `${name === 'mark' ? 'mark' : 'connmark'} match${option.not ? ' !' : ''} ${text}`,
        ...(name === 'connmark' ? { needsConntrack: true } : {}),
        test: ({ packet }: { readonly packet: Packet }) => (((of(packet) & mask) ^ value) === 0) !== option.not,
      });
    },
  };
}

export const mark = markMatch('mark', (packet) => packet.mark);
export const connmark = markMatch('connmark', (packet) => packet.connection?.mark ?? 0);
