import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { isObject, list, text, type JsonObject } from '../../json';
import { TabWriter } from '../../../toolkit/tabwriter';
import { accepts } from '../../rest/client';
import { allNamespacesFlag, fieldSelectorFlag, selectorFlag } from '../shared-flags';
import {
  assertMetrics,
  assertSortKey,
  cells,
  metricsRoot,
  nameOf,
  sorted,
  total,
  usageCells,
  usageOf,
} from './metrics';

const only = (cli: Cli, use: string): string => {
  if (cli.args.length > 1) throw cli.usage(use);
  return cli.args[0] ?? '';
};

/** One object by name, or a list with selectors. */
async function fetch(cli: Cli, path: string, name: string, query: Readonly<Record<string, string>>) {
  const { client } = cli.factory;
  if (name !== '') return [await client.get(`${path}/${name}`, { accept: accepts.typed })];
  const found = await client.get(path, {
    accept: accepts.typed,
    query: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')),
  });
  return list(found, 'items').filter(isObject);
}

const nodeUse = 'node [NAME | -l label]';

async function runNodes(cli: Cli): Promise<void> {
  const { flags } = cli;
  const name = only(cli, nodeUse);
  const labelSelector = flags.string('selector');
  assertSortKey(cli);
  if (name !== '' && labelSelector !== '') throw new Failure('only one of NAME or --selector can be provided');
  await assertMetrics(cli);
  const metrics = await fetch(cli, `${metricsRoot}/nodes`, name, { labelSelector });
  if (metrics.length === 0) throw new Failure('metrics not available yet');
  const nodes = await fetch(cli, '/api/v1/nodes', name, { labelSelector });
  const field = flags.bool('show-capacity') ? 'capacity' : 'allocatable';
  const available = new Map(nodes.map((node) => [nameOf(node), usageOf(node, 'status', field)]));
  const writer = new TabWriter();
  if (!flags.bool('no-headers'))
    writer.write(`${cells(['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'])}\n`);
  const all = metrics.map((each) => ({ name: nameOf(each), usage: usageOf(each, 'usage') }));
  for (const { name: node, usage } of sorted(all, flags.string('sort-by'))) {
    writer.write(`${node}\t${usageCells(usage, available.get(node))}\n`);
    available.delete(node);
  }
  for (const node of available.keys())
    writer.write(`${cells([node, '<unknown>', '<unknown>', '<unknown>', '<unknown>'])}\n`);
  await cli.out(writer.flush());
}

const podUse = 'pod [NAME | -l label]';

async function runPods(cli: Cli): Promise<void> {
  const { flags, factory } = cli;
  const name = only(cli, podUse);
  const query = { labelSelector: flags.string('selector'), fieldSelector: flags.string('field-selector') };
  assertSortKey(cli);
  if (name !== '' && (query.labelSelector !== '' || query.fieldSelector !== ''))
    throw new Failure('only one of NAME or selector can be provided');
  await assertMetrics(cli);
  const everywhere = flags.bool('all-namespaces');
  const { namespace } = factory.namespace;
  const scope = everywhere ? '' : `/namespaces/${namespace}`;
  const metrics = await fetch(cli, `${metricsRoot}${scope}/pods`, name, query);
  if (metrics.length === 0) {
    await explainEmpty(cli, namespace, name, query);
    return cli.err(everywhere ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`);
  }
  await cli.out(podTable(cli, metrics, everywhere));
}

/** Pods that are old enough should have metrics. */
async function explainEmpty(cli: Cli, namespace: string, name: string, query: Readonly<Record<string, string>>) {
  const pods = await fetch(cli, `/api/v1/namespaces/${namespace}/pods`, name, query);
  if (pods.length > 0) throw new Failure('metrics not available yet');
}

function podTable(cli: Cli, metrics: readonly JsonObject[], everywhere: boolean): string {
  const { flags } = cli;
  const containers = flags.bool('containers');
  const heads = [...(everywhere ? ['NAMESPACE'] : []), ...(containers ? ['POD'] : [])];
  const writer = new TabWriter();
  if (!flags.bool('no-headers')) writer.write(`${cells([...heads, 'NAME', 'CPU(cores)', 'MEMORY(bytes)'])}\n`);
  const by = flags.string('sort-by');
  const pods = metrics.map((pod) => {
    const parts = list(pod, 'containers').map((each) => ({ name: text(each, 'name'), usage: usageOf(each, 'usage') }));
    const namespace = text(pod, 'metadata', 'namespace');
    return { name: nameOf(pod), namespace, parts, usage: total(parts.map(({ usage }) => usage)) };
  });
  const order = everywhere && by === '' ? pods.toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1)) : pods;
  for (const pod of sortedPods(order, by, everywhere)) {
    const scope = everywhere ? `${pod.namespace}\t` : '';
    if (!containers) writer.write(`${scope}${pod.name}\t${usageCells(pod.usage)}\n`);
    else
      for (const part of sorted(pod.parts, by))
        writer.write(`${scope}${pod.name}\t${part.name}\t${usageCells(part.usage)}\n`);
  }
  if (flags.bool('sum')) {
    const width = flags.bool('no-headers') ? 3 : heads.length + 3;
    writer.write(`${'\t'.repeat(width - 2)}${cells(['________', '________'])}\n`);
    writer.write(`${'\t'.repeat(width - 3)}\t${usageCells(total(pods.map(({ usage }) => usage)))}\n`);
  }
  return writer.flush();
}

function sortedPods<T extends { name: string; namespace: string; usage: { cpu: number; memory: number } }>(
  pods: readonly T[],
  by: string,
  everywhere: boolean,
): readonly T[] {
  if (by !== '' || !everywhere) return sorted(pods, by);
  return pods.toSorted((a, b) =>
    a.namespace === b.namespace ? (a.name < b.name ? -1 : 1) : a.namespace < b.namespace ? -1 : 1,
  );
}

const shared = [
  selectorFlag,
  flag.bool('no-headers', false, 'Leave out the line of headers.'),
  flag.string('sort-by', '', "Order by 'cpu' or 'memory'."),
  flag.bool('use-protocol-buffers', true, 'Ask the metrics server for protocol buffers.'),
];

const topNode: Command = {
  use: nodeUse,
  aliases: ['nodes', 'no'],
  short: 'Display resource (CPU/memory) usage of nodes',
  long: 'Show how much CPU and memory nodes use.',
  example: `# All nodes
  kubectl top node

  # One node
  kubectl top node node01`,
  flags: [...shared, flag.bool('show-capacity', false, 'Percentages of the capacity, not of what is allocatable.')],
  run: runNodes,
};

const topPod: Command = {
  use: podUse,
  aliases: ['pods', 'po'],
  short: 'Display resource (CPU/memory) usage of pods',
  long: 'Show how much CPU and memory pods use. Metrics of a new pod take some minutes to come.',
  example: `# Pods of the current namespace
  kubectl top pod

  # The containers of one pod
  kubectl top pod web --containers`,
  flags: [
    ...shared,
    allNamespacesFlag(),
    fieldSelectorFlag,
    flag.bool('containers', false, 'One line for each container.'),
    flag.bool('sum', false, 'End with the sum.'),
  ],
  run: runPods,
};

export const top: Command = {
  use: 'top [flags]',
  short: 'Display resource (CPU/memory) usage',
  long: 'Show how much CPU and memory nodes or pods use. The cluster needs a metrics server for it.',
  commands: [topNode, topPod],
};
