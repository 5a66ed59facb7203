import type { Point, Scraped } from './scrape';

/** What was used between two looks. */
export interface Usage {
  readonly timestamp: number;
  /** Milliseconds. */
  readonly window: number;
  /** Cores. */
  readonly cpu: number;
  readonly memory: number;
}

interface Pair {
  readonly last: Point;
  readonly previous: Point | undefined;
}

/** The last two looks at each node and container; from them comes what is used now (pkg/storage). */
export class MetricsStorage {
  readonly #nodes = new Map<string, Pair>();
  #pods = new Map<string, Map<string, Pair>>();

  /** Whether there is anything to show. */
  get ready(): boolean {
    return [...this.#nodes.values()].some(({ previous }) => previous !== undefined);
  }

  store(scraped: ReadonlyMap<string, Scraped>): void {
    const pods = new Map<string, Map<string, Pair>>();
    for (const [node, { node: point, pods: found }] of scraped) {
      if (point !== undefined) this.#nodes.set(node, next(this.#nodes.get(node), point));
      for (const [key, containers] of found) {
        const known = this.#pods.get(key);
        pods.set(key, new Map([...containers].map(([name, each]) => [name, next(known?.get(name), each)])));
      }
    }
    for (const node of this.#nodes.keys()) if (!scraped.has(node)) this.#nodes.delete(node);
    this.#pods = pods;
  }

  node(name: string): Usage | undefined {
    return usage(this.#nodes.get(name));
  }

  /** Each container's; undefined while not all of them were seen twice. */
  pod(namespace: string, name: string): readonly (Usage & { readonly name: string })[] | undefined {
    const containers = this.#pods.get(`${namespace}/${name}`);
    if (containers === undefined) return undefined;
    const all = [...containers].flatMap(([container, pair]) => {
      const used = usage(pair);
      return used === undefined ? [] : [{ name: container, ...used }];
    });
    return all.length === containers.size && all.length > 0 ? all : undefined;
  }
}

/** A container that was started anew begins at nothing. */
const next = (known: Pair | undefined, last: Point): Pair => {
  const previous = known?.last.at === last.at ? known.previous : known?.last;
  return { last, previous: previous !== undefined && previous.cpu > last.cpu ? undefined : previous };
};

function usage(pair: Pair | undefined): Usage | undefined {
  if (pair?.previous === undefined) return undefined;
  const { last, previous } = pair;
  const window = last.at - previous.at;
  if (window <= 0) return undefined;
  return { timestamp: last.at, window, cpu: ((last.cpu - previous.cpu) * 1000) / window, memory: last.memory };
}
