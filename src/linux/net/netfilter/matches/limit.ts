import type { Match, Passage } from '../rule';
import { err, find, ok, one, unsigned, type MatchExtension } from '../extension';

const units = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const short: Readonly<Record<keyof typeof units, string>> = { second: 'sec', minute: 'min', hour: 'hour', day: 'day' };

export const limit: MatchExtension = {
  name: 'limit',
  options: one('limit', 'limit-burst'),
  make(given) {
    const rate = find(given, 'limit')?.value ?? '3/hour';
    const burst = unsigned(find(given, 'limit-burst')?.value ?? '5', 10000);
    const [, digits = '', unitText = 'second'] = /^(\d+)(?:\/([a-z]+))?$/.exec(rate) ?? [];
    const unit = (Object.keys(units) as (keyof typeof units)[]).find((name) => name.startsWith(unitText));
    const amount = Number(digits);
    if (unit === undefined || amount === 0) return err(`bad rate "${rate}"'`);
    if (burst === undefined) return err('limit: Bad value for "--limit-burst" option');
    const interval = units[unit] / amount;
    const shown = shownRate(interval);
    const match: Match = {
      name: 'limit',
      save: `--limit ${shown}${burst === 5 ? '' : ` --limit-burst ${burst}`}`,
      list: `limit: avg ${shown} burst ${burst}`,
      // A token bucket (xt_limit): a token each interval, at most `burst`.
      test: (passage: Passage) => {
        const state = (passage.chain.state ??= new Map());
        const now = passage.surroundings.now();
        const bucket = (state.get(match) as { at: number; tokens: number } | undefined) ?? { at: now, tokens: burst };
        const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / interval);
        state.set(match, { at: now, tokens: tokens >= 1 ? tokens - 1 : tokens });
        return tokens >= 1;
      },
    };
    return ok(match);
  },
};

// print_rate of libxt_limit: the largest unit that loses nothing, in its integers (0.1 ms a piece).
function shownRate(interval: number): string {
  const period = Math.floor(interval * 10);
  const order = ['day', 'hour', 'minute', 'second'] as const;
  let shown: (typeof order)[number] = 'day';
  for (const unit of order.slice(1)) {
    const length = units[unit] * 10;
    if (period > length || Math.floor(length / period) < length % period) break;
    shown = unit;
  }
  return `${Math.floor((units[shown] * 10) / period)}/${short[shown]}`;
}
