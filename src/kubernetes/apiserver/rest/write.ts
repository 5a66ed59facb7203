import { err, ok, type Result } from '../../../sim/result';
import { encode } from '../../../linux/io/bytes';
import type { Response } from '../../../linux/net/http/message';
import { FieldErrors, GoText, goQuote } from '../../apimachinery/field-errors';
import type { ApiObject } from '../../apimachinery/object';
import { badRequest, failure, invalid, type Status } from '../../apimachinery/status';
import type { DeleteOptions, WriteOptions } from '../registry';
import { conversionOf } from '../apiextensions/conversion';
import { bodyObject, decodeObject, type Json } from './decode';
import type { Routed } from './exchange';
import { inKeyOrder } from '../key-order';
import { beyondEtcd, etcdRefuses } from './limits';
import { answerObject, listOf, selectionOf, versionProblem, withManagers } from './read';
import type { RequestInfo } from './request-info';
import { answer, refuse, type SuccessStatus } from './respond';

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions';

const optionsKinds: Partial<Record<RequestInfo['verb'], OptionsKind>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
};

/** The options of a write, and whether it is only tried: ValidateCreateOptions and its like. */
export function dryRunOf({ query, verb }: RequestInfo): Result<boolean, Status> {
  const kind = optionsKinds[verb] ?? 'CreateOptions';
  const errors = new FieldErrors();
  const wishes = query.getAll('dryRun').filter((wish) => wish !== '');
  const manager = query.get('fieldManager') ?? '';
  if (kind !== 'DeleteOptions') {
    if (encode(manager).length > 128) errors.at('fieldManager').tooLong(128);
    for (const [index, char] of [...manager].entries())
      if (char < ' ' || char === '\u007f') {
        const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
        errors.at('fieldManager').invalid(manager, `invalid character U+${code} (at position ${index})`);
      }
  }
  if (wishes.some((wish) => wish !== 'All'))
    errors.at('dryRun').notSupported(new GoText(`[]string{${wishes.map(goQuote).join(', ')}}`), ['All']);
  const validation = query.get('fieldValidation') ?? '';
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation))
    errors.at('fieldValidation').notSupported(validation, ['', 'Ignore', 'Strict', 'Warn']);
  return errors.any ? err(invalid('meta.k8s.io', kind, '', errors.causes)) : ok(wishes.length > 0);
}

/** POST to a collection. */
export function create(exchange: Routed): Response {
  const { kind, info, client } = exchange;
  const dryRun = dryRunOf(info);
  if (!dryRun.ok) return refuse(dryRun.error);
  const decoded = decodeObject(exchange, kind);
  if (!decoded.ok) return refuse(decoded.error);
  const placed = place(decoded.value, info, kind.namespaced);
  if (!placed.ok) return refuse(placed.error);
  if (!dryRun.value && (placed.value.metadata.resourceVersion ?? '') !== '')
    return refuse(failure(500, undefined, 'resourceVersion should not be set on objects to be created'));
  const huge = beyondEtcd(exchange.body);
  const made = client.create(kind, placed.value, { dryRun: dryRun.value || huge });
  if (!made.ok) return refuse(made.error);
  if (huge && !dryRun.value) return refuse(etcdRefuses);
  return answerObject(exchange, 201, made.value);
}

/** EnsureObjectNamespaceMatchesRequestNamespace. */
export function place(object: ApiObject, { namespace }: RequestInfo, namespaced: boolean): Result<ApiObject, Status> {
  const metadata = object.metadata ?? {};
  if (!namespaced) {
    const { namespace: _given, ...rest } = metadata;
    return ok({ ...object, metadata: rest });
  }
  if (metadata.namespace !== undefined && metadata.namespace !== '' && metadata.namespace !== namespace)
    return err(badRequest('the namespace of the provided object does not match the namespace sent on the request'));
  return ok({ ...object, metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) } });
}

/** PUT of an object or its status. */
export function update(exchange: Routed): Response {
  const { kind, info, client } = exchange;
  const dryRun = dryRunOf(info);
  if (!dryRun.ok) return refuse(dryRun.error);
  const decoded = decodeObject(exchange, kind);
  if (!decoded.ok) return refuse(decoded.error);
  const placed = place(decoded.value, info, kind.namespaced);
  if (!placed.ok) return refuse(placed.error);
  const object = placed.value;
  const named = nameProblem(object, info.name);
  if (named !== undefined) return refuse(named);
  const version = object.metadata.resourceVersion;
  const problem = version === undefined || version === '' ? undefined : versionProblem(version);
  if (problem !== undefined) return refuse(failure(500, undefined, problem));

  const exists = client.get(kind, info.namespace, info.name) !== undefined;
  if (!exists && kind.createOnUpdate && info.subresource === '') {
    const made = client.create(kind, object, { dryRun: dryRun.value });
    return made.ok ? answerObject(exchange, 201, made.value) : refuse(made.error);
  }
  const huge = beyondEtcd(exchange.body);
  const written = writePart(exchange, object, { dryRun: dryRun.value || huge, conditional: true });
  if (!written.ok) return refuse(written.error);
  if (huge && !dryRun.value) return refuse(etcdRefuses);
  return answerObject(exchange, 200, written.value);
}

/** Writes the part of an object that the path names. */
export function writePart<T extends ApiObject>(
  { kind, info: { subresource }, client }: Routed,
  object: T,
  options: WriteOptions,
): Result<ApiObject, Status> {
  const through = subresource === '' ? options : { ...options, subresource };
  return statusParts.has(subresource)
    ? client.updateStatus(kind, object, through)
    : client.update(kind, object, through);
}

/** Subresources that are of the status and nothing else. */
const statusParts: ReadonlySet<string> = new Set(['status', 'approval']);

export const nameProblem = ({ metadata }: ApiObject, name: string): Status | undefined =>
  metadata.name === undefined || metadata.name === '' || metadata.name === name
    ? metadata.name === name
      ? undefined
      : badRequest('name must be provided')
    : badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);

export function deleteOptions(exchange: Routed): Result<DeleteOptions, Status> {
  const { info } = exchange;
  const body = bodyObject(exchange);
  if (!body.ok) return body;
  const { query } = info;
  const given = (body.value ?? {}) as DeleteOptions & Json & { readonly dryRun?: readonly string[] | boolean };
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy') ?? (given.propagationPolicy as string | undefined);
  const dryRun = dryRunOf(info);
  if (!dryRun.ok) return dryRun;
  if (policy !== undefined && !isPolicy(policy))
    return err(
      invalid('meta.k8s.io', 'DeleteOptions', '', [
        {
          reason: 'FieldValueNotSupported',
          message: `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", ""`,
          field: 'propagationPolicy',
        },
      ]),
    );
  const gracePeriodSeconds = grace === null ? given.gracePeriodSeconds : Number(grace);
  const orphan = query.get('orphanDependents') ?? (given['orphanDependents'] as boolean | undefined);
  const propagation =
    policy ??
    (orphan === undefined || orphan === null ? undefined : String(orphan) === 'true' ? 'Orphan' : 'Background');
  return ok({
    dryRun: dryRun.value || (Array.isArray(given.dryRun) && given.dryRun.includes('All')),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagation === undefined
      ? {}
      : { propagationPolicy: propagation as NonNullable<DeleteOptions['propagationPolicy']> }),
    ...(given.preconditions === undefined ? {} : { preconditions: given.preconditions }),
  });
}

const isPolicy = (text: string): text is NonNullable<DeleteOptions['propagationPolicy']> =>
  text === 'Foreground' || text === 'Background' || text === 'Orphan';

/** Kinds whose deletion gives back the object (ReturnDeletedObject of their stores). */
export const returnsObject: ReadonlySet<string> = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'podtemplates',
  'persistentvolumes',
  'persistentvolumeclaims',
  'resourcequotas',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'storageclasses.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
]);

export function remove(exchange: Routed): Response {
  const { kind, info, client } = exchange;
  const options = deleteOptions(exchange);
  if (!options.ok) return refuse(options.error);
  const deleted = client.delete(kind, info.namespace, info.name, options.value);
  if (!deleted.ok) return refuse(deleted.error);
  const object = deleted.value;
  const waits = client.get(kind, info.namespace, info.name) !== undefined && options.value.dryRun !== true;
  if (waits || returnsObject.has(kind.resource)) return answerObject(exchange, 200, object);
  const { group, plural } = kind.names;
  const status: SuccessStatus = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name: object.metadata.name, ...(group === '' ? {} : { group }), kind: plural, uid: object.metadata.uid },
  };
  return answer(200, status, exchange.negotiated.format);
}

/** DELETE of a collection. */
export function removeCollection(exchange: Routed): Response {
  const { kind, info, client, server } = exchange;
  const options = deleteOptions(exchange);
  if (!options.ok) return refuse(options.error);
  const selection = selectionOf(kind, info);
  if (!selection.ok) return refuse(selection.error);
  conversionOf(kind)?.prefetch(client.list(kind, { namespace: info.namespace }), kind.apiVersion);
  const deleted: ApiObject[] = [];
  for (const object of inKeyOrder(kind, client.list(kind, { namespace: info.namespace }))) {
    if (!selection.value.matches(object)) continue;
    const result = client.delete(kind, object.metadata.namespace, object.metadata.name, options.value);
    if (result.ok) deleted.push(withManagers(server, kind, result.value));
    else if (result.error.code !== 404) return refuse(result.error);
  }
  return answer(
    200,
    listOf(kind, { resourceVersion: String(server.registry.revision) }, deleted),
    exchange.negotiated.format,
  );
}
