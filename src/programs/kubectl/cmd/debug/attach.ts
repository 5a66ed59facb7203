import type { Cli } from '../../cli';
import { Failure, StatusError } from '../../errors';
import { at, list, nameOfObject, namespaceOf, text, type JsonObject } from '../../json';
import type { Info } from '../../resource/info';
import { attachTo } from '../exec/attach';
import { podLog } from '../logs/requests';
import { until } from '../wait/until';

const week = 7 * 24 * 3_600_000;

const infoOf = (pod: JsonObject): Info => ({
  mapping: {
    group: '',
    version: 'v1',
    kind: 'Pod',
    resource: 'pods',
    singular: 'pod',
    namespaced: true,
    verbs: [],
  },
  namespace: namespaceOf(pod),
  name: nameOfObject(pod),
  object: pod,
  source: '',
  resourceVersion: '',
});

function statusOf(pod: JsonObject, container: string): unknown {
  const kinds = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'];
  return kinds.flatMap((kind) => list(pod, 'status', kind)).find((status) => text(status, 'name') === container);
}

/** Waits for the container to run, then attaches; where it has ended already, its log is shown. */
export async function attachWhenThere(cli: Cli, made: JsonObject, container: string): Promise<void> {
  const pod = await until(cli, infoOf(made), week, (found) => {
    if (found === undefined) throw new StatusError({ reason: 'NotFound', message: 'pods "" not found', code: 404 });
    const state = at(statusOf(found, container), 'state');
    if (at(state, 'running') !== undefined || at(state, 'terminated') !== undefined) return found;
    const message = text(state, 'waiting', 'message');
    if (message !== '' && !cli.flags.bool('quiet'))
      cli.factory.pendingWarnings.push(`container ${container}: ${message}`);
    return undefined;
  });
  const log = (): Promise<void> =>
    podLog(cli, { pod, container }, {}, (line) => cli.process.stdout.write(line)).then(() => undefined);
  if (at(statusOf(pod, container), 'state', 'terminated') !== undefined) return log();
  try {
    await attachTo(cli, pod, container, 'kubectl attach');
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason;
    const name = nameOfObject(pod);
    await cli.err(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${reason.message}\n`);
    await log();
  }
}
