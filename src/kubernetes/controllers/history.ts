import { controllerRevision, type ControllerRevision } from '../api/apps/controllerrevision';
import type { PodTemplateSpec } from '../api/core/pod-spec';
import { equal } from '../apimachinery/equal';
import type { ApiObject, Labels, LabelSelector } from '../apimachinery/object';
import { selectorMatcher } from '../apimachinery/selector-matcher';
import { parseTime } from '../apimachinery/time';
import type { RegistryClient } from '../apiserver/registry';
import { safeEncode } from './deployment/template-hash';
import { claim, ownerRef } from './pods';

/** Past states of sets as ControllerRevisions. Upstream: pkg/controller/history/controller_history.go */
export type HistoryOwner = ApiObject & {
  readonly spec: { readonly selector: LabelSelector; readonly template: PodTemplateSpec };
};

const HASH_LABEL = 'controller.kubernetes.io/hash';

/** What a revision keeps of a set: a patch that puts its template in the place of another. */
export const templatePatch = (template: PodTemplateSpec): object => ({
  spec: {
    template: { $patch: 'replace', metadata: { creationTimestamp: null, ...template.metadata }, spec: template.spec },
  },
});

/** JSON with sorted keys, as Go writes maps; what stands in HTML is escaped. */
export function goMapJson(value: unknown): string {
  const sorted = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(sorted);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(
      Object.entries(each)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sorted(inner)]),
    );
  };
  return JSON.stringify(sorted(value)).replace(/</g, '\\u003c').replace(/>/g, '\\u003e').replace(/&/g, '\\u0026');
}

/** HashControllerRevision: FNV-1 of the data, then of the collision count in decimal. */
export function revisionHash(data: object, collisionCount: number): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${goMapJson(data)}${collisionCount}`)) {
    hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  }
  return safeEncode(String(hash));
}

/** A set's revisions, oldest first, after it has adopted those that nobody owns. */
export function revisionsOf(client: RegistryClient, owner: HistoryOwner): readonly ControllerRevision[] {
  const matches = selectorMatcher(owner.spec.selector);
  const found = claim({
    client,
    kind: controllerRevision,
    owner,
    matches: ({ metadata }) => matches(metadata.labels),
  });
  return [...found].sort(
    (a, b) =>
      a.revision - b.revision ||
      parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp) ||
      (a.metadata.name < b.metadata.name ? -1 : 1),
  );
}

export interface NewRevision {
  readonly owner: HistoryOwner;
  readonly hash: string;
  readonly data: object;
  readonly revision: number;
  readonly labels?: Labels;
}

/** Writes a revision; undefined where another state has its name. */
export function createRevision(
  client: RegistryClient,
  { owner, hash, data, revision, labels = {} }: NewRevision,
): ControllerRevision | undefined {
  const { name, namespace = '' } = owner.metadata;
  const own = `${name.slice(0, 223)}-${hash}`;
  const made = client.create(controllerRevision, {
    metadata: {
      name: own,
      namespace,
      labels: { ...owner.spec.template.metadata.labels, [HASH_LABEL]: hash, ...labels },
      ownerReferences: [ownerRef(owner)],
    },
    data,
    revision,
  });
  if (made.ok) return made.value;
  const there = client.get(controllerRevision, namespace, own);
  return there !== undefined && equal(there.data, data) ? there : undefined;
}

/** A state that comes again is the newest once more. */
export function renumber(client: RegistryClient, old: ControllerRevision, revision: number): ControllerRevision {
  if (old.revision === revision) return old;
  const written = client.mutate(controllerRevision, old.metadata.namespace, old.metadata.name, (now) => ({
    ...now,
    revision,
  }));
  return written.ok ? written.value : old;
}

/** Only the last few are kept of those that nobody uses. */
export function truncateHistory(
  client: RegistryClient,
  revisions: readonly ControllerRevision[],
  live: ReadonlySet<string>,
  limit: number,
): void {
  const dead = revisions.filter(({ metadata }) => !live.has(metadata.name));
  for (const { metadata } of dead.slice(0, Math.max(0, dead.length - limit))) {
    client.delete(controllerRevision, metadata.namespace, metadata.name);
  }
}
