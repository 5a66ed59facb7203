import { applyJsonPatch } from '../../../kubernetes/apiserver/rest/json-patch';
import { Failure } from '../errors';
import { at, isObject, list, nameOfObject, text, texts, type JsonObject } from '../json';
import { decodeYaml } from '../manifest/yaml';
import { applyMerge, applyStrategic, isBuiltIn } from '../patch';
import { toYaml } from '../printers/yaml';
import { matchesSelector, parseSelector } from '../resource/selector';
import { findOne, idOf, idsOf, idText, type Resource } from './resource';

type Read = (path: string) => string;

const parsedOrNone = <T>(parse: () => T): T | undefined => {
  try {
    return parse();
  } catch {
    return undefined;
  }
};

/** The objects of a merge patch; undefined: it is none. */
const mergePatches = (source: string): readonly JsonObject[] | undefined =>
  parsedOrNone(() => {
    const documents = decodeYaml(source).filter((each) => each !== null);
    return documents.length > 0 && documents.every((each) => text(each, 'kind') !== '' && nameOfObject(each) !== '')
      ? documents.filter(isObject)
      : undefined;
  });

/** The operations of a JSON patch; undefined: it is none. What begins with a bracket must be JSON. */
const operations = (source: string): readonly unknown[] | undefined =>
  parsedOrNone(() => {
    const value: unknown = source.startsWith('[') ? JSON.parse(source) : decodeYaml(source)[0];
    return Array.isArray(value) ? (value as readonly unknown[]) : undefined;
  });

function merge(resource: Resource, patch: JsonObject): Resource | undefined {
  const { object } = resource;
  if (patch['$patch'] === 'delete') return undefined;
  const { group, kind } = idOf(object);
  const named = {
    ...patch,
    apiVersion: object['apiVersion'],
    kind: object['kind'],
    metadata: { ...(isObject(patch['metadata']) ? patch['metadata'] : {}), name: nameOfObject(object) },
  };
  const namespace = text(object, 'metadata', 'namespace');
  const placed = namespace === '' ? named : { ...named, metadata: { ...named.metadata, namespace } };
  return { ...resource, object: isBuiltIn(group) ? applyStrategic(object, placed, kind) : applyMerge(object, placed) };
}

const replaced = (resources: readonly Resource[], old: Resource, now: Resource | undefined): readonly Resource[] =>
  resources.flatMap((each) => (each !== old ? [each] : now === undefined ? [] : [now]));

const anchored = (pattern: string, value: string): boolean =>
  pattern === '' || new RegExp(`^(?:${pattern})$`).test(value);

/** Whether a selector of a patch or replacement means a resource. */
export function selects(selector: unknown, resource: Resource): boolean {
  const { object } = resource;
  const wanted = (name: string): string => text(selector, name);
  const fits = idsOf(resource).some(
    (id) =>
      (wanted('group') === '' || wanted('group') === id.group) &&
      (wanted('version') === '' || wanted('version') === id.version) &&
      anchored(wanted('kind'), id.kind) &&
      anchored(wanted('name'), id.name) &&
      anchored(wanted('namespace'), id.namespace),
  );
  const labelled = (name: string, field: string): boolean =>
    wanted(name) === '' || matchesSelector(parseSelector(wanted(name)), texts(object, 'metadata', field));
  return fits && labelled('labelSelector', 'labels') && labelled('annotationSelector', 'annotations');
}

function patchOne(resources: readonly Resource[], patch: unknown, read: Read): readonly Resource[] {
  const path = text(patch, 'path');
  const inline = text(patch, 'patch');
  const config = toYaml(patch);
  const trouble = (why: string): Failure =>
    new Failure(`trouble configuring builtin PatchTransformer with config: \`\n${config}\`: ${why}`);
  if (inline === '' && path === '') throw trouble(`must specify one of patch and path in\n${config}`);
  if (inline !== '' && path !== '') throw trouble(`patch and path can't be set at the same time\n${config}`);
  let source = inline;
  if (path !== '') {
    try {
      source = read(path);
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      throw trouble(`failed to get the patch file from path(${path}): ${reason.message}`);
    }
  }
  const merges = mergePatches(source);
  const steps = operations(source);
  const target = at(patch, 'target');
  if (merges === undefined && steps === undefined)
    throw trouble(`unable to parse SM or JSON patch from [patch: ${JSON.stringify(source)}]`);
  if (target === undefined) {
    if (merges === undefined)
      throw new Failure(`must specify a target for JSON patch [patch: ${JSON.stringify(source)}]`);
    return mergeAll(resources, merges);
  }
  let result = resources;
  for (const each of resources.filter((resource) => selects(target, resource))) {
    let now: Resource | undefined = each;
    for (const document of merges ?? []) now = now && merge(now, document);
    if (steps && now) now = { ...now, object: stepped(now, steps) };
    result = replaced(result, each, now);
  }
  return result;
}

function stepped({ object }: Resource, steps: readonly unknown[]): JsonObject {
  const result = applyJsonPatch(object, steps);
  if (isObject(result)) return result;
  const step = steps.find((_, index) => !isObject(applyJsonPatch(object, steps.slice(0, index + 1))));
  const [op, path] = [text(step, 'op'), text(step, 'path')];
  throw new Failure(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`);
}

function mergeAll(resources: readonly Resource[], patches: readonly JsonObject[]): readonly Resource[] {
  let result = resources;
  for (const patch of patches) {
    const id = idOf(patch);
    let found: Resource;
    try {
      found = findOne(result, id);
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      throw new Failure(`no resource matches strategic merge patch "${idText(id)}": ${reason.message}`);
    }
    result = replaced(result, found, merge(found, patch));
  }
  return result;
}

/** `patchesStrategicMerge` and `patches`. */
export function patched(resources: readonly Resource[], kustomization: JsonObject, read: Read): readonly Resource[] {
  let result = resources;
  for (const each of list(kustomization, 'patchesStrategicMerge').map(String)) {
    const source = each.includes('\n') || each.trimStart().startsWith('{') ? each : read(each);
    result = mergeAll(result, mergePatches(source) ?? []);
  }
  for (const each of list(kustomization, 'patches')) result = patchOne(result, each, read);
  return result;
}

/** `patchesJson6902`, which run later. */
export const patchedLate = (
  resources: readonly Resource[],
  kustomization: JsonObject,
  read: Read,
): readonly Resource[] =>
  list(kustomization, 'patchesJson6902').reduce<readonly Resource[]>(
    (all, each) => patchOne(all, each, read),
    resources,
  );
