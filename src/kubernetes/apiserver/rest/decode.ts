import { parseYaml } from '../../apimachinery/yaml';
import { err, ok, type Result } from '../../../sim/result';
import { decode } from '../../../linux/io/bytes';
import { decodeStruct } from '../../apimachinery/decode';
import { parseMerging } from '../../apimachinery/json-merge';
import { scanJson, scanKeys } from '../../apimachinery/json-scan';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { FieldErrors } from '../../apimachinery/field-errors';
import { badRequest, failure, invalid, type Status, type StatusCause } from '../../apimachinery/status';
import { conversionOf } from '../apiextensions/conversion';
import type { Routed, ServerParts } from './exchange';
import { tooLarge } from './limits';
import type { RequestInfo } from './request-info';

export type Json = Readonly<Record<string, unknown>>;

const acceptedTypes = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** A parsed body, and what a strict decoder says to the text itself: which fields stand in it twice. */
interface ParsedBody {
  readonly value: Json;
  readonly strict: readonly string[];
  /** All that is said of its fields, in the order in which a decoder says it. */
  readonly inOrder: (complaints: readonly string[]) => readonly string[];
}

/** The body as a JSON object; undefined where there is none. */
export function bodyObject(
  exchange: Pick<Routed, 'request' | 'body'>,
  kind = 'Status',
): Result<Json | undefined, Status> {
  if (exchange.body.length === 0) return ok(undefined);
  const parsed = parseBody(exchange, kind);
  return parsed.ok ? ok(parsed.value.value) : parsed;
}

function parseBody({ request, body }: Pick<Routed, 'request' | 'body'>, kind: string): Result<ParsedBody, Status> {
  const large = tooLarge(body);
  if (large !== undefined) return err(large);
  const text = decode(body);
  const type = (request.headers.get('Content-Type') ?? 'application/json').split(';')[0]?.trim() ?? '';
  if (type !== 'application/json' && type !== 'application/yaml' && type !== '*/*' && type !== '')
    return err(
      failure(
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: ${acceptedTypes}`,
      ),
    );
  const unrecognized = (why: string): Result<ParsedBody, Status> =>
    err(
      badRequest(
        `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${summary(body)})`,
      ),
    );
  if (type === 'application/yaml') {
    try {
      const { value, strict } = parseYaml(text);
      return isJson(value)
        ? ok({ value, strict: strict === undefined ? [] : [strict], inOrder: asTheyAre })
        : unrecognized('expected a map');
    } catch (error) {
      return unrecognized(error instanceof Error ? error.message : 'bad YAML');
    }
  }
  const { error, duplicates } = scanJson(text);
  if (error !== undefined) return unrecognized(error);
  const value: unknown = duplicates.length === 0 ? JSON.parse(text) : parseMerging(text);
  if (value === null) return ok({ value: {}, ...notes(text, duplicates) });
  if (!isJson(value))
    return unrecognized(
      `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  return ok({ value, ...notes(text, duplicates) });
}

const asTheyAre = (complaints: readonly string[]): readonly string[] => complaints;

/** Of a text that gives fields twice. */
const notes = (text: string, duplicates: readonly string[]): Omit<ParsedBody, 'value'> => ({
  strict: duplicates.map((path) => `duplicate field "${path}"`),
  inOrder: duplicates.length === 0 ? asTheyAre : (complaints) => inTextOrder(text, complaints),
});

/** Complaints about fields in the order in which a decoder meets them; the second of two is where it is met again. */
function inTextOrder(text: string, complaints: readonly string[]): readonly string[] {
  const [first, again] = [new Map<string, number>(), new Map<string, number>()];
  for (const [index, path] of scanKeys(text).entries())
    if (!first.has(path)) first.set(path, index);
    else if (!again.has(path)) again.set(path, index);
  const place = (complaint: string): number => {
    const [, what = '', path = ''] = /^(duplicate|unknown) field "(.*)"$/s.exec(complaint) ?? [];
    return (what === 'duplicate' ? again : first).get(path) ?? Infinity;
  };
  return [...complaints].sort((left, right) => {
    const [before, after] = [place(left), place(right)];
    return before === after ? 0 : before - after;
  });
}

const shown = 30;

/** summarizeData. */
function summary(body: Uint8Array): string {
  if (body.length === 0) return '<empty>';
  const start = body.slice(0, shown);
  const more = body.length > shown ? ' ...' : '';
  if (body[0] === 0x7b) return decode(start) + more;
  return Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join('') + more;
}

/** What Go's decoder says about the first character that is wrong. */
export const goJsonError = (text: string): string => scanJson(text).error ?? 'unexpected end of JSON input';

/** The object of a write, of the type that the path says. */
export function decodeObject(exchange: Routed, kind: Kind): Result<ApiObject, Status> {
  const parsed = parseBody(exchange, kind.names.kind);
  const decoded = parsed.ok ? typed(exchange, kind, parsed.value.value, parsed.value) : parsed;
  const refused = decoded.ok ? undefined : { refused: decoded.error.code };
  exchange.client.actor.told?.('decode', `${exchange.body.length} bytes`, refused);
  return decoded;
}

export function typed(
  { warnings, info, server }: Pick<Routed, 'warnings' | 'info' | 'server'>,
  kind: Kind,
  body: Json,
  noted: Omit<ParsedBody, 'value'> = { strict: [], inOrder: asTheyAre },
): Result<ApiObject, Status> {
  const given = body as { apiVersion?: string; kind?: string };
  const apiVersion = given.apiVersion === undefined || given.apiVersion === '' ? kind.apiVersion : given.apiVersion;
  const name = given.kind === undefined || given.kind === '' ? kind.names.kind : given.kind;
  const version = apiVersion.split('/').at(-1) ?? '';
  const cannot = (why: string): Status =>
    badRequest(`${name} in version "${version}" cannot be handled as a ${kind.names.kind}: ${why}`);
  if (apiVersion !== kind.apiVersion || name !== kind.names.kind) {
    const known = server.registry.storage.views.some(
      (each) => each.apiVersion === apiVersion && each.names.kind === name,
    );
    if (!known)
      return err(cannot(`no kind "${name}" is registered for version "${apiVersion}" in scheme "${kind.scheme}"`));
    if (apiVersion !== kind.apiVersion)
      return err(
        badRequest(
          `the API version in the data (${apiVersion}) does not match the expected API version (${kind.apiVersion})`,
        ),
      );
    return err(
      cannot(
        `converting (${goPackage(apiVersion)}.${name}) to (${goPackage(kind.apiVersion)}.${kind.names.kind}): unknown conversion`,
      ),
    );
  }
  if (kind.schema === undefined) return ok({ ...body, apiVersion, kind: name } as unknown as ApiObject);
  const { value, strict, error } = kind.decodeJson?.(body) ?? decodeStruct(kind.schema, body);
  if (error !== undefined) return err(cannot(error));
  const all = [...noted.strict, ...strict];
  // What has no Go type is decoded as a map first, and looked at by its schema then.
  const complaints = kind.decodeJson === undefined ? noted.inOrder(all) : all;
  if (complaints.length > 0) {
    const validation = info.query.get('fieldValidation') ?? 'Warn';
    if (validation === 'Strict') return err(cannot(`strict decoding error: ${complaints.join(', ')}`));
    if (validation !== 'Ignore') warnings.push(...complaints);
  }
  const object = { ...value, apiVersion, kind: name } as unknown as ApiObject;
  const invalidAs =
    kind.stored === undefined || conversionOf(kind) === undefined ? [] : problemsOf(kind, object, info, server);
  if (invalidAs.length > 0) return err(invalid(kind.names.group, name, object.metadata.name ?? info.name, invalidAs));
  return ok(kind.decode(object));
}

/** What is to be converted is looked at as the version that it was sent in; the stored version's rules come later. */
function problemsOf(
  kind: Kind,
  object: ApiObject,
  { subresource, name, namespace }: RequestInfo,
  { registry }: ServerParts,
): readonly StatusCause[] {
  const errors = new FieldErrors();
  const old = name === '' ? undefined : registry.get(kind, namespace, name);
  if (old === undefined) kind.validateCreate(kind.prepareForCreate(object), errors);
  else if (subresource === 'status') kind.validateStatusUpdate(object, old, errors);
  else kind.validateUpdate(kind.prepareForCreate(object), old, errors);
  return errors.causes;
}

/** The Go package of a version's internal types, as conversion errors name it. */
const goPackage = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0]?.split('.')[0] ?? '') : 'core';

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
