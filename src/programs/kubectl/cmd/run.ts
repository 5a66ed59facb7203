import type { Cli } from '../cli';
import type { Command } from '../command';
import { Aggregate, Exit, Failure } from '../errors';
import { flag } from '../flags/flag-set';
import { text, type JsonObject } from '../json';
import { container, meta, optional } from '../manifest/objects';
import { objectPrinter, printFlags } from '../printers/output';
import { accepts } from '../rest/client';
import { attachAfterRun } from './exec/attach-run';
import { printResult, withSavedConfig } from './create/typed';
import { cascade, deleteFlags, deleteOne } from './delete';
import { pathOf, type Mapping } from '../resource/mapper';
import { overridden, overrideFlags } from './overrides';
import {
  dryRun,
  dryRunFlag,
  fieldManagerFlag,
  saveConfigFlag,
  type DryRun,
  podRunningTimeoutFlag,
} from './shared-flags';

/** A reference to an image, as docker's grammar has it (distribution/reference). */
const imagePattern =
  /^(?:(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/;

const podMapping: Mapping = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  resource: 'pods',
  singular: 'pod',
  namespaced: true,
  verbs: [],
};
const serviceMapping: Mapping = { ...podMapping, kind: 'Service', resource: 'services', singular: 'service' };

/** `a=b,c=d`, as labels and annotations are given (generate.ParseLabels). */
export function parsePairs(source: string): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const pair of source.split(',')) {
    const parts = pair.split('=');
    const [key = '', value = ''] = parts;
    if (parts.length !== 2 || key === '') throw new Failure(`unexpected label spec: ${pair}`);
    pairs[key] = value;
  }
  return pairs;
}

function environment(list: readonly string[]): readonly JsonObject[] {
  return list.map((pair) => {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals);
    if (equals < 1) throw new Failure(`invalid env: ${pair}`);
    if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) throw new Failure(`invalid environment variable name: ${name}`);
    return { name, ...optional('value', pair.slice(equals + 1)) };
  });
}

function podOf(cli: Cli, name: string): JsonObject {
  const { flags, args } = cli;
  const words = args.slice(1);
  const command = flags.bool('command');
  const annotations = Object.assign({}, ...flags.list('annotations').map(parseAnnotation)) as Record<string, string>;
  const labels = flags.string('labels') === '' ? { run: name } : parsePairs(flags.string('labels'));
  const port = flags.string('port');
  if (port !== '' && !/^\d+$/.test(port))
    throw new Failure(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`);
  const interactive = flags.bool('stdin');
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: meta({ name, labels, annotations }),
    spec: {
      containers: [
        container({
          name,
          image: flags.string('image'),
          ...(command ? { command: words } : { args: words }),
          ...(port === '' ? {} : { ports: [{ containerPort: Number(port) }] }),
          env: environment(flags.list('env')),
          imagePullPolicy: flags.string('image-pull-policy'),
          privileged: flags.bool('privileged'),
          stdin: interactive,
          stdinOnce: interactive && !flags.bool('leave-stdin-open'),
          tty: flags.bool('tty'),
        }),
      ],
      restartPolicy: restartPolicy(cli),
      dnsPolicy: 'ClusterFirst',
    },
    status: {},
  };
}

function parseAnnotation(pair: string): Record<string, string> {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new Failure(`unexpected annotation: ${pair}`);
  return { [pair.slice(0, equals)]: pair.slice(equals + 1) };
}

function restartPolicy(cli: Cli): string {
  const given = cli.flags.string('restart');
  if (given === '') return cli.flags.bool('stdin') ? 'OnFailure' : 'Always';
  if (given === 'Always' || given === 'OnFailure' || given === 'Never') return given;
  throw cli.usage(`invalid restart policy: ${given}`);
}

function serviceOf(cli: Cli, name: string): JsonObject {
  const { flags } = cli;
  const selector = flags.string('labels') === '' ? { run: name } : parsePairs(flags.string('labels'));
  const port = Number(flags.string('port'));
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: meta({ name, ...(flags.string('labels') === '' ? {} : { labels: selector }) }),
    spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector },
    status: { loadBalancer: {} },
  };
}

async function send(cli: Cli, mapping: Mapping, object: JsonObject, strategy: DryRun): Promise<JsonObject> {
  const { namespace, explicit } = cli.factory.namespace;
  if (strategy === 'client') return explicit ? placed(object, namespace) : object;
  return cli.factory.client.json('POST', pathOf(mapping, namespace), {
    accept: accepts.any,
    body: withSavedConfig(cli, object),
    query: {
      fieldManager: cli.flags.string('field-manager'),
      ...(strategy === 'server' ? { dryRun: 'All' } : {}),
    },
  });
}

/** With a namespace, where Go's struct has it. */
function placed(object: JsonObject, namespace: string): JsonObject {
  const { name, ...rest } = object['metadata'] as Record<string, unknown>;
  return { ...object, metadata: { name, namespace, ...rest } };
}

export const run: Command = {
  discoveryAttempts: 1,
  use: 'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  short: 'Run a particular image on the cluster',
  long: 'Create and run a particular image in a pod.',
  example: `# A pod with nginx
kubectl run web --image=nginx

# A shell, and nothing left behind
kubectl run -i -t tmp --image=busybox --restart=Never --rm -- sh

# Only print what would be created
kubectl run web --image=nginx --dry-run=client -o yaml`,
  flags: [
    ...printFlags,
    ...deleteFlags('to use to replace the resource.'),
    flag.array('annotations', [], 'Annotation of the pod: key=value.'),
    flag.bool('attach', false, 'Wait for the pod to run and attach to it. Default with -i.'),
    flag.bool('command', false, 'Use the arguments as the command of the container, not as its arguments.'),
    dryRunFlag,
    flag.array('env', [], 'Environment variable of the container: KEY=value.'),
    flag.bool('expose', false, 'Also create a ClusterIP service for the pod. Needs --port.'),
    fieldManagerFlag('kubectl-run'),
    flag.string('image', '', 'Image to run.', { required: true }),
    flag.string('image-pull-policy', '', 'When to pull: Always, IfNotPresent or Never. Left to the server by default.'),
    flag.string('labels', '', 'Labels of the pod, comma separated.', { short: 'l' }),
    flag.bool('leave-stdin-open', false, 'Leave standard input open after the first attach.'),
    ...overrideFlags,
    podRunningTimeoutFlag,
    flag.string('port', '', 'Port that the container listens on.'),
    flag.bool('privileged', false, 'Run the container privileged.'),
    flag.bool('quiet', false, 'Print no prompts.', { short: 'q' }),
    flag.string('restart', 'Always', 'Restart policy: Always, OnFailure or Never.'),
    flag.bool('rm', false, 'Delete the pod after it ended. Only with an attached container.'),
    saveConfigFlag,
    flag.bool('stdin', false, 'Keep standard input of the container open.', { short: 'i' }),
    flag.bool('tty', false, 'Give the container a terminal.', { short: 't' }),
    flag.bool('wait', false, 'Wait for what is deleted to be gone.'),
  ],
  run: async (cli) => {
    const { flags, args } = cli;
    const strategy = dryRun(cli);
    const attach = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
    const printer = objectPrinter(cli);
    const policy = await cascade(cli);
    const [name] = args;
    if (name === undefined || cli.dashAt === 0) throw cli.usage('NAME is required for run');
    if (flags.number('pod-running-timeout') <= 0) throw cli.usage('--pod-running-timeout must be higher than zero');
    const image = flags.string('image');
    if (image === '') throw new Failure('--image is required');
    if (!imagePattern.test(image)) throw new Failure(`Invalid image name "${image}": invalid reference format`);
    if (flags.bool('tty') && !flags.bool('stdin'))
      throw cli.usage('-i/--stdin is required for containers with -t/--tty=true');
    if (flags.bool('expose') && flags.string('port') === '')
      throw cli.usage('--port must be set when exposing a service');
    const restart = restartPolicy(cli);
    if (flags.bool('rm') && !attach) throw cli.usage('--rm should only be used for attached containers');
    if (attach && strategy !== 'none')
      throw cli.usage(
        "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
      );
    const pull = flags.string('image-pull-policy');
    if (!['', 'Always', 'IfNotPresent', 'Never'].includes(pull)) throw cli.usage(`invalid image pull policy: ${pull}`);

    // The kinds are looked up first, in dry runs too.
    await cli.factory.mapper();
    const pod = await send(cli, podMapping, overridden(cli, podOf(cli, name)), strategy);
    const failures: Failure[] = [];
    if (flags.bool('expose')) {
      try {
        const service = await send(cli, serviceMapping, serviceOf(cli, name), strategy);
        await printResult(cli, service, 'created', strategy, printer);
        if (flags.string('output') === 'yaml') await cli.out('---\n');
      } catch (reason) {
        if (!(reason instanceof Failure)) throw reason;
        failures.push(reason);
      }
    }
    if (attach) {
      try {
        const code = await attachAfterRun(cli, pod, restart);
        if (code !== 0) throw new Exit(code);
      } finally {
        if (flags.bool('rm')) await remove(cli, pod, policy);
      }
      return;
    }
    await printResult(cli, pod, 'created', strategy, printer);
    if (failures.length > 0) throw new Aggregate(failures);
  },
};

async function remove(cli: Cli, pod: JsonObject, policy: Awaited<ReturnType<typeof cascade>>): Promise<void> {
  const info = {
    mapping: podMapping,
    namespace: text(pod, 'metadata', 'namespace'),
    name: text(pod, 'metadata', 'name'),
    object: pod,
    source: '',
    resourceVersion: '',
  };
  await deleteOne(cli, info, { strategy: 'none', grace: -1, cascade: policy, quiet: cli.flags.bool('quiet') });
}
