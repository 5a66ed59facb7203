import { expect, test } from 'vitest';
import { cronJob, type CronJob, type CronJobSpec } from '../../api/batch/cronjob';
import { job as jobKind } from '../../api/batch/job';
import type { Draft } from '../../apimachinery/object';
import { controllersWorld } from '../../testing/controllers-world';

const draft = (spec: Partial<CronJobSpec>, annotations: Record<string, string> = {}): Draft<CronJob> =>
  ({
    metadata: { name: 'tick', namespace: 'default' },
    spec: {
      schedule: '* * * * *',
      ...spec,
      jobTemplate: {
        metadata: { labels: { of: 'tick' } },
        spec: {
          template: {
            metadata: { annotations },
            spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] },
          },
        },
      },
    },
  }) as unknown as Draft<CronJob>;

const MINUTE = 60_000;

test('each minute a job; of those that completed three are kept', async () => {
  const { clock, client, events } = controllersWorld();
  client.create(cronJob, draft({ timeZone: 'Asia/Kolkata' }));
  await clock.advance(5 * MINUTE + 10_000);
  const jobs = client.list(jobKind, { namespace: 'default' });
  expect(
    jobs.map(({ metadata: { name, annotations, labels } }) => ({ name, annotations, of: labels?.['of'] })),
  ).toEqual(
    [3, 4, 5].map((minute) => ({
      name: `tick-${Date.UTC(2026, 0, 1, 0, minute) / MINUTE}`,
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': `2026-01-01T05:3${minute}:00+05:30` },
      of: 'tick',
    })),
  );
  expect(client.get(cronJob, 'default', 'tick')?.status).toEqual({
    lastScheduleTime: '2026-01-01T00:05:00Z',
    lastSuccessfulTime: '2026-01-01T00:05:02Z',
  });
  expect(events('tick').slice(0, 2)).toEqual([
    'Normal SuccessfulCreate Created job tick-29453761',
    'Normal SawCompletedJob Saw completed job: tick-29453761, condition: Complete',
  ]);
});

test('Forbid waits for the job before, Replace ends it', async () => {
  const { clock, client, events } = controllersWorld();
  client.create(cronJob, draft({ concurrencyPolicy: 'Forbid' }, { 'test/run': 'forever' }));
  await clock.advance(2 * MINUTE + 10_000);
  expect(client.get(cronJob, 'default', 'tick')?.status.active?.map(({ name }) => name)).toEqual(['tick-29453761']);
  expect(events('tick')).toEqual([
    'Normal SuccessfulCreate Created job tick-29453761',
    'Normal JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid',
  ]);
  client.mutate(cronJob, 'default', 'tick', (now) => ({
    ...now,
    spec: { ...now.spec, concurrencyPolicy: 'Replace' as const },
  }));
  await clock.advance(MINUTE);
  const { status } = client.get(cronJob, 'default', 'tick')!;
  expect(status.active?.length).toBe(1);
  expect(client.list(jobKind, { namespace: 'default' }).map(({ metadata }) => metadata.name)).toEqual([
    status.active?.[0]?.name,
  ]);
});
