import { err, ok, type Result } from '../../../sim/result';
import type { Response } from '../../../linux/net/http/message';
import { parseFieldSelector, type FieldRequirement } from '../../apimachinery/field-selector';
import type { Kind } from '../../apimachinery/kind';
import { matchesLabels, parseLabelSelector, type LabelRequirement } from '../../apimachinery/label-selector';
import type { ApiObject, ListMeta } from '../../apimachinery/object';
import { badRequest, failure, invalid, notFound, type Status } from '../../apimachinery/status';
import { conversionOf } from '../apiextensions/conversion';
import { inKeyOrder } from '../key-order';
import { etcdKey } from '../storage';
import { continueToken, readContinueToken } from './continue-token';
import type { Routed, ServerParts } from './exchange';
import type { RequestInfo } from './request-info';
import { metadataTexts } from './object-text';
import { answer, answerText, refuse } from './respond';
import { partial, table, tableText, type IncludeObject } from './table';

/** What a list or watch filters by. */
export interface Selection {
  readonly labels: readonly LabelRequirement[];
  readonly fields: readonly FieldRequirement[];
  readonly matches: (object: ApiObject) => boolean;
  /** Nothing is filtered. */
  readonly everything: boolean;
}

export function selectionOf(kind: Kind, { query, name }: RequestInfo): Result<Selection, Status> {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  if (!labels.ok) return err(badRequest(labels.error));
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '');
  if (!fields.ok) return err(badRequest(fields.error));
  for (const { field } of fields.value)
    if (!isSelectable(kind, field)) return err(badRequest(unsupportedField(kind, field)));
  // A watch of one object, by its path.
  if (name !== '' && fields.value.length > 0) {
    const named = fields.value.find(({ field, equal }) => equal && field === 'metadata.name');
    if (named?.value !== name) return err(badRequest("fieldSelector metadata.name doesn't match requested name"));
  }
  const wanted = name === '' ? fields.value : [...fields.value, { field: 'metadata.name', equal: true, value: name }];
  return ok({
    labels: labels.value,
    fields: wanted,
    everything: labels.value.length === 0 && wanted.length === 0,
    matches: (object) =>
      matchesLabels(labels.value, object.metadata.labels) &&
      wanted.every(({ field, equal, value }) => (fieldOf(kind, field, object) === value) === equal),
  });
}

const isSelectable = (kind: Kind, field: string): boolean =>
  field === 'metadata.name' || field === 'metadata.namespace' || kind.selectableFields.includes(field);

const unsupportedField = (kind: Kind, field: string): string =>
  kind.selectableFields.length > 0
    ? `field label not supported: ${field}`
    : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;

function fieldOf(kind: Kind, field: string, object: ApiObject): string {
  if (field === 'metadata.name') return object.metadata.name;
  if (field === 'metadata.namespace') return object.metadata.namespace ?? '';
  return kind.fieldValue(field, object) ?? '';
}

export function get(exchange: Routed): Response {
  const { kind, info, client, negotiated } = exchange;
  const object = client.get(kind, info.namespace, info.name);
  if (object === undefined) return refuse(notFound(kind.names, info.name));
  if (negotiated.as === 'PartialObjectMetadataList')
    return refuse(
      failure(
        406,
        'NotAcceptable',
        `you requested PartialObjectMetadataList, but the requested object is not a list (*core.${kind.names.kind})`,
      ),
    );
  return answerObject(exchange, 200, object);
}

/** One object in the form that was negotiated. */
export function answerObject(exchange: Routed, status: number, object: ApiObject): Response {
  const { kind, info, negotiated, server } = exchange;
  exchange.written = { status, object };
  const { format, as, tableVersion } = negotiated;
  if (as === 'Table') {
    const meta = { resourceVersion: object.metadata.resourceVersion };
    const shown = (each: ApiObject): ApiObject => withManagers(server, kind, each);
    const rows = table(kind, [object], meta, server.clock.now, includeOf(info), { version: tableVersion, shown });
    return answer(status, rows, format);
  }
  if (format === 'json')
    return answerText(
      status,
      `${as === 'object' ? server.texts.text(kind, object) : partialText(server, kind, tableVersion)(object)}\n`,
    );
  const shown = withManagers(server, kind, object);
  return answer(status, as === 'object' ? shown : partial(shown, tableVersion), format);
}

/** The object as it is printed: with who owns which fields. */
export function withManagers({ registry }: Pick<ServerParts, 'registry'>, kind: Kind, object: ApiObject): ApiObject {
  const managedFields = registry.storage.managed.entries(kind.stored ?? kind, object);
  const shown = kind.encode(object);
  return managedFields.length === 0 ? shown : { ...shown, metadata: { ...shown.metadata, managedFields } };
}

export const includeOf = ({ query }: RequestInfo): IncludeObject => {
  const wish = query.get('includeObject');
  return wish === 'Object' || wish === 'None' ? wish : 'Metadata';
};

export function list(exchange: Routed): Response {
  const { kind, info } = exchange;
  const problem = optionProblems(info);
  if (problem !== undefined) return refuse(problem);
  const selection = selectionOf(kind, info);
  if (!selection.ok) return refuse(selection.error);
  const page = pageOf(exchange, selection.value);
  if (!page.ok) return refuse(page.error);
  return answerList(exchange, page.value.objects, page.value.metadata);
}

/** A list in the form that was negotiated. */
export function answerList(exchange: Routed, objects: readonly ApiObject[], metadata: ListMeta): Response {
  const { kind, info, negotiated, server } = exchange;
  const { format, as, tableVersion } = negotiated;
  if (as === 'Table' && format === 'json' && includeOf(info) === 'Metadata')
    return answerText(
      200,
      tableText(kind, objects, metadata, server.clock.now, tableVersion, metadataTexts(server, kind)),
    );
  if (as === 'Table')
    return answer(
      200,
      table(kind, objects, metadata, server.clock.now, includeOf(info), {
        version: tableVersion,
        shown: (each) => withManagers(server, kind, each),
      }),
      format,
    );
  if (as === 'PartialObjectMetadata')
    return refuse(
      failure(
        406,
        'NotAcceptable',
        `you requested PartialObjectMetadata, but the requested object is a list (*core.${kind.names.kind}List)`,
      ),
    );
  if (as === 'PartialObjectMetadataList' && format === 'json')
    return answerItems(
      { kind: as, apiVersion: `meta.k8s.io/${tableVersion}`, metadata },
      objects,
      partialText(server, kind, tableVersion),
    );
  if (as === 'PartialObjectMetadataList')
    return answer(
      200,
      {
        kind: as,
        apiVersion: `meta.k8s.io/${tableVersion}`,
        metadata,
        items: objects.map((each) => partial(withManagers(server, kind, each), tableVersion)),
      },
      format,
    );
  if (format === 'json') return answerItems(headOf(kind, metadata), objects, (each) => server.texts.item(kind, each));
  return answer(
    200,
    listOf(
      kind,
      metadata,
      objects.map((each) => withManagers(server, kind, each)),
    ),
    format,
  );
}

const partialText = (server: ServerParts, kind: Kind, version: string): ((object: ApiObject) => string) => {
  const metadata = metadataTexts(server, kind);
  return (object) =>
    `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${version}","metadata":${metadata(object)}}`;
};

/** A list of what is text already. */
function answerItems(head: object, objects: readonly ApiObject[], textOf: (object: ApiObject) => string): Response {
  const texts = [`${JSON.stringify(head).slice(0, -1)},"items":[`];
  for (const object of objects) texts.push(texts.length > 1 ? ',' : '', textOf(object));
  texts.push(']}\n');
  return answerText(200, texts.join(''));
}

const headOf = (kind: Kind, metadata: ListMeta): object => ({
  kind: kind.names.listKind ?? `${kind.names.kind}List`,
  apiVersion: kind.apiVersion,
  metadata,
});

/** A typed list; its items do not repeat their kind. */
export const listOf = (kind: Kind, metadata: ListMeta, objects: readonly ApiObject[]): object => ({
  ...headOf(kind, metadata),
  // Those of custom resources do.
  items: kind.openApi === undefined ? objects.map(({ kind: _kind, apiVersion: _version, ...item }) => item) : objects,
});

interface Page {
  readonly objects: readonly ApiObject[];
  readonly metadata: ListMeta;
}

function pageOf({ kind, info, client, server }: Routed, selection: Selection): Result<Page, Status> {
  const { query, namespace } = info;
  const { storage } = server.registry;
  const limit = Number(query.get('limit') ?? 0);
  const token = query.get('continue') ?? '';
  let revision: number | undefined;
  let after = '';
  if (token !== '') {
    if (query.get('resourceVersion') !== null && query.get('resourceVersion') !== '')
      return err(badRequest('specifying resource version is not allowed when using continue'));
    const read = readContinueToken(token);
    if (!read.ok) return err(badRequest(`invalid continue token: ${read.error}`));
    // A negative one goes on with what there is now: an inconsistent list.
    if (read.value.revision > 0) revision = read.value.revision;
    after = read.value.start;
  } else if (query.get('resourceVersionMatch') === 'Exact') revision = Number(query.get('resourceVersion'));
  if (revision !== undefined && revision < storage.store.compactRevision)
    return err(
      token === ''
        ? failure(410, 'Expired', 'The resourceVersion for the provided list is too old.')
        : {
            ...failure(
              410,
              'Expired',
              'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
            ),
            metadata: { continue: continueToken(-1, after) },
          },
    );

  const prefix = namespace === undefined ? kind.prefix : `${kind.prefix}${namespace}/`;
  const all =
    revision === undefined || revision === storage.store.revision
      ? inKeyOrder(kind, client.list(kind, { namespace }))
      : storage.store.range(prefix, revision).map(({ value }) => value as ApiObject);
  conversionOf(kind)?.prefetch(all, kind.apiVersion);
  const keyOf = ({ metadata }: ApiObject): string =>
    etcdKey(kind, metadata.namespace, metadata.name).slice(prefix.length);
  const start = after === '' ? 0 : all.findIndex((object) => keyOf(object) >= after);
  const rest = start < 0 ? [] : all.slice(start);
  const resourceVersion = String(revision ?? storage.store.revision);

  const objects: ApiObject[] = [];
  for (const [index, object] of rest.entries()) {
    if (limit > 0 && objects.length === limit) {
      const last = rest[index - 1];
      const next = last === undefined ? '' : `${keyOf(last)}\0`;
      return ok({
        objects,
        metadata: {
          resourceVersion,
          continue: continueToken(Number(resourceVersion), token === '' ? `/${next}` : next),
          ...(selection.everything ? { remainingItemCount: rest.length - index } : {}),
        },
      });
    }
    if (selection.everything || selection.matches(object)) objects.push(object);
  }
  return ok({ objects, metadata: { resourceVersion } });
}

/** ValidateListOptions, and what does not even parse. */
export function optionProblems(info: RequestInfo): Status | undefined {
  const { query } = info;
  for (const name of ['limit', 'timeoutSeconds']) {
    const value = query.get(name);
    if (value !== null && !/^[+-]?\d+$/.test(value))
      return badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  }
  const version = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const forbidden = (field: string, message: string): Status =>
    invalid('meta.k8s.io', 'ListOptions', '', [
      { reason: 'FieldValueForbidden', message: `Forbidden: ${message}`, field },
    ]);
  const watching = info.verb === 'watch';
  if (match !== '') {
    if (watching && query.get('sendInitialEvents') === null)
      return forbidden(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      );
    if (!watching && version === '')
      return forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (!['Exact', 'NotOlderThan'].includes(match))
      return invalid('meta.k8s.io', 'ListOptions', '', [
        {
          reason: 'FieldValueNotSupported',
          message: `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`,
          field: 'resourceVersionMatch',
        },
      ]);
    if (match === 'Exact' && version === '0')
      return forbidden('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  if (query.get('sendInitialEvents') !== null) {
    if (!watching) return forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list');
    const causes = [
      ...(match === 'NotOlderThan'
        ? []
        : [
            {
              reason: 'FieldValueForbidden',
              message: 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
              field: 'resourceVersionMatch',
            },
          ]),
      {
        reason: 'FieldValueForbidden',
        message: 'Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
        field: 'sendInitialEvents',
      },
    ];
    return invalid('meta.k8s.io', 'ListOptions', '', causes);
  }
  return undefined;
}

/** strconv.ParseUint's words for what is no number of 64 bits. */
export function versionProblem(version: string): string | undefined {
  const why = !/^\d+$/.test(version)
    ? 'invalid syntax'
    : BigInt(version) >= 2n ** 64n
      ? 'value out of range'
      : undefined;
  return why === undefined ? undefined : `strconv.ParseUint: parsing ${JSON.stringify(version)}: ${why}`;
}

/** A resourceVersion that is no number, or has not happened yet. */
export function revisionProblem({ info, server }: Routed): Status | undefined {
  const version = info.query.get('resourceVersion') ?? '';
  if (version === '') return undefined;
  const problem = versionProblem(version);
  if (problem !== undefined)
    return badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(version)}: ${problem}`,
    );
  const current = server.registry.revision;
  if (info.verb === 'list' && Number(version) > current)
    return {
      ...failure(504, 'Timeout', `Timeout: Too large resource version: ${version}, current: ${current}`),
      details: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    };
  return undefined;
}
