const none: readonly never[] = [];

/** From how many members on a real set is used. */
const MANY = 8;

/**
 * A set that mostly has nobody or one in it (listeners, waiters), in a quarter of a set's room. Who goes through it sees
 * those that were there when it began.
 */
export class Few<T> {
  #members: readonly T[] | Set<T> = none;

  get size(): number {
    return this.#members instanceof Set ? this.#members.size : this.#members.length;
  }

  has(member: T): boolean {
    return this.#members instanceof Set ? this.#members.has(member) : this.#members.includes(member);
  }

  add(member: T): this {
    const members = this.#members;
    if (members instanceof Set) members.add(member);
    else if (members.length === 0) this.#members = [member];
    else if (!members.includes(member))
      this.#members = members.length < MANY ? members.concat([member]) : new Set([...members, member]);
    return this;
  }

  delete(member: T): boolean {
    const members = this.#members;
    if (members instanceof Set) return members.delete(member);
    if (!members.includes(member)) return false;
    this.#members = members.length === 1 ? none : members.filter((each) => each !== member).slice();
    return true;
  }

  clear(): void {
    this.#members = none;
  }

  [Symbol.iterator](): Iterator<T> {
    const members = this.#members;
    return (members instanceof Set ? [...members] : members)[Symbol.iterator]();
  }
}
