/** Those who wait for a socket. Called within the arrival that ended their waiting; each once. */
export class Waiters {
  #waiting: Set<() => void> | undefined;

  add(wake: () => void): () => void {
    (this.#waiting ??= new Set()).add(wake);
    return () => this.#waiting?.delete(wake);
  }

  wakeAll(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || waiting.size === 0) return;
    this.#waiting = undefined;
    for (const wake of waiting) wake();
  }
}
