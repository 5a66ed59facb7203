import type { Process } from '../../linux/process/types';
import { usageError, type Failure } from './errors';
import type { Factory } from './factory';
import type { FlagSet } from './flags/flag-set';

/** A command at work: its words, and where it reads and writes. */
export interface Cli {
  readonly process: Process;
  /** `kubectl create deployment`. */
  readonly path: string;
  readonly flags: FlagSet;
  readonly args: readonly string[];
  /** How many arguments stood before `--`; -1 without it. */
  readonly dashAt: number;
  readonly factory: Factory;
  out(text: string): Promise<void>;
  err(text: string): Promise<void>;
  /** A failure that points to `-h`. */
  usage(message: string): Failure;
  /** Prints warnings that came with answers. Called before anything that waits. */
  flushWarnings(): Promise<void>;
  /** Standard output is a terminal. */
  readonly terminal: boolean;
  /** Standard input is a terminal. */
  readonly terminalIn: boolean;
  /** Prints this command's help. */
  help(): Promise<void>;
}

export function makeCli(process: Process, path: string, flags: FlagSet, factory: Factory, helpText: () => string): Cli {
  const flushWarnings = async (): Promise<void> => {
    for (const line of factory.klog.splice(0)) await process.stderr.write(`${line}\n`);
    for (const message of factory.pendingWarnings.splice(0)) await process.stderr.write(`Warning: ${message}\n`);
  };
  return {
    process,
    path,
    flags,
    args: flags.args,
    dashAt: flags.dashAt,
    factory,
    flushWarnings,
    terminal: process.fds.get(1)?.kind === 'tty',
    terminalIn: process.fds.get(0)?.kind === 'tty',
    out: async (text) => {
      await flushWarnings();
      if (text !== '') await process.stdout.write(text);
    },
    err: async (text) => {
      await flushWarnings();
      if (text !== '') await process.stderr.write(text);
    },
    usage: (message) => usageError(path, message),
    help: async () => {
      await process.stdout.write(helpText());
    },
  };
}
