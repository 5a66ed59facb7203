import { unitBytes } from './status';
import { lengthOf, mergeIntervals, TERM_PAD, type Interval, type Trace, type TracedVertex } from './trace';

const TERM_HEIGHT = 6;
const BLUE = '\x1b[34m';
const RED = '\x1b[31m';
const YELLOW = '\x1b[33m';
const FAINT = '\x1b[2m';
const RESET = '\x1b[0m';

interface Job {
  readonly name: string;
  readonly intervals: readonly Interval[];
  readonly completed: boolean;
  readonly status: string;
  readonly color: string;
  readonly vertex?: TracedVertex;
}

/** Redraws a build's steps in place (progressui's ttyDisplay). */
export class TtyDisplay {
  #lines = 0;
  #repeated = false;

  constructor(
    private readonly phase: string,
    private readonly description: string,
    private readonly colors: boolean,
  ) {}

  /** The screen as it is now; `all` at the end, however long it is. */
  print(trace: Trace, now: number, width: number, height: number, all: boolean): string {
    const { jobs, shown } = withTerminals(jobsOf(trace), height, all);
    let text = `${'\x1b[1A'.repeat(this.#lines + 1)}${this.#repeated ? '' : '\x1b[1B'}\x1b[0G\x1b[?25l`;
    this.#repeated = true;
    text += `${this.#head(trace, now, width, all)}\n`;
    let count = 0;
    for (const job of jobs) {
      const line = lineOf(job, now, width);
      if (line === undefined) continue;
      text += this.#paint(line, job.completed ? job.color : '');
      count++;
      const { vertex } = job;
      if (vertex?.term === undefined || !shown.has(job)) continue;
      vertex.term.resize(Math.max(1, width - TERM_PAD), TERM_HEIGHT);
      for (const content of vertex.term.content) {
        if (content.trim() === '') continue;
        text += `${FAINT} => => # ${content}\n${RESET}`;
        count++;
      }
      vertex.termCount++;
    }
    const left = this.#lines - count;
    if (left > 0) text += `${`${' '.repeat(width)}\n`.repeat(left)}\x1b[${left}A\x1b[0G`;
    this.#lines = count;
    return `${text}\x1b[?25h`;
  }

  #paint(line: string, color: string): string {
    return color === '' || !this.colors ? line : `${color}${line}${RESET}`;
  }

  #head(trace: Trace, now: number, width: number, all: boolean): string {
    const total = trace.byDigest.size;
    const completed = [...trace.byDigest.values()].filter((vertex) => vertex.completed).length;
    const state = completed > 0 && completed === total && all ? 'FINISHED' : '';
    const started = trace.startTime === undefined ? now : trace.startTime + trace.localTimeDiff;
    const text = `[+] ${this.phase} ${((now - started) / 1000).toFixed(1)}s (${completed}/${total}) ${state}`;
    return align(text, this.description, this.description === '' ? width : width - 1).slice(0, width);
  }
}

const align = (left: string, right: string, width: number): string =>
  `${left.padEnd(width - right.length - 1)} ${right}`;

function lineOf({ name: whole, intervals, status }: Job, now: number, width: number): string | undefined {
  if (intervals.length === 0) return undefined;
  const taken = intervals.reduce((sum, each) => sum + lengthOf(each, now), 0);
  const timer = ` ${(taken < 0.05 ? 0 : taken).toFixed(1)}s\n`;
  let left = width - 4 - timer.length - 1;
  const showStatus = status !== '' && left + status.length > 20;
  if (showStatus) left -= status.length + 1;
  // Too small a screen to show anything of it.
  if (left < 12) return undefined;
  return align(` => ${whole.slice(0, left)}${showStatus ? ` ${status}` : ''}`, timer, width);
}

/** What there is to show: each step, and below it its parts and its warnings. */
function jobsOf(trace: Trace): readonly Job[] {
  const shift = (time: number): number => time + trace.localTimeDiff;
  const moved = ({ start, stop }: Interval): Interval => ({
    start: shift(start),
    stop: stop === undefined ? undefined : shift(stop),
  });
  return trace.vertexes.flatMap((vertex): readonly Job[] => {
    const name = vertex.name.replaceAll('\t', ' ');
    const failed = vertex.error !== '';
    const prefix = `${vertex.cached ? 'CACHED ' : ''}${failed ? (vertex.canceled ? 'CANCELED ' : 'ERROR ') : ''}`;
    const intervals = [...vertex.intervals.values()].map(moved);
    return [
      {
        name: prefix + name,
        intervals: mergeIntervals(intervals),
        completed: intervals.every(({ stop }) => stop !== undefined),
        status: '',
        color: !failed ? BLUE : vertex.canceled ? YELLOW : RED,
        vertex,
      },
      ...vertex.statuses.map(({ id, current, total, started, completed }): Job => {
        const intervals = started === undefined ? [] : [moved({ start: started, stop: completed })];
        const of = total === 0 ? '' : ` / ${unitBytes(total)}`;
        const status = total === 0 && current === 0 ? '' : `${unitBytes(current)}${of}`;
        return { name: `=> ${id}`, intervals, completed: completed !== undefined, status, color: BLUE };
      }),
      ...vertex.warnings.map(({ short = '' }): Job => {
        const { latest } = vertex;
        const intervals = latest === undefined ? [] : [moved(latest)];
        return { name: `WARN: ${short}`, intervals, completed: false, status: '', color: YELLOW };
      }),
    ];
  });
}

/** Chooses the running steps whose last lines are shown, those first that said most, and fits the rest to the screen. */
function withTerminals(
  jobs: readonly Job[],
  height: number,
  all: boolean,
): { readonly jobs: readonly Job[]; readonly shown: ReadonlySet<Job> } {
  const running = jobs.filter(({ completed }) => !completed);
  const weight = ({ vertex }: Job): number => (vertex === undefined ? 0 : vertex.termBytes + vertex.termCount * 50);
  const candidates = running
    .filter(({ vertex }) => vertex !== undefined && vertex.termBytes > 0)
    .toSorted((a, b) => weight(b) - weight(a));
  const shown = new Set<Job>();
  let free = height - 2 - running.length;
  let hidden = 0;
  for (const job of candidates) {
    if (free <= TERM_HEIGHT + 3) break;
    shown.add(job);
    hidden += job.vertex?.term?.usedHeight ?? 0;
    free -= TERM_HEIGHT + 3;
  }
  return { jobs: all ? jobs : wrapHeight(jobs, height - 2 - hidden), shown };
}

/** The last lines that fit; what still runs above them takes the place of what has completed. */
function wrapHeight(jobs: readonly Job[], limit: number): readonly Job[] {
  if (limit < 0) return [];
  if (jobs.length <= limit) return jobs;
  const visible = jobs.slice(jobs.length - limit);
  const invisible = jobs.slice(0, jobs.length - limit).filter(({ completed }) => !completed);
  if (invisible.length === 0) return visible;
  const kept = visible.filter(({ completed }, index) => !completed || index >= invisible.length);
  const free = visible.length - kept.length;
  return [...invisible.slice(invisible.length - free), ...kept];
}
