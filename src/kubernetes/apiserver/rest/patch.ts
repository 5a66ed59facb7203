import { parseYaml } from '../../apimachinery/yaml';
import { err, ok, type Result } from '../../../sim/result';
import { decode } from '../../../linux/io/bytes';
import type { Response } from '../../../linux/net/http/message';
import { decodeMentioned } from '../../apimachinery/decode';
import { equal } from '../../apimachinery/equal';
import { inGoOrder } from '../../apimachinery/go-order';
import type { Schema } from '../../apimachinery/schema';
import type { ApiObject } from '../../apimachinery/object';
import { badRequest, failure, invalid, notFound, type Status } from '../../apimachinery/status';
import { goJsonError, isJson, typed, type Json } from './decode';
import type { Routed } from './exchange';
import { beyondEtcd, etcdRefuses, outgrowsEtcd, tooLarge } from './limits';
import { answerObject, withManagers } from './read';
import { isTrue } from './request-info';
import { refuse } from './respond';
import { applyConfiguration } from '../managed/apply';
import { takenFromAnnotation, withLastApplied } from '../managed/last-applied';
import { sentManagers } from '../managed/sent-managers';
import { applyJsonPatch } from './json-patch';
import { goText, mergePatch, PatchError, strategicMerge } from './strategic-merge';
import { dryRunOf, nameProblem, place, writePart } from './write';

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

const types: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** PATCH of an object or its status. */
export function patch(exchange: Routed): Response {
  const { kind, info, client } = exchange;
  const type = patchTypeOf(exchange);
  if (!type.ok) return refuse(type.error);
  const dryRun = dryRunOf(info);
  if (!dryRun.ok) return refuse(dryRun.error);
  const options = { dryRun: dryRun.value };
  const current = client.get(kind, info.namespace, info.name);

  const large = tooLarge(exchange.body) ?? (beyondEtcd(exchange.body) ? etcdRefuses : undefined);
  if (large !== undefined) return refuse(large);
  if (type.value === 'apply') return apply(exchange, current, options.dryRun);
  if (current === undefined) return refuse(notFound(kind.names, info.name));
  const patched = patchObject(exchange, type.value, withManagers(exchange.server, kind, current) as unknown as Json);
  if (!patched.ok) return refuse(patched.error);
  const decoded = typed(exchange, kind, patched.value);
  if (!decoded.ok) return refuse(rejected(type.value, exchange, patched.value, decoded.error, current));
  const object = decoded.value;
  const named = nameProblem(object, info.name);
  if (named !== undefined) return refuse(named);
  const managers =
    info.subresource === ''
      ? sentManagers(object, withManagers(exchange.server, kind, current).metadata.managedFields ?? [])
      : undefined;
  const huge = !options.dryRun && outgrowsEtcd(object);
  const through = huge ? { dryRun: true } : options;
  const written = writePart(exchange, object, managers === undefined ? through : { ...through, managers });
  if (!written.ok) return refuse(written.error);
  return huge ? refuse(etcdRefuses) : answerObject(exchange, 200, written.value);
}

export function patchTypeOf({ request, info, kind }: Routed): Result<PatchType, Status> {
  const contentType = (request.headers.get('Content-Type') ?? '').split(';')[0]?.trim() ?? '';
  const type = types[contentType];
  if (type === undefined)
    return err({ ...failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type'), details: {} });
  if (type === 'strategic' && kind.openApi !== undefined)
    return err(
      failure(
        415,
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      ),
    );
  const manager = info.query.get('fieldManager') ?? '';
  const options = (message: string, reason: string, field: string): Status =>
    invalid('meta.k8s.io', 'PatchOptions', '', [{ reason, message, field }]);
  if (type !== 'apply' && info.query.get('force') !== null)
    return err(options('Forbidden: may not be specified for non-apply patch', 'FieldValueForbidden', 'force'));
  if (type === 'apply' && manager === '')
    return err(options('Required value: is required for apply patch', 'FieldValueRequired', 'fieldManager'));
  return ok(type);
}

/** The object after the patch, as JSON. */
export function patchObject(
  { body, kind }: Pick<Routed, 'body' | 'kind'>,
  type: Exclude<PatchType, 'apply'>,
  current: Json,
): Result<Json, Status> {
  const text = decode(body);
  const said = type === 'strategic' ? '' : 'error decoding patch: ';
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return err(badRequest(`${said}${goJsonError(text)}`));
  }
  if (type === 'json') return jsonPatch(parsed, current);
  if (!isJson(parsed))
    return err(
      badRequest(`${said}json: cannot unmarshal ${goType(parsed)} into Go value of type map[string]interface {}`),
    );
  if (type === 'merge') return ok(mergePatch(current, parsed) as Json);
  try {
    return ok(strategicMerge(current, parsed, kind.schema));
  } catch (error) {
    if (error instanceof PatchError) return err(failure(500, undefined, error.message));
    throw error;
  }
}

/** The errors of evanphx/json-patch all become the same words. */
const unprocessable: Status = {
  ...failure(422, 'Invalid', 'the server rejected our request due to an error in our request'),
  details: {},
};

function jsonPatch(parsed: unknown, current: Json): Result<Json, Status> {
  if (!Array.isArray(parsed))
    return err(
      badRequest(
        `error decoding patch: json: cannot unmarshal ${goType(parsed)} into Go value of type jsonpatch.Patch`,
      ),
    );
  const patched = applyJsonPatch(current, parsed);
  return patched === undefined || !isJson(patched) ? err(unprocessable) : ok(patched);
}

const goType = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : value === null ? 'null' : typeof value;

/** A patch whose result is no object of the kind. */
function rejected(
  type: PatchType,
  { body, kind }: Pick<Routed, 'body' | 'kind'>,
  patched: Json,
  { message }: Status,
  before: object,
): Status {
  const why = message.replace(/^.* cannot be handled as a \w+: /, '');
  const mismatch = /^json: cannot unmarshal .* of type (\S+)$/.exec(why)?.[1];
  if (type === 'strategic' && mismatch !== undefined)
    return invalid('', '', '', [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${JSON.stringify(goText(JSON.parse(decode(body))))}: unrecognized type: ${mismatch}`,
        field: 'patch',
      },
    ]);
  return invalid('', '', '', [
    {
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(JSON.stringify(asPatched(kind.schema, patched, before)))}: ${why}`,
      field: 'patch',
    },
  ]);
}

/** Server-side apply: makes what is not there, merges into what is. */
function apply(exchange: Routed, current: ApiObject | undefined, dryRun: boolean): Response {
  const { kind, info, client, body } = exchange;
  let parsed: unknown;
  let strict: string | undefined;
  try {
    ({ value: parsed, strict } = parseYaml(decode(body)));
  } catch (error) {
    return refuse(badRequest(`error decoding YAML: ${String(error)}`));
  }
  if (!isJson(parsed)) return refuse(badRequest('error decoding YAML: expected a map'));
  const unknown = kind.schema === undefined ? undefined : decodeMentioned(kind.schema, parsed).strict[0];
  if (unknown !== undefined) {
    const { group, version, kind: name } = kind.names;
    const field = unknown.replace(/^unknown field "(.*)"$/, '.$1');
    return refuse(
      failure(
        500,
        undefined,
        `failed to create typed patch object (${info.namespace ?? ''}/${info.name}; ${group}/${version}, Kind=${name}): ${field}: field not declared in schema`,
      ),
    );
  }
  const decoded = typed(exchange, kind, parsed);
  if (!decoded.ok) return refuse(decoded.error);
  const placed = place(decoded.value, info, kind.namespaced);
  if (!placed.ok) return refuse(placed.error);
  const wanted = placed.value;
  if (wanted.metadata.managedFields !== undefined) return refuse(badRequest('metadata.managedFields must be nil'));
  const named = nameProblem(wanted, info.name);
  if (named !== undefined) return refuse(named);
  const { storage } = exchange.server.registry;
  const subresource = info.subresource;
  // Only what the sender wrote counts as mentioned; what decoding filled in does not.
  const config = {
    ...(kind.schema === undefined ? parsed : decodeMentioned(kind.schema, parsed).value),
    apiVersion: wanted.apiVersion,
    kind: wanted.kind,
  } as unknown as ApiObject;
  const applied = applyConfiguration(
    kind,
    current,
    current === undefined ? [] : storage.managed.of(kind, current),
    config,
    {
      manager: info.query.get('fieldManager') ?? '',
      subresource,
      force: isTrue(info.query.get('force')),
      takes: takenFromAnnotation(kind, current, info.query.get('fieldManager') ?? ''),
      time: storage.clock.now,
    },
  );
  if (!applied.ok) return refuse(applied.error);
  const { managers, ownersChanged } = applied.value;
  const synced = withLastApplied(applied.value.object, config, info.query.get('fieldManager') ?? '');
  const complete = typed({ ...exchange, warnings: [] }, kind, synced as unknown as Json);
  if (!complete.ok) return refuse(complete.error);
  const placedResult = place(complete.value, info, kind.namespaced);
  if (!placedResult.ok) return refuse(placedResult.error);
  const object = placedResult.value;
  if (strict !== undefined) {
    const why = `error converting YAML to JSON: ${strict}`;
    const validation = info.query.get('fieldValidation') ?? 'Warn';
    if (validation === 'Strict') return refuse(badRequest(`error strict decoding YAML: ${why}`));
    if (validation !== 'Ignore') exchange.warnings.push(why);
  }
  if (current === undefined) {
    const made = client.create(kind, object, { dryRun, managers });
    return made.ok ? answerObject(exchange, 201, made.value) : refuse(made.error);
  }
  const huge = !dryRun && outgrowsEtcd(object);
  const options = { dryRun: dryRun || huge, ...(ownersChanged ? { managers } : {}) };
  const written = writePart(exchange, object, options);
  if (!written.ok) return refuse(written.error);
  if (huge) return refuse(etcdRefuses);
  // A change of values alone: the same owners, but not those that a plain update would have.
  if (!ownersChanged && written.value !== current) storage.managed.set(written.value, managers);
  return answerObject(exchange, 200, written.value);
}

/**
 * The text that a patch leaves: evanphx/json-patch parses only what it touches, and writes that with its members in byte
 * order; the rest stays as Go printed it.
 */
function asPatched(schema: Schema | undefined, patched: unknown, before: unknown): unknown {
  if (!isJson(patched)) return patched;
  const old = isJson(before) ? before : {};
  const touched = Object.keys(patched).sort();
  return Object.fromEntries(
    touched.map((name) => {
      const of = schema?.type === 'struct' ? schema.fields[name]?.schema : undefined;
      const same =
        name === 'metadata' ? equal(withoutManagers(patched[name]), old[name]) : equal(patched[name], old[name]);
      return [name, same ? inGoOrder(of, patched[name]) : asPatched(of, patched[name], old[name])];
    }),
  );
}

function withoutManagers(metadata: unknown): unknown {
  if (!isJson(metadata)) return metadata;
  const { managedFields: _managed, ...rest } = metadata;
  return rest;
}
