import type { Cli } from '../../cli';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, kindOf, nameOfObject, object, text, texts, type JsonObject } from '../../json';
import { container, meta, optional } from '../../manifest/objects';
import { build } from '../../resource/builder';
import { typedCreate } from './typed';

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** A container's name from its image: the last part without tag or digest. */
function nameOfImage(cli: Cli, image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  const name = (last.split(':')[0] ?? '').split('@')[0] ?? '';
  if (!/[_.]/.test(name)) return name;
  return `${name.replace(/[_.]/g, '-')}-${cli.process.random.string(5, suffixLetters)}`;
}

export const deployment = typedCreate({
  use: 'deployment NAME --image=image -- [COMMAND] [args...]',
  aliases: ['deploy'],
  short: 'Create a deployment with the specified name',
  long: 'Create a deployment with the given name and image.',
  example: `# A deployment that runs nginx
kubectl create deployment web --image=nginx

# With three replicas, and a port
kubectl create deployment web --image=nginx --replicas=3 --port=80

# With a command of its own
kubectl create deployment ticker --image=busybox -- sleep 3600`,
  flags: [
    flag.strings('image', [], 'Image to run. Given several times, the pod has several containers.', { required: true }),
    flag.int32('port', -1, 'Port that the container listens on.'),
    flag.int32('replicas', 1, 'How many pods.', { short: 'r' }),
  ],
  root: '/apis/apps/v1',
  plural: 'deployments',
  failed: 'failed to create deployment: ',
  build: (cli, name, namespace) => {
    const { flags, args } = cli;
    const images = flags.list('image');
    const command = args.slice(1);
    if (images.length > 1 && command.length > 0)
      throw new Failure('cannot specify multiple --image options and command');
    const port = flags.number('port');
    const labels = { app: name };
    return {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: meta({ name, namespace, labels }),
      spec: {
        replicas: flags.number('replicas'),
        selector: { matchLabels: labels },
        template: {
          metadata: meta({ labels }),
          spec: {
            containers: images.map((image, index) =>
              container({
                name: nameOfImage(cli, image),
                image,
                command,
                ...(index === 0 && port >= 0 ? { ports: [{ containerPort: port }] } : {}),
              }),
            ),
          },
        },
        strategy: {},
      },
      status: {},
    };
  },
});

const podTemplate = (name: string, image: string, command: readonly string[], restartPolicy: string): JsonObject => ({
  metadata: meta({}),
  spec: { containers: [container({ name, image, command })], ...optional('restartPolicy', restartPolicy) },
});

export const job = typedCreate({
  use: 'job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  short: 'Create a job with the specified name',
  long: 'Create a job with the given name.',
  example: `# A job
kubectl create job once --image=busybox -- date

# A job like those of a cron job
kubectl create job test --from=cronjob/backup`,
  flags: [
    flag.string('from', '', 'Cron job whose template to use (cronjob/NAME).'),
    flag.string('image', '', 'Image to run.'),
  ],
  root: '/apis/batch/v1',
  plural: 'jobs',
  failed: 'failed to create job: ',
  build: async (cli, name, namespace) => {
    const [image, from] = [cli.flags.string('image'), cli.flags.string('from')];
    const command = cli.args.slice(1);
    if ((image === '') === (from === '')) throw new Failure('either --image or --from must be specified');
    if (command.length > 0 && from !== '') throw new Failure('cannot specify --from and command');
    const head = { kind: 'Job', apiVersion: 'batch/v1' };
    if (image !== '') {
      const spec = { template: podTemplate(name, image, command, 'Never') };
      return { ...head, metadata: meta({ name, namespace }), spec, status: {} };
    }
    const result = await build(cli, { args: [from], flatten: true });
    const infos = await result.infos();
    const [info] = infos;
    if (infos.length !== 1 || info?.object === undefined) throw new Failure('from must be an existing cronjob');
    const cronJob = info.object;
    if (kindOf(cronJob) !== 'CronJob') throw new Failure(`unknown object type *v1.${kindOf(cronJob)}`);
    const template = object(cronJob, 'spec', 'jobTemplate');
    return {
      ...head,
      metadata: meta({
        name,
        namespace,
        labels: texts(template, 'metadata', 'labels'),
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...texts(template, 'metadata', 'annotations') },
        ownerReferences: [
          {
            apiVersion: 'batch/v1',
            kind: 'CronJob',
            name: nameOfObject(cronJob),
            uid: text(cronJob, 'metadata', 'uid'),
            controller: true,
          },
        ],
      }),
      spec: at(template, 'spec'),
      status: {},
    };
  },
});

export const cronJob = typedCreate({
  use: "cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  aliases: ['cj'],
  short: 'Create a cron job with the specified name',
  long: 'Create a cron job with the given name.',
  example: `# Every minute
kubectl create cronjob tick --image=busybox --schedule="*/1 * * * *" -- date`,
  flags: [
    flag.string('image', '', 'Image to run.', { required: true }),
    flag.string('restart', '', 'Restart policy of the pods: OnFailure or Never.'),
    flag.string('schedule', '', 'When to run, in cron form.', { required: true }),
  ],
  root: '/apis/batch/v1',
  plural: 'cronjobs',
  failed: 'failed to create cronjob: ',
  build: ({ flags, args }, name, namespace) => ({
    kind: 'CronJob',
    apiVersion: 'batch/v1',
    metadata: meta({ name, namespace }),
    spec: {
      schedule: flags.string('schedule'),
      jobTemplate: {
        metadata: meta({ name }),
        spec: {
          template: podTemplate(name, flags.string('image'), args.slice(1), flags.string('restart') || 'OnFailure'),
        },
      },
    },
    status: {},
  }),
});
