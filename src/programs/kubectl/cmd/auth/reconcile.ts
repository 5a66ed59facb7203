import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure, isNotFound, isStatus } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, equal, list, text, type JsonObject } from '../../json';
import { nameWithKind, objectPrinter, printFlags } from '../../printers/output';
import { build } from '../../resource/builder';
import type { Info } from '../../resource/info';
import { pathOf } from '../../resource/mapper';
import { accepts } from '../../rest/client';
import { dryRun, dryRunFlag, dryRunSuffix, filenameFlags, filenames, hasFiles } from '../shared-flags';

const kinds = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);
const group = 'rbac.authorization.k8s.io';

interface Change {
  readonly object: JsonObject;
  readonly operation: 'none' | 'create' | 'update' | 'recreate';
  readonly missing: readonly unknown[];
  readonly extra: readonly unknown[];
}

/** What is to become of an object: its rules or subjects are added to those that are there. */
function planned(info: Info, wanted: JsonObject, present: JsonObject | undefined, removeExtra: boolean): Change {
  const field = info.mapping.kind.endsWith('Binding') ? 'subjects' : 'rules';
  if (present === undefined) return { object: wanted, operation: 'create', missing: list(wanted, field), extra: [] };
  const [ours, theirs] = [list(wanted, field), list(present, field)];
  const missing = ours.filter((each) => !theirs.some((other) => equal(each, other)));
  const extra = theirs.filter((each) => !ours.some((other) => equal(each, other)));
  if (field === 'subjects' && !equal(at(wanted, 'roleRef'), at(present, 'roleRef')))
    return { object: wanted, operation: 'recreate', missing, extra };
  const kept = removeExtra ? theirs.filter((each) => !extra.includes(each)) : theirs;
  const changed = missing.length > 0 || (removeExtra && extra.length > 0);
  return {
    object: { ...present, [field]: [...kept, ...missing] },
    operation: changed ? 'update' : 'none',
    missing,
    extra,
  };
}

async function carryOut(cli: Cli, info: Info, { object, operation }: Change): Promise<JsonObject> {
  const { client } = cli.factory;
  const collection = pathOf(info.mapping, info.namespace);
  const own = pathOf(info.mapping, info.namespace, info.name);
  if (operation === 'none') return object;
  if (operation === 'update') return client.json('PUT', own, { accept: accepts.typed, body: object });
  if (operation === 'recreate') await client.json('DELETE', own, { accept: accepts.typed });
  else if (info.namespace !== '') await ensureNamespace(cli, info.namespace);
  return client.json('POST', collection, { accept: accepts.typed, body: object });
}

async function ensureNamespace(cli: Cli, name: string): Promise<void> {
  try {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await cli.factory.client.json('POST', '/api/v1/namespaces', { accept: accepts.typed, body });
  } catch (reason) {
    if (!isStatus(reason, 'AlreadyExists') && !isStatus(reason, 'Forbidden')) throw reason;
  }
}

/** Go's %+v of a rule or a subject. */
function goStruct(value: unknown, field: 'rules' | 'subjects'): string {
  const shown = (name: string): string => {
    const member = at(value, name);
    return Array.isArray(member) ? `[${member.map(String).join(' ')}]` : text(member);
  };
  const names =
    field === 'rules'
      ? ['verbs', 'apiGroups', 'resources', 'resourceNames', 'nonResourceURLs']
      : ['kind', 'apiGroup', 'name', 'namespace'];
  const titles: Readonly<Record<string, string>> = {
    apiGroups: 'APIGroups',
    apiGroup: 'APIGroup',
    nonResourceURLs: 'NonResourceURLs',
  };
  const members = names.map((name) => {
    const title = titles[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
    return `${title}:${field === 'rules' && at(value, name) === undefined ? '[]' : shown(name)}`;
  });
  return `{${members.join(' ')}}`;
}

async function run(cli: Cli): Promise<void> {
  const { args, flags, factory } = cli;
  if (!hasFiles(cli)) throw new Failure('must specify one of -f and -k');
  if (args.length > 0) throw new Failure('no arguments are allowed');
  const strategy = dryRun(cli);
  const printer = objectPrinter(cli);
  const result = await build(cli, {
    ...filenames(cli),
    enforceNamespace: factory.namespace.explicit,
    continueOnError: true,
    flatten: true,
  });
  await result.visit(async (info) => {
    const { mapping, object } = info;
    if (mapping.group !== group || !kinds.has(mapping.kind) || object === undefined) return;
    if (mapping.version !== 'v1')
      throw new Failure(`only rbac.authorization.k8s.io/v1 is supported: not *${mapping.version}.${mapping.kind}`);
    let present: JsonObject | undefined;
    try {
      present = await factory.client.get(pathOf(mapping, info.namespace, info.name), { accept: accepts.typed });
    } catch (reason) {
      if (!isNotFound(reason)) throw reason;
    }
    const binding = mapping.kind.endsWith('Binding');
    const removing = flags.bool(binding ? 'remove-extra-subjects' : 'remove-extra-permissions');
    const change = planned(info, object, present, removing);
    const made = strategy === 'none' ? await carryOut(cli, info, change) : change.object;
    const typed = { apiVersion: `${group}/v1`, kind: mapping.kind, ...made };
    await cli.out(
      printer?.print(typed, { typed: true }) ?? `${nameWithKind(typed)} reconciled${dryRunSuffix(strategy)}\n`,
    );
    await cli.err(report(change, binding ? 'subjects' : 'rules', removing));
  });
}

function report({ operation, missing, extra }: Change, field: 'rules' | 'subjects', removing: boolean): string {
  if (operation === 'none') return '';
  const block = (title: string, all: readonly unknown[]): string =>
    all.length === 0 ? '' : `\t${title}:\n${all.map((each) => `\t\t${goStruct(each, field)}\n`).join('')}`;
  return `\treconciliation required ${operation}\n${block(`missing ${field} added`, missing)}${removing ? block(`extra ${field} removed`, extra) : ''}`;
}

export const reconcile: Command = {
  use: 'reconcile -f FILENAME',
  short: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
  long: `Add rules and subjects to roles and bindings so that they have at least those of the files.

 What is missing is made, with its namespace. Other rules and subjects stay, unless they are to be removed.`,
  example: `# From a file
  kubectl auth reconcile -f rbac.yaml`,
  flags: [
    ...printFlags,
    dryRunFlag,
    ...filenameFlags('with the roles and bindings'),
    flag.bool('remove-extra-permissions', false, 'Remove rules that the files do not have.'),
    flag.bool('remove-extra-subjects', false, 'Remove subjects that the files do not have.'),
  ],
  run,
};
