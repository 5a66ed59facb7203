/**
 * Makes an error that only unwinds. Where the engine keeps stacks (V8), collecting one costs more than all else that
 * ends a process.
 */
export function withoutStack<T extends Error>(make: () => T): T {
  const errors = Error as { stackTraceLimit?: number };
  const limit = errors.stackTraceLimit;
  if (limit === undefined) return make();
  errors.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    errors.stackTraceLimit = limit;
  }
}
