import { apiService as apiServiceKind, type ApiService } from '../../api/apiregistration/apiservice';
import type { Storage } from '../storage';
import { apiServiceName, localSpec, ownGroup } from './priorities';

type Spec = ApiService['spec'];

/** A group as discovery lists it: its versions, the preferred one first, each with who serves it. */
export interface ApiGroup {
  readonly name: string;
  readonly versions: readonly { readonly version: string; readonly service: Spec['service'] }[];
}

/** All groups in their order (SortedByGroupAndVersion). A server that has no APIServices yet goes by what it serves. */
export function apiGroups(storage: Storage): readonly ApiGroup[] {
  const apiVersions = new Set(storage.views.map(({ apiVersion }) => apiVersion));
  const declared = apiVersions.has(apiServiceKind.apiVersion) ? storage.served(apiServiceKind).cacher.list() : [];
  const specs: Spec[] = declared.length > 0 ? declared.map(({ spec }) => spec) : [...apiVersions].map(localSpec);
  const sorted = specs
    .filter(({ group = '' }) => group !== ownGroup)
    .sort(
      (a, b) => b.groupPriorityMinimum - a.groupPriorityMinimum || (apiServiceName(a) < apiServiceName(b) ? -1 : 1),
    );
  const groups = new Map<string, Spec[]>();
  if (apiVersions.has(apiServiceKind.apiVersion)) groups.set(ownGroup, [localSpec(apiServiceKind.apiVersion)]);
  for (const spec of sorted) {
    const { group = '' } = spec;
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [spec]);
    else known.push(spec);
  }
  return [...groups].map(([name, versions]) => ({
    name,
    versions: versions
      .sort((a, b) => b.versionPriority - a.versionPriority || compareVersions(a.version ?? '', b.version ?? ''))
      .map(({ version = '', service }) => ({ version, service })),
  }));
}

/** version.CompareKubeAwareVersionStrings, the best first: v2, v1, v2beta1, v1alpha1, others. */
export function compareVersions(a: string, b: string): number {
  const rank = (version: string): readonly number[] => {
    const found = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (found === null) return [-1, 0, 0];
    return [found[2] === undefined ? 2 : found[2] === 'beta' ? 1 : 0, Number(found[1]), Number(found[3] ?? 0)];
  };
  const [left, right] = [rank(a), rank(b)];
  for (const at of [0, 1, 2]) if (left[at] !== right[at]) return (right[at] ?? 0) - (left[at] ?? 0);
  return a < b ? -1 : 1;
}
