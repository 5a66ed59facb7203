import { event as eventKind, type Event } from '../../api/core/event';
import type { ApiObject } from '../../apimachinery/object';
import { failure } from '../../apimachinery/status';
import type { AdmissionPlugin, Attributes } from './admission';
import { aggregate } from './deny';

type LimitType = 'Server' | 'Namespace' | 'User' | 'SourceAndObject';

/** One limit of the plugin's configuration. */
interface Limit {
  readonly type: LimitType;
  readonly qps: number;
  readonly burst: number;
  readonly cacheSize: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

const keys: Readonly<Record<LimitType, (attributes: Attributes) => string>> = {
  Server: () => '',
  Namespace: ({ object }) => object.metadata.namespace ?? '',
  User: ({ actor }) => actor.user,
  SourceAndObject({ object }) {
    const { source, involvedObject } = object as ApiObject as Event;
    const { kind, namespace, name, uid, apiVersion } = involvedObject;
    return [source?.component, source?.host, kind, namespace, name, uid, apiVersion].join('');
  },
};

/** How many buckets a limit keeps (defaultCacheSize). */
const defaultCacheSize = 4096;

/** EventRateLimit: so many events a second, and so many at once. */
export function eventRateLimit(): AdmissionPlugin {
  const enforcers = new WeakMap<object, readonly (readonly [Limit, Map<string, Bucket>])[]>();
  return {
    name: 'EventRateLimit',
    resources: [eventKind.resource],
    validate(attributes, storage, server) {
      if (attributes.operation === 'DELETE' || attributes.dryRun) return undefined;
      const configuration = server.configurations().get('EventRateLimit');
      if (configuration === undefined) return undefined;
      let limits = enforcers.get(configuration);
      if (limits === undefined)
        enforcers.set(configuration, (limits = limitsOf(configuration).map((limit) => [limit, new Map()] as const)));
      const reached = limits.flatMap(([limit, buckets]) => {
        const key = keys[limit.type](attributes);
        return accepts(limit, buckets, key, storage.clock.now)
          ? []
          : [`limit reached on type ${limit.type} for key ${key}`];
      });
      const message = aggregate(reached);
      return message === undefined ? undefined : failure(429, 'TooManyRequests', message, { retryAfterSeconds: 0 });
    },
  };
}

function limitsOf({ limits }: Readonly<Record<string, unknown>>): readonly Limit[] {
  if (!Array.isArray(limits)) return [];
  return (limits as readonly Partial<Limit>[]).flatMap(({ type, qps = 0, burst = 0, cacheSize = 0 }) =>
    type !== undefined && Object.hasOwn(keys, type)
      ? [{ type, qps, burst, cacheSize: cacheSize > 0 ? cacheSize : defaultCacheSize }]
      : [],
  );
}

/** A token bucket; the one that was used longest ago makes room. */
function accepts({ qps, burst, cacheSize }: Limit, buckets: Map<string, Bucket>, key: string, now: number): boolean {
  const bucket = buckets.get(key) ?? { tokens: burst, at: now };
  buckets.delete(key);
  const [oldest] = buckets.size >= cacheSize ? buckets.keys() : [];
  if (oldest !== undefined) buckets.delete(oldest);
  buckets.set(key, bucket);
  bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * qps);
  bucket.at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}
