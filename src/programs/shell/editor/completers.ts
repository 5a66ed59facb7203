import type { Shell } from '../shell';

/** The word under the cursor and those before it, expanded as far as that needs no commands. */
export interface CompletionRequest {
  readonly shell: Shell;
  /** The command and its arguments up to the cursor; the last one is being typed. */
  readonly words: readonly string[];
  readonly word: string;
}

/** What a program offers for its arguments: whole words, without the blank that follows a complete one. */
export type Completer = (request: CompletionRequest) => readonly string[] | Promise<readonly string[]>;

const known = new Map<string, Completer>();

/** Lets a program such as kubectl offer completions of its own, from the live cluster. */
export function registerCompleter(command: string, completer: Completer): void {
  known.set(command, completer);
}

export const completerOf = (command: string): Completer | undefined => known.get(command);
