import { err, ok, type Result } from '../../sim/result';
import type { ApiError } from './api-types';

/** Whether labels have all that is asked for: `key` or `key=value` each. */
export const matchesLabels = (
  labels: Readonly<Record<string, string>> | null | undefined,
  asked: readonly string[],
): boolean =>
  asked.every((wanted) => {
    const equals = wanted.indexOf('=');
    const key = equals < 0 ? wanted : wanted.slice(0, equals);
    const value = labels?.[key];
    return value !== undefined && (equals < 0 || value === wanted.slice(equals + 1));
  });

const unitSeconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };

/** The instant of an `until` filter: seconds of the epoch, RFC 3339, or a Go duration back from now. */
function instant(text: string, now: number): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|us|ns|h|m|s)/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join('') === text)
    return (
      now - 1000 * parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (unitSeconds[unit] ?? 0), 0)
    );
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** What a prune spares by age: the newest creation that still goes. Filters that are not `known` are refused. */
export function pruneUntil(
  filters: ReadonlyMap<string, readonly string[]>,
  now: number,
  known: readonly string[],
): Result<number, ApiError> {
  for (const name of filters.keys())
    if (!known.includes(name)) return err({ status: 400, message: `invalid filter '${name}'` });
  const asked = filters.get('until') ?? [];
  if (asked.length > 1) return err({ status: 400, message: 'more than one until filter specified' });
  const [text] = asked;
  if (text === undefined) return ok(Infinity);
  const at = instant(text, now);
  return at === undefined ? err({ status: 400, message: `invalid filter 'until=${text}'` }) : ok(at);
}
