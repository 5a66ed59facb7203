import { equal } from '../../apimachinery/equal';

/**
 * RFC 6902 with the habits of evanphx/json-patch, which the server uses: replacing a member that is not there adds it,
 * removing one that is not there fails. Undefined where an operation cannot be done.
 */
export function applyJsonPatch(document: unknown, operations: readonly unknown[]): unknown {
  let current = document;
  for (const operation of operations) {
    const { op, path, from, value } = (operation ?? {}) as {
      op?: unknown;
      path?: unknown;
      from?: unknown;
      value?: unknown;
    };
    if (typeof path !== 'string') return undefined;
    const to = pointer(path);
    let next: unknown;
    switch (op) {
      case 'add':
        next = change(current, to, (holder, key) => put(holder, key, value ?? null, true));
        break;
      case 'replace':
        next =
          to.length === 0
            ? (value ?? null)
            : change(current, to, (holder, key) => put(holder, key, value ?? null, false));
        break;
      case 'remove':
        next = change(current, to, take);
        break;
      case 'test':
        if (!equal(read(current, to) ?? null, value ?? null)) return undefined;
        next = current;
        break;
      case 'copy':
      case 'move': {
        if (typeof from !== 'string') return undefined;
        const source = pointer(from);
        const moved = read(current, source);
        if (moved === undefined) return undefined;
        const without = op === 'move' ? change(current, source, take) : current;
        if (without === undefined) return undefined;
        next = change(without, to, (holder, key) => put(holder, key, moved, true));
        break;
      }
      default:
        return undefined;
    }
    if (next === undefined) return undefined;
    current = next;
  }
  return current;
}

type Holder = readonly unknown[] | Readonly<Record<string, unknown>>;

/** RFC 6901. */
const pointer = (path: string): readonly string[] =>
  path === ''
    ? []
    : path
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;

function read(value: unknown, [head, ...rest]: readonly string[]): unknown {
  if (head === undefined) return value;
  if (!isHolder(value)) return undefined;
  const inner = Array.isArray(value)
    ? (value as readonly unknown[])[index(value, head, false)]
    : (value as Readonly<Record<string, unknown>>)[head];
  return read(inner, rest);
}

/** A copy with the last member of the path changed by `act`; what is not on the path is shared. */
function change(
  value: unknown,
  [head, ...rest]: readonly string[],
  act: (holder: Holder, key: string) => Holder | undefined,
): unknown {
  if (head === undefined || !isHolder(value)) return undefined;
  if (rest.length === 0) return act(value, head);
  if (Array.isArray(value)) {
    const at = index(value, head, false);
    const inner = change(value[at], rest, act);
    return inner === undefined ? undefined : value.map((item: unknown, each) => (each === at ? inner : item));
  }
  const inner = change((value as Readonly<Record<string, unknown>>)[head], rest, act);
  return inner === undefined ? undefined : { ...value, [head]: inner };
}

/** Where in a list; -1: nowhere. Negative numbers count from the end, as upstream's library has it. */
function index(list: readonly unknown[], key: string, end: boolean): number {
  if (key === '-') return end ? list.length : -1;
  const at = /^-?\d+$/.test(key) ? Number(key) : NaN;
  const real = at < 0 ? list.length + at : at;
  return real >= 0 && real < list.length + (end ? 1 : 0) ? real : -1;
}

function put(holder: Holder, key: string, value: unknown, insert: boolean): Holder | undefined {
  if (!Array.isArray(holder)) return { ...holder, [key]: value };
  const list = holder as readonly unknown[];
  const at = index(list, key, insert);
  if (at < 0) return undefined;
  return insert
    ? [...list.slice(0, at), value, ...list.slice(at)]
    : list.map((item, each) => (each === at ? value : item));
}

function take(holder: Holder, key: string): Holder | undefined {
  if (Array.isArray(holder)) {
    const at = index(holder, key, false);
    return at < 0 ? undefined : (holder as readonly unknown[]).filter((_, each) => each !== at);
  }
  const members = holder as Readonly<Record<string, unknown>>;
  if (!(key in members)) return undefined;
  const { [key]: _gone, ...rest } = members;
  return rest;
}
