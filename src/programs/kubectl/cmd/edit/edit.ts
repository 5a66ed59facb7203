import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure, StatusError } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, equal, nameOfObject, type JsonObject } from '../../json';
import { withConfiguration } from '../../manifest/last-applied';
import { isBuiltIn, twoWayMerge, twoWayStrategic } from '../../patch';
import { compactJson } from '../../printers/json';
import { printFlags, unmanaged } from '../../printers/output';
import { build } from '../../resource/builder';
import type { Info } from '../../resource/info';
import { pathOf } from '../../resource/mapper';
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
import { editSession, objectHeader, originalFor, refused, tell, type Outcome } from './session';

/** Sends what changed of one object. */
async function patchOne(cli: Cli, original: JsonObject, info: Info, edited: JsonObject): Promise<void> {
  if (equal(original, edited)) return tell(cli, info, edited, 'skipped');
  const named = (['apiVersion', 'kind'] as const).every((field) => at(original, field) === at(edited, field));
  if (!named || nameOfObject(original) !== nameOfObject(edited))
    throw new Failure('At least one of apiVersion, kind and name was changed');
  const builtIn = isBuiltIn(info.mapping.group);
  const patch = builtIn ? twoWayStrategic(original, edited, info.mapping.kind) : twoWayMerge(original, edited);
  if (cli.flags.bool('output-patch')) await cli.out(`Patch: ${compactJson(patch)}\n`);
  const made = await cli.factory.client.json(
    'PATCH',
    pathOf(info.mapping, info.namespace, info.name, cli.flags.string('subresource')),
    {
      body: patch,
      contentType: builtIn ? patchTypes.strategic : patchTypes.merge,
      query: { fieldManager: cli.flags.string('field-manager'), fieldValidation: fieldValidation(cli) },
    },
  );
  await tell(cli, info, made, 'edited');
}

async function save(cli: Cli, originals: readonly Info[], edited: readonly Info[], outcome: Outcome): Promise<void> {
  for (const info of edited) {
    const object = cli.flags.bool('save-config') ? withConfiguration(info.object ?? {}) : (info.object ?? {});
    const original = unmanaged(originalFor(originals, info).object ?? {}) as JsonObject;
    try {
      await patchOne(cli, original, info, object);
    } catch (reason) {
      if (!(reason instanceof StatusError)) throw reason;
      await refused(cli, info, reason, outcome);
    }
  }
}

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
    await editSession(cli, infos, {
      header: objectHeader,
      save: (edited, outcome) => save(cli, infos, edited, outcome),
    });
  },
};
