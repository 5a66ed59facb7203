import type { LineEditor } from '../line-editor';

/** How a command was called. */
export interface Call {
  /** The numeric argument, 1 if none was given; may be negative. */
  readonly count: number;
  /** Whether it was given. */
  readonly explicit: boolean;
  /** The keys that called it; the last one is what `self-insert` inserts. */
  readonly keys: string;
}

/** What a key does. */
export type Command = (editor: LineEditor, call: Call) => void | Promise<void>;
export type Commands = Readonly<Record<string, Command>>;
