import type { Cli } from '../../cli';
import { Failure, PlainFailure, StatusError } from '../../errors';
import { list, nameOfObject, namespaceOf, text, type JsonObject } from '../../json';
import type { Info } from '../../resource/info';
import { isReady } from '../../resource/pods';
import { until } from '../wait/until';
import { podLog } from '../logs/requests';
import { attachTo } from './attach';

const podMapping = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  resource: 'pods',
  singular: 'pod',
  namespaced: true,
  verbs: [],
} as const;

const infoOf = (pod: JsonObject): Info => ({
  mapping: podMapping,
  namespace: namespaceOf(pod),
  name: nameOfObject(pod),
  object: pod,
  source: '',
  resourceVersion: '',
});

const gone = (): StatusError => new StatusError({ reason: 'NotFound', message: 'pods "" not found', code: 404 });
const ended = (pod: JsonObject): boolean => ['Succeeded', 'Failed'].includes(text(pod, 'status', 'phase'));

async function waitFor(cli: Cli, pod: JsonObject, done: (pod: JsonObject) => boolean): Promise<JsonObject> {
  try {
    return await until(cli, infoOf(pod), cli.flags.number('pod-running-timeout'), (found, event) => {
      if (found === undefined) {
        if (event === 'DELETED') throw gone();
        return undefined;
      }
      return done(found) ? found : undefined;
    });
  } catch (reason) {
    if (reason instanceof Failure && reason.message.startsWith('timed out waiting for the condition'))
      throw new Failure('timed out waiting for the condition');
    throw reason;
  }
}

/** What `kubectl run -i` does after creating: waits, attaches, and gives the exit status. Source: kubectl pkg/cmd/run/run.go. */
export async function attachAfterRun(cli: Cli, created: JsonObject, restart: string): Promise<number> {
  const running = await waitFor(
    cli,
    created,
    (pod) => ended(pod) || (text(pod, 'status', 'phase') === 'Running' && isReady(pod)),
  );
  if (ended(running)) await printLog(cli, running);
  else {
    try {
      await attachTo(cli, running, '', 'kubectl attach');
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      await cli.err(
        `warning: couldn't attach to pod/${nameOfObject(running)}, falling back to streaming logs: ${reason.message}\n`,
      );
      await printLog(cli, running);
    }
  }
  if (cli.flags.bool('leave-stdin-open') || (restart !== 'Never' && restart !== 'OnFailure')) return 0;
  const last = await waitFor(cli, created, (pod) =>
    restart === 'OnFailure' ? text(pod, 'status', 'phase') === 'Succeeded' : ended(pod),
  );
  const place = `${namespaceOf(last)}/${nameOfObject(last)}`;
  if (text(last, 'status', 'phase') === 'Succeeded') return 0;
  const [status] = list(last, 'status', 'containerStatuses');
  const code = Number(text(status, 'state', 'terminated', 'exitCode') || 0);
  if (code === 0) throw new Failure(`pod ${place} failed with unknown exit code`);
  throw new PlainFailure(
    `pod ${place} terminated (${text(status, 'state', 'terminated', 'reason')})\n${text(status, 'state', 'terminated', 'message')}`,
    code,
  );
}

async function printLog(cli: Cli, pod: JsonObject): Promise<void> {
  const container = text(list(pod, 'spec', 'containers')[0], 'name');
  await podLog(cli, { pod, container }, {}, (line) => cli.process.stdout.write(line));
}
