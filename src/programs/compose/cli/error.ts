/** A command failed: the text is ready to print; an empty one says nothing. */
export class ComposeError extends Error {
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}
