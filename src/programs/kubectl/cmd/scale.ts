import type { Cli } from '../cli';
import type { Command } from '../command';
import { Failure, isStatus } from '../errors';
import { flag } from '../flags/flag-set';
import { isObject, number, text, withAt, type JsonObject } from '../json';
import { nameWithKind, objectPrinter, printFlags } from '../printers/output';
import { build } from '../resource/builder';
import type { Info } from '../resource/info';
import { pathOf } from '../resource/mapper';
import { accepts, patchTypes } from '../rest/client';
import { dryRun, dryRunFlag, dryRunSuffix, filenameFlags, filenames, selectorFlag } from './shared-flags';

interface Precondition {
  readonly size: number;
  readonly version: string;
}

/** One try: with a precondition read and replaced, without one patched. */
async function scaleOnce(
  cli: Cli,
  info: Info,
  replicas: number,
  condition: Precondition | undefined,
  dry: boolean,
): Promise<void> {
  const { client } = cli.factory;
  const path = pathOf(info.mapping, info.namespace, info.name, 'scale');
  const query = dry ? { dryRun: 'All' } : {};
  if (!condition) {
    await client.json('PATCH', path, {
      accept: accepts.any,
      body: { spec: { replicas } },
      contentType: patchTypes.merge,
      query,
    });
    return;
  }
  const scale = await client.get(path, { accept: accepts.any });
  const size = number(scale, 'spec', 'replicas');
  if (condition.size !== -1 && size !== condition.size)
    throw new Failure(`Expected replicas to be ${condition.size}, was ${size}`);
  const version = text(scale, 'metadata', 'resourceVersion');
  if (condition.version !== '' && version !== condition.version)
    throw new Failure(`Expected resource version to be ${condition.version}, was ${version}`);
  // Sent as what its typed client says, which is nothing.
  await client.json('PUT', path, {
    accept: accepts.any,
    body: withAt(scale, ['spec', 'replicas'], replicas),
    contentType: '',
    query,
  });
}

async function scaleOne(
  cli: Cli,
  info: Info,
  replicas: number,
  condition: Precondition | undefined,
  dry: boolean,
): Promise<void> {
  for (let waited = 0; ; waited += 1000) {
    try {
      return await scaleOnce(cli, info, replicas, condition, dry);
    } catch (reason) {
      if (!isStatus(reason, 'Conflict') || waited >= 300_000) throw reason;
      await cli.process.sleep(1000);
    }
  }
}

async function waitForSize(cli: Cli, info: Info, replicas: number, timeout: number): Promise<void> {
  const deadline = cli.process.clock.now + timeout;
  for (;;) {
    const scale = await cli.factory.client.get(pathOf(info.mapping, info.namespace, info.name, 'scale'));
    const wanted = number(scale, 'spec', 'replicas');
    if (wanted !== replicas || number(scale, 'status', 'replicas') === replicas) return;
    if (cli.process.clock.now >= deadline) throw new Failure(`timed out waiting for "${info.name}" to be synced`);
    await cli.process.sleep(1000);
  }
}

export const scale: Command = {
  use: 'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  short: 'Set a new size for a deployment, replica set, or replication controller',
  long: `Set a new size for a deployment, replica set, replication controller, or stateful set.

 Scale also allows users to specify one or more preconditions for the scale action.

 If --current-replicas or --resource-version is specified, it is validated before the scale is attempted, and it is guaranteed that the precondition holds true when the scale is sent to the server.`,
  example: `# Three replicas
kubectl scale --replicas=3 deployment/web

# Only if there are two now
kubectl scale --current-replicas=2 --replicas=3 deployment/mysql`,
  flags: [
    ...printFlags,
    flag.bool('all', false, 'All objects of the given types in the namespace.'),
    flag.int('current-replicas', -1, 'Scale only if this is the present size. -1: whatever it is.'),
    dryRunFlag,
    ...filenameFlags('that names the resource to set a new size'),
    flag.int('replicas', 0, 'The new size.', { required: true }),
    flag.string('resource-version', '', 'Scale only if this is the present version.'),
    selectorFlag,
    flag.duration('timeout', 0, 'How long to wait for the new size; 0: not at all.'),
  ],
  run: async (cli) => {
    const { flags } = cli;
    const strategy = dryRun(cli);
    const printer = objectPrinter(cli);
    const replicas = flags.number('replicas');
    if (replicas < 0)
      throw new Failure('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    const current = flags.number('current-replicas');
    if (current < -1) throw new Failure('The --current-replicas must specify an integer of -1 or greater');
    const { explicit } = cli.factory.namespace;
    const result = await build(cli, {
      args: cli.args,
      ...filenames(cli),
      labelSelector: flags.string('selector'),
      allowEmptySelector: flags.bool('all'),
      enforceNamespace: explicit,
      flatten: true,
      continueOnError: true,
    });
    const { infos, failures } = await result.collect();
    const version = flags.string('resource-version');
    if (version !== '' && infos.length > 1) throw new Failure('cannot use --resource-version with multiple resources');
    const condition = current !== -1 || version !== '' ? { size: current, version } : undefined;
    if (infos.length === 0) {
      const why = failures.length === 0 ? '' : ` ${joined(failures)}`;
      throw new Failure(`no objects passed to scale${why}`);
    }
    for (const info of infos) {
      const object: JsonObject = isObject(info.object) ? info.object : {};
      if (strategy !== 'client') {
        await scaleOne(cli, info, replicas, condition, strategy === 'server');
        const timeout = flags.number('timeout');
        if (timeout !== 0 && strategy === 'none') await waitForSize(cli, info, replicas, timeout);
      }
      await cli.out(printer ? printer.print(object) : `${nameWithKind(object)} scaled${dryRunSuffix(strategy)}\n`);
    }
    const [failure] = failures;
    if (failure) throw failure;
  },
};

const joined = (failures: readonly Failure[]): string =>
  failures.length === 1 ? (failures[0]?.message ?? '') : `[${failures.map(({ message }) => message).join(', ')}]`;
