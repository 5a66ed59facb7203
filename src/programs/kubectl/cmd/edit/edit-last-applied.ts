import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { isObject, nameOfObject, text, type JsonObject } from '../../json';
import { configurationOf, lastApplied } from '../../manifest/last-applied';
import { objectPrinter, printFlags } from '../../printers/output';
import { toJson } from '../../printers/json';
import { toYaml } from '../../printers/yaml';
import { build, type Info } from '../../resource/builder';
import { decodeManifest } from '../../resource/files';
import { groupKind, pathOf } from '../../resource/mapper';
import { patchTypes } from '../../rest/client';
import { fieldManagerFlag, filenameFlags, filenames, validateFlag } from '../shared-flags';
import { invalidHeader, stripComments } from './edit-create';
import { edit as launch } from './editor';

interface Configured {
  readonly info: Info;
  readonly configuration: JsonObject;
}

async function save(cli: Cli, { info }: Configured, edited: JsonObject): Promise<void> {
  const made = await cli.factory.client.json('PATCH', pathOf(info.mapping, info.namespace, info.name), {
    body: { metadata: { annotations: { [lastApplied]: configurationOf(edited) } } },
    contentType: patchTypes.merge,
    query: { fieldManager: cli.flags.string('field-manager') },
  });
  const printer = objectPrinter(cli);
  await cli.out(printer ? printer.print(made) : `${groupKind(info.mapping)}/${info.name} edited\n`);
}

async function run(cli: Cli): Promise<void> {
  const result = await build(cli, {
    args: cli.args,
    ...filenames(cli),
    enforceNamespace: cli.factory.namespace.explicit,
    allowEmptySelector: true,
    flatten: true,
    latest: true,
    continueOnError: true,
  });
  const found = (await result.infos()).flatMap((info): readonly Configured[] => {
    const annotation = text(info.object, 'metadata', 'annotations', lastApplied);
    if (annotation === '') return [];
    const configuration: unknown = JSON.parse(annotation);
    return isObject(configuration) ? [{ info, configuration }] : [];
  });
  if (found.length === 0)
    throw new Failure(
      'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
    );
  const json = cli.flags.string('output') === 'json';
  const items = found.map(({ configuration }) => configuration);
  const whole = items.length === 1 ? items[0] : { apiVersion: 'v1', items, kind: 'List', metadata: {} };
  const original = (json ? toJson : toYaml)(whole);
  const session = await launch(cli, `${json ? '' : invalidHeader([])}${original}`, json ? '.json' : '.yaml');
  cli.process.fs.unlink(session.file);
  const left = stripComments(session.text);
  if (left === stripComments(original)) return cli.err('Edit cancelled, no changes made.\n');
  if (left === '') return cli.err('Edit cancelled, saved file was empty.\n');
  const documents = decodeManifest(session.text, 'edited-file').flatMap((each) =>
    Array.isArray(each['items']) ? (each['items'] as unknown[]).filter(isObject) : [each],
  );
  for (const document of documents) {
    const target = found.find(({ info }) => info.name === nameOfObject(document)) ?? found[0];
    if (target) await save(cli, target, document);
  }
}

export const editLastApplied: Command = {
  use: 'edit-last-applied (RESOURCE/NAME | -f FILENAME)',
  short: 'Edit latest last-applied-configuration annotations of a resource/object',
  long: `Edit in your editor what was applied last, as the annotation of the object keeps it. Nothing else of the object changes.`,
  example: `# Of a deployment
  kubectl apply edit-last-applied deployment/nginx`,
  flags: [
    ...printFlags,
    fieldManagerFlag('kubectl-client-side-apply'),
    ...filenameFlags('to use to edit the resource'),
    validateFlag,
    flag.bool('windows-line-endings', false, 'Use the line endings of Windows.'),
  ],
  run,
};
