/** A moment as the clocks of a place show it. Months from 1, weekdays from Sunday, 0. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
}

/** A place of the time zone database. */
export interface TimeZone {
  /** What its clocks show at an instant (milliseconds since 1970). */
  wallTime(at: number): WallTime;
  /** The instant at which they show this; months and days overflow as in Go's time.Date, and gaps are passed as there. */
  instant(year: number, month: number, day: number, hour?: number): number;
}

/** Milliseconds by which the clocks are ahead of UTC. */
type Offset = (at: number) => number;

/** time.LoadLocation; undefined if there is no such place. */
export function timeZone(name: string): TimeZone | undefined {
  if (name === 'UTC' || name === '') return zoneOf(() => 0);
  // The platform does not mind the case of letters, a file system does.
  if (!/^(?:[A-Z][\w+-]*)(?:\/[A-Z][\w+-]*)*$/.test(name)) return undefined;
  try {
    return zoneOf(offsetOf(name));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The platform knows the database; its answers depend on nothing but the instant. */
function offsetOf(name: string): Offset {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  } as Intl.DateTimeFormatOptions);
  return (at) => {
    const whole = Math.floor(at / 1000) * 1000;
    const parts = new Map(format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return shown - whole;
  };
}

function zoneOf(offset: Offset): TimeZone {
  return {
    wallTime(at) {
      const shown = new Date(at + offset(at));
      return {
        year: shown.getUTCFullYear(),
        month: shown.getUTCMonth() + 1,
        day: shown.getUTCDate(),
        hour: shown.getUTCHours(),
        minute: shown.getUTCMinutes(),
        second: shown.getUTCSeconds(),
        weekday: shown.getUTCDay(),
      };
    },
    // Taken for UTC first, then by the offset that holds there, unless another one holds at the result.
    instant(year, month, day, hour = 0) {
      const shown = Date.UTC(year, month - 1, day, hour);
      const first = offset(shown);
      const guess = shown - first;
      return offset(guess) === first ? guess : shown - offset(guess);
    },
  };
}
