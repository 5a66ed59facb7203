import type { Cli } from '../cli';
import type { Command } from '../command';
import { Failure, isNotFound, isStatus } from '../errors';
import { flag, type Flag } from '../flags/flag-set';
import { text, type JsonObject } from '../json';
import { parseBool } from '../flags/values';
import { build } from '../resource/builder';
import type { Info } from '../resource/info';
import type { Result } from '../resource/result';
import { groupKind, pathOf } from '../resource/mapper';
import { withSource } from './create/create';
import { rawPath } from './get/raw';
import {
  allNamespacesFlag,
  dryRun,
  dryRunFlag,
  dryRunSuffix,
  fieldSelectorFlag,
  filenameFlags,
  filenames,
  selectorFlag,
  type DryRun,
} from './shared-flags';
import { untilDeleted } from './wait/until';

export type Cascade = 'Background' | 'Foreground' | 'Orphan';

export const cascadeFlag = flag.string(
  'cascade',
  'background',
  'What becomes of dependents (such as the pods of a job): background, orphan or foreground.',
  { alone: 'background' },
);
export const deleteFlags = (what: string): readonly Flag[] => [
  cascadeFlag,
  ...filenameFlags(what),
  flag.bool('force', false, 'Remove from the API at once and skip graceful deletion. Risky: processes may live on.'),
  flag.int(
    'grace-period',
    -1,
    "Seconds to end gracefully; negative: the object's own; 1: at once. 0 only with --force.",
  ),
  flag.duration('timeout', 0, 'How long to wait before giving up; 0 lets the size of the object decide.'),
];

/** Reads `--cascade`, which once was a boolean. */
export async function cascade(cli: Cli): Promise<Cascade> {
  const value = cli.flags.string('cascade');
  if (value === 'background') return 'Background';
  if (value === 'foreground') return 'Foreground';
  if (value === 'orphan') return 'Orphan';
  const truth = parseBool(value);
  if (!truth.ok) throw new Failure(`invalid cascade value (${value}). Must be "background", "foreground", or "orphan"`);
  const meant = truth.value ? 'background' : 'orphan';
  await cli.err(
    `warning: --cascade=${value} is deprecated (boolean value) and can be replaced with --cascade=${meant}.\n`,
  );
  return truth.value ? 'Background' : 'Orphan';
}

export interface Deletion {
  readonly strategy: DryRun;
  /** -1: the object's own. */
  readonly grace: number;
  readonly cascade: Cascade;
  readonly quiet?: boolean;
  readonly output?: string;
}

/** Deletes one object and says so. Gives the uid of what goes. */
export async function deleteOne(cli: Cli, info: Info, deletion: Deletion): Promise<string> {
  let answer: JsonObject = {};
  if (deletion.strategy !== 'client') {
    if (info.name === '') throw withSource('deleting', info.source, new Failure('resource name may not be empty'));
    try {
      answer = await cli.factory.client.json('DELETE', pathOf(info.mapping, info.namespace, info.name), {
        body: {
          kind: 'DeleteOptions',
          apiVersion: 'meta.k8s.io/v1',
          ...(deletion.grace >= 0 ? { gracePeriodSeconds: deletion.grace } : {}),
          ...(deletion.strategy === 'server' ? { dryRun: ['All'] } : {}),
          propagationPolicy: deletion.cascade,
        },
      });
    } catch (reason) {
      throw withSource('deleting', info.source, reason);
    }
  }
  if (!deletion.quiet) await cli.out(deletedText(info, deletion));
  return text(answer, 'kind') === 'Status' ? text(answer, 'details', 'uid') : text(answer, 'metadata', 'uid');
}

function deletedText({ mapping, name }: Info, { output, grace, strategy }: Deletion): string {
  if (output === 'name') return `${groupKind(mapping)}/${name}\n`;
  return `${groupKind(mapping)} "${name}" ${grace === 0 ? 'force deleted' : 'deleted'}${dryRunSuffix(strategy)}\n`;
}

export const deleteCommand: Command = {
  use: 'delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  short: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  long: `Delete resources by file names, stdin, resources and names, or by resources and label selector.

 Give only one of these: file names, types and names, or types and a label selector.

 Pods end gracefully: they get time to do so, which --grace-period changes; --now asks for the shortest. With --force --grace-period=0 they vanish from the API at once, whether their processes have ended or not. Where a node cannot be reached that may take its time otherwise.

 No resource versions are checked: a change that somebody makes at the same time is lost with the object.`,
  example: `# What a file describes
kubectl delete -f ./pod.yaml

# By type and name
kubectl delete pod,service web

# By label
kubectl delete pods,services -l app=web

# All pods of the namespace
kubectl delete pods --all`,
  suggestFor: ['rm'],
  flags: [
    flag.bool('all', false, 'All objects of the given types in the namespace.'),
    allNamespacesFlag('Objects of all namespaces.'),
    ...deleteFlags('with the resource to delete.'),
    dryRunFlag,
    fieldSelectorFlag,
    flag.bool('ignore-not-found', false, 'Take it as success if the object is not there. Default with --all.'),
    flag.bool('interactive', false, 'Ask before deleting.', { short: 'i' }),
    flag.bool('now', false, 'Signal for an immediate end (same as --grace-period=1).'),
    flag.string('output', '', 'Only "name": print what went as type/name.', { short: 'o' }),
    flag.string('raw', '', 'URI to DELETE as it is.'),
    selectorFlag,
    flag.bool('wait', true, 'Wait until the objects are gone, finalizers included.'),
  ],
  run: async (cli) => {
    const { flags } = cli;
    let ignoreNotFound = flags.bool('ignore-not-found');
    const policy = await cascade(cli);
    const all = flags.bool('all');
    if (
      (all || flags.string('selector') !== '' || flags.string('field-selector') !== '') &&
      !flags.changed('ignore-not-found')
    )
      ignoreNotFound = true;
    const force = flags.bool('force');
    let grace = flags.number('grace-period');
    if (flags.bool('now')) {
      if (grace !== -1) throw new Failure('--now and --grace-period cannot be specified together');
      grace = 1;
    }
    if (grace === 0 && !force) grace = 1;
    if (force && grace < 0) grace = 0;
    const strategy = dryRun(cli);
    const raw = flags.string('raw');
    const { namespace, explicit } = cli.factory.namespace;
    const result =
      raw === ''
        ? await build(cli, {
            args: cli.args,
            ...filenames(cli),
            labelSelector: flags.string('selector'),
            fieldSelector: flags.string('field-selector'),
            all,
            allNamespaces: flags.bool('all-namespaces'),
            enforceNamespace: explicit,
            flatten: true,
            fetch: false,
            continueOnError: true,
            namespace,
          })
        : undefined;
    validate(cli);
    if (grace === 0 && force) {
      await cli.err(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
      );
    } else if (grace > 0 && force)
      throw new Failure('--force and --grace-period greater than 0 cannot be specified together');
    if (result === undefined) {
      await cli.out(await cli.factory.client.text('DELETE', rawPath(raw), { accept: 'application/json, */*' }));
      return;
    }
    const chosen = result.ignoring(ignoreNotFound ? isNotFound : () => false);
    const approved = flags.bool('interactive') ? await confirm(cli, await chosen.infos()) : undefined;
    if (approved === 'none') return;
    const deletion: Deletion = { strategy, grace, cascade: policy, output: flags.string('output') };
    await deleteAll(cli, chosen, deletion, {
      wait: flags.bool('wait'),
      warn: explicit && !flags.bool('all-namespaces'),
    });
  },
};

/** Deletes what was found, and waits until it is gone if it shall. Source: kubectl pkg/cmd/delete, DeleteResult. */
export async function deleteAll(
  cli: Cli,
  result: Result,
  deletion: Deletion,
  { wait, warn }: { readonly wait: boolean; readonly warn: boolean },
): Promise<void> {
  let warns = warn;
  const gone: { readonly info: Info; uid: string }[] = [];
  await result.visit(async (info) => {
    if (warns && !info.mapping.namespaced) {
      await cli.err('Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n');
      warns = false;
    }
    // What was not there is waited for, too.
    const one = { info, uid: '' };
    gone.push(one);
    one.uid = await deleteOne(cli, info, deletion);
  });
  if (gone.length === 0) await cli.out('No resources found\n');
  if (!wait || deletion.strategy !== 'none') return;
  const timeout = cli.flags.number('timeout') || 168 * 3_600_000;
  for (const { info, uid } of gone) {
    try {
      await untilDeleted(cli, info, uid, timeout);
    } catch (reason) {
      if (!isStatus(reason, 'Forbidden') && !isStatus(reason, 'MethodNotAllowed')) throw reason;
    }
  }
}

function validate({ flags }: Cli): void {
  const output = flags.string('output');
  if (output !== '' && output !== 'name')
    throw new Failure(`unexpected -o output mode: ${output}. We only support '-o name'`);
  if (flags.bool('all') && flags.string('selector') !== '')
    throw new Failure('cannot set --all and --selector at the same time');
  if (flags.bool('all') && flags.string('field-selector') !== '')
    throw new Failure('cannot set --all and --field-selector at the same time');
  if (flags.string('raw') === '') return;
  if (flags.bool('interactive')) throw new Failure('--interactive can not be used with --raw');
  if (flags.list('filename').length > 1) throw new Failure('--raw can only use a single local file or stdin');
  if (flags.bool('recursive')) throw new Failure('--raw and --recursive are mutually exclusive');
  if (output !== '') throw new Failure('--raw and --output are mutually exclusive');
}

async function confirm(cli: Cli, infos: readonly Info[]): Promise<'yes' | 'none'> {
  if (infos.length === 0) {
    await cli.out('No resources found\n');
    return 'none';
  }
  const names = infos.map(({ mapping, name }) => `${groupKind(mapping)}/${name}\n`).join('');
  await cli.out(
    `You are about to delete the following ${infos.length} resource(s):\n${names}Do you want to continue? (y/n): `,
  );
  const answer = (await cli.process.stdin.readLine())?.trim();
  if (answer?.toLowerCase() === 'y') return 'yes';
  await cli.out('deletion is cancelled\n');
  return 'none';
}
