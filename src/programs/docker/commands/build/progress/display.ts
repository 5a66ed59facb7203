import { encode } from '../../../../../linux/io/bytes';
import { TextMux } from './plain';
import type { SolveStatus, VertexLog } from './status';
import { Trace } from './trace';
import { TtyDisplay } from './tty';

/** `--progress`. */
export type DisplayMode = 'auto' | 'plain' | 'tty' | 'rawjson' | 'quiet';

/** A way to show a build's progress. Each call gives what is to be written. */
export interface Display {
  update(status: SolveStatus, now: number): string;
  /** Some time passed without news. */
  refresh(now: number): string;
  done(now: number): string;
}

/** No more often than this is anything drawn. */
const DISPLAY_RATE = 100;
/** After so long without news it is drawn again. */
export const TICKER = 150;

export interface DisplayOptions {
  readonly mode: Exclude<DisplayMode, 'auto'>;
  readonly phase?: string;
  /** `building with "default" instance using docker driver`. */
  readonly textDescription: string;
  /** `docker:default`. */
  readonly consoleDescription: string;
  readonly size: () => { readonly rows: number; readonly columns: number };
  readonly env: ReadonlyMap<string, string>;
}

/** The display of a mode (progressui.NewDisplay). */
export function createDisplay(options: DisplayOptions): Display {
  if (options.mode === 'quiet') return { update: () => '', refresh: () => '', done: () => '' };
  if (options.mode === 'rawjson') return { update: rawJson, refresh: () => '', done: () => '' };
  const trace = new Trace(options.mode === 'tty');
  const draw = options.mode === 'tty' ? drawTty(options, trace) : drawPlain(options, trace);
  const limiter = new Limiter(DISPLAY_RATE);
  return {
    update(status, now) {
      trace.update(status, options.mode === 'tty' ? options.size().columns : 80, now);
      return limiter.allow(now) ? draw(now, false) : '';
    },
    refresh: (now) => draw(now, false),
    done: (now) => draw(now, true) + trace.errorLogs(),
  };
}

type Draw = (now: number, all: boolean) => string;

function drawTty({ phase = 'Building', consoleDescription, size, env }: DisplayOptions, trace: Trace): Draw {
  const display = new TtyDisplay(phase, consoleDescription, (env.get('NO_COLOR') ?? '') === '');
  return (now, all) => {
    const { rows, columns } = size();
    return display.print(trace, now, columns > 0 ? columns : 80, rows > 0 ? rows : 10, all);
  };
}

function drawPlain({ textDescription, env }: DisplayOptions, trace: Trace): Draw {
  const mux = new TextMux(textDescription, env.get('PROGRESS_NO_TRUNC') === '0');
  return (now) => mux.print(trace, now);
}

/** golang.org/x/time/rate with a burst of one. */
class Limiter {
  #tokens = 1;
  #at: number | undefined;

  constructor(private readonly every: number) {}

  allow(now: number): boolean {
    this.#tokens = Math.min(1, this.#tokens + (now - (this.#at ?? now)) / this.every);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

/** One status as client.SolveStatus is marshalled. */
function rawJson(status: SolveStatus): string {
  const { vertexes, statuses, logs, warnings } = status;
  const log = ({ vertex, stream, msg, timestamp }: VertexLog): object => ({
    vertex,
    stream,
    data: base64(msg ?? ''),
    timestamp,
  });
  const value = {
    vertexes: vertexes?.map(({ digest, inputs, name, started, completed, cached, error }) => ({
      digest,
      inputs: inputs === undefined || inputs.length === 0 ? undefined : inputs,
      name: name || undefined,
      started,
      completed,
      cached: cached || undefined,
      error: error || undefined,
    })),
    statuses: statuses?.map(({ id, vertex, name, total, current, timestamp, started, completed }) => ({
      id,
      vertex,
      name: name || undefined,
      total: total || undefined,
      current: current ?? 0,
      timestamp,
      started,
      completed,
    })),
    logs: logs?.map(log),
    warnings: warnings?.map(({ vertex, level, short, detail, url, sourceInfo, range }) => ({
      vertex: vertex || undefined,
      level: level || undefined,
      short: short === undefined || short === '' ? undefined : base64(short),
      detail: detail === undefined || detail.length === 0 ? undefined : detail.map(base64),
      url: url || undefined,
      sourceInfo: sourceInfo && { ...sourceInfo, data: base64(sourceInfo.data ?? '') },
      range,
    })),
  };
  const present = Object.fromEntries(Object.entries(value).filter(([, list]) => list !== undefined && list.length > 0));
  return `${goMarshal(present)}\n`;
}

/** []byte in JSON. */
const base64 = (text: string): string => btoa(String.fromCharCode(...encode(text)));

/** JSON as encoding/json writes a struct: what HTML would read is escaped, members that are undefined are left out. */
export const goMarshal = (value: unknown, indent = ''): string =>
  JSON.stringify(value, undefined, indent).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
