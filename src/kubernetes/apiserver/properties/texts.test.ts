import { expect, test } from 'vitest';
import { decode } from '../../../linux/io/bytes';
import type { Random } from '../../../sim/random';
import { pod, type Pod } from '../../api/core/pod';
import { serviceAccount } from '../../api/core/serviceaccount';
import type { ApiObject, Draft } from '../../apimachinery/object';
import { timeOf } from '../../apimachinery/time';
import { changed } from '../managed/typed';
import { sameChange } from '../managed/same-change';
import type { ServerParts } from '../rest/exchange';
import { metadataTexts, ObjectTexts } from '../rest/object-text';
import { listOf, withManagers } from '../rest/read';
import { table, tableText } from '../rest/table';
import { forAll, propertyWorld } from './testing';

/** A pod that may or may not have this and that; half of them are like others. */
function draft(random: Random, name: string): unknown {
  const maybe = <T>(value: T): T | undefined => (random.below(2) === 0 ? value : undefined);
  const given = {
    metadata: {
      name,
      namespace: 'a',
      labels: maybe({ app: 'web', 'say "hi"': undefined }),
      annotations: maybe({ a: '\\' }),
    },
    spec: {
      containers: ['one', 'two'].slice(random.below(2)).map((container) => ({
        name: container,
        image: 'nginx',
        ports: maybe([{ containerPort: 80 + random.below(2) }]),
        env: maybe([{ name: 'A', value: String(random.below(2)) }]),
      })),
      nodeName: maybe('node1'),
    },
  };
  return JSON.parse(JSON.stringify(given)) as unknown;
}

test('rows and objects that are kept as text are what is made anew, at any time', async () => {
  const check = async (steps: readonly number[], seed: number): Promise<string | undefined> => {
    const { admin, clock, registry } = propertyWorld(seed);
    const random = registry.storage.random.fork('test');
    const whole = new ObjectTexts((kind, object) => withManagers({ registry }, kind, object));
    admin.create(serviceAccount, { metadata: { name: 'default', namespace: 'a' } } as Draft<ApiObject>);
    for (const [index, step] of steps.entries()) {
      const made = admin.create(pod, draft(random, `p${index}`) as Draft<Pod>);
      if (!made.ok) return made.error.message;
      await clock.advance(step);
      if (step % 2 === 0) {
        const finishedAt = timeOf(clock.now);
        const state = { running: { startedAt: finishedAt } };
        const lastState = { terminated: { exitCode: 1, finishedAt } };
        const status = { name: 'one', ready: true, restartCount: step, image: '', imageID: '', state, lastState };
        admin.mutateStatus(pod, 'a', `p${index}`, (now) => ({
          ...now,
          status: { ...now.status, phase: 'Running' as const, containerStatuses: [status] },
        }));
      }
      const server = { registry } as unknown as ServerParts;
      const pods = admin.list(pod);
      const shown = (object: ApiObject): ApiObject => withManagers(server, pod, object);
      const anew = `${JSON.stringify(table(pod, pods, { resourceVersion: '1' }, clock.now, 'Metadata', { shown }))}\n`;
      const kept = tableText(pod, pods, { resourceVersion: '1' }, clock.now, 'v1', metadataTexts(server, pod));
      if (kept !== anew) return `${kept}\nis not\n${anew}`;
      const items = JSON.stringify((listOf(pod, {}, pods.map(shown)) as { readonly items: readonly object[] }).items);
      const texts = `[${pods.map((each) => whole.item(pod, each)).join(',')}]`;
      if (texts !== items) return `${texts}\nis not\n${items}`;
      const [first] = pods;
      if (first === undefined) continue;
      const line = `${JSON.stringify({ type: 'ADDED', object: shown(first) })}\n`;
      for (let time = 0; time < 2; time++)
        if (decode(whole.line(pod, 'ADDED', first)) !== line) return `another line than ${line}`;
    }
    return undefined;
  };
  const steps = (random: Random): readonly number[] => Array.from({ length: 12 }, () => random.below(100_000));
  expect(await forAll(20, steps, check)).toBe('holds');
});

test('what sameChange takes to be the same set of fields is the same', async () => {
  const check = async ([seed = 0]: readonly number[]): Promise<string | undefined> => {
    const { registry } = propertyWorld(seed);
    const random = registry.storage.random.fork('test');
    const [old, a, b] = ['p', 'p', 'q'].map((name) => draft(random, name));
    for (const before of [undefined, { spec: { containers: null } }, old]) {
      const sets = [a, b].map((now) => JSON.stringify(changed(pod.schema, before, now)));
      if (sameChange(pod.schema, before, a, b) && sets[0] !== sets[1]) return sets.join('\nis not\n');
    }
    return undefined;
  };
  expect(await forAll(300, (random) => [random.below(1_000_000)], check)).toBe('holds');
});
