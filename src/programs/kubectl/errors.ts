import type { Status } from '../../kubernetes/apimachinery/status';

/**
 * A command failed. Inside this program errors are thrown, as kubectl's own code hands them up to `CheckErr`: `checkErr`
 * turns whatever arrives into the text and the exit status.
 */
export class Failure extends Error {
  readonly code: number;
  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}

/** The message is printed as it is, without `error: `. */
export class PlainFailure extends Failure {}

/** Ends with a status and without another word: what is to be said was said (cmdutil.ErrExit). */
export class Exit extends Failure {
  constructor(code = 1) {
    super('', code);
  }
}

/** The server's Status. */
export class StatusError extends Failure {
  constructor(readonly status: Partial<Status> & { readonly message: string }) {
    super(status.message);
  }
}

/** No answer from the server (net/url's Error). */
export class ConnectionError extends Failure {
  constructor(
    readonly method: string,
    readonly url: string,
    readonly host: string,
    /** The words of Go's net package. */
    readonly cause_: string,
  ) {
    super(`${method} "${url}": ${cause_}`);
  }
}

/** meta.NoResourceMatchError. */
export class NoResourceMatch extends Failure {
  constructor(
    readonly resource: string,
    readonly group = '',
    readonly version = '',
  ) {
    super(`no matches for ${group}/${version}, Resource=${resource}`);
  }
}

/** Several failures at once (utilerrors.Aggregate): equal ones count once. */
export class Aggregate extends Failure {
  constructor(readonly errors: readonly Failure[]) {
    super(aggregateText(errors));
  }
}

function aggregateText(errors: readonly Failure[]): string {
  const texts = [...new Set(errors.map(({ message }) => message))];
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}

/** One failure stays itself, several become an aggregate, none is fine. */
export function throwAll(errors: readonly Failure[]): void {
  const [first] = errors;
  if (first === undefined) return;
  throw errors.length === 1 ? first : new Aggregate(errors);
}

/** cmdutil.UsageErrorf. */
export const usageError = (path: string, message: string): Failure =>
  new Failure(`${message}\nSee '${path} -h' for help and examples`);

export const isStatus = (error: unknown, reason: string): boolean =>
  error instanceof StatusError && error.status.reason === reason;
export const isNotFound = (error: unknown): boolean => isStatus(error, 'NotFound');

/** cmdutil.StandardErrorMessage; undefined where the error has no form of its own. */
export function standardMessage(error: Failure): string | undefined {
  if (error instanceof StatusError) {
    const { reason, message } = error.status;
    if (reason === 'Unauthorized') return `error: You must be logged in to the server (${message})`;
    return reason === undefined ? `Error from server: ${message}` : `Error from server (${reason}): ${message}`;
  }
  if (error instanceof ConnectionError) {
    return error.cause_.includes('connection refused')
      ? `The connection to the server ${error.host} was refused - did you specify the right host or port?`
      : `Unable to connect to the server: ${error.cause_}`;
  }
  return undefined;
}

/** What to print for a failure, newline included, and the exit status. Source: kubectl pkg/cmd/util/helpers.go, checkErr. */
export function checkErr(error: Failure): { readonly text: string; readonly code: number } {
  const [only, ...more] = error instanceof Aggregate ? error.errors : [];
  return only !== undefined && more.length === 0 ? textOf(only) : textOf(error);
}

function textOf(error: Failure): { readonly text: string; readonly code: number } {
  const line = (text: string): { readonly text: string; readonly code: number } => ({
    text: text === '' || text.endsWith('\n') ? text : `${text}\n`,
    code: error.code,
  });
  if (error instanceof Exit || error instanceof PlainFailure) return line(error.message);
  if (error instanceof StatusError && error.status.reason === 'Invalid') return line(invalidText(error));
  if (error instanceof NoResourceMatch) return line(noMatchText(error));
  if (error instanceof Aggregate) {
    return line(error.errors.map((inner) => `${standardMessage(inner) ?? inner.message}\n`).join(''));
  }
  const standard = standardMessage(error);
  if (standard !== undefined) return line(standard);
  return line(error.message.startsWith('error: ') ? error.message : `error: ${error.message}`);
}

function invalidText({ status }: StatusError): string {
  const { details, message } = status;
  if (details === undefined) return `The request is invalid${message === '' ? '' : `: ${message}`}`;
  const causes = [
    ...new Set((details.causes ?? []).map(({ field = '', message: cause = '' }) => `${field}: ${cause}`)),
  ];
  let text = 'The request is invalid';
  if (details.kind || details.name) text = `The ${details.kind ?? ''} "${details.name ?? ''}" is invalid`;
  else if (message !== '' && causes.length === 0) text += `: ${message}`;
  if (causes.length === 0) return text;
  // Causes may end a line themselves, as differences do.
  if (causes.length === 1) return `${text}: ${causes[0] ?? ''}\n`;
  return `${text}: \n${causes.map((cause) => `* ${cause}\n`).join('')}`;
}

function noMatchText({ resource, group, version }: NoResourceMatch): string {
  const what = `the server doesn't have a resource type "${resource}"`;
  if (group !== '' && version !== '') return `${what} in group "${group}" and version "${version}"`;
  if (group !== '') return `${what} in group "${group}"`;
  if (version !== '') return `${what} in version "${version}"`;
  return what;
}
