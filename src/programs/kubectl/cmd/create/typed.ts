import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { ConnectionError, Failure, StatusError } from '../../errors';
import type { Flag } from '../../flags/flag-set';
import { withAt, type JsonObject } from '../../json';
import { compactTyped } from '../../manifest/last-applied';
import { nameWithKind, objectPrinter, printFlags } from '../../printers/output';
import { accepts } from '../../rest/client';
import {
  dryRun,
  dryRunFlag,
  dryRunSuffix,
  fieldManagerFlag,
  fieldValidation,
  saveConfigFlag,
  validateFlag,
  type DryRun,
} from '../shared-flags';

/** A command that makes one object of its flags and creates it. */
export interface TypedCreate {
  readonly use: string;
  readonly aliases?: readonly string[];
  readonly short: string;
  readonly long: string;
  readonly example: string;
  readonly flags: readonly Flag[];
  /** `/apis/apps/v1` */
  readonly root: string;
  readonly plural: string;
  readonly clusterScope?: boolean;
  /** Put before the server's words: `failed to create deployment: `. Without it a Status keeps its own form. */
  readonly failed?: string;
  build(cli: Cli, name: string, namespace: string): JsonObject | Promise<JsonObject>;
  readonly noSaveConfig?: boolean;
  readonly discoveryAttempts?: number;
}

/** NameFromCommandArgs. */
export function nameFromArgs(cli: Cli): string {
  const count = cli.dashAt < 0 ? cli.args.length : cli.dashAt;
  if (count !== 1) throw cli.usage(`exactly one NAME is required, got ${count}`);
  return cli.args[0] ?? '';
}

export const typedCreate = (spec: TypedCreate): Command => ({
  use: spec.use,
  ...(spec.aliases === undefined ? {} : { aliases: spec.aliases }),
  ...(spec.discoveryAttempts === undefined ? {} : { discoveryAttempts: spec.discoveryAttempts }),
  short: spec.short,
  long: spec.long,
  example: spec.example,
  flags: [
    ...printFlags,
    dryRunFlag,
    fieldManagerFlag('kubectl-create'),
    ...(spec.noSaveConfig ? [] : [saveConfigFlag]),
    validateFlag,
    ...spec.flags,
  ],
  run: async (cli) => {
    const name = nameFromArgs(cli);
    const strategy = dryRun(cli);
    const printer = objectPrinter(cli);
    const validation = fieldValidation(cli);
    const { namespace, explicit } = cli.factory.namespace;
    const made = await spec.build(cli, name, explicit && !spec.clusterScope ? namespace : '');
    const object = withSavedConfig(cli, made);
    const created = await create(cli, spec, object, namespace, strategy, { fieldValidation: validation });
    await printResult(cli, created, 'created', strategy, printer);
  },
});

/** With the annotation of `--save-config`. */
export function withSavedConfig(cli: Cli, object: JsonObject): JsonObject {
  if (!cli.flags.bool('save-config')) return object;
  return withAt(
    object,
    ['metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration'],
    compactTyped(object),
  ) as JsonObject;
}

export async function create(
  cli: Cli,
  { root, plural, clusterScope, failed }: Pick<TypedCreate, 'root' | 'plural' | 'clusterScope' | 'failed'>,
  object: JsonObject,
  namespace: string,
  strategy: DryRun,
  query: { readonly fieldValidation?: string } = {},
): Promise<JsonObject> {
  if (strategy === 'client') return object;
  const scope = clusterScope ? '' : `/namespaces/${namespace}`;
  try {
    return await cli.factory.client.json('POST', `${root}${scope}/${plural}`, {
      accept: accepts.typed,
      body: object,
      query: {
        ...query,
        ...(strategy === 'server' ? { dryRun: 'All' } : {}),
        ...(cli.flags.string('field-manager') === '' ? {} : { fieldManager: cli.flags.string('field-manager') }),
      },
    });
  } catch (reason) {
    if (failed !== undefined && (reason instanceof StatusError || reason instanceof ConnectionError))
      throw new Failure(`${failed}${reason.message}`);
    throw reason;
  }
}

/** In the form of `-o`, or `deployment.apps/web created (dry run)`. */
export async function printResult(
  cli: Cli,
  object: JsonObject,
  operation: string,
  strategy: DryRun,
  printer = objectPrinter(cli),
): Promise<void> {
  await cli.out(
    printer
      ? printer.print(object, { typed: true })
      : `${nameWithKind(object)} ${operation}${dryRunSuffix(strategy)}\n`,
  );
}
