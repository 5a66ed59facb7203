import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';

const TIME = '2017-09-19T13:49:16.000000Z';
const NAMES = ['test-event-1', 'test-event-2', 'test-event-3'];

const coreEvent = (f: Framework, name: string, labels: object) => ({
  metadata: { name, labels },
  message: `This is ${name}`,
  reason: 'Test',
  type: 'Normal',
  count: 1,
  involvedObject: { namespace: f.namespace },
});

const event = (f: Framework, name: string, labels: object) => ({
  metadata: { name, labels },
  regarding: { namespace: f.namespace },
  eventTime: TIME,
  note: `This is ${name}`,
  action: 'Do',
  reason: 'Test',
  type: 'Normal',
  reportingController: 'test-controller',
  reportingInstance: 'test-node',
});

const constant = { 'testevent-constant': 'true' };
const set = { 'testevent-set': 'true' };
const selector = (labels: object): string => `labelSelector=${Object.entries(labels).flat().join('=')}`;

/** Without what the control plane sets. */
const plain = ({ metadata, ...rest }: Thing): unknown => ({
  ...rest,
  metadata: Object.fromEntries(
    Object.entries(metadata).filter(([field]) => !['resourceVersion', 'managedFields'].includes(field)),
  ),
});

async function collection(
  f: Framework,
  path: string,
  make: (f: Framework, name: string, labels: object) => object,
): Promise<void> {
  for (const name of NAMES) await f.api.create(path, make(f, name, set));
  const count = async (): Promise<number> => (await f.api.get(`${path}?${selector(set)}`)).items.length;
  f.equal(await count(), NAMES.length, 'how many there are');
  await f.api.delete(`${path}?${selector(set)}`);
  await f.until(async () => (await count()) === 0, 'events to be gone');
}

async function listed(f: Framework, path: string, name: string): Promise<boolean> {
  const { items } = await f.api.get(`${path}?${selector(constant)}`);
  return items.some(({ metadata }) => metadata.name === name && metadata.namespace === f.namespace);
}

export const events: Behaviours = {
  ...area('[sig-instrumentation] Events', {
    'should delete a collection of events': (f) => collection(f, f.at('events'), coreEvent),

    'should manage the lifecycle of an event': async (f) => {
      await f.api.create(f.at('events'), coreEvent(f, 'event-test', constant));
      f.holds(await listed(f, '/api/v1/events', 'event-test'), 'it is listed');
      const path = f.at('events', 'event-test');
      const message = 'This is a test event - patched';
      await f.api.patch(path, { message }, patches.strategic);
      const patched = await f.api.get(path);
      f.equal(patched['message'], message, 'the message');
      const wanted = { ...(plain(patched) as Thing), series: { count: 100, lastObservedTime: TIME } };
      await f.api.update(path, wanted);
      f.equal(plain(await f.api.get(path)), wanted, 'the updated event');
      await f.api.delete(path);
      f.holds(!(await listed(f, '/api/v1/events', 'event-test')), 'it is no longer listed');
    },
  }),

  ...area('[sig-instrumentation] Events API', {
    'should delete a collection of events': (f) => collection(f, f.at('events.k8s.io/v1/events'), event),

    'should ensure that an event can be fetched, patched, deleted, and listed': async (f) => {
      const [own, all, name] = [f.at('events.k8s.io/v1/events'), '/apis/events.k8s.io/v1/events', 'event-test'];
      await f.api.create(own, event(f, name, constant));
      for (const path of [own, all]) f.holds(await listed(f, path, name), `${path} lists it`);
      for (const path of [
        `${f.at('events')}?fieldSelector=source=test-controller`,
        `${own}?fieldSelector=reportingController=test-controller`,
      ]) {
        const { items } = await f.api.get(path);
        f.equal(
          items.map(({ metadata }) => metadata.name),
          [name],
          path,
        );
      }
      const path = `${own}/${name}`;
      const made = await f.api.get(path);
      const series = { count: 2, lastObservedTime: '2017-09-19T13:49:11.000000Z' };
      await f.api.patch(path, { series }, patches.strategic);
      f.equal(plain(await f.api.get(path)), { ...(plain(made) as Thing), series }, 'the patched event');
      const wanted = { ...(plain(made) as Thing), series: { count: 100, lastObservedTime: TIME } };
      await f.api.update(path, wanted);
      f.equal(plain(await f.api.get(path)), wanted, 'the updated event');
      f.equal(at(await f.api.get(path), 'series', 'count'), 100, 'the count');
      await f.api.delete(path);
      for (const each of [own, all]) f.holds(!(await listed(f, each, name)), `${each} no longer lists it`);
    },
  }),
};
