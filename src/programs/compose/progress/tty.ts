import type { Process } from '../../../linux/process/types';
import type { Progress, ProgressEvent, Status } from './progress';

interface Row {
  event: ProgressEvent;
  readonly started: number;
  ended: number | undefined;
  /** Frames of the spinner that were shown. */
  frame: number;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const marks: Readonly<Record<Exclude<Status, 'working'>, string>> = { done: '✔', warning: '!', error: '✘' };
const colors: Readonly<Record<Status, number>> = { working: 0, done: 32, warning: 33, error: 31 };
const percents = ['⠀', '⡀', '⣀', '⣄', '⣤', '⣦', '⣶', '⣷', '⣿'];
const FRAME = 100;

const paint = (color: number, text: string): string => (color === 0 ? text : `\x1b[${color}m${text}\x1b[0m`);

/** Lines that are drawn again ten times a second (ttyWriter). */
export class TtyProgress implements Progress {
  readonly #process: Process;
  readonly #title: string;
  readonly #prefix: string;
  readonly #rows = new Map<string, Row>();
  readonly #tail: string[] = [];
  #lines = 0;
  #repeated = false;
  #stopped = false;

  constructor(process: Process, title: string, dryRun: boolean) {
    this.#process = process;
    this.#title = title;
    this.#prefix = dryRun ? paint(36, 'DRY-RUN MODE - ') : '';
    process.thread(async () => {
      while (!this.#stopped) {
        await process.sleep(FRAME);
        if (!this.#stopped) await this.#draw();
      }
    });
  }

  event(event: ProgressEvent): Promise<void> {
    const { now } = this.#process.clock;
    const row = this.#rows.get(event.id);
    const ends = event.status === 'working' ? undefined : now;
    if (row === undefined) this.#rows.set(event.id, { event, started: now, ended: ends, frame: 0 });
    else {
      if (event.status === 'working') row.ended = undefined;
      else if (row.event.status !== event.status) row.ended = now;
      const current = Math.max(event.current ?? 0, row.event.current ?? 0);
      const total = Math.max(event.total ?? 0, row.event.total ?? 0);
      row.event = { ...event, current, total };
    }
    return Promise.resolve();
  }

  tail(text: string): void {
    this.#tail.push(text);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#draw();
    for (const line of this.#tail) await this.#process.stderr.write(`${line}\n`);
  }

  async #draw(): Promise<void> {
    if (this.#rows.size === 0) return;
    const columns = this.#process.tty?.size.columns ?? 80;
    const height = this.#process.tty?.size.rows ?? 24;
    let text = '\x1b[1A'.repeat(this.#lines + 1);
    if (!this.#repeated) text += '\x1b[1B';
    this.#repeated = true;
    text += '\x1b[0G\x1b[?25l';
    const rows = [...this.#rows.values()];
    const done = rows.filter(({ event }) => event.status !== 'working').length;
    const head = `[+] ${this.#title} ${done}/${rows.length}`;
    text += `${this.#lines !== 0 && done === this.#lines ? paint(34, head) : head}\n`;
    let padding = 0;
    for (const { event } of rows) {
      padding = Math.max(padding, `${event.id} ${event.detail ?? ''}`.length);
      if (event.parent !== undefined) padding -= 2;
    }
    const parents = rows.filter(({ event }) => event.parent === undefined);
    let drawn = 0;
    for (const row of parents) {
      const children = rows.filter(({ event }) => event.parent === row.event.id);
      text += this.#line(row, children, '', columns, padding);
      drawn++;
      if (rows.length > height - 2) continue;
      for (const child of children) {
        text += this.#line(child, [], '  ', columns, padding);
        drawn++;
      }
    }
    for (let line = drawn; line < this.#lines && drawn < height - 2; line++) {
      text += `${' '.repeat(columns)}\n`;
      drawn++;
    }
    this.#lines = drawn;
    await this.#process.stderr.write(`${text}\x1b[?25h`);
  }

  #line(row: Row, children: readonly Row[], pad: string, columns: number, padding: number): string {
    const { event, started, ended } = row;
    const { status, id, detail = '' } = event;
    const seconds = ((status === 'working' ? this.#process.clock.now : (ended ?? started)) - started) / 1000;
    const bars = status === 'working' ? children.map(({ event: child }) => portion(child)).join('') : '';
    const name = bars === '' ? `${id} ${detail}` : `${id} [${paint(32, bars)}]${amounts(children)} ${detail}`;
    const length = visible(name);
    let { text } = event;
    const most = columns - length - padding - 15;
    if (most > 0 && text.length > most) text = `${text.slice(0, most)}...`;
    const mark =
      status === 'working'
        ? paint(33, spinner[row.frame++ % spinner.length] ?? '')
        : paint(colors[status], marks[status]);
    const gap = ' '.repeat(Math.max(0, padding - length));
    const colored = status === 'working' ? text : paint(colors[status], text);
    const left = `${pad} ${mark} ${this.#prefix}${name}${gap} ${colored}`;
    const right = `${seconds.toFixed(1)}s `;
    const space = ' '.repeat(Math.max(0, columns - visible(left) - right.length));
    return `${left}${space}${paint(34, right)}\n`;
  }
}

const visible = (text: string): number => [...text.replace(/\x1b\[[\d;?]*[a-zA-Z]/g, '')].length;

function portion({ current = 0, total = 0, status }: ProgressEvent): string {
  const percent = status === 'working' ? (total === 0 ? 0 : Math.floor((current * 100) / total)) : 100;
  return percents[Math.floor(((percents.length - 1) * percent) / 100)] ?? '';
}

function amounts(children: readonly Row[]): string {
  if (children.some(({ event }) => event.status === 'working' && (event.total ?? 0) === 0)) return '';
  const sum = (pick: (event: ProgressEvent) => number | undefined): number =>
    children.reduce((total, { event }) => total + (pick(event) ?? 0), 0);
  const total = sum((event) => event.total);
  if (total === 0) return '';
  return ` ${size(sum((event) => event.current)).padStart(7)} / ${size(total).padEnd(7)}`;
}

function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let index = 0;
  for (; value >= 1000 && index < units.length - 1; index++) value /= 1000;
  return `${Number(value.toPrecision(4))}${units[index] ?? ''}`;
}
