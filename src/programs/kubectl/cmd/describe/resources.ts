import { at, list, text, texts, type JsonObject } from '../../json';
import { formatOf, formatQuantity, parseQuantity } from '../../printers/quantity';

/** Quantities by the name of the resource. */
export type Resources = ReadonlyMap<string, string>;

export const valueOf = (quantity: string): number => parseQuantity(quantity) ?? 0;

/** A sum is written like its first part that is not zero (resource.Quantity, Add). */
function plus(a: string, b: string): string {
  const format = formatOf(valueOf(a) === 0 ? b : a);
  return formatQuantity(valueOf(a) + valueOf(b), format);
}

const combine = (all: readonly Resources[], join: (a: string, b: string) => string): Resources => {
  const found = new Map<string, string>();
  for (const resources of all)
    for (const [name, quantity] of resources) {
      const known = found.get(name);
      found.set(name, known === undefined ? quantity : join(known, quantity));
    }
  return found;
};

/** Of each resource the sum. */
export const sum = (all: readonly Resources[]): Resources => combine(all, plus);
/** Of each resource the greatest. */
export const greatest = (all: readonly Resources[]): Resources =>
  combine(all, (a, b) => (valueOf(b) > valueOf(a) ? b : a));

const resourcesAt = (value: unknown, ...keys: readonly string[]): Resources =>
  new Map(Object.entries(texts(value, ...keys)));

/** What a pod needs: its containers together, or the neediest init container. Source: kubectl pkg/util/resource. */
function podResources(pod: JsonObject, of: (container: unknown) => Resources): Resources {
  let running = sum(list(pod, 'spec', 'containers').map(of));
  let restartable: Resources = new Map();
  let initial: Resources = new Map();
  for (const container of list(pod, 'spec', 'initContainers')) {
    let needed = of(container);
    if (text(container, 'restartPolicy') === 'Always') {
      running = sum([running, needed]);
      restartable = sum([restartable, needed]);
      needed = restartable;
    } else needed = sum([needed, restartable]);
    initial = greatest([initial, needed]);
  }
  return greatest([running, initial]);
}

export function podRequests(pod: JsonObject): Resources {
  const statuses = [...list(pod, 'status', 'containerStatuses'), ...list(pod, 'status', 'initContainerStatuses')];
  const infeasible = list(pod, 'status', 'conditions').some(
    (each) => text(each, 'type') === 'PodResizePending' && text(each, 'reason') === 'Infeasible',
  );
  const requests = podResources(pod, (container) => {
    const asked = resourcesAt(container, 'resources', 'requests');
    const status = statuses.find((each) => text(each, 'name') === text(container, 'name'));
    if (at(status, 'resources') === undefined) return asked;
    const given = [resourcesAt(status, 'resources', 'requests'), resourcesAt(status, 'allocatedResources')];
    return greatest(infeasible ? given : [asked, ...given]);
  });
  return sum([requests, resourcesAt(pod, 'spec', 'overhead')]);
}

export function podLimits(pod: JsonObject): Resources {
  const limits = podResources(pod, (container) => resourcesAt(container, 'resources', 'limits'));
  const overhead = [...resourcesAt(pod, 'spec', 'overhead')].filter(([name]) => valueOf(limits.get(name) ?? '0') !== 0);
  return sum([limits, new Map(overhead)]);
}
