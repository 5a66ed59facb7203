/**
 * Keys with their histories, found by prefix without a look at the others: keys stand together by their first two
 * segments (`/registry/pods/`), and each group keeps itself sorted once somebody asks for a range.
 */
export class KeyIndex<H> {
  readonly #groups = new Map<string, Group<H>>();
  /** Writes come in rows of one kind. */
  #last: { readonly name: string; readonly group: Group<H> } | undefined;

  get(key: string): H | undefined {
    return this.#groupOf(key)?.histories.get(key);
  }

  /** Of a key that was not there. */
  add(key: string, history: H): void {
    let group = this.#groupOf(key);
    if (group === undefined) this.#groups.set(groupOf(key), (group = new Group<H>()));
    group.add(key, history);
  }

  delete(key: string): void {
    const group = this.#groupOf(key);
    group?.delete(key);
    if (group?.histories.size !== 0) return;
    this.#groups.delete(groupOf(key));
    this.#last = undefined;
  }

  #groupOf(key: string): Group<H> | undefined {
    // What begins with the two segments of a group is in it.
    if (this.#last !== undefined && key.startsWith(this.#last.name)) return this.#last.group;
    const name = groupOf(key);
    const group = this.#groups.get(name);
    if (group !== undefined && name !== '') this.#last = { name, group };
    return group;
  }

  /** In byte order: the keys `from` ≤ key < `end`; `end` undefined: to the last. */
  *range(from: string, end: string | undefined): Iterable<readonly [string, H]> {
    const single = groupOf(from);
    // A range within one group is the usual case.
    const names =
      end !== undefined && single !== '' && single === groupOf(end)
        ? [single]
        : [...this.#groups.keys()].filter((name) => (end === undefined || name < end) && reaches(name, from));
    if (names.length === 1) return yield* this.#groups.get(names[0] ?? '')?.range(from, end) ?? [];
    const found = names.flatMap((name) => [...(this.#groups.get(name)?.range(from, end) ?? [])]);
    yield* found.sort(([a], [b]) => compare(a, b));
  }
}

/** Whether a group can hold a key that is not before `from`. */
const reaches = (name: string, from: string): boolean => name >= from || from.startsWith(name);

class Group<H> {
  readonly histories = new Map<string, H>();
  #sorted: string[] | undefined;

  add(key: string, history: H): void {
    if (this.#sorted !== undefined) {
      // Names that grow (events, generated names) come at the end; others make it sort again.
      const last = this.#sorted.at(-1);
      if (last === undefined || compare(last, key) < 0) this.#sorted.push(key);
      else this.#sorted = undefined;
    }
    this.histories.set(key, history);
  }

  delete(key: string): void {
    if (this.histories.delete(key)) this.#sorted = undefined;
  }

  *range(from: string, end: string | undefined): Iterable<readonly [string, H]> {
    const keys = (this.#sorted ??= [...this.histories.keys()].sort(compare));
    for (let at = lowerBound(keys, from); at < keys.length; at++) {
      const key = keys[at] ?? '';
      if (end !== undefined && compare(key, end) >= 0) return;
      const history = this.histories.get(key);
      if (history !== undefined) yield [key, history];
    }
  }
}

/** `/registry/pods/default/a` → `/registry/pods/`; what has fewer segments stands alone. */
function groupOf(key: string): string {
  const second = key.indexOf('/', 1);
  const third = second < 0 ? -1 : key.indexOf('/', second + 1);
  return third < 0 ? '' : key.slice(0, third + 1);
}

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function lowerBound(keys: readonly string[], from: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(keys[middle] ?? '', from) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** clientv3.GetPrefixRangeEnd: the first key after all that begin with `prefix`; undefined: there is none. */
export function prefixEnd(prefix: string): string | undefined {
  for (let at = prefix.length - 1; at >= 0; at--) {
    const code = prefix.charCodeAt(at);
    if (code < 0xffff) return prefix.slice(0, at) + String.fromCharCode(code + 1);
  }
  return undefined;
}
