import { expect, test } from 'vitest';
import type { Random } from '../../../sim/random';
import { configMap, type ConfigMap } from '../../api/core/configmap';
import type { WatchEvent } from '../registry';
import { forAll, propertyWorld } from './testing';

type Step =
  | { readonly do: 'write' | 'delete'; readonly namespace: string; readonly name: string; readonly value: string }
  | { readonly do: 'watch'; readonly namespace: string | undefined; readonly back: number; readonly stopAfter: number }
  | { readonly do: 'wait'; readonly ms: number };

const names = ['x', 'y', 'z'] as const;
const spaces = ['a', 'b'] as const;

function steps(random: Random): readonly Step[] {
  return Array.from({ length: random.between(5, 60) }, (): Step => {
    const dice = random.below(10);
    if (dice < 5)
      return { do: 'write', namespace: random.pick(spaces), name: random.pick(names), value: `${random.below(4)}` };
    if (dice < 7) return { do: 'delete', namespace: random.pick(spaces), name: random.pick(names), value: '' };
    if (dice < 9)
      return {
        do: 'watch',
        namespace: random.below(3) === 0 ? undefined : random.pick(spaces),
        back: random.below(12),
        stopAfter: random.below(4) === 0 ? random.below(10) : Infinity,
      };
    return { do: 'wait', ms: random.below(20) };
  });
}

const short = ({ type, object, revision }: WatchEvent<ConfigMap>): string =>
  `${revision} ${type} ${object.metadata.namespace}/${object.metadata.name}=${object.data?.['v'] ?? ''}@${object.metadata.resourceVersion}`;

test('every watch sees the history after its revision, in order, and a list with a watch is the list of later', async () => {
  const verdict = await forAll(150, steps, async (all, seed) => {
    const { clock, registry, admin } = propertyWorld(seed);
    const history: WatchEvent<ConfigMap>[] = [];
    const started = registry.revision;
    admin.watch(configMap, { from: started }, (event) => history.push(event));
    const watches: {
      readonly from: number;
      readonly namespace: string | undefined;
      readonly seen: WatchEvent<ConfigMap>[];
      readonly listed: ReadonlyMap<string, ConfigMap>;
      stopped: boolean;
    }[] = [];
    const listAt = (revision: number, namespace: string | undefined): ReadonlyMap<string, ConfigMap> =>
      new Map(
        registry.storage.store
          .range(namespace === undefined ? configMap.prefix : `${configMap.prefix}${namespace}/`, revision)
          .map(({ key, value }) => [key, value as ConfigMap]),
      );
    for (const step of all) {
      if (step.do === 'wait') await clock.advance(step.ms);
      else if (step.do === 'watch') {
        const from = Math.max(started, registry.revision - step.back);
        const { namespace } = step;
        const one = {
          from,
          namespace,
          seen: [] as WatchEvent<ConfigMap>[],
          listed: listAt(from, namespace),
          stopped: false,
        };
        const watch = admin.watch(configMap, { from, ...(namespace === undefined ? {} : { namespace }) }, (event) => {
          one.seen.push(event);
          if (one.seen.length < step.stopAfter) return;
          one.stopped = true;
          watch.stop();
        });
        watches.push(one);
      } else if (step.do === 'delete') admin.delete(configMap, step.namespace, step.name);
      else {
        const { namespace, name, value } = step;
        const made = admin.create(configMap, { metadata: { namespace, name }, data: { v: value } });
        if (!made.ok) admin.mutate(configMap, namespace, name, (had) => ({ ...had, data: { v: value } }));
      }
    }
    await clock.advance(10_000);
    for (const { from, namespace, seen, listed, stopped } of watches) {
      const wanted = history
        .filter(
          (each) => each.revision > from && (namespace === undefined || each.object.metadata.namespace === namespace),
        )
        .map(short);
      const got = seen.map(short);
      if (got.join('\n') !== wanted.slice(0, stopped ? got.length : undefined).join('\n'))
        return `from ${from} in ${namespace ?? 'all'}:\n${got.join('\n')}\ninstead of\n${wanted.join('\n')}`;
      if (stopped) continue;
      const state = new Map(listed);
      for (const { type, object } of seen) {
        const key = `${configMap.prefix}${object.metadata.namespace}/${object.metadata.name}`;
        if (type === 'DELETED') state.delete(key);
        else state.set(key, object);
      }
      const now = [...listAt(registry.revision, namespace)].map(
        ([key, object]) => `${key} ${object.metadata.resourceVersion}`,
      );
      const built = [...state].sort().map(([key, object]) => `${key} ${object.metadata.resourceVersion}`);
      if (built.join() !== now.join()) return `list at ${from} and watch: ${built.join()}, list: ${now.join()}`;
    }
    return undefined;
  });
  expect(verdict).toBe('holds');
}, 60_000);
