import type { Dockerd, Engine } from '../containers/dockerd';
import type { Clock } from '../sim/clock';

type EngineContainer = ReturnType<Engine['list']>[number];

/** The engines that run in a lab, and who wants to know of changes. */
export class DockerState {
  readonly #engines = new Map<string, Dockerd>();
  readonly #listeners = new Set<() => void>();
  #due = false;

  constructor(readonly clock: Clock) {}

  /** A daemon started on a host, or (undefined) ended. */
  running(host: string, dockerd: Dockerd | undefined): void {
    if (dockerd === undefined) this.#engines.delete(host);
    else {
      this.#engines.set(host, dockerd);
      dockerd.engine.events.listen(() => this.#changed());
    }
    this.#changed();
  }

  engine(host: string): Dockerd | undefined {
    return this.#engines.get(host);
  }

  /** All containers of all engines. */
  containers(): readonly EngineContainer[] {
    return [...this.#engines.values()].flatMap(({ engine }) => engine.list());
  }

  /** One of them, with the engine that runs it. */
  containerOf(id: string): { readonly engine: Engine; readonly container: EngineContainer } | undefined {
    for (const { engine } of this.#engines.values()) {
      const container = engine.list().find((each) => each.id === id);
      if (container !== undefined) return { engine, container };
    }
    return undefined;
  }

  /** Calls after changes, once per instant. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    if (this.#due) return;
    this.#due = true;
    this.clock.setTimer(0, () => {
      this.#due = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
