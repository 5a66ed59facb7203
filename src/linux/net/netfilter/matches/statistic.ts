import type { Match, Passage } from '../rule';
import { err, find, ok, one, unsigned, type MatchExtension } from '../extension';

/** The kernel keeps the probability as a 31-bit fraction; so printed digits differ from those given. */
const SCALE = 0x80000000;

export const statistic: MatchExtension = {
  name: 'statistic',
  options: one('mode', 'probability', 'every', 'packet'),
  make(given) {
    const mode = find(given, 'mode')?.value;
    const random = find(given, 'probability');
    const every = find(given, 'every');
    if (mode === 'random') {
      if (random === undefined) return err('--probability must be specified when using random mode');
      const probability = Number(random.value);
      if (random.value === '' || !(probability >= 0 && probability <= 1)) {
        return err('statistic: bad value for option "--probability", or out of range (0-1).\n');
      }
      const limit = Math.round(probability * SCALE);
      const digits = (limit / SCALE).toFixed(11);
      return ok({
        name: 'statistic',
        save: `--mode random${random.not ? ' !' : ''} --probability ${digits}`,
        list: `statistic mode random${random.not ? ' !' : ''} probability ${digits}`,
        // xt_statistic: (get_random_u32() & 0x7FFFFFFF) < probability
        test: ({ surroundings }: Passage) => surroundings.random() < limit !== random.not,
      });
    }
    if (mode !== 'nth') return err(`Bad mode "${mode ?? ''}"`);
    if (every !== undefined && find(given, 'packet') === undefined) {
      return err('statistic: option "--every" also requires "--packet".\n');
    }
    const period = unsigned(every?.value ?? '');
    const packet = unsigned(find(given, 'packet')?.value ?? '0');
    if (every === undefined || period === undefined || period === 0) {
      return err('--every must be specified when using nth mode');
    }
    if (packet === undefined || packet >= period) return err('the --packet value must be less than the --every value');
    const match: Match = {
      name: 'statistic',
      save: `--mode nth${every.not ? ' !' : ''} --every ${period} --packet ${packet}`,
      list: `statistic mode nth${every.not ? ' !' : ''} every ${period}${packet === 0 ? '' : ` packet ${packet}`}`,
      test: (passage: Passage) => {
        const state = (passage.chain.state ??= new Map());
        // xt_statistic counts up from period−1−packet, so that packet number `packet` is the first that fits.
        const count = (state.get(match) as number | undefined) ?? period - 1 - packet;
        state.set(match, count === period - 1 ? 0 : count + 1);
        return (count === period - 1) !== every.not;
      },
    };
    return ok(match);
  },
};
