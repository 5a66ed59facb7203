import type { Cli } from '../../cli';
import { isNotFound, StatusError } from '../../errors';
import { at, isObject, list, namespaceOf, text, type JsonObject } from '../../json';
import { parseTime } from '../../../../kubernetes/apimachinery/time';

/** What is to become of a pod on a node that is drained (kubectl pkg/drain/filters.go). */
export interface Judged {
  readonly pod: JsonObject;
  readonly remove: boolean;
  readonly reason: 'okay' | 'skip' | 'warning' | 'error';
  readonly message: string;
}

type Verdict = Omit<Judged, 'pod'>;
const okay: Verdict = { remove: true, reason: 'okay', message: '' };
const skip: Verdict = { remove: false, reason: 'skip', message: '' };
const warning = (remove: boolean, message: string): Verdict => ({ remove, reason: 'warning', message });
const error = (message: string): Verdict => ({ remove: false, reason: 'error', message });

const ended = (pod: JsonObject): boolean => ['Succeeded', 'Failed'].includes(text(pod, 'status', 'phase'));
const controllerOf = (pod: JsonObject): JsonObject | undefined =>
  list(pod, 'metadata', 'ownerReferences')
    .filter(isObject)
    .find((owner) => owner['controller'] === true);

/** Whether a pod has been ending for longer than one wants to wait for. */
export function waitedEnough(cli: Cli, pod: JsonObject): boolean {
  const seconds = cli.flags.number('skip-wait-for-delete-timeout');
  const deleted = text(pod, 'metadata', 'deletionTimestamp');
  return seconds > 0 && deleted !== '' && (cli.process.clock.now - parseTime(deleted)) / 1000 > seconds;
}

async function ofDaemonSet(cli: Cli, pod: JsonObject): Promise<Verdict> {
  const controller = controllerOf(pod);
  if (controller?.['kind'] !== 'DaemonSet' || ended(pod)) return okay;
  try {
    await cli.factory.client.get(`/apis/apps/v1/namespaces/${namespaceOf(pod)}/daemonsets/${text(controller, 'name')}`);
  } catch (reason) {
    if (!(reason instanceof StatusError)) throw reason;
    return isNotFound(reason) && cli.flags.bool('force') ? warning(true, reason.message) : error(reason.message);
  }
  return cli.flags.bool('ignore-daemonsets')
    ? warning(false, 'ignoring DaemonSet-managed Pods')
    : error('DaemonSet-managed Pods (use --ignore-daemonsets to ignore)');
}

function withLocalStorage(cli: Cli, pod: JsonObject): Verdict {
  const local = list(pod, 'spec', 'volumes').some((volume) => at(volume, 'emptyDir') !== undefined);
  if (!local || ended(pod)) return okay;
  return cli.flags.bool('delete-emptydir-data')
    ? warning(true, 'deleting Pods with local storage')
    : error('Pods with local storage (use --delete-emptydir-data to override)');
}

function unmanaged(cli: Cli, pod: JsonObject): Verdict {
  if (ended(pod) || controllerOf(pod)) return okay;
  return cli.flags.bool('force')
    ? warning(true, 'deleting Pods that declare no controller')
    : error('cannot delete Pods that declare no controller (use --force to override)');
}

async function judge(cli: Cli, pod: JsonObject): Promise<Verdict> {
  if (waitedEnough(cli, pod)) return skip;
  const daemon = await ofDaemonSet(cli, pod);
  if (!daemon.remove) return daemon;
  if (text(pod, 'metadata', 'annotations', 'kubernetes.io/config.mirror') !== '') return skip;
  const local = withLocalStorage(cli, pod);
  if (!local.remove) return local;
  return unmanaged(cli, pod);
}

/** The first filter that keeps a pod decides; otherwise the last. */
export async function judgePods(cli: Cli, pods: readonly JsonObject[]): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  for (const pod of pods) judged.push({ pod, ...(await judge(cli, pod)) });
  return judged;
}
