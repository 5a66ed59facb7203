import { withoutStack } from '../../../sim/without-stack';

/**
 * A failure that abandons the command line being run, as bash jumps to its top level: assignment to a readonly
 * variable, a bad substitution, `set -u`. `exits` says that a shell that is not interactive ends.
 */
export class ShellError extends Error {
  readonly status: number;
  readonly exits: boolean;
  /** A builtin was called so wrongly that a shell with `-c` ends; others go on with the next line. */
  readonly discards: boolean;
  /** What its message begins with, noted where a function is left in which it happened. */
  prefix: string | undefined;

  constructor(
    message: string,
    {
      status = 1,
      exits = false,
      discards = false,
    }: { readonly status?: number; readonly exits?: boolean; readonly discards?: boolean } = {},
  ) {
    super(message);
    this.status = status;
    this.exits = exits;
    this.discards = discards;
  }
}

/** Control-C reached an interactive shell: back to the prompt. */
export class Interrupted extends Error {
  readonly status = 130;
}

/** An `exit`, or a fatal error: unwinds to the end of this shell, where the EXIT trap runs. */
export class Exit extends Error {
  constructor(readonly status: number) {
    super('exit');
  }
}

/** What `exit` throws; nobody looks where it came from. */
export const exitWith = (status: number): Exit => withoutStack(() => new Exit(status));
