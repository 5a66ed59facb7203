import type { Process } from '../../../linux/process/types';
import type { Stream } from './log-lines';

/** Cyan first, then the rest; the second round is brighter (formatter/colors.go). */
const rainbow = [36, 33, 32, 35, 34].flatMap((color) => [`${color}`]).concat(['36;1', '33;1', '32;1', '35;1', '34;1']);
const RESET_LINE = '\r\x1b[K';

export interface LogPrinterOptions {
  readonly colors: boolean;
  readonly prefix: boolean;
  readonly timestamps: boolean;
}

/** Lines of several containers, each with its name before it (formatter/logs.go). */
export class LogPrinter {
  readonly #process: Process;
  readonly #options: LogPrinterOptions;
  readonly #names = new Map<string, string | undefined>();
  #width = 0;
  #next = 0;

  constructor(process: Process, options: LogPrinterOptions) {
    this.#process = process;
    this.#options = options;
  }

  /** Makes room for a name: all prefixes are as wide as the widest one. */
  register(name: string): void {
    if (this.#names.has(name)) return;
    const color = this.#options.colors && name !== '' ? rainbow[this.#next++ % rainbow.length] : undefined;
    this.#names.set(name, color);
    this.#width = Math.max(this.#width, name.length + 1);
  }

  async log(name: string, line: string, stream: Stream): Promise<void> {
    this.register(name);
    const { prefix, timestamps } = this.#options;
    const before = prefix ? this.#paint(name, `${name.padEnd(this.#width)} | `) : '';
    const time = timestamps ? `${this.#now()} ` : '';
    await this.#process[stream].write(`${before}${time}${line}\n`);
  }

  /** What happened to a container. */
  async status(name: string, text: string): Promise<void> {
    this.register(name);
    await this.#process.stdout.write(this.#paint(name, `${RESET_LINE}${name} ${text}\n`));
  }

  #paint(name: string, text: string): string {
    const color = this.#names.get(name);
    return color === undefined ? text : `\x1b[${color}m${text}\x1b[0m`;
  }

  #now(): string {
    return new Date(this.#process.clock.now).toISOString().replace('Z', '000000Z');
  }
}
