import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Aggregate, Failure, isNotFound, isStatus, StatusError } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, text, type JsonObject } from '../../json';
import { lastApplied, withConfiguration } from '../../manifest/last-applied';
import { objectPrinter, printFlags } from '../../printers/output';
import { build } from '../../resource/builder';
import { fetchInfo } from '../../resource/fetch';
import type { Info } from '../../resource/info';
import { groupKind, pathOf } from '../../resource/mapper';
import { patchTypes } from '../../rest/client';
import { withSource } from '../create/create';
import { cascade, deleteFlags } from '../delete';
import {
  dryRun,
  dryRunFlag,
  dryRunSuffix,
  fieldManagerFlag,
  fieldValidation,
  filenames,
  hasFiles,
  selectorFlag,
  subresourceFlag,
  validateFlag,
  type DryRun,
} from '../shared-flags';
import { migrate } from './migrate';
import { applyOnto, infoText, withoutNulls } from './patcher';
import { prune, pruneMappings } from './prune';
import { editLastApplied } from '../edit/edit-last-applied';
import { setLastApplied, viewLastApplied } from './last-applied';

interface Applied {
  readonly info: Info;
  readonly object: JsonObject;
}

const conflictHelp = `
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

function validate(cli: Cli, strategy: DryRun): void {
  const { flags } = cli;
  const serverSide = flags.bool('server-side');
  const force = flags.bool('force');
  const refuse = (message: string): never => {
    throw new Failure(message);
  };
  if (flags.bool('force-conflicts') && !serverSide) refuse('--force-conflicts only works with --server-side');
  if (strategy === 'client' && serverSide)
    refuse("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
  if (serverSide && force) refuse('--force cannot be used with --server-side');
  if (strategy === 'server' && force) refuse('--dry-run=server cannot be used with --force');
  const all = flags.bool('all');
  const selector = flags.string('selector');
  if (all && selector !== '') refuse('cannot set --all and --selector at the same time');
  if (flags.string('applyset') !== '' && !flags.bool('prune')) refuse('--applyset requires --prune');
  if (flags.bool('prune')) {
    if (force) refuse('--force cannot be used with --prune');
    if (!all && selector === '')
      refuse(
        'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
      );
    if (serverSide) refuse("--prune is in alpha and doesn't currently work on objects created by server-side apply");
  }
  if (flags.string('subresource') !== '' && !serverSide)
    refuse('--subresource can only be specified for --server-side');
}

async function applyOne(cli: Cli, info: Info, strategy: DryRun, validation: string): Promise<Applied> {
  const manifest = info.object ?? {};
  if (info.name === '') {
    const generate = text(manifest, 'metadata', 'generateName');
    if (generate !== '') throw new Failure(`from ${generate}: cannot use generate name with apply`);
  }
  const done = async (object: JsonObject, operation: string): Promise<Applied> => {
    if (!printsObjects(cli)) await cli.out(resultText(cli, info, operation, strategy));
    return { info, object };
  };
  if (cli.flags.bool('server-side'))
    return done(await serverSide(cli, info, manifest, strategy, validation), 'serverside-applied');
  const query = {
    fieldManager: cli.flags.string('field-manager'),
    fieldValidation: validation,
    ...(strategy === 'server' ? { dryRun: 'All' } : {}),
  };
  let live: JsonObject;
  try {
    live = (await fetchInfo(cli, info)).object ?? {};
  } catch (reason) {
    if (!isNotFound(reason))
      throw withSource(
        `retrieving current configuration of:\n${infoText(info)}\nfrom server for:`,
        info.source,
        reason,
      );
    const body = withoutNulls(withConfiguration(manifest)) as JsonObject;
    if (strategy === 'client') return done(body, 'created');
    try {
      return await done(
        await cli.factory.client.json('POST', pathOf(info.mapping, info.namespace), { body, query }),
        'created',
      );
    } catch (failure) {
      throw withSource('creating', info.source, failure);
    }
  }
  if (strategy === 'client') return done(live, 'configured');
  if (at(live, 'metadata', 'annotations', lastApplied) === undefined) {
    await cli.err(
      `Warning: resource ${info.mapping.resource}/${info.name} is missing the ${lastApplied} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  }
  const { patch, object: patched } = await applyOnto(cli, info, manifest, live, query);
  await warnIfDeleting(cli, info, patched);
  return done(patched, Object.keys(patch).length === 0 ? 'unchanged' : 'configured');
}

async function warnIfDeleting(cli: Cli, { name }: Info, live: JsonObject): Promise<void> {
  if (text(live, 'metadata', 'deletionTimestamp') === '') return;
  await cli.err(`Warning: Detected changes to resource ${name} which is currently being deleted.\n`);
}

async function serverSide(
  cli: Cli,
  info: Info,
  manifest: JsonObject,
  strategy: DryRun,
  validation: string,
): Promise<JsonObject> {
  const { flags } = cli;
  const path = pathOf(info.mapping, info.namespace, info.name, flags.string('subresource'));
  const query = {
    fieldManager: manager(cli),
    fieldValidation: validation,
    ...(strategy === 'server' ? { dryRun: 'All' } : {}),
  };
  const send = (): Promise<JsonObject> =>
    cli.factory.client.json('PATCH', path, {
      body: manifest,
      contentType: patchTypes.apply,
      query: { ...query, force: flags.bool('force-conflicts') },
    });
  let applied: JsonObject;
  try {
    applied = await send();
  } catch (reason) {
    if (reason instanceof StatusError && reason.status.code === 415)
      throw new Failure(`Server-side apply not available on the server: (${reason.message})`);
    if (isStatus(reason, 'Conflict') && reason instanceof StatusError)
      throw new Failure(`${reason.message}${conflictHelp}`);
    throw reason;
  }
  const owned = await migrate(cli, { info, path, manager: query.fieldManager, query, again: send }, applied);
  await warnIfDeleting(cli, info, owned);
  return owned;
}

/** With --server-side the manager is `kubectl`, unless another is named. */
const manager = ({ flags }: Cli): string =>
  flags.bool('server-side') && !flags.changed('field-manager') ? 'kubectl' : flags.string('field-manager');

const printsObjects = ({ flags }: Cli): boolean =>
  !['', 'name'].includes(flags.string('output')) || (flags.string('template') !== '' && !flags.changed('output'));

const resultText = (cli: Cli, info: Info, operation: string, strategy: DryRun): string => {
  const name = `${groupKind(info.mapping)}/${info.name}`;
  return cli.flags.string('output') === 'name' ? `${name}\n` : `${name} ${operation}${dryRunSuffix(strategy)}\n`;
};

export const apply: Command = {
  use: 'apply (-f FILENAME | -k DIRECTORY)',
  short: 'Apply a configuration to a resource by file name or stdin',
  long: `Apply a configuration to a resource by file name or stdin. The name must be given in the file. What is not there is created. To use apply later, create resources with apply or with create --save-config.

 Files may be JSON or YAML.

 Alpha disclaimer: --prune is not complete yet. Do not use it unless you know its present state.`,
  example: `# What a file says
kubectl apply -f ./pod.yaml

# What comes from elsewhere
cat pod.yaml | kubectl apply -f -`,
  flags: [
    ...printFlags,
    ...deleteFlags('that contains the configuration to apply.'),
    flag.bool('all', false, 'All objects of the namespace that the types name.'),
    flag.string('applyset', '', '[alpha] Name of the set that tells which objects belong together for pruning.'),
    dryRunFlag,
    fieldManagerFlag('kubectl-client-side-apply'),
    flag.bool('force-conflicts', false, 'With --server-side: take over fields of other managers.'),
    flag.bool('openapi-patch', true, 'Compute differences by the published schema where there is one.'),
    flag.bool('overwrite', true, 'Where live and new configuration differ, take the new one.'),
    flag.bool('prune', false, 'Delete objects that were applied before and are not in the files. Needs --all or -l.'),
    flag.array('prune-allowlist', [], 'Types to prune, as group/version/kind, instead of the default ones.'),
    selectorFlag,
    flag.bool('server-side', false, 'Let the server apply.'),
    subresourceFlag('Apply to this subresource. Only with --server-side.'),
    validateFlag,
    flag.bool('wait', false, 'Wait until what is deleted is gone.'),
  ],
  commands: [editLastApplied, setLastApplied, viewLastApplied],
  run: async (cli) => {
    const { flags } = cli;
    if (cli.args.length > 0) throw cli.usage(`Unexpected args: [${cli.args.join(' ')}]`);
    const strategy = dryRun(cli);
    const policy = await cascade(cli);
    if (!hasFiles(cli)) throw new Failure('must specify one of -f and -k');
    const validation = fieldValidation(cli);
    validate(cli, strategy);
    const pruned = flags.bool('prune') ? await pruneMappings(cli) : [];
    const { explicit } = cli.factory.namespace;
    const result = await build(cli, {
      ...filenames(cli),
      labelSelector: flags.string('selector'),
      enforceNamespace: explicit,
      continueOnError: true,
      schema: validation !== 'Ignore',
    });
    const collected = await result.collect();
    const failures: Failure[] =
      collected.failures.length > 1 ? [new Aggregate(collected.failures)] : [...collected.failures];
    if (collected.infos.length === 0 && failures.length === 0) throw new Failure('no objects passed to apply');
    const applied: Applied[] = [];
    for (const info of collected.infos) {
      try {
        applied.push(await applyOne(cli, info, strategy, validation));
      } catch (reason) {
        if (!(reason instanceof Failure)) throw reason;
        failures.push(reason);
      }
    }
    const [only] = failures;
    if (only) throw failures.length === 1 ? only : new Aggregate(failures);
    // A form that there is none of is told of only now, when all is done.
    const printer = objectPrinter(cli);
    if (printer && printsObjects(cli)) {
      const items = applied.map((each) => each.object);
      const whole = items.length === 1 ? (items[0] ?? {}) : { apiVersion: 'v1', items, kind: 'List', metadata: {} };
      await cli.out(printer.print(whole));
    }
    if (flags.bool('prune')) await prune(cli, applied, strategy, policy, pruned);
  },
};
