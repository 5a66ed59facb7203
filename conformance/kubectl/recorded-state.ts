import type { Lab } from '../../src/cluster/lab';
import { decodeStruct } from '../../src/kubernetes/apimachinery/decode';
import type { Kind } from '../../src/kubernetes/apimachinery/kind';
import type { ApiObject } from '../../src/kubernetes/apimachinery/object';
import type { Storage } from '../../src/kubernetes/apiserver/storage';
import { etcdKey } from '../../src/kubernetes/apiserver/storage';
import { sentManagers } from '../../src/kubernetes/apiserver/managed/sent-managers';

/** Whose system objects were left out of the recording: ours stay. */
const keptBesides: ReadonlySet<string> = new Set(['Role', 'RoleBinding', 'Lease']);

/**
 * Makes etcd hold the objects of the recorded world: where chance, the speed of the machine or a hand decided (nodes of
 * pods, generated names, seconds, statuses), the commands are to find what they found. Whoever watches sees the changes,
 * unless they are made `unseen`: as the recorded controllers, which had done their part.
 */
export function restoreState({ controlPlane }: Lab, recorded: readonly ApiObject[], unseen: boolean): void {
  const storage = controlPlane?.registry.storage;
  if (storage === undefined) return;
  const watchers = unseen ? storage.kinds.map((kind) => storage.served(kind).watchers) : [];
  for (const each of watchers) each.publish = () => undefined;
  restore(storage, recorded);
  for (const each of watchers) Reflect.deleteProperty(each, 'publish');
}

function restore(storage: Storage, recorded: readonly ApiObject[]): void {
  const wanted = new Map<string, readonly [Kind, ApiObject]>();
  const kinds = new Set<Kind>();
  for (const object of recorded) {
    const kind = storage.kinds.find(
      ({ names, apiVersion }) => names.kind === object.kind && apiVersion === object.apiVersion,
    );
    if (kind === undefined) continue;
    kinds.add(kind);
    wanted.set(etcdKey(kind, object.metadata.namespace, object.metadata.name), [kind, object]);
  }
  for (const kind of storage.kinds) {
    if (!kind.namespaced || keptBesides.has(kind.names.kind)) continue;
    for (const { key } of storage.store.range(kind.prefix)) if (!wanted.has(key)) storage.store.delete(key, 0);
  }
  for (const [key, [kind, object]] of wanted) put(storage, key, kind, object);
}

function put({ store, managed }: Storage, key: string, kind: Kind, object: ApiObject): void {
  const { apiVersion, kind: name } = object;
  const json = object as unknown as Readonly<Record<string, unknown>>;
  const { value, error } =
    kind.schema === undefined ? { value: json } : (kind.decodeJson?.(json) ?? decodeStruct(kind.schema, json));
  if (error !== undefined) throw new Error(`${key}: ${error}`);
  const { apiVersion: _version, kind: _name, ...own } = value as Readonly<Record<string, unknown>>;
  const decoded = kind.decode({ kind: name, apiVersion, ...own } as unknown as ApiObject);
  const { managedFields = [], ...metadata } = kind.defaults(decoded).metadata;
  const before = store.get(key)?.value as ApiObject | undefined;
  // What came through unchanged is left alone.
  if (
    before !== undefined &&
    JSON.stringify({ ...before, metadata: 0 }) === JSON.stringify({ ...decoded, metadata: 0 }) &&
    before.metadata.uid === metadata.uid
  )
    return;
  const stored = Object.freeze({
    ...kind.defaults(decoded),
    metadata: Object.freeze({ ...metadata, resourceVersion: String(store.revision + 1) }),
  });
  managed.set(stored, sentManagers({ ...decoded, metadata: { ...metadata, managedFields } }, []) ?? []);
  store.put(key, stored, 0);
}
