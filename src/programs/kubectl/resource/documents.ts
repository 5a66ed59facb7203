import type { Cli } from '../cli';
import { ConnectionError, Failure, StatusError } from '../errors';
import { at, isObject, nameOfObject, namespaceOf, text, withAt, type JsonObject, type KubeObject } from '../json';
import { splitGroupVersion } from '../rest/discovery';
import { fetchInfo } from './fetch';
import { manifestDocuments, type Source } from './files';
import { infoOf, type BuilderOptions, type Info, type Shared } from './info';
import type { Mapping } from './mapper';
import { matchesSelector, parseSelector } from './selector';

/** The objects of a source that a selector takes, one at a time. */
export async function* infosOfSource(
  shared: Shared,
  source: Source,
  labelSelector: string | undefined,
): AsyncGenerator<Info | Failure> {
  const { cli, options } = shared;
  const requirements = labelSelector === undefined ? undefined : parseSelector(labelSelector);
  // A document that cannot be read ends the file; one of an unknown type does not.
  for (const document of manifestDocuments(await source.read(), source.name)) {
    if (options.schema) await checkSchema(cli, [document], source.name);
    for (const each of flattened(document)) {
      if (requirements && !matchesSelector(requirements, at(each, 'metadata', 'labels'))) continue;
      let found: Info | Failure;
      try {
        const info = place(await infoOfDocument(cli, each, source.name, options), shared);
        found = options.latest && info.name !== '' ? await fetchInfo(cli, info, options) : info;
      } catch (reason) {
        if (!(reason instanceof Failure)) throw reason;
        found = reason;
      }
      yield found;
    }
  }
}

/**
 * kubectl looks whether the server validates fields (it does), and itself only looks for a type. Objects that have none
 * and a server that cannot be reached fail here.
 */
export async function checkSchema(cli: Cli, documents: readonly JsonObject[], source: string): Promise<void> {
  const invalid = (why: string): Failure =>
    new Failure(
      `error validating "${source}": error validating data: ${why}; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  for (const document of documents) {
    const missing = ['apiVersion', 'kind']
      .filter((field) => text(document, field) === '')
      .map((field) => `${field} not set`);
    if (missing.length > 0) throw invalid(missing.length === 1 ? (missing[0] ?? '') : `[${missing.join(', ')}]`);
  }
  try {
    for (const document of documents) {
      const { group, version } = splitGroupVersion(text(document, 'apiVersion'));
      await cli.factory.schemaOf(group, version, text(document, 'kind'));
    }
  } catch (reason) {
    if (!(reason instanceof ConnectionError || reason instanceof StatusError)) throw reason;
    throw invalid(`failed to download openapi: ${reason.message.replace('/openapi/v3?', '/openapi/v2?')}`);
  }
}

const flattened = (document: JsonObject): readonly JsonObject[] =>
  text(document, 'kind').endsWith('List') && Array.isArray(document['items'])
    ? (document['items'] as readonly unknown[]).filter(isObject).flatMap((item) => flattened(item))
    : [document];

async function infoOfDocument(
  cli: Cli,
  document: JsonObject,
  source: string,
  { local = false }: BuilderOptions,
): Promise<Info> {
  const apiVersion = text(document, 'apiVersion');
  const kind = text(document, 'kind');
  if (kind === '')
    throw new Failure(`unable to decode "${source}": Object 'Kind' is missing in '${JSON.stringify(document)}'`);
  if (apiVersion === '')
    throw new Failure(`unable to decode "${source}": Object 'apiVersion' is missing in '${JSON.stringify(document)}'`);
  const misfit = misfitOf(document);
  if (misfit !== undefined) throw new Failure(`unable to decode "${source}": ${misfit}`);
  const mapping = local ? localMapping(apiVersion, kind) : await recognized(cli, apiVersion, kind, source);
  if (mapping === undefined) {
    throw new Failure(
      `resource mapping not found for name: "${nameOfObject(document)}" namespace: "${namespaceOf(document)}" from "${source}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
    );
  }
  return infoOf(document, mapping, source);
}

async function recognized(cli: Cli, apiVersion: string, kind: string, source: string): Promise<Mapping | undefined> {
  try {
    return await cli.factory.resolve((mapper) => mapper.forObject(apiVersion, kind));
  } catch (reason) {
    if (reason instanceof ConnectionError) throw new Failure(`unable to recognize "${source}": ${reason.message}`);
    throw reason;
  }
}

/** Labels and annotations are texts; the rest of metadata is left to the server. */
function misfitOf(document: JsonObject): string | undefined {
  for (const field of ['labels', 'annotations']) {
    const map = at(document, 'metadata', field);
    if (!isObject(map)) continue;
    const wrong = Object.values(map).find((value) => typeof value !== 'string' && value !== null);
    if (wrong === undefined) continue;
    const kind = Array.isArray(wrong) ? 'array' : typeof wrong === 'boolean' ? 'bool' : typeof wrong;
    return `json: cannot unmarshal ${kind} into Go struct field ObjectMeta.metadata.${field} of type string`;
  }
  return undefined;
}

/** Without a server, kinds are taken at their word. */
export function localMapping(apiVersion: string, kind: string): Mapping {
  const slash = apiVersion.indexOf('/');
  const singular = kind.toLowerCase();
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
    resource: `${singular}s`,
    singular,
    namespaced: true,
    verbs: [],
  };
}

/** Default and required namespaces (SetNamespace, RequireNamespace, FilterNamespace). */
function place(info: Info, { options, namespace }: Shared): Info {
  // Without a server nobody knows which kinds are in namespaces: files stay as they are.
  return options.local || options.asIs ? info : placed(info, namespace, options.enforceNamespace ?? false);
}

/** An object read from a text in its namespace: the given one unless it names its own, which `enforced` refuses. */
export function placed(info: Info, namespace: string, enforced: boolean): Info {
  if (!info.mapping.namespaced) {
    if (info.namespace === '' || info.object === undefined) return { ...info, namespace: '' };
    return { ...info, namespace: '', object: withAt(info.object, ['metadata', 'namespace'], undefined) as KubeObject };
  }
  if (info.namespace === '' && namespace !== '') {
    const object = info.object && (withAt(info.object, ['metadata', 'namespace'], namespace) as KubeObject);
    return { ...info, namespace, object };
  }
  if (enforced && info.namespace !== namespace) {
    throw new Failure(
      `the namespace from the provided object "${info.namespace}" does not match the namespace "${namespace}". You must pass '--namespace=${info.namespace}' to perform this operation.`,
    );
  }
  return info;
}
