import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { list, text } from '../../json';
import { objectPrinter, printFlags } from '../../printers/output';
import { accepts } from '../../rest/client';

const perNamespace = [
  ['events', '/api/v1', 'events'],
  ['replication-controllers', '/api/v1', 'replicationcontrollers'],
  ['services', '/api/v1', 'services'],
  ['daemonsets', '/apis/apps/v1', 'daemonsets'],
  ['deployments', '/apis/apps/v1', 'deployments'],
  ['replicasets', '/apis/apps/v1', 'replicasets'],
  ['pods', '/api/v1', 'pods'],
] as const;

/** Writes to standard output, or to files below a directory; files may grow. */
class Sink {
  readonly #written = new Map<string, string>();
  constructor(
    readonly cli: Cli,
    readonly folder: string,
  ) {}

  async write(name: string, content: string): Promise<void> {
    if (this.folder === '' || this.folder === '-') return this.cli.out(content);
    const path = `${this.folder}/${name}`;
    const { fs } = this.cli.process;
    fs.mkdirAll(path.slice(0, path.lastIndexOf('/')), 0o755);
    const whole = (this.#written.get(path) ?? '') + content;
    this.#written.set(path, whole);
    const made = fs.writeFile(path, whole);
    if (!made.ok) throw new Failure(`open ${path}: ${made.error}`);
  }
}

async function run(cli: Cli): Promise<void> {
  const { flags, factory } = cli;
  const printer = objectPrinter(cli);
  const format = flags.string('output');
  const extension = format === 'json' || format === 'yaml' ? `.${format}` : '.txt';
  const folder = flags.string('output-directory');
  const sink = new Sink(cli, folder);
  const { client } = factory;
  const show = async (name: string, path: string): Promise<unknown> => {
    const found = await client.get(path, { accept: accepts.typed });
    await sink.write(`${name}${extension}`, printer?.print(found, { typed: true }) ?? '');
    return found;
  };
  await show('nodes', '/api/v1/nodes');
  for (const namespace of await namespaces(cli)) {
    let pods: unknown;
    for (const [name, root, resource] of perNamespace)
      pods = await show(`${namespace}/${name}`, `${root}/namespaces/${namespace}/${resource}`);
    for (const pod of list(pods, 'items')) await logs(cli, sink, namespace, pod);
  }
  if (folder !== '' && folder !== '-') await cli.out(`Cluster info dumped to ${folder}\n`);
}

async function namespaces(cli: Cli): Promise<readonly string[]> {
  const { flags, factory } = cli;
  if (flags.bool('all-namespaces')) {
    const found = await factory.client.get('/api/v1/namespaces', { accept: accepts.typed });
    return list(found, 'items').map((each) => text(each, 'metadata', 'name'));
  }
  const given = flags.list('namespaces');
  return given.length > 0 ? given : ['kube-system', factory.namespace.namespace];
}

async function logs(cli: Cli, sink: Sink, namespace: string, pod: unknown): Promise<void> {
  const name = text(pod, 'metadata', 'name');
  const containers = [...list(pod, 'spec', 'initContainers'), ...list(pod, 'spec', 'containers')];
  for (const container of containers.map((each) => text(each, 'name'))) {
    const of = `logs for container ${container} of pod ${namespace}/${name} ====\n`;
    let shown: string;
    try {
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
      shown = await cli.factory.client.text('GET', path, { accept: accepts.any, query: { container } });
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      shown = `Request log error: ${reason.message}\n`;
    }
    await sink.write(`${namespace}/${name}/logs.txt`, `==== START ${of}${shown}==== END ${of}`);
  }
}

export const dump: Command = {
  use: 'dump [flags]',
  short: 'Dump relevant information for debugging and diagnosis',
  long: `Write out what the cluster has: nodes, and of some namespaces the events, controllers, services and pods with their logs.

 Everything goes to standard output, or with --output-directory to files. Without flags the namespaces are the current one and 'kube-system'.`,
  example: `# To standard output
  kubectl cluster-info dump

  # To a directory
  kubectl cluster-info dump --output-directory=/tmp/cluster`,
  flags: [
    ...printFlags.map((each) => (each.name === 'output' ? { ...each, default: 'json' } : each)),
    flag.bool('all-namespaces', false, 'All namespaces, whatever --namespaces says.', { short: 'A' }),
    flag.strings('namespaces', [], 'The namespaces, comma separated.'),
    flag.string('output-directory', '', "Where to write files. Empty or '-' means standard output."),
    flag.duration('pod-running-timeout', 20_000, 'How long to wait for a pod that runs (like 5s, 2m or 3h).'),
  ],
  run,
};
