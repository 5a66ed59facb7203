import type { Lab } from '../src/cluster/lab';
import { concat, decode } from '../src/linux/io/bytes';
import { startLine, statusOf } from '../src/world/node/run-line';

export interface ShellLine {
  readonly line: string;
  readonly stdin?: string | undefined;
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** Virtual milliseconds after which it is killed. */
  readonly limit: number;
}

export interface ShellAnswer {
  readonly stdout: string;
  readonly stderr: string;
  /** null if it had to be killed. */
  readonly code: number | null;
}

/** Puts files into the learner's home; names may be absolute. */
export function writeFiles(lab: Lab, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const absolute = path.startsWith('/') ? path : `/root/${path}`;
    lab.first.fs.mkdirAll(absolute.slice(0, absolute.lastIndexOf('/')) || '/');
    lab.first.fs.writeFile(absolute, text);
  }
}

/** Runs one line in a shell of the learner's host. */
export async function runShell(lab: Lab, { line, stdin, files = {}, limit }: ShellLine): Promise<ShellAnswer> {
  writeFiles(lab, files);
  if (stdin !== undefined) lab.first.fs.writeFile('/run/.stdin', stdin);
  const input = lab.first.fs.open(stdin === undefined ? '/dev/null' : '/run/.stdin', { read: true });
  if (!input.ok) throw new Error(`/dev/null: ${input.error.message}`);
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const process = startLine(
    { lab },
    {
      argv: ['bash', '-c', line],
      stdin: input.value,
      stdout: (bytes) => stdout.push(bytes) > 0,
      stderr: (bytes) => stderr.push(bytes) > 0,
    },
  );
  await lab.clock.runUntil(() => process.status !== undefined, { limit });
  const { status } = process;
  if (status === undefined) {
    lab.first.kernel.signalSession(process.pid, 'SIGKILL');
    lab.clock.wake();
  }
  await lab.clock.advanceTo(lab.clock.now);
  return {
    stdout: decode(concat(stdout)),
    stderr: decode(concat(stderr)),
    code: status === undefined ? null : statusOf(status),
  };
}
