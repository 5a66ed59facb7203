import type { ApiService } from '../../api/apiregistration/apiservice';

type Priority = readonly [group: number, version: number];

/** apiVersionPriorities of kube-apiserver's aggregator.go. */
const priorities: ReadonlyMap<string, Priority> = new Map<string, Priority>([
  ['v1', [18000, 1]],
  ['apps/v1', [17800, 15]],
  ['events.k8s.io/v1', [17750, 15]],
  ['authentication.k8s.io/v1', [17700, 15]],
  ['authorization.k8s.io/v1', [17600, 15]],
  ['autoscaling/v1', [17500, 15]],
  ['autoscaling/v2', [17500, 30]],
  ['batch/v1', [17400, 15]],
  ['certificates.k8s.io/v1', [17300, 15]],
  ['networking.k8s.io/v1', [17200, 15]],
  ['policy/v1', [17100, 15]],
  ['rbac.authorization.k8s.io/v1', [17000, 15]],
  ['storage.k8s.io/v1', [16800, 15]],
  ['admissionregistration.k8s.io/v1', [16700, 15]],
  ['apiextensions.k8s.io/v1', [16700, 15]],
  ['scheduling.k8s.io/v1', [16600, 15]],
  ['coordination.k8s.io/v1', [16500, 15]],
  ['node.k8s.io/v1', [16300, 15]],
  ['discovery.k8s.io/v1', [16200, 15]],
  ['flowcontrol.apiserver.k8s.io/v1', [16100, 21]],
]);

/** Those of custom resources come last, their versions in the order of their names. */
const custom: Priority = [1000, 100];

/** The group that the aggregator serves itself; it has no APIService. */
export const ownGroup = 'apiregistration.k8s.io';

export const isBuiltIn = (apiVersion: string): boolean => priorities.has(apiVersion);

/** What the server says of a group version that it serves itself. */
export function localSpec(apiVersion: string): ApiService['spec'] {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const [groupPriorityMinimum, versionPriority] = priorities.get(apiVersion) ?? custom;
  return {
    ...(group === '' ? {} : { group }),
    version: apiVersion.slice(slash + 1),
    groupPriorityMinimum,
    versionPriority,
  };
}

export const apiServiceName = ({ group = '', version = '' }: Pick<ApiService['spec'], 'group' | 'version'>): string =>
  `${version}.${group}`;
