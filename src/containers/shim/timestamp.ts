/**
 * RFC 3339 with nanoseconds, as logs and inspect show it. Virtual time has milliseconds; what is below them counts up, so
 * that no two lines of one instant look the same and the trailing digits look as they do.
 */
export function nanoTimestamp(ms: number, below = 0): string {
  const whole = Math.floor(ms);
  const nanos = Math.round((ms - whole) * 1_000_000) + below;
  if (whole !== last.whole) {
    last.whole = whole;
    last.text = new Date(whole).toISOString().slice(0, -1);
  }
  return `${last.text}${String(nanos % 1_000_000).padStart(6, '0')}Z`;
}

/** Many lines are written at one instant. */
const last = { whole: NaN, text: '' };

/** Go's RFC3339Nano: trailing zeros of the fraction are left out. */
export const goTimestamp = (ms: number, below = 0): string =>
  nanoTimestamp(ms, below).replace(/0+Z$/, 'Z').replace(/\.Z$/, 'Z');
