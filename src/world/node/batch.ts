import * as v from 'valibot';
import { concat, decode } from '../../linux/io/bytes';
import type { World } from '../world';
import { runLine } from './run-line';

const entrySchema = v.object({
  id: v.union([v.string(), v.number()]),
  line: v.string(),
  files: v.optional(v.record(v.string(), v.string())),
  fresh: v.optional(v.boolean()),
  stdin: v.optional(v.string()),
});
export type BatchEntry = v.InferOutput<typeof entrySchema>;

export interface BatchResult {
  readonly id: string | number;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly virtualMs: number;
  readonly cpuMs: number;
  readonly stateHash: string;
}

/** One line of a batch file. */
export function parseEntry(text: string): BatchEntry | { readonly error: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (fault) {
    return { error: fault instanceof Error ? fault.message : String(fault) };
  }
  const parsed = v.safeParse(entrySchema, value);
  if (parsed.success) return parsed.output;
  return { error: `${v.getDotPath(parsed.issues[0]) ?? 'entry'}: ${parsed.issues[0].message}` };
}

export interface BatchOptions {
  readonly fresh: () => Promise<World>;
  /** CPU milliseconds of this process so far. */
  readonly cpu: () => number;
}

/** Runs the entries one after the other, each line in a shell of its own, in one world until one asks for a fresh one. */
export async function* runBatch(
  entries: Iterable<BatchEntry>,
  { fresh, cpu }: BatchOptions,
): AsyncGenerator<BatchResult> {
  let world: World | undefined;
  for (const entry of entries) {
    if (world === undefined || entry.fresh === true) world = await fresh();
    yield await runEntry(world, entry, cpu);
  }
}

async function runEntry(world: World, entry: BatchEntry, cpu: () => number): Promise<BatchResult> {
  const { lab } = world;
  for (const [path, text] of Object.entries(entry.files ?? {})) {
    const absolute = path.startsWith('/') ? path : `/root/${path}`;
    lab.first.fs.mkdirAll(absolute.slice(0, absolute.lastIndexOf('/')) || '/');
    lab.first.fs.writeFile(absolute, text);
  }
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const began = { virtual: lab.clock.now, cpu: cpu() };
  lab.first.fs.writeFile('/tmp/.stdin', entry.stdin ?? '');
  const stdin = lab.first.fs.open(entry.stdin === undefined ? '/dev/null' : '/tmp/.stdin', { read: true });
  if (!stdin.ok) throw new Error(`/dev/null: ${stdin.error.message}`);
  const code = await runLine(world, {
    argv: ['bash', '-c', entry.line],
    stdin: stdin.value,
    stdout: (bytes) => stdout.push(bytes) > 0,
    stderr: (bytes) => stderr.push(bytes) > 0,
  });
  return {
    id: entry.id,
    stdout: decode(concat(stdout)),
    stderr: decode(concat(stderr)),
    code,
    virtualMs: lab.clock.now - began.virtual,
    cpuMs: Math.round((cpu() - began.cpu) * 100) / 100,
    stateHash: world.hash,
  };
}
