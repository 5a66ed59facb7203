import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flagged, type JsonObject } from '../../json';
import { build } from '../../resource/builder';
import type { Info } from '../../resource/info';
import { pathOf } from '../../resource/mapper';
import { accepts, patchTypes } from '../../rest/client';
import { dryRun, dryRunFlag, dryRunSuffix, selectorFlag, type DryRun } from '../shared-flags';

/** The nodes that arguments or a selector name; throws the usage if there is neither. */
export async function nodesOf(cli: Cli, use: string): Promise<readonly Info[]> {
  const { flags, args } = cli;
  if (args.length === 0 && !flags.changed('selector')) throw cli.usage(`USAGE: ${use} [flags]`);
  if (args.length > 0 && flags.string('selector') !== '')
    throw cli.usage('error: cannot specify both a node name and a --selector option');
  const result = await build(cli, {
    args: args.length > 0 ? args.map((name) => (name.includes('/') ? name : `nodes/${name}`)) : ['nodes'],
    labelSelector: flags.string('selector'),
    flatten: true,
    singleType: true,
    accept: accepts.any,
    chunkSize: flags.has('chunk-size') ? flags.number('chunk-size') : 500,
  });
  const infos = await result.infos();
  const other = infos.find(({ mapping }) => mapping.kind !== 'Node');
  if (other) {
    const { group, version, resource } = other.mapping;
    throw new Failure(`error: expected resource of type node, got "${group}/${version}, Resource=${resource}"`);
  }
  return infos;
}

/** Marks nodes as unschedulable or schedulable and says so. */
export async function cordonNodes(cli: Cli, nodes: readonly Info[], desired: boolean, strategy: DryRun): Promise<void> {
  const word = desired ? 'cordon' : 'uncordon';
  for (const { mapping, name, object = {} } of nodes) {
    const suffix = dryRunSuffix(strategy);
    if (flagged(object, 'spec', 'unschedulable') === desired) {
      await cli.out(`node/${name} already ${word}ed${suffix}\n`);
      continue;
    }
    if (strategy !== 'client') {
      try {
        await patch(cli, pathOf(mapping, '', name), desired, strategy);
      } catch (reason) {
        if (!(reason instanceof Failure)) throw reason;
        await cli.err(`error: unable to ${word} node "${name}": ${reason.message}\n`);
        continue;
      }
    }
    await cli.out(`node/${name} ${word}ed${suffix}\n`);
  }
}

const patch = (cli: Cli, path: string, desired: boolean, strategy: DryRun): Promise<JsonObject> =>
  cli.factory.client.json('PATCH', path, {
    accept: accepts.typed,
    body: { spec: { unschedulable: desired ? true : null } },
    contentType: patchTypes.strategic,
    ...(strategy === 'server' ? { query: { dryRun: 'All' } } : {}),
  });

const run = async (cli: Cli, desired: boolean): Promise<void> => {
  const nodes = await nodesOf(cli, `${desired ? 'cordon' : 'uncordon'} NODE`);
  await cordonNodes(cli, nodes, desired, dryRun(cli));
};

export const cordon: Command = {
  use: 'cordon NODE',
  short: 'Mark node as unschedulable',
  long: 'Mark node as unschedulable.',
  example: '# No new pods on node foo\nkubectl cordon foo',
  flags: [dryRunFlag, selectorFlag],
  run: (cli) => run(cli, true),
};

export const uncordon: Command = {
  use: 'uncordon NODE',
  short: 'Mark node as schedulable',
  long: 'Mark node as schedulable.',
  example: '# New pods on node foo again\nkubectl uncordon foo',
  flags: [dryRunFlag, selectorFlag],
  run: (cli) => run(cli, false),
};
