/** A place in a text: line and column from 0; the column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly col: number;
}

export const before = (a: Position, b: Position): boolean => a.line < b.line || (a.line === b.line && a.col < b.col);
export const same = (a: Position, b: Position): boolean => a.line === b.line && a.col === b.col;

/** How a register or an operator's region is shaped. */
export type Shape = 'char' | 'line' | 'block';

export interface RegisterText {
  readonly shape: Shape;
  readonly lines: readonly string[];
  /** Cells of the widest row of a block. */
  readonly width?: number;
}

/** What the editor cannot do itself and asks its host for. The answer goes into `next()`. */
export type Ask =
  | { readonly kind: 'key' }
  /** A command line for the shell. Without `input` it has the terminal. */
  | { readonly kind: 'shell'; readonly command: string; readonly input?: string; readonly capture: boolean }
  | { readonly kind: 'suspend' }
  /** Text below the screen, until a key is pressed. */
  | { readonly kind: 'more'; readonly text: string };

export interface ShellAnswer {
  readonly output: string;
  readonly status: number;
}

/** Part of the editor that may wait for keys. */
export type Step<T = void> = Generator<Ask, T, unknown>;

/** Ends the command at work; with a message for the last line, or only a beep. */
export class Refused extends Error {
  constructor(message = '') {
    super(message);
  }
}

/** Files, as the editor needs them. */
export interface Files {
  read(
    path: string,
  ): { readonly text: string; readonly readOnly: boolean } | { readonly missing: true } | { readonly error: string };
  /** An error's text, or undefined. */
  write(path: string, text: string, options: { readonly append: boolean; readonly force: boolean }): string | undefined;
  exists(path: string): boolean;
  /** Names that begin so, for completion. */
  complete(prefix: string): readonly string[];
  /** `~`, `$HOME`. */
  expand(path: string): string;
}

/** Keys that have no character, as characters of the private use area, so that text and keys are both strings. */
export const special = {
  up: '\ue000',
  down: '\ue001',
  left: '\ue002',
  right: '\ue003',
  home: '\ue004',
  end: '\ue005',
  pageUp: '\ue006',
  pageDown: '\ue007',
  insert: '\ue008',
  delete: '\ue009',
  pasteStart: '\ue00a',
  pasteEnd: '\ue00b',
  f1: '\ue00c',
  shiftLeft: '\ue00d',
  shiftRight: '\ue00e',
  /** Something about the pane: see TerminalKeys.requests. */
  pane: '\ue00f',
} as const;
