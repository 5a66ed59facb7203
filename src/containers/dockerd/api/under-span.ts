import type { Trace } from '../../../sim/trace';

/**
 * The same object, whose methods act under a span: what a request's handler does to the engine has that request as its
 * cause, also after the handler has waited for something. Parts that are objects of the engine's own act so too.
 */
export function underSpan<T extends object>(target: T, trace: Trace, span: number, parts: readonly string[] = []): T {
  return new Proxy(target, {
    get(object, key): unknown {
      const value: unknown = Reflect.get(object, key, object);
      if (typeof value === 'function') {
        const method = value as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => trace.within(span, () => method.apply(object, args));
      }
      if (typeof key === 'string' && parts.includes(key) && typeof value === 'object' && value !== null) {
        return underSpan(value, trace, span);
      }
      return value;
    },
  });
}
