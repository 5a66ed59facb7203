import { qosClass } from '../../../api/core/qos';
import type { Pod } from '../../../api/core/pod';
import type { Container } from '../../../api/core/pod-spec';
import type { ScopeRequirement } from '../../../api/core/resourcequota';
import { parseTime } from '../../../apimachinery/time';
import type { Quantity } from '../../../apimachinery/quantity';
import { add, amountsOf, one, podAmounts, type Amounts } from '../amounts';
import type { Evaluator } from './evaluator';

const compute = ['cpu', 'memory', 'ephemeral-storage'] as const;
const names: ReadonlySet<string> = new Set([
  'count/pods',
  'pods',
  ...compute,
  ...compute.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
]);
/** A quota of these makes every container say how much it needs. Upstream calls that a mistake, and keeps it. */
const demanded: readonly string[] = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** helper.IsExtendedResourceName: of a vendor's domain. */
const isExtended = (name: string): boolean =>
  name.includes('/') && !name.startsWith('requests.') && !/(^|\.)kubernetes\.io\//.test(name);

/** podEvaluator (pkg/quota/v1/evaluator/core/pods.go). */
export const podEvaluator: Evaluator<Pod> = {
  handles: ({ operation, subresource }) =>
    subresource === undefined ? operation === 'CREATE' : subresource === 'resize' && operation === 'UPDATE',
  counts: (name) =>
    names.has(name) ||
    name.startsWith('hugepages-') ||
    name.startsWith('requests.hugepages-') ||
    (name.startsWith('requests.') && isExtended(name.slice('requests.'.length))),
  usage({ spec, status, metadata }, now) {
    const count: Amounts = new Map([['count/pods', one]]);
    if (isOver(status.phase, metadata.deletionTimestamp, metadata.deletionGracePeriodSeconds, now)) return count;
    return add(count, computed(podAmounts(spec, 'requests'), podAmounts(spec, 'limits')));
  },
  constraints({ spec }, wanted) {
    const missing = new Map<string, Set<string>>();
    const needed = demanded.filter((name) => wanted.has(name));
    for (const container of [...spec.containers, ...(spec.initContainers ?? [])])
      for (const name of lacks(container, needed))
        missing.set(name, (missing.get(name) ?? new Set()).add(container.name));
    if (missing.size === 0) return undefined;
    const texts = [...missing]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, containers]) => `${name} for: ${[...containers].sort().join(',')}`);
    return `must specify ${texts.join('; ')}`;
  },
  inScope,
};

function lacks({ resources }: Container, needed: readonly string[]): readonly string[] {
  const has = computed(amountsOf(resources?.requests), amountsOf(resources?.limits));
  return needed.filter((name) => !has.has(name));
}

/** podComputeUsageHelper. */
function computed(requests: Amounts, limits: Amounts): Amounts {
  const usage = new Map<string, Quantity>([['pods', one]]);
  for (const [name, amount] of requests) {
    if ((compute as readonly string[]).includes(name) || name.startsWith('hugepages-'))
      usage.set(name, amount).set(`requests.${name}`, amount);
    else if (isExtended(name)) usage.set(`requests.${name}`, amount);
  }
  for (const [name, amount] of limits)
    if ((compute as readonly string[]).includes(name)) usage.set(`limits.${name}`, amount);
  return usage;
}

/** QuotaV1Pod: what is over, or should be, is not charged. */
const isOver = (
  phase: string | undefined,
  deletion: string | undefined,
  grace: number | undefined,
  now: number,
): boolean =>
  phase === 'Failed' ||
  phase === 'Succeeded' ||
  (deletion !== undefined && grace !== undefined && now > parseTime(deletion) + grace * 1000);

function inScope({ spec }: Pod, { scopeName, operator, values = [] }: ScopeRequirement): boolean {
  switch (scopeName) {
    case 'Terminating':
      return (spec.activeDeadlineSeconds ?? -1) >= 0;
    case 'NotTerminating':
      return (spec.activeDeadlineSeconds ?? -1) < 0;
    case 'BestEffort':
      return qosClass(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(spec) !== 'BestEffort';
    case 'PriorityClass': {
      const name = spec.priorityClassName ?? '';
      if (operator === 'Exists') return name !== '';
      if (operator === 'DoesNotExist') return name === '';
      return operator === 'In' ? name !== '' && values.includes(name) : name === '' || !values.includes(name);
    }
    case 'CrossNamespacePodAffinity':
      return crossesNamespaces(spec);
    default:
      return false;
  }
}

const crossesNamespaces = ({ affinity }: Pod['spec']): boolean =>
  [affinity?.podAffinity, affinity?.podAntiAffinity].some((each) =>
    [
      ...(each?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(each?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ].some(({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector !== undefined),
  );
