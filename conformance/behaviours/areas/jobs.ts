import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { condition, shellContainer } from '../pods';

const PATIENCE = 900_000;
const PERIOD = 2000;

/** What upstream's test jobs do; `sh` of its container. */
const scripts = {
  succeed: 'exit 0',
  fail: 'exit 1',
  notTerminate: 'sleep 1000000',
  failOddSucceedEven: 'if [ $(expr ${JOB_COMPLETION_INDEX} % 2) -ne 0 ]; then exit 1; else exit 0; fi',
  failOnce: 'if [[ -r /data/foo ]] ; then exit 0 ; else touch /data/foo ; exit 1 ; fi',
  notTerminateOncePerIndex:
    'if [[ -r /data/foo-$JOB_COMPLETION_INDEX ]] ; then exit 0 ; else touch /data/foo-$JOB_COMPLETION_INDEX ; sleep 1000000 ; fi',
} as const;

interface TestJob {
  readonly behaviour: keyof typeof scripts;
  readonly name?: string;
  readonly restartPolicy?: string;
  readonly parallelism?: number;
  readonly completions?: number;
  /** The pods are put on it, and what they write stays there. */
  readonly node?: string;
  readonly more?: object;
  readonly labels?: Readonly<Record<string, string>>;
}

const body = (f: Framework, job: TestJob) => ({
  metadata: { name: job.name ?? 'test-job', ...(job.labels === undefined ? {} : { labels: job.labels }) },
  spec: {
    parallelism: job.parallelism ?? 2,
    completions: job.completions ?? 4,
    backoffLimit: 6,
    ...job.more,
    template: {
      metadata: { labels: { job: job.name ?? 'test-job' } },
      spec: {
        restartPolicy: job.restartPolicy ?? 'Never',
        terminationGracePeriodSeconds: 0,
        containers: [
          shellContainer(scripts[job.behaviour], 'c', { volumeMounts: [{ mountPath: '/data', name: 'data' }] }),
        ],
        ...(job.node === undefined
          ? { volumes: [{ name: 'data', emptyDir: {} }] }
          : {
              nodeName: job.node,
              volumes: [{ name: 'data', hostPath: { path: `/tmp/${f.namespace}`, type: 'DirectoryOrCreate' } }],
            }),
      },
    },
  },
});

const JOBS = 'batch/v1/jobs';
const NAME = 'test-job';
const create = (f: Framework, job: TestJob): Promise<Thing> => f.api.create(f.at(JOBS), body(f, job));
const read = (f: Framework, name = NAME): Promise<Thing> => f.api.get(f.at(JOBS, name));
const holdsOf = (job: unknown, type: string, reason?: string): boolean => {
  const found = condition(job, type);
  return at(found, 'status') === 'True' && (reason === undefined || at(found, 'reason') === reason);
};

async function reaches(f: Framework, type: string, reason?: string, name = NAME): Promise<Thing> {
  let job: Thing | undefined;
  await f
    .until(async () => holdsOf((job = await read(f, name)), type, reason), `${name} to be ${type}`, PATIENCE, PERIOD)
    .catch((error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(job?.['status'])}`);
    });
  return read(f, name);
}

async function complete(f: Framework, completions: number, reason = 'CompletionsReached', name = NAME): Promise<Thing> {
  const job = await reaches(f, 'Complete', reason, name);
  f.equal(at(job, 'status', 'succeeded'), completions, 'how many succeeded');
  return job;
}

const podsOf = async (f: Framework, name = NAME): Promise<readonly Thing[]> =>
  (await f.api.get(`${f.at('pods')}?labelSelector=job%3D${name}`)).items;

async function running(f: Framework, count: number): Promise<readonly Thing[]> {
  const all = async (): Promise<readonly Thing[]> =>
    (await podsOf(f)).filter((pod) => at(pod, 'status', 'phase') === 'Running');
  await f.until(async () => (await all()).length === count, `${count} running pods`);
  return all();
}

function counts(f: Framework, job: Thing, wanted: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(wanted))
    f.equal(at(job, 'status', field) ?? 0, value, `status.${field} of ${JSON.stringify(job['status'])}`);
}

const indexed = { completionMode: 'Indexed' };
const perIndex = (limit: number) => ({ ...indexed, backoffLimit: undefined, backoffLimitPerIndex: limit });

async function succeedsEarly(f: Framework, behaviour: TestJob['behaviour'], completions: number, rule: object) {
  await create(f, { behaviour, completions, more: { ...indexed, successPolicy: { rules: [rule] } } });
  await reaches(f, 'SuccessCriteriaMet', 'SuccessPolicy');
  return reaches(f, 'Complete', 'SuccessPolicy');
}

export const jobs: Behaviours = area('[sig-apps] Job', {
  'should run a job to completion when tasks sometimes fail and are locally restarted': async (f) => {
    await create(f, { behaviour: 'failOnce', restartPolicy: 'OnFailure' });
    await complete(f, 4);
  },

  'should allow to use the pod failure policy on exit code to fail the job early': async (f) => {
    const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }];
    await create(f, { behaviour: 'failOnce', node: 'node1', more: { podFailurePolicy: { rules } } });
    await reaches(f, 'Failed');
  },

  'should allow to use a pod failure policy to ignore failure matching on DisruptionTarget condition': async (f) => {
    const rules = [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }];
    const more = { ...indexed, backoffLimit: 2, podFailurePolicy: { rules } };
    await create(f, { behaviour: 'notTerminateOncePerIndex', parallelism: 3, completions: 3, node: 'node1', more });
    await f.until(async () => at(await read(f), 'status', 'ready') === 3, 'all to be ready');
    for (const { metadata } of await running(f, 3)) {
      await f.api.create(f.at('pods', `${metadata.name}/eviction`), {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: metadata.name, namespace: f.namespace },
      });
      await f.gone(f.at('pods', metadata.name));
    }
    await complete(f, 3);
  },

  'should create pods for an Indexed job with completion indexes and specified hostname': async (f) => {
    await create(f, { behaviour: 'succeed', more: indexed });
    await complete(f, 4);
    const done = (await podsOf(f)).filter((pod) => at(pod, 'status', 'phase') === 'Succeeded');
    const found = done.map((pod) => {
      const index = pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index'];
      f.equal(at(pod, 'spec', 'hostname'), `${NAME}-${index}`, 'the host name');
      return index;
    });
    f.equal(found.sort(), ['0', '1', '2', '3'], 'the indexes');
  },

  'with successPolicy should succeeded when all indexes succeeded': async (f) => {
    const job = await succeedsEarly(f, 'succeed', 2, { succeededCount: 2 });
    counts(f, job, { succeeded: 2, active: 0, ready: 0, failed: 0 });
  },

  'with successPolicy succeededIndexes rule should succeeded even when some indexes remain pending': async (f) => {
    const job = await succeedsEarly(f, 'failOddSucceedEven', 5, { succeededIndexes: '0' });
    counts(f, job, { succeeded: 1, completedIndexes: '0', active: 0, ready: 0 });
  },

  'with successPolicy succeededCount rule should succeeded even when some indexes remain pending': async (f) => {
    const job = await succeedsEarly(f, 'failOddSucceedEven', 5, { succeededCount: 1 });
    counts(f, job, { succeeded: 1, completedIndexes: '0', active: 0, ready: 0 });
  },

  'should execute all indexes despite some failing when using backoffLimitPerIndex': async (f) => {
    await create(f, { behaviour: 'failOddSucceedEven', more: perIndex(1) });
    const job = await reaches(f, 'Failed');
    counts(f, job, { failedIndexes: '1,3', completedIndexes: '0,2', failed: 4, succeeded: 2 });
  },

  'should terminate job execution when the number of failed indexes exceeds maxFailedIndexes': async (f) => {
    await create(f, { behaviour: 'fail', parallelism: 1, more: { ...perIndex(0), maxFailedIndexes: 0 } });
    counts(f, await reaches(f, 'Failed'), { failedIndexes: '0', failed: 1 });
  },

  'should mark indexes as failed when the FailIndex action is matched in podFailurePolicy': async (f) => {
    const rules = [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [1] } }];
    const more = { ...perIndex(1), podFailurePolicy: { rules } };
    await create(f, { behaviour: 'failOddSucceedEven', completions: 2, more });
    counts(f, await reaches(f, 'Failed'), { failedIndexes: '1', completedIndexes: '0', failed: 1, succeeded: 1 });
  },

  'should delete a job': async (f) => {
    await create(f, { behaviour: 'notTerminate' });
    await running(f, 2);
    await f.api.delete(f.at(JOBS, NAME), { propagationPolicy: 'Background' });
    await f.gone(f.at(JOBS, NAME));
    await f.until(async () => (await podsOf(f)).length === 0, 'the pods to be gone');
  },

  'should adopt matching orphans and release non-matching pods': async (f) => {
    const job = await create(f, { behaviour: 'notTerminate' });
    const [pod] = await running(f, 2);
    const path = f.at('pods', pod?.metadata.name);
    await f.change(path, (it) => ({ ...it, metadata: { ...it.metadata, ownerReferences: [] } }));
    const owner = async (): Promise<unknown> => at(await f.api.get(path), 'metadata', 'ownerReferences', 0);
    await f.until(async () => at(await owner(), 'uid') === job.metadata.uid, 'the pod to be adopted');
    await f.change(path, (it) => ({ ...it, metadata: { ...it.metadata, labels: {} } }));
    await f.until(async () => (await owner()) === undefined, 'the pod to be released');
  },

  'should apply changes to a job status': async (f) => {
    const { metadata } = await create(f, { behaviour: 'notTerminate' });
    await running(f, 2);
    const own = { type: 'CustomConditionType', status: 'True', lastTransitionTime: '2025-01-01T00:00:00Z' };
    const patched = await f.api.patch(`${f.at(JOBS, NAME)}/status`, {
      metadata: { annotations: { patchedstatus: 'true' } },
      status: { conditions: [own] },
    });
    f.equal(at(condition(patched, own.type), 'lastTransitionTime'), own.lastTransitionTime, 'the patched time');
    f.equal(patched.metadata.annotations?.['patchedstatus'], 'true', 'the patched annotation');
    const later = '2025-01-02T00:00:00Z';
    const updated = await f.change(
      f.at(JOBS, NAME),
      (job) => ({
        ...job,
        status: { ...(job['status'] as object), conditions: [{ ...own, lastTransitionTime: later }] },
      }),
      '/status',
    );
    f.equal(at(condition(updated, own.type), 'lastTransitionTime'), later, 'the updated time');
    f.equal((await f.api.get(`${f.at(JOBS, NAME)}/status`)).metadata.uid, metadata.uid, 'the UID');
  },

  'should manage the lifecycle of a job': async (f) => {
    const label = `e2e-job-label=${f.namespace}`;
    const selected = `${f.at(JOBS)}?labelSelector=${encodeURIComponent(label)}`;
    const watch = await f.api.watch(selected);
    await create(f, { behaviour: 'succeed', labels: { 'e2e-job-label': f.namespace }, more: { suspend: true } });
    await f.api.patch(f.at(JOBS, NAME), { metadata: { labels: { own: 'patched' } } }, patches.strategic);
    await watch.until('MODIFIED', 'patched', 'metadata', 'labels', 'own');
    await f.change(f.at(JOBS, NAME), (job) => ({
      ...job,
      metadata: { ...job.metadata, annotations: { ...job.metadata.annotations, updated: 'true' } },
      spec: { ...(job['spec'] as object), suspend: false },
    }));
    await watch.until('MODIFIED', 'true', 'metadata', 'annotations', 'updated');
    const all = `/apis/batch/v1/jobs?labelSelector=${encodeURIComponent(label)}`;
    f.equal((await f.api.get(all)).items.length, 1, 'how many there are');
    await complete(f, 4);
    await f.api.delete(selected, { propagationPolicy: 'Background' });
    await watch.until('DELETED', NAME, 'metadata', 'name');
    f.equal((await f.api.get(all)).items.length, 0, 'how many are left');
  },
});
