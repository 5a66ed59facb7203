import type { ContainerLike, PodSpecLike, Quantities } from './objects';

/** Amounts that scheduling adds up: CPU in thousandths of a core, the rest in whole units. */
export interface Resources {
  readonly cpu: number;
  readonly memory: number;
  readonly storage: number;
  /** Everything else, by name (`hugepages-2Mi`, `nvidia.com/gpu`). */
  readonly scalars: ReadonlyMap<string, number> | undefined;
}

export const noResources: Resources = { cpu: 0, memory: 0, storage: 0, scalars: undefined };

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const known = new Map<string, number>();

/** The value of a quantity's text; NaN where there is none. */
export function amount(quantity: string | number): number {
  if (typeof quantity === 'number') return quantity;
  let value = known.get(quantity);
  if (value === undefined) {
    const [, digits = '', suffix = ''] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
    value = Number.parseFloat(digits) * (factors[suffix] ?? NaN);
    if (known.size > 10_000) known.clear();
    known.set(quantity, value);
  }
  return value;
}

/** Values are rounded up, as Quantity.Value and MilliValue do. */
const up = (value: number): number => (Number.isFinite(value) ? Math.ceil(Number(value.toPrecision(15))) : 0);

export function resources(quantities: Quantities | undefined): Resources {
  if (quantities === undefined) return noResources;
  let cpu = 0;
  let memory = 0;
  let storage = 0;
  let scalars: Map<string, number> | undefined;
  for (const name in quantities) {
    const value = amount(quantities[name] ?? 0);
    if (name === 'cpu') cpu = up(value * 1000);
    else if (name === 'memory') memory = up(value);
    else if (name === 'ephemeral-storage') storage = up(value);
    else (scalars ??= new Map<string, number>()).set(name, up(value));
  }
  return { cpu, memory, storage, scalars };
}

function combine(a: Resources, b: Resources, join: (x: number, y: number) => number): Resources {
  let scalars = a.scalars;
  if (b.scalars !== undefined) {
    const joined = new Map(a.scalars);
    for (const [name, value] of b.scalars) joined.set(name, join(joined.get(name) ?? 0, value));
    scalars = joined;
  }
  return {
    cpu: join(a.cpu, b.cpu),
    memory: join(a.memory, b.memory),
    storage: join(a.storage, b.storage),
    scalars,
  };
}

const sum = (a: number, b: number): number => a + b;
export const add = (a: Resources, b: Resources): Resources => combine(a, b, sum);
export const subtract = (a: Resources, b: Resources): Resources => combine(a, b, (x, y) => x - y);
const larger = (a: Resources, b: Resources): Resources => combine(a, b, Math.max);

/** What an unset request counts for when nodes are compared (pkg/scheduler/util/pod_resources.go). */
const assumed = { cpu: 100, memory: 200 * 1024 * 1024 };

/** What a pod asks for: its containers together, or its most demanding init container, whichever is more. */
export function podRequests(spec: PodSpecLike): { readonly requests: Resources; readonly nonZero: Resources } {
  return {
    requests: total(spec, (container) => resources(container.resources?.requests)),
    nonZero: total(spec, withAssumed),
  };
}

function withAssumed({ resources: { requests } = {} }: ContainerLike): Resources {
  const asked = resources(requests);
  const cpu = requests?.['cpu'] === undefined ? assumed.cpu : asked.cpu;
  return { ...asked, cpu, memory: requests?.['memory'] === undefined ? assumed.memory : asked.memory };
}

/** k8s.io/component-helpers/resource PodRequests: sidecars (init containers that restart always) run beside all later ones. */
function total(
  { containers, initContainers = [], overhead }: PodSpecLike,
  of: (container: ContainerLike) => Resources,
): Resources {
  let running = containers.reduce((all, container) => add(all, of(container)), noResources);
  if (initContainers.length > 0) {
    let sidecars = noResources;
    let most = noResources;
    for (const container of initContainers) {
      let starting = of(container);
      if (container.restartPolicy === 'Always') {
        running = add(running, starting);
        sidecars = add(sidecars, starting);
        starting = sidecars;
      } else {
        starting = add(starting, sidecars);
      }
      most = larger(most, starting);
    }
    running = larger(running, most);
  }
  return overhead === undefined ? running : add(running, resources(overhead));
}
