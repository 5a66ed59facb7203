import type { Container, PodSpec } from '../../api/core/pod-spec';
import type { Quantities } from '../../apimachinery/object';
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  quantityText,
  type Quantity,
} from '../../apimachinery/quantity';

/** What there is of each resource: v1.ResourceList, to count with. */
export type Amounts = ReadonlyMap<string, Quantity>;

const zero: Quantity = { unscaled: 0n, scale: 0, format: 'DecimalSI', wide: false };
export const one: Quantity = { unscaled: 1n, scale: 0, format: 'DecimalSI', wide: false };

export const amountOf = (text: string | undefined): Quantity => {
  const parsed = parseQuantity(text ?? '0');
  return parsed.ok ? parsed.value : zero;
};

export const amountsOf = (list: Quantities | undefined): Amounts =>
  new Map(Object.entries(list ?? {}).map(([name, text]) => [name, amountOf(text)]));

/** Back to what objects hold, by name. */
export const quantitiesOf = (amounts: Amounts): Quantities =>
  Object.fromEntries(
    [...amounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, amount]) => [name, quantityText(amount)]),
  );

export function add(left: Amounts, right: Amounts): Amounts {
  const sum = new Map(left);
  for (const [name, amount] of right) {
    const had = sum.get(name);
    sum.set(name, had === undefined ? amount : addQuantities(had, amount));
  }
  return sum;
}

/** quota.SubtractWithNonNegativeResult. */
export function subtract(left: Amounts, right: Amounts): Amounts {
  const rest = new Map<string, Quantity>();
  for (const [name, amount] of left) {
    const less = right.get(name);
    const value = less === undefined ? amount : addQuantities(amount, { ...less, unscaled: -less.unscaled });
    rest.set(name, value.unscaled < 0n ? zero : strip(value));
  }
  for (const name of right.keys()) if (!left.has(name)) rest.set(name, zero);
  return rest;
}

/** Without the text that it was read from. */
const strip = ({ unscaled, scale, format, wide }: Quantity): Quantity => ({ unscaled, scale, format, wide });

export function larger(left: Amounts, right: Amounts): Amounts {
  const most = new Map(left);
  for (const [name, amount] of right) {
    const had = most.get(name);
    if (had === undefined || compareQuantities(amount, had) > 0) most.set(name, amount);
  }
  return most;
}

const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/**
 * resourcehelper.PodRequests and PodLimits: what the containers need together, or one of the init containers (besides the
 * sidecars that run by then), and what the pod says of itself as a whole.
 */
export function podAmounts(spec: PodSpec, which: 'requests' | 'limits', overhead = true): Amounts {
  const of = ({ resources }: Container): Amounts => amountsOf(resources?.[which]);
  let all: Amounts = new Map();
  for (const container of spec.containers) all = add(all, of(container));
  let sidecars: Amounts = new Map();
  let starting: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) {
      sidecars = add(sidecars, of(container));
      all = add(all, of(container));
      starting = larger(starting, sidecars);
    } else starting = larger(starting, add(sidecars, of(container)));
  }
  all = larger(all, starting);
  if (spec.resources !== undefined) {
    const own = amountsOf(spec.resources[which]);
    all = new Map([
      ...all,
      ...[...own].filter(([name]) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')),
    ]);
  }
  if (!overhead || spec.overhead === undefined) return all;
  const extra = amountsOf(spec.overhead);
  // Overhead only raises limits that are there.
  return add(
    all,
    which === 'requests' ? extra : new Map([...extra].filter(([name]) => (all.get(name)?.unscaled ?? 0n) !== 0n)),
  );
}
