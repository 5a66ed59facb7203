import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Exit, Failure, isNotFound, isStatus } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, isObject, object, texts, withAt, type JsonObject } from '../../json';
import { withoutConfiguration } from '../../manifest/last-applied';
import { unmanaged } from '../../printers/output';
import { toYaml } from '../../printers/yaml';
import { build } from '../../resource/builder';
import { fetchInfo } from '../../resource/fetch';
import type { Info } from '../../resource/info';
import { pathOf } from '../../resource/mapper';
import { patchTypes } from '../../rest/client';
import { fieldManagerFlag, filenameFlags, filenames, hasFiles, selectorFlag } from '../shared-flags';
import { applyPatchOf } from './patcher';

const retries = 4;

/** `apps.v1.Deployment.default.web`. */
function fileName({ mapping, namespace, name }: Info): string {
  const group = mapping.group === '' ? '' : `${mapping.group}.`;
  return `${group}${mapping.version}.${mapping.kind}.${namespace}.${name}`;
}

async function liveOf(cli: Cli, info: Info): Promise<JsonObject | undefined> {
  try {
    return (await fetchInfo(cli, info)).object;
  } catch (reason) {
    if (isNotFound(reason)) return undefined;
    throw reason;
  }
}

/** What the server would have after apply: a dry run tells. */
async function mergedOf(cli: Cli, info: Info, live: JsonObject | undefined, locked: boolean): Promise<JsonObject> {
  const { flags, factory } = cli;
  const manifest = info.object ?? {};
  const path = pathOf(info.mapping, info.namespace, info.name);
  const query = { dryRun: 'All', fieldManager: flags.string('field-manager') };
  if (flags.bool('server-side')) {
    const fieldManager = flags.changed('field-manager') ? query.fieldManager : 'kubectl';
    return factory.client.json('PATCH', path, {
      body: manifest,
      contentType: patchTypes.apply,
      query: { dryRun: 'All', fieldManager, force: flags.bool('force-conflicts') },
    });
  }
  if (live === undefined)
    return factory.client.json('POST', pathOf(info.mapping, info.namespace), { body: manifest, query });
  const { patch, type } = await applyPatchOf(cli, info, withoutConfiguration(manifest), live);
  if (Object.keys(patch).length === 0) return live;
  const version = at(live, 'metadata', 'resourceVersion');
  const body = locked ? withAt(patch, ['metadata', 'resourceVersion'], version) : patch;
  return factory.client.json('PATCH', path, { body, contentType: type, query });
}

const hidden = '***';

/** Values of secrets do not show; changed ones can be told apart. */
function masked(from: JsonObject | undefined, to: JsonObject): readonly [JsonObject | undefined, JsonObject] {
  const [before, after] = [texts(from, 'data'), texts(to, 'data')];
  const mask = (data: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>, word: string) =>
    Object.fromEntries(
      Object.entries(data).map(([key, value]) => [
        key,
        key in other && other[key] !== value ? `${hidden} (${word})` : hidden,
      ]),
    );
  const put = (value: JsonObject, data: Readonly<Record<string, string>>): JsonObject =>
    isObject(value['data']) ? { ...value, data } : value;
  return [from && put(from, mask(before, after, 'before')), put(to, mask(after, before, 'after'))];
}

async function diffOne(cli: Cli, info: Info, folders: readonly [string, string]): Promise<void> {
  const { fs } = cli.process;
  let live: JsonObject | undefined;
  for (let attempt = 1; ; attempt++) {
    live = await liveOf(cli, info);
    let merged: JsonObject;
    try {
      merged = await mergedOf(cli, info, live, attempt < retries);
    } catch (reason) {
      if (isStatus(reason, 'Conflict') && attempt < retries) continue;
      throw reason;
    }
    const kept = cli.flags.bool('show-managed-fields');
    const shown = (value: JsonObject): JsonObject => (kept ? value : object(unmanaged(value)));
    let [from, to] = [live && shown(live), shown(merged)] as readonly [JsonObject | undefined, JsonObject];
    if (info.mapping.group === '' && info.mapping.kind === 'Secret') [from, to] = masked(from, to);
    fs.writeFile(`${folders[0]}/${fileName(info)}`, from === undefined ? '' : toYaml(from), 0o700);
    fs.writeFile(`${folders[1]}/${fileName(info)}`, toYaml(to), 0o700);
    return;
  }
}

/** Runs diff(1), or KUBECTL_EXTERNAL_DIFF, over the two folders. */
async function compare(cli: Cli, folders: readonly [string, string]): Promise<void> {
  const { process } = cli;
  const [name = 'diff', ...given] = (process.env.get('KUBECTL_EXTERNAL_DIFF') ?? '')
    .split(' ')
    .filter((word) => word !== '');
  const options = process.env.get('KUBECTL_EXTERNAL_DIFF')
    ? given.filter((word) => /^[a-zA-Z0-9-=]+$/.test(word))
    : ['-u', '-N'];
  const failed = (why: string): Failure => new Failure(`failed to run ${JSON.stringify(name)}: ${why}`, 2);
  const file = process.which(name);
  if (file === undefined) throw failed(`exec: ${JSON.stringify(name)}: executable file not found in $PATH`);
  await cli.flushWarnings();
  const child = process.spawn({ file, argv: [name, ...options, ...folders] });
  if (!child.ok) throw failed(`fork/exec ${file}: ${child.error.message.toLowerCase()}`);
  const status = await child.value.wait();
  if (status.kind !== 'exited') throw failed('signal: killed');
  if (status.code > 1) throw failed(`exit status ${status.code}`);
  if (status.code === 1) throw new Exit(1);
}

async function run(cli: Cli): Promise<void> {
  const { args, flags, factory, process } = cli;
  if (args.length > 0) throw cli.usage(`Unexpected args: [${args.join(' ')}]`);
  if (!hasFiles(cli)) throw new Failure('must specify one of -f and -k');
  if (flags.bool('force-conflicts') && !flags.bool('server-side'))
    throw new Failure('--force-conflicts only works with --server-side');
  const root = process.env.get('TMPDIR') ?? '/tmp';
  const folder = (name: string): string => `${root}/${name}-${process.random.string(10, '0123456789')}`;
  const folders = [folder('LIVE'), folder('MERGED')] as const;
  for (const each of folders) process.fs.mkdirAll(each, 0o700);
  try {
    const result = await build(cli, {
      ...filenames(cli),
      labelSelector: flags.string('selector'),
      enforceNamespace: factory.namespace.explicit,
      flatten: true,
    });
    await result.visit((info) => diffOne(cli, info, folders));
    await compare(cli, folders);
  } finally {
    for (const each of folders) process.fs.removeAll(each);
  }
}

/** Its exit status is that of diff(1): 1 says that there are differences, so failures have 2. */
export const diff: Command = {
  discoveryAttempts: 1,
  use: 'diff -f FILENAME',
  failureCode: 2,
  short: 'Diff the live version against a would-be applied version',
  long: `Show what kubectl apply would change, as differences of YAML.

 KUBECTL_EXTERNAL_DIFF names another program for the comparison. The exit status is 0 without differences, 1 with some, and higher after a failure.`,
  example: `# What a file would change
  kubectl diff -f pod.yaml`,
  flags: [
    ...filenameFlags('contains the configuration to diff'),
    fieldManagerFlag('kubectl-client-side-apply'),
    selectorFlag,
    flag.int('concurrency', 1, 'How many objects to look at side by side.'),
    flag.bool('force-conflicts', false, 'With --server-side: as if fields of other managers were taken over.'),
    flag.bool('prune', false, 'Also show what pruning would delete.'),
    flag.array('prune-allowlist', [], 'Types to prune, as group/version/kind, instead of the default ones.'),
    flag.bool('server-side', false, 'As if the server applied.'),
    flag.bool('show-managed-fields', false, 'Keep managedFields.'),
  ],
  run,
};
