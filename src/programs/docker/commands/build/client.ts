import type { BuildError, LintResults } from '../../../../containers/builder/contract';
import type { Process } from '../../../../linux/process/types';
import { ApiRefusal } from '../../cli/api';
import { CommandError, type Invocation } from '../../cli/command';
import { allAuths } from '../../cli/registry-auth';
import { isTerminal } from '../../cli/streams';
import { jsonLines } from '../../cli/json-lines';
import { Mailbox } from './mailbox';
import { createDisplay, TICKER, type DisplayMode } from './progress/display';
import type { SolveStatus, Vertex, VertexWarning } from './progress/status';

/** One line of what `POST /build?version=2` answers. */
interface BuildMessage {
  readonly id?: string;
  readonly aux?: unknown;
  readonly error?: string;
  readonly errorDetail?: BuildError;
}

type Event =
  | { readonly kind: 'message'; readonly message: BuildMessage }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'interrupt' };

/** How a build went. */
export interface BuildResult {
  readonly image: string;
  readonly lint: LintResults | undefined;
  readonly error: BuildError | undefined;
  readonly interrupted: boolean;
  readonly warnings: readonly VertexWarning[];
  /** Of the exporter and the frontend, for `--metadata-file`. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Shown {
  readonly mode: DisplayMode;
  readonly builder: string;
  readonly phase?: string;
  /** The description at the top of plain output; `history logs` has none. */
  readonly described?: boolean;
  /** What was done here before the build, and after it went well. */
  readonly before?: readonly SolveStatus[];
  readonly after?: (now: number) => AsyncIterable<SolveStatus>;
}

/** `auto` is a redrawn screen on a terminal, plain text elsewhere (progressui.NewDisplay). */
export function modeOf(process: Process, wanted: string): Exclude<DisplayMode, 'auto'> {
  const given = wanted === 'auto' || wanted === '' ? (process.env.get('BUILDKIT_PROGRESS') ?? '') : wanted;
  const terminal = isTerminal(process, 2);
  switch (given) {
    case '':
    case 'auto':
      return terminal ? 'tty' : 'plain';
    case 'tty':
      if (!terminal) throw new CommandError('failed to get console: provided file is not a console');
      return 'tty';
    case 'plain':
    case 'rawjson':
    case 'quiet':
      return given;
    default:
      throw new CommandError(`invalid progress mode ${given}`);
  }
}

/** Sends a build to the engine and shows how it goes on standard error. */
export async function runRemoteBuild(
  { api, session }: Pick<Invocation, 'api' | 'session'>,
  path: string,
  body: Uint8Array,
  shown: Shown,
): Promise<BuildResult> {
  const { process } = api;
  const events = new Mailbox<Event>(process);
  const undo = process.signals.handle('SIGINT', () => events.put({ kind: 'interrupt' }));
  let close = (): void => undefined;
  process.thread(async () => {
    try {
      const response = await api.stream('POST', path, body, allAuths(session.config));
      close = () => response.close();
      for await (const message of jsonLines<BuildMessage>(response.body)) events.put({ kind: 'message', message });
      events.put({ kind: 'end' });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      events.put({ kind: 'failed', error });
    }
  });
  try {
    return await show(process, events, shown, () => close());
  } finally {
    undo();
  }
}

async function show(process: Process, events: Mailbox<Event>, shown: Shown, close: () => void): Promise<BuildResult> {
  const screen = screenOf(process, shown);
  const running = new Map<string, Vertex>();
  const warnings: VertexWarning[] = [];
  let metadata: Readonly<Record<string, unknown>> = {};
  let image = '';
  let lint: LintResults | undefined;
  let error: BuildError | undefined;
  let interrupted = false;
  // Times of the engine may be ahead of ours by a moment.
  let latest = 0;
  for (const status of shown.before ?? []) await screen.update(status);
  for (;;) {
    const event = await events.take(TICKER);
    if (event === undefined) {
      await screen.refresh();
      continue;
    }
    if (event.kind === 'end') break;
    if (event.kind === 'failed') {
      await screen.done();
      throw event.error instanceof ApiRefusal ? new CommandError(event.error.message) : event.error;
    }
    if (event.kind === 'interrupt') {
      interrupted = true;
      close();
      const completed = new Date(process.clock.now).toISOString();
      const vertexes = [...running.values()].map((each) => ({ ...each, completed, error: 'context canceled' }));
      if (vertexes.length > 0) await screen.update({ vertexes });
      break;
    }
    const { id, aux, error: text, errorDetail } = event.message;
    if (id === 'moby.buildkit.trace') {
      const status = aux as SolveStatus;
      warnings.push(...(status.warnings ?? []));
      for (const vertex of status.vertexes ?? []) {
        latest = Math.max(latest, Date.parse(vertex.completed ?? '') || 0);
        if (vertex.started !== undefined && vertex.completed === undefined) running.set(vertex.digest, vertex);
        else running.delete(vertex.digest);
      }
      await screen.update(status);
    } else if (id === 'moby.image.id') image = (aux as { ID: string }).ID;
    else if (id === 'moby.buildkit.lint') lint = aux as LintResults;
    else if (id === 'moby.buildkit.metadata') metadata = aux as Record<string, unknown>;
    else if (text !== undefined) error = errorDetail ?? { message: text };
  }
  if (error === undefined && !interrupted)
    try {
      for await (const status of shown.after?.(Math.max(process.clock.now, latest + 1)) ?? [])
        await screen.update(status);
    } catch (thrown) {
      await screen.done();
      throw thrown;
    }
  await screen.done();
  return { image, lint, error, interrupted, warnings, metadata };
}

/** Progress on standard error. */
export function screenOf(process: Process, { mode, builder, phase, described = true }: Shown) {
  const display = createDisplay({
    mode: modeOf(process, mode),
    ...(phase === undefined ? {} : { phase }),
    textDescription: described ? `building with ${JSON.stringify(builder)} instance using docker driver` : '',
    consoleDescription: described ? `docker:${builder}` : '',
    size: () => process.tty?.size ?? { rows: 0, columns: 0 },
    env: process.env,
  });
  const write = async (text: string): Promise<void> => {
    if (text !== '') await process.stderr.write(text);
  };
  return {
    update: (status: SolveStatus) => write(display.update(status, process.clock.now)),
    refresh: () => write(display.refresh(process.clock.now)),
    done: () => write(display.done(process.clock.now)),
  };
}
