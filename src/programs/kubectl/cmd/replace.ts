import type { Cli } from '../cli';
import type { Command } from '../command';
import { Failure, isNotFound } from '../errors';
import { flag } from '../flags/flag-set';
import { text, withAt, type JsonObject } from '../json';
import { lastApplied, withConfiguration } from '../manifest/last-applied';
import { nameWithKind, objectPrinter, printFlags } from '../printers/output';
import { build } from '../resource/builder';
import { fetchInfo } from '../resource/fetch';
import type { BuilderOptions, Info } from '../resource/info';
import { pathOf } from '../resource/mapper';
import { withSource } from './create/create';
import { cascade, deleteAll, deleteFlags, type Cascade, type Deletion } from './delete';
import { rawPath } from './get/raw';
import {
  dryRun,
  dryRunFlag,
  dryRunSuffix,
  fieldManagerFlag,
  fieldValidation,
  filenames,
  hasFiles,
  saveConfigFlag,
  subresourceFlag,
  validateFlag,
} from './shared-flags';

/** With the last-applied annotation, if the object has it or it is asked for. */
const annotated = (cli: Cli, object: JsonObject): JsonObject =>
  cli.flags.bool('save-config') || text(object, 'metadata', 'annotations', lastApplied) !== ''
    ? withConfiguration(object)
    : object;

async function put(cli: Cli, info: Info, validation: string, dry: boolean): Promise<JsonObject> {
  const object = annotated(cli, info.object ?? {});
  if (info.name === '') throw withSource('replacing', info.source, new Failure('resource name may not be empty'));
  const path = pathOf(info.mapping, info.namespace, info.name, cli.flags.string('subresource'));
  try {
    let body = object;
    if (text(object, 'metadata', 'resourceVersion') === '') {
      // Unconditional updates take the version that is there now.
      // What is not there is put all the same: the server says what it thinks of it.
      const live = await liveOf(cli, path);
      if (live)
        body = withAt(object, ['metadata', 'resourceVersion'], text(live, 'metadata', 'resourceVersion')) as JsonObject;
    }
    return await cli.factory.client.json('PUT', path, {
      body,
      query: {
        fieldManager: cli.flags.string('field-manager'),
        fieldValidation: validation,
        ...(dry ? { dryRun: 'All' } : {}),
      },
    });
  } catch (reason) {
    throw withSource('replacing', info.source, reason);
  }
}

async function forced(cli: Cli, policy: Cascade, validation: string): Promise<void> {
  const { flags, process } = cli;
  const printer = objectPrinter(cli);
  const { explicit } = cli.factory.namespace;
  const options: BuilderOptions = { ...(await rereadable(cli)), enforceNamespace: explicit, continueOnError: true };
  // The old --grace-period=0 means 1, and to wait.
  const atOnce = flags.number('grace-period') === 0;
  const deletion: Deletion = {
    strategy: 'none',
    grace: atOnce ? 1 : flags.number('grace-period'),
    cascade: policy,
    output: flags.string('output'),
  };
  const old = await build(cli, options);
  await deleteAll(cli, old.ignoring(isNotFound), deletion, { wait: atOnce || flags.bool('wait'), warn: false });
  const timeout = flags.number('timeout') || 300_000;
  await old.visit(async (info) => {
    const started = process.clock.now;
    while (await isThere(cli, info)) {
      if (process.clock.now + pollInterval - started > timeout) throw new Failure('context deadline exceeded');
      await process.sleep(pollInterval);
    }
  });
  let count = 0;
  const fresh = await build(cli, { ...options, schema: validation !== 'Ignore' });
  await fresh.visit(async (info) => {
    const made = await cli.factory.client.json('POST', pathOf(info.mapping, info.namespace), {
      body: annotated(cli, info.object ?? {}),
      query: { fieldManager: flags.string('field-manager'), fieldValidation: validation },
    });
    count++;
    await cli.out(printer ? printer.print(made) : `${nameWithKind(made)} replaced\n`);
  });
  if (count === 0) throw new Failure('no objects passed to replace');
}

const pollInterval = 1000;

/** Files that can be read twice: what comes from standard input is kept. */
async function rereadable(cli: Cli): Promise<BuilderOptions> {
  const files = filenames(cli);
  if (!(files.filenames ?? []).includes('-')) return files;
  const kept = await cli.process.stdin.text();
  const rest = (files.filenames ?? []).filter((name) => name !== '-');
  return { ...files, filenames: rest, stream: { name: 'STDIN', read: () => Promise.resolve(kept) } };
}

async function isThere(cli: Cli, info: Info): Promise<boolean> {
  try {
    await fetchInfo(cli, info);
    return true;
  } catch (reason) {
    if (isNotFound(reason)) return false;
    throw reason;
  }
}

async function liveOf(cli: Cli, path: string): Promise<JsonObject | undefined> {
  try {
    return await cli.factory.client.get(path);
  } catch (reason) {
    if (reason instanceof Failure && 'status' in reason) return undefined;
    throw reason;
  }
}

export const replace: Command = {
  use: 'replace -f FILENAME',
  short: 'Replace a resource by file name or stdin',
  long: `Replace a resource by file name or stdin.

 Files may be JSON or YAML. What replaces an existing resource must be complete, as kubectl get TYPE NAME -o yaml prints it.`,
  example: `# By what a file says
kubectl replace -f ./pod.json

# Delete and create anew
kubectl replace --force -f ./pod.json`,
  flags: [
    ...printFlags,
    ...deleteFlags('that contains the configuration to replace.'),
    dryRunFlag,
    fieldManagerFlag('kubectl-replace'),
    flag.string('raw', '', 'URI to PUT to as it is.'),
    saveConfigFlag,
    subresourceFlag('Replace this subresource of the object.'),
    validateFlag,
    flag.bool('wait', false, 'Wait until what is deleted is gone.'),
  ],
  run: async (cli) => {
    const { flags } = cli;
    const validation = fieldValidation(cli);
    const strategy = dryRun(cli);
    const policy = await cascade(cli);
    if (!hasFiles(cli)) throw new Failure('must specify one of -f and -k');
    const force = flags.bool('force');
    if (force && strategy !== 'none') throw new Failure('--dry-run can not be used when --force is set');
    const grace = flags.number('grace-period');
    if (grace >= 0 && !force) throw new Failure('--grace-period must have --force specified');
    if (flags.number('timeout') !== 0 && !force) throw new Failure('--timeout must have --force specified');
    if (flags.string('raw') !== '') {
      const [file = ''] = flags.list('filename');
      if (flags.list('filename').length !== 1) throw new Failure('--raw can only use a single local file or stdin');
      const body = file === '-' ? await cli.process.stdin.text() : fileText(cli, file);
      await cli.out(
        await cli.factory.client.text('PUT', rawPath(flags.string('raw')), { body, accept: 'application/json, */*' }),
      );
      return;
    }
    if (force) return forced(cli, policy, validation);
    const { explicit } = cli.factory.namespace;
    const result = await build(cli, {
      ...filenames(cli),
      enforceNamespace: explicit,
      continueOnError: true,
      schema: validation !== 'Ignore',
    });
    const printer = objectPrinter(cli);
    await result.visit(async (info) => {
      const made =
        strategy === 'client' ? (info.object ?? {}) : await put(cli, info, validation, strategy === 'server');
      await cli.out(printer ? printer.print(made) : `${nameWithKind(made)} replaced${dryRunSuffix(strategy)}\n`);
    });
  },
};

function fileText(cli: Cli, file: string): string {
  const read = cli.process.fs.readText(file);
  if (read.ok) return read.value;
  throw new Failure(`open ${file}: no such file or directory`);
}
