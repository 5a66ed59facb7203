import { concat, encode } from '../../../../linux/io/bytes';
import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure, isNotFound } from '../../errors';
import { flag } from '../../flags/flag-set';
import { isObject, kindOf, list, nameOfObject, namespaceOf, text, type JsonObject } from '../../json';
import { build } from '../../resource/builder';
import {
  allContainerNames,
  byLogging,
  defaultContainerAnnotation,
  findContainer,
  goTypeOf,
  podSelector,
  podsOf,
  several,
} from '../../resource/pods';
import { accepts, type Query } from '../../rest/client';
import { containerFlag } from '../exec/exec';
import { selectorFlag } from '../shared-flags';
import { podLog, type LogSource } from './requests';

const usage = `expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command`;

function options({ flags }: Cli, container: string): Query {
  const seconds = Math.round(flags.number('since') / 1000);
  const tail = flags.number('tail');
  const lines = flags.string('selector') !== '' && tail === -1 && !flags.changed('tail') ? 10 : tail;
  const since = flags.string('since-time');
  if (since !== '' && Number.isNaN(Date.parse(since)))
    throw new Failure(
      `parsing time ${JSON.stringify(since)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(since)} as "2006"`,
    );
  if (since !== '' && seconds !== 0) throw new Failure('at most one of `sinceTime` or `sinceSeconds` may be specified');
  if (flags.bool('all-containers') && container !== '')
    throw new Failure(`--all-containers=true should not be specified with container name ${container}`);
  const limit = flags.number('limit-bytes');
  if (limit < 0) throw new Failure('--limit-bytes must be greater than 0');
  if (seconds < 0) throw new Failure('--since must be greater than 0');
  if (lines < -1) throw new Failure('--tail must be greater than or equal to -1');
  return {
    ...(flags.bool('follow') ? { follow: true } : {}),
    ...(flags.bool('insecure-skip-tls-verify-backend') ? { insecureSkipTLSVerifyBackend: true } : {}),
    ...(limit === 0 ? {} : { limitBytes: limit }),
    ...(flags.bool('previous') ? { previous: true } : {}),
    ...(seconds === 0 ? {} : { sinceSeconds: seconds }),
    ...(since === '' ? {} : { sinceTime: since }),
    ...(lines === -1 ? {} : { tailLines: lines }),
    ...(flags.bool('timestamps') ? { timestamps: true } : {}),
  };
}

/** The containers whose logs are asked for. */
async function sourcesOf(cli: Cli, target: JsonObject, container: string): Promise<readonly LogSource[]> {
  const { flags } = cli;
  const allPods = flags.bool('all-pods');
  if (kindOf(target) === 'PodList') {
    const found: LogSource[] = [];
    for (const pod of list(target, 'items').filter(isObject))
      found.push(...(await ofPod(cli, pod, container, allPods)));
    return found;
  }
  if (kindOf(target) === 'Pod') return ofPod(cli, target, container, allPods);
  let selector: string;
  try {
    selector = podSelector(target);
  } catch (reason) {
    if (reason instanceof Failure) throw new Failure(`cannot get the logs from ${goTypeOf(target)}: ${reason.message}`);
    throw reason;
  }
  const pods = await podsOf(cli, namespaceOf(target), selector, flags.number('pod-running-timeout'), byLogging);
  const [first] = pods;
  if (first === undefined) return [];
  if (pods.length === 1 || !allPods) {
    if (pods.length > 1) await cli.err(`Found ${pods.length} pods, using pod/${nameOfObject(first)}\n`);
    return ofPod(cli, first, container, allPods);
  }
  const found: LogSource[] = [];
  for (const pod of pods) found.push(...(await ofPod(cli, pod, container, allPods)));
  return found;
}

async function ofPod(cli: Cli, pod: JsonObject, wanted: string, allPods: boolean): Promise<readonly LogSource[]> {
  if (cli.flags.bool('all-containers')) {
    const names = (kind: string): readonly string[] => list(pod, 'spec', kind).map((each) => text(each, 'name'));
    return [...names('initContainers'), ...names('containers'), ...names('ephemeralContainers')].map((container) => ({
      pod,
      container,
    }));
  }
  let container = wanted;
  const annotated = text(pod, 'metadata', 'annotations', defaultContainerAnnotation);
  if (container === '' && annotated !== '') {
    if (findContainer(pod, annotated)) container = annotated;
    else await cli.err(`Default container name "${annotated}" not found in pod ${nameOfObject(pod)}\n`);
  }
  if (container === '') {
    container = text(list(pod, 'spec', 'containers')[0], 'name');
    if (several(pod) && !allPods)
      await cli.err(`Defaulted container "${container}" out of: ${allContainerNames(pod)}\n`);
  }
  if (!findContainer(pod, container))
    throw new Failure(`container ${container} is not valid for pod ${nameOfObject(pod)}`);
  return [{ pod, container }];
}

async function targetOf(cli: Cli, resource: string): Promise<JsonObject> {
  const { flags } = cli;
  const selector = flags.string('selector');
  const { namespace } = cli.factory.namespace;
  const result = await build(cli, {
    args: resource === '' ? ['pods'] : [resource.includes('/') ? resource : `pods/${resource}`],
    labelSelector: selector,
    singleType: true,
    accept: accepts.any,
  });
  try {
    const infos = await result.infos();
    const target = infos[0]?.object;
    if (target === undefined || (selector === '' && infos.length !== 1)) throw new Failure('expected a resource');
    if (selector === '') return target;
    if (list(target, 'items').length === 0) await cli.err(`No resources found in ${namespace} namespace.\n`);
    return { ...target, kind: 'PodList' };
  } catch (reason) {
    if (isNotFound(reason) && reason instanceof Failure)
      throw new Failure(`error from server (NotFound): ${reason.message} in namespace "${namespace}"`);
    throw reason;
  }
}

export const logs: Command = {
  use: 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  short: 'Print the logs for a container in a pod',
  long: 'Print the logs for a container in a pod or specified resource. If the pod has only one container, the container name is optional.',
  example: `# The log of a pod with one container
kubectl logs nginx

# Of the container that ended before
kubectl logs -p -c ruby web-1

# Follow it
kubectl logs -f deploy/web

# The last 20 lines of all pods with a label
kubectl logs -l app=web --tail=20`,
  flags: [
    flag.bool('all-containers', false, 'Logs of all containers of the pod.'),
    flag.bool('all-pods', false, 'Logs of all pods. Sets --prefix.'),
    containerFlag,
    flag.bool('follow', false, 'Keep printing as lines come.', { short: 'f' }),
    flag.bool('ignore-errors', false, 'Go on when a log that is followed fails.'),
    flag.bool('insecure-skip-tls-verify-backend', false, "Do not check the kubelet's certificate."),
    flag.int('limit-bytes', 0, 'At most so many bytes. Default: no limit.'),
    flag.int('max-log-requests', 5, 'How many logs may be followed at once with a selector.'),
    flag.duration('pod-running-timeout', 20_000, 'How long to wait (5s, 2m, 3h; more than zero) until a pod runs.'),
    flag.bool('prefix', false, 'Print pod and container before each line.'),
    flag.bool('previous', false, 'Log of the container that ran before this one, if there was one.', { short: 'p' }),
    selectorFlag,
    flag.duration('since', 0, 'Only lines younger than this (5s, 2m, 3h). Default: all.'),
    flag.string('since-time', '', 'Only lines after this time (RFC3339). Default: all.', { unquoted: false }),
    flag.int('tail', -1, 'Only the last lines. Default: all; 10 with a selector.'),
    flag.bool('timestamps', false, 'Print the time of each line.'),
  ],
  run: async (cli) => {
    const { flags, args } = cli;
    const [resource = '', inline] = args;
    if (args.length === 0 && flags.string('selector') === '') throw cli.usage(usage);
    if (args.length === 1 && flags.string('selector') !== '')
      throw cli.usage('only a selector (-l) or a POD name is allowed');
    if (args.length > 2) throw cli.usage(usage);
    if (flags.number('pod-running-timeout') <= 0) throw new Failure('--pod-running-timeout must be higher than zero');
    const container = inline ?? flags.string('container');
    const target = await targetOf(cli, resource);
    const query = options(cli, container);
    if (flags.changed('container') && args.length === 2)
      throw new Failure('only one of -c or an inline [CONTAINER] arg is allowed');
    const sources = await sourcesOf(cli, target, container);
    const follow = flags.bool('follow');
    const most = flags.number('max-log-requests');
    if (follow && sources.length > 1 && sources.length > most) {
      throw new Failure(
        `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
      );
    }
    const consume = async (source: LogSource): Promise<void> => {
      const prefix =
        flags.bool('prefix') || flags.bool('all-pods')
          ? encode(`[pod/${nameOfObject(source.pod)}/${source.container}] `)
          : undefined;
      try {
        await podLog(cli, source, query, (line) => cli.process.stdout.write(prefix ? concat([prefix, line]) : line));
      } catch (reason) {
        if (!flags.bool('ignore-errors') || !(reason instanceof Failure)) throw reason;
        await cli.out(`error: ${reason.message}\n`);
      }
    };
    if (follow && sources.length > 1) await Promise.all(sources.map(consume));
    else for (const source of sources) await consume(source);
  },
};
