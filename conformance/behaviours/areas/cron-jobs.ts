import { at, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { condition, shellContainer } from '../pods';
import { namespacedOperations } from './operations';

const CRON_JOBS = 'batch/v1/cronjobs';
const JOBS = 'batch/v1/jobs';
const NAME = 'test-cron';
const MINUTES = 600_000;
const POLL = 5000;

const spec = (concurrencyPolicy: string, more: object = {}) => ({
  schedule: '*/1 * * * ?',
  concurrencyPolicy,
  jobTemplate: {
    spec: {
      parallelism: 1,
      completions: 1,
      template: { spec: { restartPolicy: 'OnFailure', containers: [shellContainer('sleep 300', 'c')] } },
    },
  },
  ...more,
});
const create = (f: Framework, concurrencyPolicy: string, more: object = {}): Promise<Thing> =>
  f.api.create(f.at(CRON_JOBS), { metadata: { name: NAME }, spec: spec(concurrencyPolicy, more) });

const activeOf = async (f: Framework): Promise<number> =>
  ((at(await f.api.get(f.at(CRON_JOBS, NAME)), 'status', 'active') ?? []) as readonly unknown[]).length;
const isOver = (job: Thing): boolean =>
  ['Complete', 'Failed'].some((type) => at(condition(job, type), 'status') === 'True');
const activeJobs = async (f: Framework): Promise<readonly Thing[]> =>
  (await f.api.get(f.at(JOBS))).items.filter((job) => !isOver(job));

const scheduled = (f: Framework, count: number): Promise<void> =>
  f.until(async () => (await activeOf(f)) >= count, `${count} active jobs`, MINUTES, POLL);

async function exactlyOne(f: Framework): Promise<Thing> {
  await scheduled(f, 1);
  f.equal(await activeOf(f), 1, 'how many are active');
  const jobs = await activeJobs(f);
  f.equal(jobs.length, 1, 'how many jobs are active');
  const [job] = jobs;
  if (job === undefined) throw new Error('there is no job');
  return job;
}

export const cronJobs: Behaviours = area('[sig-apps] CronJob', {
  'should schedule multiple jobs concurrently': async (f) => {
    await create(f, 'Allow');
    await scheduled(f, 2);
    f.holds((await activeJobs(f)).length >= 2, 'at least two are active');
    await f.api.delete(f.at(CRON_JOBS, NAME));
  },

  'should not schedule jobs when suspended [Slow]': async (f) => {
    await create(f, 'Allow', { suspend: true });
    await f.lab.clock.advance(MINUTES / 2);
    f.equal(await activeOf(f), 0, 'how many are active');
    f.equal((await f.api.get(f.at(JOBS))).items.length, 0, 'how many jobs there are');
  },

  'should not schedule new jobs when ForbidConcurrent [Slow]': async (f) => {
    await create(f, 'Forbid');
    await exactlyOne(f);
    const end = f.lab.clock.now + 200_000;
    while (f.lab.clock.now < end) {
      await f.lab.clock.advance(POLL);
      f.holds((await activeOf(f)) < 2, 'there is one at most');
    }
  },

  'should replace jobs when ReplaceConcurrent': async (f) => {
    await create(f, 'Replace');
    const { metadata } = await exactlyOne(f);
    await f.until(
      async () => {
        const jobs = await activeJobs(f);
        f.holds(jobs.length < 2 || jobs.some((job) => job.metadata.deletionTimestamp !== undefined), 'one at most');
        return jobs.length === 1 && jobs[0]?.metadata.name !== metadata.name;
      },
      'another job',
      MINUTES,
      POLL,
    );
  },

  'should support CronJob API operations': async (f) => {
    await namespacedOperations(f, {
      resource: CRON_JOBS,
      body: {
        spec: spec('Allow', { schedule: '* */1 * * ?', successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 }),
      },
      status: ['lastScheduleTime', '2025-01-01T00:00:00Z', '2025-01-02T00:00:00Z'],
    });
  },
});
