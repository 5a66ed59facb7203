import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Aggregate, Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { isObject, list, nameOfObject, namespaceOf, type JsonObject } from '../../json';
import { accepts } from '../../rest/client';
import { chunkSizeFlag, dryRun, dryRunFlag, dryRunSuffix, selectorFlag, type DryRun } from '../shared-flags';
import { cordonNodes, nodesOf } from './cordon';
import { evictPods } from './evict';
import { judgePods, type Judged } from './filters';

async function podsToDelete(cli: Cli, node: string): Promise<readonly Judged[]> {
  const { flags } = cli;
  const pods: JsonObject[] = [];
  let token = '';
  do {
    const chunk = await cli.factory.client.get('/api/v1/pods', {
      accept: accepts.typed,
      query: {
        fieldSelector: `spec.nodeName=${node}`,
        ...(flags.string('pod-selector') === '' ? {} : { labelSelector: flags.string('pod-selector') }),
        ...(flags.number('chunk-size') === 0 ? {} : { limit: flags.number('chunk-size') }),
        ...(token === '' ? {} : { continue: token }),
      },
    });
    pods.push(...list(chunk, 'items').filter(isObject));
    const meta = chunk['metadata'];
    token = isObject(meta) && typeof meta['continue'] === 'string' ? meta['continue'] : '';
  } while (token !== '');
  return judgePods(cli, pods);
}

const place = (pod: JsonObject): string => `${namespaceOf(pod)}/${nameOfObject(pod)}`;

/** `message: ns/a, ns/b`, grouped by message in the order they came. */
function grouped(judged: readonly Judged[], reason: Judged['reason']): readonly string[] {
  const byMessage = new Map<string, string[]>();
  for (const each of judged.filter((one) => one.reason === reason))
    byMessage.set(each.message, [...(byMessage.get(each.message) ?? []), place(each.pod)]);
  return [...byMessage].map(([message, pods]) => `${message}: ${pods.join(', ')}`);
}

async function drainNode(cli: Cli, node: string, strategy: DryRun): Promise<void> {
  const judged = await podsToDelete(cli, node);
  const errors = grouped(judged, 'error').map((text) => new Failure(`cannot delete ${text}`));
  if (errors[0]) throw new Aggregate(errors);
  const warnings = grouped(judged, 'warning');
  if (warnings.length > 0) await cli.err(`Warning: ${warnings.join('; ')}\n`);
  const pods = judged.filter(({ remove }) => remove).map(({ pod }) => pod);
  if (strategy === 'client') {
    for (const pod of pods) await cli.out(`evicting pod ${place(pod)} (dry run)\n`);
    return;
  }
  try {
    await evictPods(cli, pods, strategy);
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason;
    const pending = (await podsToDelete(cli, node)).filter(({ remove }) => remove);
    if (pending.length > 0) {
      await cli.err(`There are pending pods in node "${node}" when an error occurred: ${reason.message}\n`);
      for (const { pod } of pending) await cli.err(`pod/${nameOfObject(pod)}\n`);
    }
    throw reason;
  }
}

export const drain: Command = {
  use: 'drain NODE',
  short: 'Drain node in preparation for maintenance',
  long: `Drain node in preparation for maintenance.

 The node is marked as unschedulable. Then its pods are evicted if the server can do so, or else deleted. Pods that the API server does not manage (mirror pods of static ones) stay. Pods of daemon sets stop the command unless you ask to ignore them: their controller would start them again at once. So do pods without a controller, unless you use --force.

 Eviction honours disruption budgets, deletion does not.

 When the node is ready for use again, kubectl uncordon makes it schedulable.`,
  example: `# Even if there are pods without a controller
kubectl drain foo --force

# With 15 minutes to end
kubectl drain foo --grace-period=900`,
  flags: [
    chunkSizeFlag,
    flag.bool('delete-emptydir-data', false, 'Go on even if pods use emptyDir volumes, whose data is then lost.'),
    flag.bool('disable-eviction', false, 'Delete pods instead of evicting them. Passes over disruption budgets.'),
    dryRunFlag,
    flag.bool('force', false, 'Go on even if there are pods without a controller.'),
    flag.int('grace-period', -1, "Seconds for each pod to end; negative: the pod's own."),
    flag.bool('ignore-daemonsets', false, 'Pass over pods of daemon sets.'),
    flag.string('pod-selector', '', 'Only pods of this label selector.'),
    selectorFlag,
    flag.int(
      'skip-wait-for-delete-timeout',
      0,
      'Do not wait for pods that have been ending for more than so many seconds.',
    ),
    flag.duration('timeout', 0, 'How long to wait before giving up; 0: for ever.'),
  ],
  run: async (cli) => {
    const strategy = dryRun(cli);
    const nodes = await nodesOf(cli, 'drain NODE');
    await cordonNodes(cli, nodes, true, strategy);
    const failed: { readonly node: string; readonly reason: Failure }[] = [];
    for (const { name } of nodes) {
      try {
        await drainNode(cli, name, strategy);
        await cli.out(`node/${name} drained${dryRunSuffix(strategy)}\n`);
      } catch (reason) {
        if (!(reason instanceof Failure)) throw reason;
        await cli.err(`error: unable to drain node "${name}" due to error: ${reason.message}, continuing command...\n`);
        failed.push({ node: name, reason });
      }
    }
    if (failed.length === 0) return;
    await cli.err(`There are pending nodes to be drained:\n${failed.map(({ node }) => ` ${node}\n`).join('')}`);
    throw new Aggregate(failed.map(({ reason }) => reason));
  },
};
