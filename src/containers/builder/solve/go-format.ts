import type { Healthcheck } from '../../images/image';

/** Go's `%v` of a slice of strings. */
export const goList = (words: readonly string[]): string => `[${words.join(' ')}]`;
/** Go's `%q` of one. */
export const goQuoted = (words: readonly string[]): string =>
  `[${words.map((word) => JSON.stringify(word)).join(' ')}]`;

/** Go's `%+v` of a HealthcheckConfig, as BuildKit 0.25 leaves it in the history (recording 623-bk-run-result). */
export function healthText({ Test, Interval, Timeout, StartPeriod, StartInterval, Retries }: Healthcheck): string {
  const times = [Interval, Timeout, StartPeriod, StartInterval].map((time) => JSON.stringify(goDuration(time ?? 0)));
  return `&{${goQuoted(Test)} ${times.join(' ')} ${goRune(Retries ?? 0)}}`;
}

/** Go's `%q` of a number: the character of that code. */
function goRune(code: number): string {
  const named: Readonly<Record<number, string>> = { 7: 'a', 8: 'b', 9: 't', 10: 'n', 11: 'v', 12: 'f', 13: 'r' };
  const escape = named[code] ?? (code === 39 || code === 92 ? String.fromCharCode(code) : undefined);
  if (escape !== undefined) return `'\\${escape}'`;
  if (code >= 32 && code < 127) return `'${String.fromCharCode(code)}'`;
  return `'\\x${code.toString(16).padStart(2, '0')}'`;
}

/** Go's time.Duration.String. */
export function goDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  const short = ([unit, size]: readonly [string, number]): string =>
    `${Number((nanoseconds / size).toFixed(9))}${unit}`;
  if (nanoseconds < 1e3) return short(['ns', 1]);
  if (nanoseconds < 1e6) return short(['µs', 1e3]);
  if (nanoseconds < 1e9) return short(['ms', 1e6]);
  const seconds = nanoseconds / 1e9;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = Number((seconds - hours * 3600 - minutes * 60).toFixed(9));
  const head = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : '';
  return `${head}${rest}s`;
}
