import type { Cli } from '../cli';
import { Failure, isNotFound, StatusError } from '../errors';
import { at, isObject, list, text, type JsonObject, type KubeObject } from '../json';
import { infoOf, withObject, type BuilderOptions, type Info, type Shared } from './info';
import { apiVersionOf, pathOf, type Mapping } from './mapper';

/** A name alone means nothing across all namespaces. */
export function requireNamespace({ namespace, options }: Shared, mapping: Mapping): void {
  if (!mapping.namespaced || namespace !== '') return;
  throw new Failure(
    options.allNamespaces
      ? 'a resource cannot be retrieved by name across all namespaces'
      : 'namespace may not be empty when retrieving a resource by name',
  );
}

/** The object of a name, read from the server unless the options say otherwise. */
export async function named(
  { cli, options, namespace }: Shared,
  mapping: Mapping,
  name: string,
): Promise<readonly Info[]> {
  const scope = mapping.namespaced ? namespace : '';
  const info: Info = { mapping, namespace: scope, name, object: undefined, source: '', resourceVersion: '' };
  return [options.fetch === false ? info : await fetchInfo(cli, info, options)];
}

/** The same object as the server has it now. */
export async function fetchInfo(
  cli: Cli,
  info: Info,
  options: Pick<BuilderOptions, 'subresource' | 'accept' | 'query'> = {},
): Promise<Info> {
  const { mapping, namespace, name } = info;
  const how = {
    ...(options.accept === undefined ? {} : { accept: options.accept }),
    ...(options.query === undefined ? {} : { query: options.query }),
  };
  try {
    return withObject(info, await cli.factory.client.get(pathOf(mapping, namespace, name, options.subresource), how));
  } catch (error) {
    if (isNotFound(error) && namespace !== '' && namespace !== 'default') await missesNamespace(cli, namespace, how);
    throw error;
  }
}

/** Info.Get: where even the namespace is not there, that is what is said. */
async function missesNamespace(
  cli: Cli,
  namespace: string,
  how: Parameters<typeof cli.factory.client.get>[1],
): Promise<void> {
  try {
    await cli.factory.client.get(`/api/v1/namespaces/${encodeURIComponent(namespace)}`, how);
  } catch (error) {
    if (isNotFound(error)) throw error;
  }
}

/** The objects of a type that selectors take, as a list or as its items. */
export async function listed(
  { cli, options, namespace }: Shared,
  mapping: Mapping,
  labelSelector: string,
  fieldSelector: string,
): Promise<readonly Info[]> {
  const scope = mapping.namespaced ? namespace : '';
  const whole = await listAll(cli, mapping, scope, options, labelSelector, fieldSelector);
  const info: Info = {
    mapping,
    namespace: scope,
    name: '',
    object: whole,
    source: '',
    resourceVersion: text(whole, 'metadata', 'resourceVersion'),
  };
  if (!options.flatten) return [info];
  return itemsOf(whole, mapping).map((item) => infoOf(item, mapping, ''));
}

/** The items of a list, each with its apiVersion and kind. */
export const itemsOf = (whole: KubeObject, mapping: Mapping): readonly KubeObject[] =>
  list(whole, 'items')
    .filter(isObject)
    .map((item) => ({ ...item, apiVersion: apiVersionOf(mapping), kind: mapping.kind }));

/** Lists in chunks, as one list (the server's Table chunks are joined by their rows). */
export async function listAll(
  cli: Cli,
  mapping: Mapping,
  namespace: string,
  options: Pick<BuilderOptions, 'chunkSize' | 'accept' | 'query'>,
  labelSelector = '',
  fieldSelector = '',
): Promise<KubeObject> {
  const limit = options.chunkSize ?? 0;
  let whole: JsonObject | undefined;
  let token = '';
  try {
    do {
      const chunk = await cli.factory.client.get(pathOf(mapping, namespace), {
        ...(options.accept === undefined ? {} : { accept: options.accept }),
        query: {
          ...options.query,
          ...(labelSelector === '' ? {} : { labelSelector }),
          ...(fieldSelector === '' ? {} : { fieldSelector }),
          ...(limit === 0 ? {} : { limit }),
          ...(token === '' ? {} : { continue: token }),
        },
      });
      whole = whole === undefined ? chunk : joined(whole, chunk);
      token = text(chunk, 'metadata', 'continue');
    } while (token !== '');
  } catch (reason) {
    throw explained(reason, mapping, labelSelector, fieldSelector);
  }
  return whole;
}

function joined(whole: JsonObject, chunk: JsonObject): JsonObject {
  const field = at(whole, 'rows') === undefined ? 'items' : 'rows';
  const rest = chunk['metadata'];
  return { ...whole, metadata: rest, [field]: [...list(whole, field), ...list(chunk, field)] };
}

// cli-runtime's Selector.Visit says what was looked for.
function explained(reason: unknown, mapping: Mapping, labelSelector: string, fieldSelector: string): unknown {
  if (!(reason instanceof StatusError)) return reason;
  const { status } = reason;
  if (status.reason !== 'BadRequest' && status.reason !== 'NotFound') return reason;
  const what = `"${mapping.group}/${mapping.version}, Resource=${mapping.resource}"`;
  const message =
    labelSelector === '' && fieldSelector === ''
      ? `Unable to list ${what}: ${status.message}`
      : `Unable to find ${what} that match label selector "${labelSelector}", field selector "${fieldSelector}": ${status.message}`;
  return new StatusError({ ...status, message });
}
