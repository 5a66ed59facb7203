/** Ends a command: `fatal: …` with status 128, or other words with another status. */
export class GitError extends Error {
  constructor(
    message: string,
    readonly status = 128,
    /** What stands before each message; empty: the message as it is. */
    readonly prefix = 'fatal: ',
  ) {
    super(message);
  }
}

export const fatal = (message: string): never => {
  throw new GitError(message);
};

/** `error: …` and status 1. */
export const failure = (message: string, status = 1): never => {
  throw new GitError(message, status, 'error: ');
};
