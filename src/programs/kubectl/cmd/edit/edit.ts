import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Exit, Failure, isNotFound, isStatus, StatusError } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, equal, isObject, nameOfObject, withAt, type JsonObject } from '../../json';
import { withConfiguration, lastApplied } from '../../manifest/last-applied';
import { isBuiltIn, twoWayMerge, twoWayStrategic } from '../../patch';
import { objectPrinter, printFlags, unmanaged } from '../../printers/output';
import { toJson } from '../../printers/json';
import { toYaml } from '../../printers/yaml';
import { build, type Info } from '../../resource/builder';
import { decodeManifest } from '../../resource/files';
import { groupKind, groupResource, pathOf } from '../../resource/mapper';
import { patchTypes } from '../../rest/client';
import {
  fieldManagerFlag,
  fieldValidation,
  filenameFlags,
  filenames,
  saveConfigFlag,
  subresourceFlag,
  validateFlag,
} from '../shared-flags';
import { invalidHeader, preserved, stripComments } from './edit-create';
import { edit as launch } from './editor';

/** Sends what changed of one object; the text says what came of it. */
async function patchOne(cli: Cli, info: Info, edited: JsonObject): Promise<void> {
  const original = unmanaged(info.object ?? {}) as JsonObject;
  if (equal(original, edited)) {
    await cli.out(`${groupKind(info.mapping)}/${info.name} skipped\n`);
    return;
  }
  for (const field of ['apiVersion', 'kind'] as const)
    if (at(original, field) !== at(edited, field))
      throw new Failure(`At least one of apiVersion, kind and name was changed`);
  if (nameOfObject(original) !== nameOfObject(edited))
    throw new Failure('At least one of apiVersion, kind and name was changed');
  const builtIn = isBuiltIn(info.mapping.group);
  const patch = builtIn ? twoWayStrategic(original, edited, info.mapping.kind) : twoWayMerge(original, edited);
  const made = await cli.factory.client.json(
    'PATCH',
    pathOf(info.mapping, info.namespace, info.name, cli.flags.string('subresource')),
    {
      body: patch,
      contentType: builtIn ? patchTypes.strategic : patchTypes.merge,
      query: { fieldManager: cli.flags.string('field-manager'), fieldValidation: fieldValidation(cli) },
    },
  );
  const printer = objectPrinter(cli);
  await cli.out(printer ? printer.print(made) : `${groupKind(info.mapping)}/${info.name} edited\n`);
}

function reasonsOf(info: Info, reason: StatusError): readonly string[] {
  const causes = reason.status.details?.causes ?? [];
  const what = `${groupResource(info.mapping)} "${info.name}"`;
  if (causes.length === 0) return [`${what} could not be patched: ${reason.message}`];
  return [`${what} was not valid:`, ...causes.map(({ field, message }) => `* ${field ?? ''}: ${message ?? ''}`)];
}

/** Source: kubectl pkg/cmd/util/editor/editoptions.go. */
async function editLoop(cli: Cli, infos: readonly Info[]): Promise<void> {
  const json = cli.flags.string('output') === 'json';
  const print = json ? toJson : toYaml;
  const objects = infos.map(({ object }) => unmanaged(object ?? {}) as JsonObject);
  const whole = objects.length === 1 ? objects[0] : { apiVersion: 'v1', items: objects, kind: 'List', metadata: {} };
  const original = print(whole);
  let text = original;
  let reasons: readonly string[] = [];
  let failed = false;
  for (let previous = ''; ;) {
    const opened = `${json ? '' : invalidHeader(reasons)}${text}`;
    const session = await launch(cli, opened, json ? '.json' : '.yaml');
    const { file } = session;
    const discard = (): void => void cli.process.fs.unlink(file);
    if (failed && stripComments(previous) === stripComments(session.text))
      throw await preserved(cli, file, new Failure('Edit cancelled, no valid changes were saved.'));
    if (stripComments(session.text) === stripComments(original)) {
      discard();
      await cli.err('Edit cancelled, no changes made.\n');
      return;
    }
    if (stripComments(session.text) === '') {
      discard();
      await cli.err('Edit cancelled, saved file was empty.\n');
      return;
    }
    previous = session.text;
    text = session.text
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .join('\n');
    try {
      const documents = decodeManifest(session.text, 'edited-file').flatMap((each) =>
        Array.isArray(each['items']) ? (each['items'] as unknown[]).filter(isObject) : [each],
      );
      reasons = await save(cli, infos, documents, file);
    } catch (reason) {
      if (!(reason instanceof Failure) || reason instanceof StatusError || reason instanceof Exit) throw reason;
      if (!reason.message.includes('edited-file')) throw await preserved(cli, file, reason);
      reasons = [`The edited file had a syntax error: ${reason.message}`];
    }
    if (reasons.length === 0) {
      discard();
      return;
    }
    failed = true;
  }
}

/** Patches all; the result says what was invalid, for another round. */
async function save(
  cli: Cli,
  infos: readonly Info[],
  documents: readonly JsonObject[],
  file: string,
): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const document of documents) {
    const info = infos.find(({ object }) => nameOfObject(object) === nameOfObject(document)) ?? infos[0];
    if (!info) continue;
    const edited = cli.flags.bool('save-config') || hasConfiguration(document) ? annotated(cli, document) : document;
    try {
      await patchOne(cli, info, edited);
    } catch (reason) {
      if (!(reason instanceof StatusError)) throw reason;
      if (isStatus(reason, 'Invalid') || isStatus(reason, 'BadRequest')) {
        const lines = reasonsOf(info, reason);
        await cli.err(
          `error: ${lines[0] ?? ''}\n${lines
            .slice(1)
            .map((line) => `${line}\n`)
            .join('')}`,
        );
        reasons.push(...lines);
      } else if (isNotFound(reason)) {
        await cli.err(`error: ${groupResource(info.mapping)} "${info.name}" could not be found on the server\n`);
        throw await preserved(cli, file, new Exit());
      } else {
        await cli.err(
          `error: ${groupResource(info.mapping)} "${info.name}" could not be patched: ${reason.message}\nYou can run \`kubectl replace -f ${file}\` to try this update again.\n`,
        );
        throw await preserved(cli, file, new Exit());
      }
    }
  }
  return reasons;
}

const hasConfiguration = (document: JsonObject): boolean =>
  at(document, 'metadata', 'annotations', lastApplied) !== undefined;
const annotated = (cli: Cli, document: JsonObject): JsonObject =>
  cli.flags.bool('save-config')
    ? withConfiguration(withAt(document, ['metadata', 'annotations', lastApplied], undefined) as JsonObject)
    : document;

export const edit: Command = {
  use: 'edit (RESOURCE/NAME | -f FILENAME)',
  short: 'Edit a resource on the server',
  long: `Edit a resource from the default editor.

 Opens what you name, be it by file or by type and name, in the editor that KUBE_EDITOR or EDITOR says, or else in vi. Several objects are edited in one file. The files are YAML; -o json makes them JSON.

 If the server refuses the change, the editor opens again with what was wrong. If somebody else changed the object meanwhile, your text is kept in a temporary file.`,
  example: `# A service
kubectl edit svc/registry

# With another editor
KUBE_EDITOR="nano" kubectl edit svc/registry`,
  flags: [
    ...printFlags,
    fieldManagerFlag('kubectl-edit'),
    ...filenameFlags('to use to edit the resource'),
    flag.bool('output-patch', false, 'Print the patch if the resource was edited.'),
    saveConfigFlag,
    subresourceFlag('Edit this subresource of the object.'),
    validateFlag,
    flag.bool('windows-line-endings', false, 'Use the line endings of Windows.'),
  ],
  run: async (cli) => {
    const { explicit } = cli.factory.namespace;
    const result = await build(cli, {
      args: cli.args,
      ...filenames(cli),
      enforceNamespace: explicit,
      allowEmptySelector: true,
      flatten: true,
      latest: true,
      continueOnError: true,
      subresource: cli.flags.string('subresource'),
    });
    const infos = await result.infos();
    if (infos.length === 0) throw new Failure('edit cancelled, no objects found');
    await editLoop(cli, infos);
  },
};
