/** Lines of a Dockerfile, first and last, counted from 1. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What ends a build, with the lines of the Dockerfile that are to blame. Thrown inside the builder, caught by `build`. */
export class BuildFailure extends Error {
  readonly ranges: readonly Range[];

  constructor(message: string, ranges: readonly Range[] = []) {
    super(message);
    this.ranges = ranges;
  }

  /** With lines, where none are known yet (parser.WithLocation). */
  at(ranges: readonly Range[]): BuildFailure {
    return this.ranges.length > 0 ? this : new BuildFailure(this.message, ranges);
  }
}

/** Runs something for an instruction: a failure in it gets the instruction's lines. */
export function located<T>(ranges: readonly Range[], run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof BuildFailure) throw error.at(ranges);
    throw error;
  }
}
