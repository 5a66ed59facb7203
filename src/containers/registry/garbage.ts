import { parseManifest } from './manifest';
import type { RegistryStore } from './store';

/** `registry garbage-collect`: marks what manifests name, then removes the rest (registry/storage/garbagecollect.go). */
export function* collectGarbage(
  store: RegistryStore,
  { dryRun = false, untagged = false }: { readonly dryRun?: boolean; readonly untagged?: boolean } = {},
): Generator<string> {
  const marked = new Set<string>();
  const doomed: { readonly name: string; readonly digest: string }[] = [];
  for (const name of store.repositories()) {
    yield name;
    const tagged = new Set((store.tags(name) ?? []).map((tag) => store.tagged(name, tag)));
    for (const digest of store.revisions(name)) {
      if (untagged && !tagged.has(digest)) {
        yield `manifest eligible for deletion: ${digest}`;
        doomed.push({ name, digest });
        continue;
      }
      yield `${name}: marking manifest ${digest} `;
      marked.add(digest);
      const manifest = parseManifest(store.manifest(name, digest) ?? new Uint8Array());
      for (const blob of [
        ...(manifest?.config === undefined ? [] : [manifest.config]),
        ...(manifest?.layers ?? []),
        ...(manifest?.manifests ?? []),
      ]) {
        marked.add(blob.digest);
        yield `${name}: marking blob ${blob.digest}`;
      }
    }
  }
  const gone = store.blobs().filter((digest) => !marked.has(digest));
  yield `\n${marked.size} blobs marked, ${gone.length} blobs and ${doomed.length} manifests eligible for deletion`;
  for (const { name, digest } of doomed) if (!dryRun) store.deleteManifest(name, digest);
  for (const digest of gone) {
    yield `blob eligible for deletion: ${digest}`;
    if (!dryRun) store.removeBlob(digest);
  }
}
