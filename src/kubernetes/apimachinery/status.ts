/** metav1.Status of a failure: what the API answers instead of an object. The constructors have upstream's words (api/errors). */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string };
  readonly status: 'Failure';
  readonly message: string;
  readonly reason?: StatusReason;
  readonly details?: StatusDetails;
  readonly code: number;
}

export type StatusReason =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Expired'
  | 'Invalid'
  | 'UnsupportedMediaType'
  | 'TooManyRequests'
  | 'RequestEntityTooLarge'
  | 'InternalError'
  | 'ServiceUnavailable'
  | 'ServerTimeout'
  | 'Timeout'
  | 'Unknown';

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** What messages call a resource: `deployments.apps`, `pods`. */
export interface ResourceName {
  readonly group: string;
  readonly plural: string;
}
export const qualified = ({ group, plural }: ResourceName): string => (group === '' ? plural : `${plural}.${group}`);

export function failure(
  code: number,
  reason: StatusReason | undefined,
  message: string,
  details?: StatusDetails,
): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

const details = ({ group, plural }: ResourceName, name: string): StatusDetails => ({
  ...(name === '' ? {} : { name }),
  ...(group === '' ? {} : { group }),
  kind: plural,
});

export const notFound = (resource: ResourceName, name: string): Status =>
  failure(404, 'NotFound', `${qualified(resource)} "${name}" not found`, details(resource, name));

export const alreadyExists = (resource: ResourceName, name: string): Status =>
  failure(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, details(resource, name));

export const conflict = (resource: ResourceName, name: string, why: string): Status =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    details(resource, name),
  );

export const modified = (resource: ResourceName, name: string): Status =>
  conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

export const forbidden = (resource: ResourceName, name: string, why: string): Status =>
  failure(
    403,
    'Forbidden',
    resource.plural === ''
      ? `forbidden: ${why}`
      : `${qualified(resource)}${name === '' ? '' : ` "${name}"`} is forbidden: ${why}`,
    details(resource, name),
  );

export const badRequest = (message: string): Status => failure(400, 'BadRequest', message);

export const unauthorized = (): Status => failure(401, 'Unauthorized', 'Unauthorized');

export const internalError = (message: string): Status =>
  failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });

export const serviceUnavailable = (message: string): Status => failure(503, 'ServiceUnavailable', message);

/** One or more field errors of an object. `kind` is the object's kind, as `Deployment.apps`. */
export function invalid(group: string, kind: string, name: string, errors: readonly StatusCause[]): Status {
  // The same words are told once (ToAggregate), but stay among the causes.
  const texts = [
    ...new Set(errors.map(({ field, message }) => (field === undefined ? `${message}` : `${field}: ${message}`))),
  ];
  const all = texts.length === 1 ? `${texts[0]}` : `[${texts.join(', ')}]`;
  return failure(422, 'Invalid', `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${all}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind === '' ? {} : { kind }),
    ...(errors.length === 0 ? {} : { causes: errors }),
  });
}
