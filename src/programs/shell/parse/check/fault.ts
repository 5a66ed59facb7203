/** Thrown where a text stops being a script. */
export class Fault extends Error {
  constructor(
    /** Where: decides the line. */
    readonly position: number,
    /** What bash says; several lines where it says more than one thing. */
    readonly messages: readonly string[],
    readonly options: FaultOptions = {},
  ) {
    super(messages[0]);
  }
}

/** See `SyntaxFault.effect`. */
export type FaultEffect = 'array' | 'conditional' | 'substitution';

export interface FaultOptions {
  /** More text may mend it: a terminal asks for it. */
  readonly unfinished?: boolean;
  /** bash prints the line after the message. */
  readonly shown?: boolean;
  /** What dash says it would have expected. */
  readonly expecting?: string | undefined;
  /** The line is counted at the end of all text, behind its last newline. */
  readonly atEnd?: boolean;
  /** What becomes of the shell: see `SyntaxFault.effect`. */
  readonly effect?: FaultEffect;
}

/** Thrown where this checker does not want to judge. */
export class NoVerdict extends Error {}

/** `unexpected EOF while looking for matching …` */
export const unclosed = (position: number, closer: string, atEnd = false): Fault =>
  new Fault(position, [`unexpected EOF while looking for matching \`${closer}'`], { unfinished: true, atEnd });
