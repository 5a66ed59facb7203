import type { Cli } from '../../cli';
import { Failure } from '../../errors';
import { list, text, texts, type JsonObject } from '../../json';
import { goSort } from '../../printers/go-sort';
import { parseQuantity } from '../../printers/quantity';
import { accepts } from '../../rest/client';
import { discover } from '../../rest/discovery';

export const metricsRoot = '/apis/metrics.k8s.io/v1beta1';

/** Without a metrics server there is nothing to show. */
export async function assertMetrics(cli: Cli): Promise<void> {
  const { client } = cli.factory;
  await discover(client, '/api', accepts.discovery, {});
  const groups = await discover(client, '/apis', accepts.discovery, {});
  const there = list(groups, 'items').some(
    (group) =>
      text(group, 'metadata', 'name') === 'metrics.k8s.io' &&
      list(group, 'versions').some((version) => text(version, 'version') === 'v1beta1'),
  );
  if (!there) throw new Failure('Metrics API not available');
}

export interface Usage {
  /** In cores. */
  readonly cpu: number;
  /** In bytes. */
  readonly memory: number;
}

export const usageOf = (value: unknown, ...keys: readonly string[]): Usage => {
  const resources = texts(value, ...keys);
  return { cpu: parseQuantity(resources['cpu'] ?? '') ?? 0, memory: parseQuantity(resources['memory'] ?? '') ?? 0 };
};

export const total = (all: readonly Usage[]): Usage =>
  all.reduce((sum, { cpu, memory }) => ({ cpu: sum.cpu + cpu, memory: sum.memory + memory }), { cpu: 0, memory: 0 });

/** Each cell ends with a tab, the last of a line too. */
export const cells = (all: readonly string[]): string => all.map((cell) => `${cell}\t`).join('');

export function usageCells({ cpu, memory }: Usage, available?: Usage): string {
  const percent = (part: number, whole: number): string[] =>
    available === undefined ? [] : [`${Math.trunc((part / whole) * 100)}%`];
  return cells([
    `${Math.ceil(cpu * 1000 - 1e-9)}m`,
    ...percent(cpu, available?.cpu ?? 0),
    `${Math.trunc(memory / 2 ** 20)}Mi`,
    ...percent(memory, available?.memory ?? 0),
  ]);
}

/** By use, the most first; otherwise by name. */
export function sorted<T extends { readonly name: string; readonly usage: Usage }>(
  items: readonly T[],
  by: string,
): readonly T[] {
  if (by === 'cpu' || by === 'memory') return goSort(items, (a, b) => a.usage[by] > b.usage[by]);
  return goSort(items, (a, b) => a.name < b.name);
}

export function assertSortKey(cli: Cli): void {
  if (!['', 'cpu', 'memory'].includes(cli.flags.string('sort-by')))
    throw new Failure('--sort-by accepts only cpu or memory');
}

export const nameOf = (object: JsonObject): string => text(object, 'metadata', 'name');
