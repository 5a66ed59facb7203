import { BuildFailure } from '../dockerfile/source';

/** A step's command failed: docker's own exit status is this code. */
export class ExitFailure extends BuildFailure {
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
  }
}
