const head = `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
`;
const unknownTime = '--:--:--';

/** The two lines above curl's progress meter, and its first state (lib/progress.c). */
export const meterStart = (): string => `${head}\r${meter({ received: 0, sent: 0, elapsed: 0 })}`;

export interface Transfer {
  readonly received: number;
  /** What Content-Length said. */
  readonly total?: number;
  readonly sent: number;
  /** Milliseconds. */
  readonly elapsed: number;
}

/** One state of the meter, without the carriage return before it. */
export function meter({ received, total, sent, elapsed }: Transfer): string {
  const seconds = Math.max(elapsed, 1) / 1000;
  const percent = (part: number, whole: number | undefined): number => (whole ? Math.floor((part * 100) / whole) : 0);
  const expected = (total ?? 0) + sent;
  const down = elapsed === 0 ? 0 : Math.floor(received / seconds);
  const up = elapsed === 0 ? 0 : Math.floor(sent / seconds);
  const spent = seconds < 1 ? unknownTime : clockTime(seconds);
  return [
    `${percent(received + sent, expected)
      .toString()
      .padStart(3)} ${short(expected || received)}  `,
    `${percent(received, total).toString().padStart(3)} ${short(received)}  `,
    `${(sent > 0 ? 100 : 0).toString().padStart(3)} ${short(sent)}  `,
    `${short(down)}  ${short(up)} ${spent} ${spent} ${unknownTime} ${short(down)}`,
  ].join('');
}

/** max5data of lib/progress.c: a number in five letters. */
function short(bytes: number): string {
  if (bytes < 100_000) return bytes.toString().padStart(5);
  if (bytes < 10_000 * 1024)
    return `${Math.floor(bytes / 1024)
      .toString()
      .padStart(4)}k`;
  const mega = bytes / 2 ** 20;
  if (mega < 100) return `${mega.toFixed(1).padStart(4)}M`;
  if (mega < 10_000) return `${Math.floor(mega).toString().padStart(4)}M`;
  return `${(mega / 1024).toFixed(1).padStart(4)}G`;
}

function clockTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number): string => value.toString().padStart(2, '0');
  return `${Math.floor(whole / 3600)
    .toString()
    .padStart(2)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
