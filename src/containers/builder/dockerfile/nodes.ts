import type { Heredoc } from './heredoc';
import type { Range } from './source';

/** One instruction as it is written: name, flags and arguments, not yet understood. */
export interface Node {
  /** As written: `FROM`, `from`. */
  readonly command: string;
  readonly flags: readonly string[];
  readonly args: readonly string[];
  /** The arguments were a JSON array. */
  readonly json: boolean;
  readonly heredocs: readonly Heredoc[];
  /** The whole instruction, continued lines joined. */
  readonly original: string;
  readonly ranges: readonly Range[];
  /** Comments right above it. */
  readonly comments: readonly string[];
}

/** A Dockerfile in its instructions. */
export interface Parsed {
  readonly nodes: readonly Node[];
  /** `\` or a back quote. */
  readonly escape: string;
  readonly emptyContinuations: readonly Range[];
}
