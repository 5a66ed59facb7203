import { parse as parseYaml } from 'yaml';
import { err, ok, type Result } from '../../../sim/result';
import { decode } from '../../../linux/io/bytes';
import { decodeStruct } from '../../apimachinery/decode';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { badRequest, failure, type Status } from '../../apimachinery/status';
import type { Routed } from './exchange';

export type Json = Readonly<Record<string, unknown>>;

const acceptedTypes = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** The body as a JSON object; undefined where there is none. */
export function bodyObject({ request, body }: Pick<Routed, 'request' | 'body'>): Result<Json | undefined, Status> {
  const text = decode(body);
  if (text.trim() === '') return ok(undefined);
  const type = (request.headers.get('Content-Type') ?? 'application/json').split(';')[0]?.trim() ?? '';
  if (type !== 'application/json' && type !== 'application/yaml' && type !== '*/*' && type !== '')
    return err(
      failure(
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: ${acceptedTypes}`,
      ),
    );
  try {
    const value: unknown = type === 'application/yaml' ? parseYaml(text, { version: '1.1' }) : JSON.parse(text);
    return ok(typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {});
  } catch {
    return err(badRequest(`couldn't get version/kind; json parse error: ${goJsonError(text)}`));
  }
}

/** What Go's decoder says about the first character that is wrong. */
export function goJsonError(text: string): string {
  const first = text.trimStart().charAt(0);
  if (first !== '{' && first !== '[' && first !== '"')
    return `invalid character '${first}' looking for beginning of value`;
  return 'unexpected end of JSON input';
}

/** The object of a write, of the type that the path says. */
export function decodeObject(exchange: Routed, kind: Kind): Result<ApiObject, Status> {
  const body = bodyObject(exchange);
  if (!body.ok) return body;
  if (body.value === undefined)
    return err(
      badRequest(
        `the object provided is unrecognized (must be of type ${kind.names.kind}): unexpected end of JSON input (<empty>)`,
      ),
    );
  return typed(exchange, kind, body.value);
}

export function typed(
  { warnings, info }: Pick<Routed, 'warnings' | 'info'>,
  kind: Kind,
  body: Json,
): Result<ApiObject, Status> {
  const { apiVersion = kind.apiVersion, kind: name = kind.names.kind } = body as { apiVersion?: string; kind?: string };
  if (apiVersion !== kind.apiVersion)
    return err(
      badRequest(
        `the API version in the data (${apiVersion}) does not match the expected API version (${kind.apiVersion})`,
      ),
    );
  if (name !== kind.names.kind) {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    const expected = kind.names.group;
    return err(
      badRequest(
        `${name} in version "${version ?? ''}" cannot be handled as a ${kind.names.kind}: converting (${group ?? ''}/${version ?? ''}.${name}) to (${expected}.${kind.names.kind}): unknown conversion`,
      ),
    );
  }
  if (kind.schema === undefined) return ok({ ...body, apiVersion, kind: name } as unknown as ApiObject);
  const { value, strict, error } = decodeStruct(kind.schema, body);
  const { version } = kind.names;
  const cannot = (why: string): Status =>
    badRequest(`${kind.names.kind} in version "${version}" cannot be handled as a ${kind.names.kind}: ${why}`);
  if (error !== undefined) return err(cannot(error));
  if (strict.length > 0) {
    const validation = info.query.get('fieldValidation') ?? 'Warn';
    if (validation === 'Strict') return err(cannot(`strict decoding error: ${strict.join(', ')}`));
    if (validation === 'Warn') warnings.push(...strict);
  }
  return ok({ ...value, apiVersion, kind: name } as unknown as ApiObject);
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
