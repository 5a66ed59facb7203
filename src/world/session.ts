import * as v from 'valibot';
import type { Input, RecordedInput, Session } from './protocol';

const terminal = v.pipe(v.string(), v.maxLength(64));
const cells = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000));

const inputSchema = v.variant('kind', [
  v.object({ kind: v.literal('open'), terminal, host: v.string(), rows: cells, columns: cells }),
  v.object({ kind: v.literal('type'), terminal, data: v.string() }),
  v.object({ kind: v.literal('resize'), terminal, rows: cells, columns: cells }),
  v.object({ kind: v.literal('close'), terminal }),
  v.object({ kind: v.literal('scenario'), slug: v.pipe(v.string(), v.regex(/^[\w-]+$/)) }),
  v.object({ kind: v.literal('check'), step: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
]);

const sessionSchema = v.object({
  version: v.literal(1),
  seed: v.pipe(v.number(), v.integer()),
  topology: v.string(),
  inputs: v.array(v.object({ at: v.number(), input: inputSchema })),
  until: v.number(),
});

/** A stored or shared session is hostile until parsed. Undefined with a reason where it is not one of ours. */
export function parseSession(stored: unknown): { readonly session: Session } | { readonly error: string } {
  const result = v.safeParse(sessionSchema, stored);
  if (!result.success) {
    const [issue] = result.issues;
    return { error: `${v.getDotPath(issue) ?? 'session'}: ${issue.message}` };
  }
  const { inputs } = result.output;
  for (const [index, next] of inputs.slice(1).entries()) {
    if (next.at < (inputs[index]?.at ?? 0)) return { error: `inputs.${index + 1}.at: goes back in time` };
  }
  return { session: result.output };
}

/** Keeps what was typed and when. `changed` is told after each input, so that somebody can store it. */
export class SessionLog {
  readonly #inputs: RecordedInput[] = [];

  constructor(
    readonly seed: number,
    readonly topology: string,
    readonly changed: () => void = () => undefined,
  ) {}

  record(at: number, input: Input): void {
    this.#inputs.push({ at, input });
    this.changed();
  }

  /** The session up to virtual instant `until`. */
  at(until: number): Session {
    return { version: 1, seed: this.seed, topology: this.topology, inputs: [...this.#inputs], until };
  }
}

/** What a replay needs of a world. */
export interface Replayable {
  advanceTo(instant: number): Promise<void>;
  apply(input: Input): void;
}

/**
 * Does everything again, each input at its virtual instant. An input is applied after all that was due at its instant,
 * and so it was when it was recorded: that makes the two worlds the same, byte for byte.
 */
export async function replay(
  world: Replayable,
  session: Session,
  progress: (done: number) => void = () => undefined,
): Promise<void> {
  for (const [index, { at, input }] of session.inputs.entries()) {
    await world.advanceTo(at);
    world.apply(input);
    progress((index + 1) / (session.inputs.length + 1));
  }
  await world.advanceTo(session.until);
  progress(1);
}
