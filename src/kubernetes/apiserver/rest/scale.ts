import type { Response } from '../../../linux/net/http/message';
import type { ApiObject } from '../../apimachinery/object';
import { ageColumn, integer, nameColumn } from '../../api/columns';
import type { Column } from '../../apimachinery/columns';
import type { Kind } from '../../apimachinery/kind';
import { badRequest, invalid, notFound } from '../../apimachinery/status';
import { bodyObject, isJson, type Json } from './decode';
import type { Routed } from './exchange';
import { includeOf } from './read';
import { table } from './table';
import { patchObject, patchTypeOf } from './patch';
import { answer, refuse } from './respond';
import { dryRunOf } from './write';

/** autoscaling/v1 Scale of a kind that has replicas. */
export function scaleOf(kind: Kind, object: ApiObject): Json {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { scale } = kind;
  const selector = scale?.selector(object) ?? '';
  const replicas = scale?.replicas(object) ?? 0;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: scale?.statusReplicas(object) ?? 0, ...(selector === '' ? {} : { selector }) },
  };
}

/** In the form that was negotiated; the columns are those of printers/internalversion. */
function answerScale({ kind, negotiated, info, server }: Routed, object: ApiObject): Response {
  const shown = scaleOf(kind, object);
  if (negotiated.as !== 'Table') return answer(200, shown, negotiated.format);
  const columns: readonly Column<ApiObject>[] = [
    nameColumn,
    integer('Desired', (each) => kind.scale?.replicas(each) ?? 0),
    integer('Available', (each) => kind.scale?.statusReplicas(each) ?? 0),
    ageColumn,
  ];
  const meta = { resourceVersion: object.metadata.resourceVersion };
  const options = { version: negotiated.tableVersion, shown: () => shown as unknown as ApiObject };
  return answer(
    200,
    table({ columns, tableOrder: undefined }, [object], meta, server.clock.now, includeOf(info), options),
    negotiated.format,
  );
}

/** GET, PUT and PATCH of …/scale. */
export function scale(exchange: Routed): Response {
  const { kind, info, client } = exchange;
  const current = client.get(kind, info.namespace, info.name);
  if (current === undefined) return refuse(notFound(kind.names, info.name));
  if (info.verb === 'get') return answerScale(exchange, current);

  const dryRun = dryRunOf(info);
  if (!dryRun.ok) return refuse(dryRun.error);
  const before = scaleOf(kind, current);
  let wanted: Json | undefined;
  if (info.verb === 'patch') {
    const type = patchTypeOf(exchange);
    if (!type.ok) return refuse(type.error);
    const patched = patchObject({ body: exchange.body, kind }, type.value === 'apply' ? 'merge' : type.value, before);
    if (!patched.ok) return refuse(patched.error);
    wanted = patched.value;
  } else {
    const body = bodyObject(exchange);
    if (!body.ok) return refuse(body.error);
    wanted = body.value;
  }
  const spec = wanted?.['spec'];
  const replicas = isJson(spec) ? (spec['replicas'] ?? 0) : 0;
  if (typeof replicas !== 'number') return refuse(badRequest('Scale in version "v1" cannot be handled as a Scale'));
  if (replicas < 0)
    return refuse(
      invalid('autoscaling', 'Scale', info.name, [
        {
          reason: 'FieldValueInvalid',
          message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
          field: 'spec.replicas',
        },
      ]),
    );
  const metadata = wanted?.['metadata'];
  const version = isJson(metadata) ? metadata['resourceVersion'] : undefined;
  const changed = kind.scale?.withReplicas(current, replicas) ?? current;
  const object =
    typeof version === 'string' && version !== ''
      ? { ...changed, metadata: { ...changed.metadata, resourceVersion: version } }
      : changed;
  const written = client.update(kind, object, { dryRun: dryRun.value, subresource: 'scale' });
  return written.ok ? answerScale(exchange, written.value) : refuse(written.error);
}
