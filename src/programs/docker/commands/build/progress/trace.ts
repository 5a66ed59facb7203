import { encode } from '../../../../../linux/io/bytes';
import { instant, type SolveStatus, type Vertex, type VertexWarning } from './status';
import { VirtualTerminal } from './vt100';

/** When something ran, in milliseconds; without `stop` it runs still. */
export interface Interval {
  readonly start: number;
  readonly stop: number | undefined;
}

export const lengthOf = ({ start, stop }: Interval, now: number): number => ((stop ?? now) - start) / 1000;

interface Status {
  readonly id: string;
  readonly total: number;
  readonly current: number;
  readonly timestamp: number;
  readonly started: number | undefined;
  readonly completed: number | undefined;
}

/** One step of the build and what there is to print of it. */
export class TracedVertex {
  name = '';
  error = '';
  cached = false;
  /** Its number in plain output, once it was printed. */
  index = 0;
  readonly statuses: Status[] = [];
  readonly statusUpdates = new Set<string>();
  logs: string[] = [];
  logsPartial = false;
  logsOffset = 0;
  /** The last lines, for the report of a failure. */
  lastLogs: string[] = [];
  /** The line that a partial write left open, kept until it is complete. */
  lastPartial: string | undefined;
  readonly warnings: VertexWarning[] = [];
  warningIndex = 0;
  /** How much there was to tell since it was last printed. */
  count = 0;
  lastBlockTime = 0;
  merged: readonly Interval[] = [];
  readonly intervals = new Map<number, Interval>();
  term: VirtualTerminal | undefined;
  termBytes = 0;
  termCount = 0;
  #previous: Vertex | undefined;

  constructor(readonly digest: string) {}

  get started(): boolean {
    return this.merged.length > 0;
  }

  get latest(): Interval | undefined {
    return this.merged.at(-1);
  }

  get completed(): boolean {
    return this.latest?.stop !== undefined;
  }

  get canceled(): boolean {
    return this.error.endsWith('context canceled');
  }

  touch(now: number): void {
    if (this.count === 0) this.lastBlockTime = now;
    this.count++;
  }

  /** Takes over what is told of the vertex; true if that is worth printing. */
  change(vertex: Vertex): boolean {
    const before = this.#previous;
    if (vertex.started === undefined) {
      if (!this.started) this.#take(vertex);
      return false;
    }
    this.#take(vertex);
    const start = instant(vertex.started);
    this.intervals.set(start, {
      start,
      stop: vertex.completed === undefined ? undefined : instant(vertex.completed),
    });
    this.merged = mergeIntervals([...this.intervals.values()]);
    this.#previous = vertex;
    return (
      before === undefined ||
      vertex.name !== before.name ||
      vertex.started !== before.started ||
      vertex.completed !== undefined ||
      (vertex.cached ?? false) !== (before.cached ?? false) ||
      (vertex.error ?? '') !== (before.error ?? '')
    );
  }

  #take(vertex: Vertex): void {
    this.name = vertex.name ?? '';
    this.error = vertex.error ?? '';
    this.cached = vertex.cached ?? false;
  }
}

/** Everything that was told of a build (progressui's trace). */
export class Trace {
  readonly vertexes: TracedVertex[] = [];
  readonly byDigest = new Map<string, TracedVertex>();
  readonly updates = new Set<TracedVertex>();
  startTime: number | undefined;
  /** What the engine's clock is behind ours. */
  localTimeDiff = 0;

  constructor(readonly console: boolean) {}

  update(status: SolveStatus, width: number, now: number): void {
    for (const told of status.vertexes ?? []) {
      if (this.startTime === undefined && told.started !== undefined) this.startTime = instant(told.started);
      let vertex = this.byDigest.get(told.digest);
      if (vertex === undefined) {
        vertex = new TracedVertex(told.digest);
        if (this.console) vertex.term = new VirtualTerminal(Math.max(1, width - TERM_PAD));
        this.byDigest.set(told.digest, vertex);
      }
      const wasStarted = vertex.started;
      if (vertex.change(told)) {
        vertex.touch(now);
        this.updates.add(vertex);
      }
      if (told.started !== undefined && !wasStarted) {
        if (this.localTimeDiff === 0) this.localTimeDiff = now - instant(told.started);
        this.vertexes.push(vertex);
      }
    }
    this.#statuses(status, now);
    for (const warning of status.warnings ?? []) {
      const vertex = this.byDigest.get(warning.vertex ?? '');
      vertex?.warnings.push(warning);
      vertex?.touch(now);
    }
    this.#logs(status, width, now);
  }

  #statuses(status: SolveStatus, now: number): void {
    for (const told of status.statuses ?? []) {
      const vertex = this.byDigest.get(told.vertex);
      if (vertex === undefined) continue;
      const time = (text: string | undefined): number | undefined => (text === undefined ? undefined : instant(text));
      const next: Status = {
        id: told.id,
        total: told.total ?? 0,
        current: told.current ?? 0,
        timestamp: time(told.timestamp) ?? now,
        started: time(told.started),
        completed: time(told.completed),
      };
      const at = vertex.statuses.findIndex(({ id }) => id === told.id);
      if (at >= 0) vertex.statuses[at] = next;
      else if (next.started !== undefined) vertex.statuses.push(next);
      vertex.statusUpdates.add(told.id);
      this.updates.add(vertex);
      vertex.touch(now);
    }
  }

  #logs(status: SolveStatus, width: number, now: number): void {
    for (const { vertex: digest, msg: text = '', timestamp } of status.logs ?? []) {
      const vertex = this.byDigest.get(digest);
      if (vertex === undefined) continue;
      if (vertex.term !== undefined) {
        vertex.term.resize(Math.max(1, width - TERM_PAD));
        vertex.termBytes += encode(text).length;
        vertex.term.write(text);
      }
      const complete = text.endsWith('\n');
      const lines = text.split('\n');
      if (complete || text === '') lines.pop();
      const since = (timestamp === undefined ? now : instant(timestamp)) - (vertex.latest?.start ?? now);
      lines.forEach((line, index) => {
        const last = vertex.logs.length - 1;
        if (vertex.logsPartial && last >= 0 && index === 0) vertex.logs[last] += line;
        else vertex.logs.push(`${seconds(since / 1000)} ${line}`);
      });
      vertex.logsPartial = !complete;
      this.updates.add(vertex);
      vertex.touch(now);
    }
  }

  /** What the failed steps said last. */
  errorLogs(): string {
    let text = '';
    for (const vertex of this.vertexes) {
      if (vertex.error === '' || vertex.canceled) continue;
      text += `------\n > ${vertex.name}:\n`;
      const partial = vertex.lastPartial === undefined ? [] : [vertex.lastPartial];
      for (const line of [...vertex.logs, ...partial, ...vertex.lastLogs]) text += `${line}\n`;
      text += '------\n';
    }
    return text;
  }
}

/** Columns that a step's own terminal is narrower than ours. */
export const TERM_PAD = 10;

const seconds = (value: number): string => value.toFixed(value < 10 ? 3 : value < 100 ? 2 : 1);

/** Joins what overlaps; what has no end takes in all that follows. */
export function mergeIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const merged: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => a.start - b.start)) {
    const current = merged.at(-1);
    if (current === undefined) merged.push(next);
    else if (current.stop === undefined) return merged;
    else if (current.stop < next.start) merged.push(next);
    else if (next.stop === undefined || next.stop > current.stop)
      merged[merged.length - 1] = { start: current.start, stop: next.stop };
  }
  return merged;
}
