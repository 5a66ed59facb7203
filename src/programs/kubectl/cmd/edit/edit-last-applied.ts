import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { equal, text, type JsonObject } from '../../json';
import { configurationAsIs, lastApplied } from '../../manifest/last-applied';
import { printFlags } from '../../printers/output';
import { build } from '../../resource/builder';
import type { Info } from '../../resource/info';
import { pathOf } from '../../resource/mapper';
import { patchTypes } from '../../rest/client';
import { fieldManagerFlag, fieldValidation, filenameFlags, filenames, validateFlag } from '../shared-flags';
import { editSession, originalFor, parsed, tell } from './session';

const header = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

async function save(cli: Cli, originals: readonly Info[], edited: readonly Info[]): Promise<void> {
  for (const info of edited) {
    const object: JsonObject = info.object ?? {};
    if (equal(originalFor(originals, info).object, object)) {
      await tell(cli, info, object, 'skipped');
      continue;
    }
    await cli.factory.client.json('PATCH', pathOf(info.mapping, info.namespace, info.name), {
      body: { metadata: { annotations: { [lastApplied]: configurationAsIs(object) } } },
      contentType: patchTypes.merge,
      query: { fieldManager: cli.flags.string('field-manager'), fieldValidation: fieldValidation(cli) },
    });
    await tell(cli, info, object, 'edited');
  }
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
  const found: Info[] = [];
  for (const { object } of await result.infos()) {
    const annotation = text(object, 'metadata', 'annotations', lastApplied);
    if (annotation !== '') found.push(...(await parsed(cli, annotation)).slice(0, 1));
  }
  if (found.length === 0)
    throw new Failure(
      'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
    );
  await editSession(cli, found, { header, save: (edited) => save(cli, found, edited) });
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
