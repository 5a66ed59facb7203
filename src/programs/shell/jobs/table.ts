import type { WaitStatus } from '../../../linux/process/types';
import { exitCode, signalText } from './signals';

export interface JobProcess {
  readonly pid: number;
  /** Its part of the pipeline, as `jobs -l` shows it. */
  readonly text: string;
  /** Undefined while it runs. */
  status: WaitStatus | undefined;
}

export type JobState = 'running' | 'stopped' | 'done';

/** A pipeline with the number that `%1` means. */
export class Job {
  id = 0;
  background: boolean;
  /** Its present state was shown to the user. */
  notified = false;
  /** `disown -h`: no SIGHUP when the shell ends. */
  keptFromHangup = false;
  readonly processes: JobProcess[] = [];

  constructor(
    /** Process group, if the shell controls jobs; else undefined. */
    public group: number | undefined,
    readonly text: string,
    background: boolean,
  ) {
    this.background = background;
  }

  get state(): JobState {
    let stopped = false;
    for (const { status } of this.processes) {
      if (status === undefined || status.kind === 'continued') return 'running';
      if (status.kind === 'stopped') stopped = true;
    }
    return stopped ? 'stopped' : 'done';
  }

  /** The status of the last process. */
  get last(): WaitStatus | undefined {
    return this.processes.at(-1)?.status;
  }

  get pid(): number {
    return this.processes.at(-1)?.pid ?? 0;
  }

  /** `Running`, `Stopped`, `Done`, `Exit 3`, `Terminated`. */
  get stateText(): string {
    const { state } = this;
    if (state === 'running') return 'Running';
    if (state === 'stopped') {
      const status = this.processes.find((each) => each.status?.kind === 'stopped')?.status;
      return status?.kind === 'stopped' ? signalText(status.signal) : 'Stopped';
    }
    const { last } = this;
    if (last === undefined || last.kind === 'continued') return 'Done';
    if (last.kind === 'exited') return last.code === 0 ? 'Done' : `Exit ${last.code}`;
    return signalText(last.signal);
  }
}

/** Statuses of background processes that ended stay known to `wait` (CHILD_MAX in bash's jobs.c). */
const REMEMBERED = 4096;

/** The jobs of a shell, with the current (`%+`) and the previous one (`%-`). */
export class JobTable {
  readonly #jobs: Job[] = [];
  readonly #ended = new Map<number, number>();
  /** Last is current. */
  #recent: Job[] = [];

  /** What a subshell lists with `jobs`: copies, since it cannot wait for them. */
  fork(): JobTable {
    const copy = new JobTable();
    for (const job of this.#jobs) {
      const twin = new Job(job.group, job.text, job.background);
      twin.id = job.id;
      twin.processes.push(...job.processes.map((each) => ({ ...each })));
      copy.#jobs.push(twin);
      copy.#recent.push(twin);
    }
    return copy;
  }

  get size(): number {
    return this.#jobs.length;
  }

  list(): readonly Job[] {
    return this.#jobs;
  }

  add(job: Job): Job {
    job.id = (this.#jobs.at(-1)?.id ?? 0) + 1;
    this.#jobs.push(job);
    this.touch(job);
    return job;
  }

  /** Makes a job the current one. */
  touch(job: Job): void {
    this.#recent = [...this.#recent.filter((other) => other !== job), job];
  }

  remove(job: Job): void {
    const index = this.#jobs.indexOf(job);
    if (index >= 0) this.#jobs.splice(index, 1);
    this.#recent = this.#recent.filter((other) => other !== job);
  }

  /** Stopped jobs come before running ones (POSIX, `%+`). */
  get #ranked(): readonly Job[] {
    const stopped = this.#recent.filter(({ state }) => state === 'stopped').reverse();
    const others = this.#recent.filter(({ state }) => state !== 'stopped').reverse();
    return [...stopped, ...others];
  }

  get current(): Job | undefined {
    return this.#ranked[0];
  }

  get previous(): Job | undefined {
    return this.#ranked[1];
  }

  mark(job: Job): '+' | '-' | ' ' {
    if (job === this.current) return '+';
    return job === this.previous ? '-' : ' ';
  }

  /** Notes what became of a child; the job it belongs to, if it is one of these. */
  update(pid: number, status: WaitStatus): Job | undefined {
    for (const job of this.#jobs) {
      const part = job.processes.find((each) => each.pid === pid);
      if (part === undefined) continue;
      part.status = status.kind === 'continued' ? undefined : status;
      job.notified = false;
      if (status.kind === 'stopped') this.touch(job);
      if (status.kind === 'exited' || status.kind === 'signaled') this.remember(pid, exitCode(status));
      return job;
    }
    return undefined;
  }

  remember(pid: number, code: number): void {
    this.#ended.set(pid, code);
    const oldest = this.#ended.keys().next();
    if (this.#ended.size > REMEMBERED && oldest.done !== true) this.#ended.delete(oldest.value);
  }

  ended(pid: number): number | undefined {
    return this.#ended.get(pid);
  }

  forget(pid: number): void {
    this.#ended.delete(pid);
  }

  ofPid(pid: number): Job | undefined {
    return this.#jobs.find(({ processes }) => processes.some((each) => each.pid === pid));
  }

  /** `%1`, `%+`, `%%`, `%-`, `%name`, `%?part`; `'ambiguous'` if several begin so. */
  find(spec: string): Job | 'ambiguous' | undefined {
    const text = spec.startsWith('%') ? spec.slice(1) : spec;
    if (text === '' || text === '+' || text === '%') return this.current;
    if (text === '-') return this.previous ?? this.current;
    if (/^\d+$/.test(text)) return this.#jobs.find(({ id }) => id === Number(text));
    const part = text.startsWith('?') ? text.slice(1) : undefined;
    const fitting = this.#jobs.filter((job) =>
      part === undefined ? job.text.startsWith(text) : job.text.includes(part),
    );
    return fitting.length > 1 ? 'ambiguous' : fitting[0];
  }

  /** A line of `jobs`: `[1]+  Running                 sleep 9 &`. */
  line(job: Job, { pids = false }: { readonly pids?: boolean } = {}): string {
    const head = `[${job.id}]${this.mark(job)} ${pids ? `${job.processes[0]?.pid ?? 0} ` : ' '}`;
    const tail = job.state === 'running' && job.background ? ' &' : '';
    return `${head}${job.stateText.padEnd(24)}${job.text}${tail}`;
  }
}
