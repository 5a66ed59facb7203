import type { Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { configMap } from './objects';

const KEY = 'watch-this-configmap';
const labelled = (name: string, value: string) => configMap(name, {}, { [KEY]: value });

const select = (f: Framework, labels: string, from = ''): string =>
  `${f.at('configmaps')}?labelSelector=${encodeURIComponent(`${KEY} in (${labels})`)}${from === '' ? '' : `&resourceVersion=${from}`}`;

const mutate = (f: Framework, name: string, mutation: string): Promise<Thing> =>
  f.change(f.at('configmaps', name), (thing) => ({ ...thing, data: { mutation } }));

const relabel = (f: Framework, name: string, value: string): Promise<Thing> =>
  f.change(f.at('configmaps', name), ({ metadata, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, labels: { [KEY]: value } },
  }));

export const watchers: Behaviours = area('[sig-api-machinery] Watchers', {
  'should observe add, update, and delete watch notifications on configmaps': async (f) => {
    const [a, b, both] = [
      await f.api.watch(select(f, 'A')),
      await f.api.watch(select(f, 'B')),
      await f.api.watch(select(f, 'A,B')),
    ];
    const first = await f.api.create(f.at('configmaps'), labelled('e2e-watch-test-configmap-a', 'A'));
    await a.next('ADDED', first);
    await both.next('ADDED', first);
    for (const mutation of ['1', '2']) {
      const changed = await mutate(f, first.metadata.name, mutation);
      await a.next('MODIFIED', changed);
      await both.next('MODIFIED', changed);
    }
    await f.api.delete(f.at('configmaps', first.metadata.name));
    await a.next('DELETED');
    await both.next('DELETED');
    const second = await f.api.create(f.at('configmaps'), labelled('e2e-watch-test-configmap-b', 'B'));
    await b.next('ADDED', second);
    await both.next('ADDED', second);
    await a.silent();
    await f.api.delete(f.at('configmaps', second.metadata.name));
    await b.next('DELETED');
    await both.next('DELETED');
    await a.silent();
  },

  'should be able to start watching from a specific resource version': async (f) => {
    const name = 'e2e-watch-test-resource-version';
    await f.api.create(f.at('configmaps'), labelled(name, 'from'));
    const first = await mutate(f, name, '1');
    const second = await mutate(f, name, '2');
    await f.api.delete(f.at('configmaps', name));
    const watcher = await f.api.watch(select(f, 'from', first.metadata.resourceVersion));
    await watcher.next('MODIFIED', second);
    await watcher.next('DELETED');
  },

  'should be able to restart watching from the last resource version observed by the previous watch': async (f) => {
    const name = 'e2e-watch-test-watch-closed';
    const broken = await f.api.watch(select(f, 'restarted'));
    const made = await f.api.create(f.at('configmaps'), labelled(name, 'restarted'));
    await mutate(f, name, '1');
    await broken.next('ADDED', made);
    const last = await broken.next('MODIFIED');
    broken.stop();
    const second = await mutate(f, name, '2');
    const again = await f.api.watch(select(f, 'restarted', last.object.metadata.resourceVersion));
    await f.api.delete(f.at('configmaps', name));
    await again.next('MODIFIED', second);
    await again.next('DELETED');
  },

  'should observe an object deletion if it stops meeting the requirements of the selector': async (f) => {
    const name = 'e2e-watch-test-label-changed';
    const watcher = await f.api.watch(select(f, 'label-changed'));
    const made = await f.api.create(f.at('configmaps'), labelled(name, 'label-changed'));
    const first = await mutate(f, name, '1');
    await relabel(f, name, 'wrong-value');
    await watcher.next('ADDED', made);
    await watcher.next('MODIFIED', first);
    await watcher.next('DELETED');
    await mutate(f, name, '2');
    await watcher.silent();
    const restored = await relabel(f, name, 'label-changed');
    const third = await mutate(f, name, '3');
    await f.api.delete(f.at('configmaps', name));
    await watcher.next('ADDED', restored);
    await watcher.next('MODIFIED', third);
    await watcher.next('DELETED');
  },

  'should receive events on concurrent watches in same order': async (f) => {
    const path = f.at('configmaps');
    const { metadata } = await f.api.get(path);
    const from = (version: string) => f.api.watch(`${path}?resourceVersion=${version}`);
    const all = [await from(metadata.resourceVersion)];
    const wanted: string[] = [];
    for (let round = 0; round < 100; round++) {
      const name = `cm-${round % 7}`;
      const old = await f.exists(f.at('configmaps', name));
      if (!old) await f.api.create(path, configMap(name, { round: String(round) }));
      else if (round % 3 === 0) await f.api.delete(f.at('configmaps', name));
      else await mutate(f, name, String(round));
      const { object } = await at(all, 0).until(
        ['ADDED', 'MODIFIED', 'DELETED'][old ? (round % 3 === 0 ? 2 : 1) : 0] ?? '',
      );
      wanted.push(object.metadata.resourceVersion);
      all.push(await from(object.metadata.resourceVersion));
    }
    await f.lab.clock.advance(1000);
    for (const [index, watcher] of all.entries()) {
      if (index === 0) continue;
      const seen = watcher.seen.map(({ object }) => object.metadata.resourceVersion);
      f.equal(seen, wanted.slice(index), `what watch ${index} saw`);
    }
  },
});

function at<T>(all: readonly T[], index: number): T {
  const found = all[index];
  if (found === undefined) throw new Error(`there is no ${index}`);
  return found;
}
