import { CommandError } from '../../../cli/command';

/** Printed as it is, without `ERROR: ` (cli.StatusError). */
export class UsageError extends CommandError {}

/** Ends with a status and says nothing more (cobrautil.ExitCodeError). */
export class ExitCode extends CommandError {
  constructor(status: number) {
    super('', status);
  }
}
