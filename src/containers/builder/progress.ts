import type { Clock } from '../../sim/clock';
import { goTimestamp } from '../shim/timestamp';
import type { LineRange, SourceInfo, StatusResponse, VertexStatus } from './contract';
import type { Warning } from './dockerfile/lint';
import type { Range } from './dockerfile/source';

type Told = { -readonly [K in keyof VertexStatus]: VertexStatus[K] };

/** What is told of a vertex while it is at work. */
export interface Shown {
  readonly digest: string;
  readonly name: string;
  readonly inputs?: readonly { readonly digest: string }[];
}

/** Tells the client how the build goes (client.SolveStatus). */
export class Progress {
  readonly #vertices = new Map<string, Told>();
  /** For the build record. */
  steps = 0;
  cachedSteps = 0;
  readonly warnings: Warning[] = [];

  constructor(
    readonly clock: Clock,
    readonly tell: (status: StatusResponse) => void,
  ) {}

  /** Vertices there will be, in an order of their own. */
  pending(shown: readonly Shown[]): void {
    const fresh = shown.filter(({ digest }) => !this.#vertices.has(digest)).map((one) => this.#entry(one));
    if (fresh.length > 0) this.tell({ vertexes: fresh.map((entry) => ({ ...entry })) });
  }

  start(shown: Shown): void {
    const entry = this.#entry(shown);
    entry.started = this.#now();
    delete entry.completed;
    this.tell({ vertexes: [{ ...entry }] });
  }

  /** A source whose key is looked up first: that is told as if it were all, then it begins anew. */
  source(shown: Shown): void {
    this.pending([shown]);
    const entry = this.#entry(shown);
    entry.started = this.#now();
    const looked = { ...entry, completed: entry.started };
    this.tell({ vertexes: [looked, { ...entry }] });
  }

  complete(shown: Shown, { cached = false, error }: { readonly cached?: boolean; readonly error?: string } = {}): void {
    const entry = this.#entry(shown);
    entry.started ??= this.#now();
    entry.completed = this.#now();
    if (cached) entry.cached = true;
    if (error !== undefined) entry.error = error;
    if (!shown.name.startsWith('[internal]')) {
      this.steps++;
      if (cached) this.cachedSteps++;
    }
    this.tell({ vertexes: [{ ...entry }] });
  }

  /** A status line below a vertex: begun now, and perhaps done at once. The result ends it. */
  status(
    vertex: string,
    id: string,
    { first, ...more }: { readonly name?: string; readonly total?: number; readonly first?: number } = {},
  ): (current?: number) => void {
    const started = this.#now();
    const line = { id, vertex, ...more, started };
    this.tell({ statuses: [{ ...line, current: 0, timestamp: started }] });
    // Of a transfer the first packet is told, then (there is a limit in time) the last.
    if (first !== undefined) this.tell({ statuses: [{ ...line, current: first, timestamp: started }] });
    return (current = 0) => {
      const completed = this.#now();
      this.tell({ statuses: [{ ...line, current, timestamp: completed, completed }] });
    };
  }

  log(vertex: string, stream: 1 | 2, msg: string): void {
    this.tell({ logs: [{ vertex, stream, msg, timestamp: this.#now() }] });
  }

  warn(vertex: string, warning: Warning, source: SourceInfo): void {
    this.warnings.push(warning);
    const line = warning.ranges[0]?.start ?? 0;
    this.tell({
      warnings: [
        {
          vertex,
          level: 1,
          short: `${warning.rule}: ${warning.detail}${line > 0 ? ` (line ${line})` : ''}`,
          detail: [warning.description],
          ...(warning.url === '' ? {} : { url: warning.url }),
          sourceInfo: source,
          range: lineRanges(warning.ranges),
        },
      ],
    });
  }

  #entry({ digest, name, inputs = [] }: Shown): Told {
    let entry = this.#vertices.get(digest);
    if (entry === undefined) {
      entry = { digest, ...(inputs.length === 0 ? {} : { inputs: inputs.map((input) => input.digest) }), name };
      this.#vertices.set(digest, entry);
    }
    return entry;
  }

  #now(): string {
    return goTimestamp(this.clock.now);
  }
}

export const lineRanges = (ranges: readonly Range[]): readonly LineRange[] =>
  ranges.map(({ start, end }) => ({ start: { line: start }, end: { line: end } }));
