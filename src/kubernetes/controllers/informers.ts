import type { Kind } from '../apimachinery/kind';
import type { RegistryClient, Watch, WatchEvent } from '../apiserver/registry';

type Handler = (event: WatchEvent) => void;

/** One watch per kind for all controllers of a process (client-go's SharedInformerFactory). */
export class Informers {
  readonly #handlers = new Map<Kind, Set<Handler>>();
  readonly #watches: Watch[] = [];
  #running = false;

  constructor(readonly client: RegistryClient) {}

  /** Handlers are called in the order in which they came. */
  on(kind: Kind, handler: Handler): () => void {
    let handlers = this.#handlers.get(kind);
    if (handlers === undefined) {
      handlers = new Set();
      this.#handlers.set(kind, handlers);
      if (this.#running) this.#watch(kind, handlers);
    }
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  /** Begins to watch: what exists comes as ADDED. */
  start(): void {
    this.#running = true;
    for (const [kind, handlers] of this.#handlers) this.#watch(kind, handlers);
  }

  stop(): void {
    this.#running = false;
    for (const watch of this.#watches.splice(0)) watch.stop();
  }

  #watch(kind: Kind, handlers: ReadonlySet<Handler>): void {
    this.#watches.push(
      this.client.watch(kind, {}, (event) => {
        for (const handler of handlers) handler(event);
      }),
    );
  }
}
