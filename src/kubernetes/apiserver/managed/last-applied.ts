import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { difference, union, type FieldSet } from './field-set';
import { changed, mentioned, removed } from './typed';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** Whoever wants another behaviour names another manager. */
const kubectl = 'kubectl';
/** What somebody wrote into the annotation is read so deep. */
const deepest = 64;

function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth < deepest && Object.values(value).every((inner) => isShallow(inner, depth + 1));
}

/** The configuration of client-side apply, if it can be read and is of this version. */
function lastAppliedOf(kind: Kind, live: ApiObject): object | undefined {
  try {
    const value: unknown = JSON.parse(live.metadata.annotations?.[annotation] ?? '');
    if (typeof value !== 'object' || value === null || !isShallow(value)) return undefined;
    return 'apiVersion' in value && value.apiVersion === kind.apiVersion ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * kubectl's server-side apply may take what client-side apply wrote and nobody changed since. Source: apimachinery
 * pkg/util/managedfields/internal/lastappliedmanager.go.
 */
export function takenFromAnnotation(
  kind: Kind,
  live: ApiObject | undefined,
  manager: string,
): (() => FieldSet | undefined) | undefined {
  if (manager !== kubectl || live === undefined) return undefined;
  return () => {
    const before = lastAppliedOf(kind, live);
    if (before === undefined) return undefined;
    const differs = union(changed(kind.schema, before, live), removed(kind.schema, before, live));
    return difference(mentioned(kind.schema, before), differs);
  };
}

/** The annotation follows what kubectl applies on the server, where there is one (lastappliedupdater.go). */
export function withLastApplied(object: ApiObject, config: ApiObject, manager: string): ApiObject {
  const { annotations } = object.metadata;
  if (manager !== kubectl || annotations === undefined || (annotations[annotation] ?? '') === '') return object;
  const { [annotation]: _before, ...others } = config.metadata.annotations ?? {};
  const { annotations: _all, ...metadata } = config.metadata;
  const bare = {
    ...config,
    metadata: Object.keys(others).length > 0 ? { ...metadata, annotations: others } : metadata,
  };
  const text = `${escaped(JSON.stringify(sorted(bare)))}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [annotation]: text } } };
}

/** As Go writes JSON. */
const escaped = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** With members in byte order, as Go writes maps. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted((value as Readonly<Record<string, unknown>>)[key])]),
  );
}
