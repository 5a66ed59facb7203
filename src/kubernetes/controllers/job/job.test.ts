import { expect, test } from 'vitest';
import { job as jobKind, type Job, type JobSpec } from '../../api/batch/job';
import { pod as podKind } from '../../api/core/pod';
import type { Draft } from '../../apimachinery/object';
import { controllersWorld } from '../../testing/controllers-world';

const draft = (spec: Partial<JobSpec>, annotations: Record<string, string> = {}): Draft<Job> =>
  ({
    metadata: { name: 'j', namespace: 'default' },
    spec: {
      ...spec,
      template: {
        metadata: { annotations },
        spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] },
      },
    },
  }) as unknown as Draft<Job>;

/** When each state of the job was first seen, in seconds, without its times. */
function history({ clock, client }: ReturnType<typeof controllersWorld>): readonly string[] {
  const seen: string[] = [];
  const start = clock.now;
  client.watch(jobKind, {}, ({ object: { status } }) => {
    const { conditions = [], uncountedTerminatedPods: waiting = {}, active = 0, failed = 0, succeeded = 0 } = status;
    const uncounted = (waiting.failed?.length ?? 0) + (waiting.succeeded?.length ?? 0);
    const ends = conditions.map(({ type, status: truth }) => `${type}=${truth}`).join(' ');
    const numbers = `active ${active} ready ${status.ready} terminating ${status.terminating}`;
    seen.push(
      `${Math.floor((clock.now - start) / 1000)}s ${numbers} succeeded ${succeeded} failed ${failed} uncounted ${uncounted} ${ends}`.trim(),
    );
  });
  return seen;
}

test('a pod that is deleted by hand counts as failed, and its successor waits for the back-off', async () => {
  const world = controllersWorld();
  const { clock, client } = world;
  const seen = history(world);
  client.create(jobKind, draft({}, { 'test/run': 'forever' }));
  await clock.advance(3000);
  const [first] = client.list(podKind, { namespace: 'default' });
  client.delete(podKind, 'default', first?.metadata.name ?? '');
  await clock.advance(5000);
  expect(client.list(podKind, { namespace: 'default' })).toEqual([]);
  await clock.advance(10_000);
  expect(client.list(podKind, { namespace: 'default' }).length).toBe(1);
  expect(seen).toMatchInlineSnapshot(`
    [
      "0s active 0 ready undefined terminating undefined succeeded 0 failed 0 uncounted 0",
      "0s active 1 ready 0 terminating 0 succeeded 0 failed 0 uncounted 0",
      "2s active 1 ready 1 terminating 0 succeeded 0 failed 0 uncounted 0",
      "3s active 0 ready 0 terminating 1 succeeded 0 failed 0 uncounted 1",
      "3s active 0 ready 0 terminating 1 succeeded 0 failed 1 uncounted 0",
      "4s active 0 ready 0 terminating 0 succeeded 0 failed 1 uncounted 0",
      "13s active 1 ready 0 terminating 0 succeeded 0 failed 1 uncounted 0",
      "15s active 1 ready 1 terminating 0 succeeded 0 failed 1 uncounted 0",
    ]
  `);
});

test('what a scaled down or suspended job removes does not count as failed', async () => {
  const world = controllersWorld();
  const { clock, client, events } = world;
  client.create(jobKind, draft({ parallelism: 3, completions: 6 }, { 'test/run': 'forever' }));
  await clock.advance(3000);
  client.mutate(jobKind, 'default', 'j', (now) => ({ ...now, spec: { ...now.spec, parallelism: 1 } }));
  await clock.advance(3000);
  client.mutate(jobKind, 'default', 'j', (now) => ({ ...now, spec: { ...now.spec, suspend: true } }));
  await clock.advance(3000);
  const suspended = client.get(jobKind, 'default', 'j')?.status;
  expect({ ...suspended, startTime: undefined }).toMatchObject({ terminating: 0, ready: 0 });
  expect(suspended?.failed).toBeUndefined();
  expect(suspended?.conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason}`)).toEqual([
    'Suspended True JobSuspended',
  ]);
  client.mutate(jobKind, 'default', 'j', (now) => ({ ...now, spec: { ...now.spec, suspend: false } }));
  await clock.advance(3000);
  expect(events('j').filter((each) => !each.includes('Created pod'))).toEqual([
    expect.stringMatching(/^Normal SuccessfulDelete Deleted pod: j-/),
    expect.stringMatching(/^Normal SuccessfulDelete Deleted pod: j-/),
    expect.stringMatching(/^Normal SuccessfulDelete Deleted pod: j-/),
    'Normal Suspended Job suspended',
    'Normal Resumed Job resumed',
  ]);
});

test('when a success policy is met, those still running end without having failed', async () => {
  const { clock, client } = controllersWorld();
  client.create(
    jobKind,
    draft(
      {
        completions: 2,
        parallelism: 2,
        completionMode: 'Indexed',
        successPolicy: { rules: [{ succeededIndexes: '1' }] },
      },
      { 'test/run': 'forever' },
    ),
  );
  await clock.advance(3000);
  const second = client
    .list(podKind, { namespace: 'default' })
    .find(({ metadata }) => metadata.name.startsWith('j-1-'));
  client.mutateStatus(podKind, 'default', second?.metadata.name ?? '', (now) => ({
    ...now,
    status: { ...now.status, phase: 'Succeeded' as const },
  }));
  await clock.advance(5000);
  const {
    conditions,
    startTime: _start,
    completionTime: _end,
    ...status
  } = client.get(jobKind, 'default', 'j')!.status;
  expect(status).toEqual({
    succeeded: 1,
    completedIndexes: '1',
    terminating: 0,
    ready: 0,
    uncountedTerminatedPods: {},
  });
  expect(conditions?.map(({ type, message }) => `${type}: ${message}`)).toEqual([
    'SuccessCriteriaMet: Matched rules at index 0',
    'Complete: Matched rules at index 0',
  ]);
});
