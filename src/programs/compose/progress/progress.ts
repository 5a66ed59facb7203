import { TtyProgress } from './tty';
import type { Process } from '../../../linux/process/types';

export type ProgressMode = 'auto' | 'tty' | 'plain' | 'json' | 'quiet';

export type Status = 'working' | 'done' | 'warning' | 'error';

/** Something that a command does, at one moment. */
export interface ProgressEvent {
  /** `Container shop-web-1`. */
  readonly id: string;
  readonly status: Status;
  /** `Creating`, `Created`, … */
  readonly text: string;
  readonly parent?: string;
  readonly detail?: string;
  readonly current?: number;
  readonly total?: number;
}

/** Shows what a command does while it does it. */
export interface Progress {
  event(event: ProgressEvent): Promise<void>;
  /** A line that stands under all others at the end. */
  tail(text: string): void;
  /** Draws for the last time. */
  stop(): Promise<void>;
}

/** One line an event, as it comes (plainWriter). */
class PlainProgress implements Progress {
  readonly #process: Process;
  readonly #prefix: string;

  constructor(process: Process, dryRun: boolean) {
    this.#process = process;
    this.#prefix = dryRun ? ' DRY-RUN MODE - ' : '';
  }

  async event({ id, text, detail = '' }: ProgressEvent): Promise<void> {
    await this.#process.stderr.write(`${this.#prefix} ${id} ${detail} ${text}\n`);
  }

  tail(text: string): void {
    void this.#process.stderr.write(`${this.#prefix}${text}\n`);
  }

  async stop(): Promise<void> {
    // Every line is out already.
  }
}

/** JSON lines (jsonWriter). */
class JsonProgress implements Progress {
  readonly #process: Process;

  constructor(process: Process) {
    this.#process = process;
  }

  async event({ id, parent, text, status, current, total }: ProgressEvent): Promise<void> {
    const message = {
      ...(status === 'error' ? { error: true } : {}),
      id,
      ...(parent === undefined ? {} : { parent_id: parent }),
      status: words[status],
      text,
      ...(current === undefined ? {} : { current }),
      ...(total === undefined ? {} : { total }),
    };
    await this.#process.stderr.write(`${JSON.stringify(message)}\n`);
  }

  tail(text: string): void {
    void this.#process.stderr.write(`${JSON.stringify({ tail: true, text })}\n`);
  }

  async stop(): Promise<void> {
    // Every line is out already.
  }
}

const words: Readonly<Record<Status, string>> = {
  working: 'Working',
  done: 'Done',
  warning: 'Warning',
  error: 'Error',
};

class QuietProgress implements Progress {
  async event(): Promise<void> {
    // Says nothing.
  }
  tail(): void {
    // Says nothing.
  }
  async stop(): Promise<void> {
    // Says nothing.
  }
}

export interface ProgressOptions {
  readonly process: Process;
  readonly mode: ProgressMode;
  readonly dryRun: boolean;
  readonly title: string;
}

/** How this command's progress is to be shown. */
export function newProgress({ process, mode, dryRun, title }: ProgressOptions): Progress {
  if (mode === 'quiet') return new QuietProgress();
  if (mode === 'json') return new JsonProgress(process);
  if (mode === 'tty' || (mode === 'auto' && process.fds.get(2)?.kind === 'tty'))
    return new TtyProgress(process, title, dryRun);
  return new PlainProgress(process, dryRun);
}
