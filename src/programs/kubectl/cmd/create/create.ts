import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure, StatusError } from '../../errors';
import { flag } from '../../flags/flag-set';
import type { JsonObject } from '../../json';
import { withConfiguration } from '../../manifest/last-applied';
import { objectPrinter, printFlags } from '../../printers/output';
import { build } from '../../resource/builder';
import type { Info } from '../../resource/info';
import { groupKind, pathOf } from '../../resource/mapper';
import { rawPath } from '../get/raw';
import { editAndCreate } from '../edit/edit-create';
import {
  dryRun,
  dryRunFlag,
  dryRunSuffix,
  fieldManagerFlag,
  fieldValidation,
  filenameFlags,
  filenames,
  hasFiles,
  saveConfigFlag,
  selectorFlag,
  validateFlag,
} from '../shared-flags';
import { configMap } from './data';
import { ingress } from './ingress';
import { namespace, podDisruptionBudget, priorityClass, quota, serviceAccount } from './policy';
import { clusterRole, clusterRoleBinding, role, roleBinding } from './rbac';
import { secret } from './secret';
import { service } from './service';
import { token } from './token';
import { cronJob, deployment, job } from './workloads';

/** `error when creating "x.yaml": …`: where the object came from stands in the message (cmdutil.AddSourceToErr). */
export function withSource(verb: string, source: string, reason: unknown): unknown {
  if (source === '' || !(reason instanceof Failure)) return reason;
  const message = `error when ${verb} "${source}": ${reason.message}`;
  return reason instanceof StatusError ? new StatusError({ ...reason.status, message }) : new Failure(message);
}

async function createFiles(cli: Cli): Promise<void> {
  const strategy = dryRun(cli);
  const printer = objectPrinter(cli);
  const validation = fieldValidation(cli);
  const { explicit } = cli.factory.namespace;
  const result = await build(cli, {
    ...filenames(cli),
    labelSelector: cli.flags.string('selector'),
    enforceNamespace: explicit,
    continueOnError: true,
    schema: validation !== 'Ignore',
  });
  let count = 0;
  await result.visit(async (info) => {
    const object = cli.flags.bool('save-config') ? withConfiguration(info.object ?? {}) : (info.object ?? {});
    const made = strategy === 'client' ? object : await send(cli, info, object, strategy === 'server', validation);
    count++;
    await cli.out(
      printer
        ? printer.print(made)
        : `${groupKind(info.mapping)}/${nameOf(made, info)} created${dryRunSuffix(strategy)}\n`,
    );
  });
  if (count === 0) throw new Failure('no objects passed to create');
}

const nameOf = (made: JsonObject, info: Info): string => {
  const { metadata } = made;
  const name = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined;
  return typeof name === 'string' ? name : info.name;
};

async function send(cli: Cli, info: Info, object: JsonObject, dry: boolean, validation: string): Promise<JsonObject> {
  try {
    return await cli.factory.client.json('POST', pathOf(info.mapping, info.namespace), {
      body: object,
      query: {
        fieldManager: cli.flags.string('field-manager'),
        fieldValidation: validation,
        ...(dry ? { dryRun: 'All' } : {}),
      },
    });
  } catch (reason) {
    throw withSource('creating', info.source, reason);
  }
}

async function createRaw(cli: Cli): Promise<void> {
  const files = cli.flags.list('filename');
  if (cli.flags.bool('edit')) throw new Failure('--raw and --edit are mutually exclusive');
  if (files.length !== 1) throw new Failure('--raw can only use a single local file or stdin');
  const [file = ''] = files;
  if (/^https?:/.test(file)) throw new Failure('--raw cannot read from a url');
  if (cli.flags.bool('recursive')) throw new Failure('--raw and --recursive are mutually exclusive');
  if (cli.flags.string('selector') !== '') throw new Failure('--raw and --selector (-l) are mutually exclusive');
  if (cli.flags.string('output') !== '') throw new Failure('--raw and --output are mutually exclusive');
  const path = rawPath(cli.flags.string('raw'));
  const body = file === '-' ? await cli.process.stdin.text() : readOr(cli, file);
  await cli.out(
    await cli.factory.client.text('POST', path, { body, contentType: '', accept: 'application/json, */*' }),
  );
}

function readOr(cli: Cli, file: string): string {
  const content = cli.process.fs.readText(file);
  if (content.ok) return content.value;
  throw new Failure(`open ${file}: no such file or directory`);
}

export const create: Command = {
  use: 'create -f FILENAME',
  short: 'Create a resource from a file or from stdin',
  long: 'Create a resource from a file or from stdin.\n\n Files may be JSON or YAML.',
  example: `# From a file
kubectl create -f ./pod.yaml

# From standard input
cat pod.yaml | kubectl create -f -`,
  flags: [
    ...printFlags,
    dryRunFlag,
    flag.bool('edit', false, 'Edit the resource before it is created.'),
    fieldManagerFlag('kubectl-create'),
    ...filenameFlags('to create the resource from.'),
    flag.string('raw', '', 'URI to POST to as it is.'),
    saveConfigFlag,
    selectorFlag,
    validateFlag,
    flag.bool('windows-line-endings', false, 'With --edit: use the line endings of Windows.'),
  ],
  commands: [
    clusterRole,
    clusterRoleBinding,
    configMap,
    cronJob,
    deployment,
    ingress,
    job,
    namespace,
    podDisruptionBudget,
    priorityClass,
    quota,
    role,
    roleBinding,
    secret,
    service,
    serviceAccount,
    token,
  ],
  run: async (cli) => {
    if (!hasFiles(cli) && cli.args.length === 0) throw new Failure('must specify one of -f and -k');
    if (cli.args.length > 0) throw cli.usage(`Unexpected args: [${cli.args.join(' ')}]`);
    if (cli.flags.string('raw') !== '') return createRaw(cli);
    if (cli.flags.bool('edit')) return editAndCreate(cli);
    await createFiles(cli);
  },
};
