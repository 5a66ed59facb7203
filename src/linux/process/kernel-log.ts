import type { Clock } from '../../sim/clock';
import { WaitQueue } from '../io/wait-queue';

export interface LogLine {
  readonly sequence: number;
  /** Microseconds since boot. */
  readonly at: number;
  /** syslog(2): 3 error, 4 warning, 6 informational. */
  readonly level: number;
  readonly text: string;
}

/** How many lines are kept: the oldest go (the kernel keeps 256 KiB). */
const MOST = 4096;

/** printk(): the ring of messages that dmesg(1) shows; /dev/kmsg and /proc/kmsg tell them. */
export class KernelLog {
  #lines: LogLine[] = [];
  #sequence = 0;
  #waiting: WaitQueue | undefined;
  #boot: (() => readonly string[]) | undefined;

  constructor(
    readonly clock: Clock,
    readonly bootedAt: number,
    /** What was said while the machine started; asked for when somebody reads. */
    boot: () => readonly string[],
  ) {
    this.#boot = boot;
  }

  write(...texts: readonly string[]): void {
    this.#started();
    const at = Math.round((this.clock.now - this.bootedAt) * 1000);
    for (const text of texts) this.#lines.push({ sequence: this.#sequence++, at, level: levelOf(text), text });
    if (this.#lines.length > MOST) this.#lines = this.#lines.slice(-MOST);
    this.#waiting?.wakeAll();
  }

  lines(): readonly LogLine[] {
    this.#started();
    return this.#lines;
  }

  /** Calls once after the next message. */
  onWrite(wake: () => void): () => void {
    return (this.#waiting ??= new WaitQueue(this.clock)).add(wake);
  }

  #started(): void {
    const boot = this.#boot;
    if (boot === undefined) return;
    this.#boot = undefined;
    boot().forEach((text, index) => {
      this.#lines.push({ sequence: this.#sequence++, at: index * 7919, level: 6, text });
    });
  }
}

/** KERN_ERR for a kill, KERN_WARNING for what led to it, KERN_INFO for the rest. */
const levelOf = (text: string): number => (/Killed process/.test(text) ? 3 : /oom-killer/.test(text) ? 4 : 6);

/** `[    1.234567] text`, as dmesg and /proc/kmsg write the time. */
export const stampOf = ({ at }: LogLine): string =>
  `[${String(Math.floor(at / 1e6)).padStart(5)}.${String(at % 1e6).padStart(6, '0')}]`;

/** /proc/kmsg: `<level>[time] text`. */
export const kmsgText = (lines: readonly LogLine[]): string =>
  lines.map((line) => `<${line.level}>${stampOf(line)} ${line.text}\n`).join('');

/** One record of /dev/kmsg (Documentation/ABI/testing/dev-kmsg). */
export const kmsgRecord = ({ level, sequence, at, text }: LogLine): string => `${level},${sequence},${at},-;${text}\n`;
