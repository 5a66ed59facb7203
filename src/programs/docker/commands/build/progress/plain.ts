import { unitBytes } from './status';
import { lengthOf, type Trace, type TracedVertex } from './trace';

const ANTI_FLICKER = 5;
const MAX_DELAY = 10_000;
const MIN_TIME_DELTA = 5_000;
const MIN_PROGRESS_DELTA = 0.05;
const LOGS_BUFFER = 10;

/** Prints a build's steps one below the other, switching between those that run side by side (progressui's textMux). */
export class TextMux {
  #current: TracedVertex | undefined;
  #notFirst = false;
  #nextIndex = 0;
  readonly #last = new Map<string, { readonly current: number; readonly timestamp: number }>();
  #text = '';

  constructor(
    private readonly description: string,
    private readonly truncate = false,
  ) {}

  /** What is to be printed now. */
  print(trace: Trace, now: number): string {
    this.#text = '';
    this.#choose(trace, now);
    return this.#text;
  }

  #choose(trace: Trace, now: number): void {
    const completed = [...trace.updates].filter((vertex) => vertex.completed);
    const rest = new Set([...trace.updates].filter((vertex) => !vertex.completed));
    const current = this.#current;
    const currentDone = current !== undefined && completed.includes(current);
    // What has completed is printed first.
    if (currentDone) this.#vertex(trace, current, now);
    for (const vertex of completed.toSorted((a, b) => (a.latest?.stop ?? 0) - (b.latest?.stop ?? 0)))
      if (vertex !== current) this.#vertex(trace, vertex, now);
    if (rest.size === 0) {
      if (current !== undefined && current.started && !current.completed) return;
      const open = [...trace.byDigest.values()].find((vertex) => vertex.started && !vertex.completed);
      if (open !== undefined) this.#vertex(trace, open, now);
      return;
    }
    if (current !== undefined && rest.has(current)) this.#vertex(trace, current, now);
    if (current !== undefined) rest.add(current);
    const stats = [...rest].map((vertex) => {
      const blocked = now - vertex.lastBlockTime;
      return {
        vertex,
        blocked: blocked / 1000,
        speed: blocked === 0 ? vertex.count * 1e6 : vertex.count / (blocked / 1000),
        overLimit: blocked > MAX_DELAY && vertex !== current,
      };
    });
    const sum = stats.reduce((total, { speed }) => total + speed, 0);
    const fastest = stats.reduce((best, next) => (next.overLimit || best.speed < next.speed ? next : best));
    const own = stats.find(({ vertex }) => vertex === current);
    if (currentDone || own === undefined) return this.#vertex(trace, fastest.vertex, now);
    const hidden = stats.find(({ overLimit }) => overLimit);
    if (hidden !== undefined) return this.#vertex(trace, hidden.vertex, now);
    // A fair split between those that have something to say.
    const share = sum === 0 ? 0 : own.speed / sum;
    if ((1 / (1 - share)) * ANTI_FLICKER < own.blocked) this.#vertex(trace, fastest.vertex, now);
  }

  #vertex(trace: Trace, vertex: TracedVertex, now: number): void {
    if (vertex.index === 0) vertex.index = ++this.#nextIndex;
    if (vertex !== this.#current) this.#switchTo(vertex);
    const line = (text: string): void => void (this.#text += `#${vertex.index} ${text}\n`);
    const isOpen = this.#statuses(vertex, line);
    for (; vertex.warningIndex < vertex.warnings.length; vertex.warningIndex++)
      line(`WARN: ${vertex.warnings[vertex.warningIndex]?.short ?? ''}`);
    this.#logs(vertex);
    this.#current = vertex;
    if (vertex.completed && !isOpen) {
      this.#current = undefined;
      vertex.count = 0;
      if (vertex.logsPartial) this.#text += '\n';
      if (vertex.error !== '') line(vertex.canceled ? 'CANCELED' : `ERROR: ${vertex.error}`);
      else if (vertex.cached) line('CACHED');
      else line(`DONE ${vertex.merged.reduce((sum, each) => sum + lengthOf(each, now), 0).toFixed(1)}s`);
    }
    trace.updates.delete(vertex);
  }

  #switchTo(vertex: TracedVertex): void {
    const old = this.#current;
    if (old !== undefined) {
      if (old.logsPartial) this.#text += '\n';
      old.logsOffset = 0;
      old.count = 0;
      this.#text += `#${old.index} ...\n`;
    }
    if (this.#notFirst) this.#text += '\n';
    else if (this.description !== '') this.#text += `#0 ${this.description}\n\n`;
    this.#notFirst = true;
    const name = this.truncate && vertex.name.length > 72 ? `${vertex.name.slice(0, 72)}...` : vertex.name;
    this.#text += `#${vertex.index} ${name}\n`;
  }

  /** Prints what changed enough; true while one of them is open. */
  #statuses(vertex: TracedVertex, line: (text: string) => void): boolean {
    let isOpen = false;
    for (const { id, total, current, timestamp, started, completed } of vertex.statuses) {
      if (!vertex.statusUpdates.has(id)) continue;
      const last = this.#last.get(id);
      if (last !== undefined && completed === undefined) {
        const progress = total > 0 ? (current - last.current) / total : 0;
        if (progress < MIN_PROGRESS_DELTA && timestamp - last.timestamp < MIN_TIME_DELTA) continue;
      }
      this.#last.set(id, { current, timestamp });
      let text = id;
      if (total !== 0) text += ` ${unitBytes(current)} / ${unitBytes(total)}`;
      else if (current !== 0) text += ` ${unitBytes(current)}`;
      const taken = started === undefined ? 0 : ((completed ?? timestamp) - started) / 1000;
      if (taken > 0.01) text += ` ${taken.toFixed(1)}s`;
      if (completed === undefined) isOpen = true;
      line(completed === undefined ? text : `${text} done`);
    }
    vertex.statusUpdates.clear();
    return isOpen;
  }

  #logs(vertex: TracedVertex): void {
    const { logs, logsPartial } = vertex;
    logs.forEach((whole, index) => {
      const printed = index === 0 ? vertex.logsOffset : 0;
      const text = whole.slice(printed);
      const partial = logsPartial && index === logs.length - 1;
      this.#text += `${printed === 0 ? `#${vertex.index} ` : ''}${text}${partial ? '' : '\n'}`;
      // Upstream's ring of the last lines moves on only while no line is open.
      if (logsPartial) vertex.lastPartial = text;
      else {
        vertex.lastLogs = [...vertex.lastLogs, text].slice(-LOGS_BUFFER);
        vertex.lastPartial = undefined;
      }
    });
    if (logs.length === 0) return;
    vertex.logs = logsPartial ? logs.slice(-1) : [];
    vertex.logsOffset = logsPartial ? (logs.at(-1) ?? '').length : 0;
  }
}
