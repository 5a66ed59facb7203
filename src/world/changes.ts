import type { CollectionChange, CollectionName, Collections } from './view';

/** What one collection owes the page: the newest view of each key that changed since the last flush. */
class Owed<N extends CollectionName> {
  readonly #set = new Map<string, Collections[N]>();
  readonly #removed = new Set<string>();
  #reset = false;

  constructor(readonly name: N) {}

  set(view: Collections[N]): void {
    this.#removed.delete(view.key);
    this.#set.set(view.key, view);
  }

  remove(key: string): void {
    this.#set.delete(key);
    this.#removed.add(key);
  }

  reset(): void {
    this.#set.clear();
    this.#removed.clear();
    this.#reset = true;
  }

  flush(): CollectionChange | undefined {
    if (this.#set.size === 0 && this.#removed.size === 0 && !this.#reset) return undefined;
    const change = {
      of: this.name,
      set: [...this.#set.values()],
      removed: [...this.#removed],
      ...(this.#reset ? { reset: true as const } : {}),
    } as unknown as CollectionChange;
    this.#set.clear();
    this.#removed.clear();
    this.#reset = false;
    return change;
  }
}

/** Gathers changes of all collections between two flushes, so that a thing that changes ten times is sent once. */
export class Changes {
  readonly #owed: { readonly [N in CollectionName]: Owed<N> } = {
    nodes: new Owed('nodes'),
    pods: new Owed('pods'),
    workloads: new Owed('workloads'),
    services: new Owed('services'),
    docker: new Owed('docker'),
    sheets: new Owed('sheets'),
    nat: new Owed('nat'),
    life: new Owed('life'),
  };

  set<N extends CollectionName>(name: N, view: Collections[N]): void {
    (this.#owed[name] as Owed<N>).set(view);
  }

  remove(name: CollectionName, key: string): void {
    this.#owed[name].remove(key);
  }

  /** Empties a collection on the page before what is set from now on. */
  reset(name: CollectionName): void {
    this.#owed[name].reset();
  }

  flush(): readonly CollectionChange[] {
    return Object.values(this.#owed).flatMap((owed) => owed.flush() ?? []);
  }
}
