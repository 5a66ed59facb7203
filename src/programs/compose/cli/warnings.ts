import type { Process } from '../../../linux/process/types';

/** Warnings as logrus prints them on standard error, in their order. */
export class Warnings {
  readonly #process: Process;
  readonly #held: string[] = [];
  readonly #since: number;

  constructor(process: Process) {
    this.#process = process;
    this.#since = process.clock.now;
  }

  readonly add = (message: string, level: 'warning' | 'error' = 'warning'): void => {
    const { clock, fds } = this.#process;
    if (fds.get(2)?.kind === 'tty') {
      const seconds = String(Math.floor((clock.now - this.#since) / 1000)).padStart(4, '0');
      const [color, word] = level === 'warning' ? [33, 'WARN'] : [31, 'ERRO'];
      this.#held.push(`\x1b[${color}m${word}\x1b[0m[${seconds}] ${message} \n`);
      return;
    }
    const time = `${new Date(clock.now).toISOString().slice(0, 19)}Z`;
    this.#held.push(`time="${time}" level=${level} msg=${quoted(message)}\n`);
  };

  /** Prints what was said so far. */
  async flush(): Promise<void> {
    for (const line of this.#held.splice(0)) await this.#process.stderr.write(line);
  }
}

const quoted = (text: string): string => (/^[\w./:@^+-]+$/.test(text) ? text : JSON.stringify(text));
