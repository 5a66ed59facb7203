import type { Cli } from '../../cli';
import { type Failure, StatusError } from '../../errors';
import { isObject, type JsonObject } from '../../json';
import { toYaml } from '../../printers/yaml';
import { build, type Info } from '../../resource/builder';
import { decodeManifest } from '../../resource/files';
import { groupKind, pathOf } from '../../resource/mapper';
import { filenames } from '../shared-flags';
import { edit } from './editor';

export const header = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

export const stripComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .trim();

export const invalidHeader = (reasons: readonly string[]): string =>
  reasons.length === 0 ? header : `${header}${reasons.map((reason) => `# ${reason}\n`).join('')}#\n`;

/** A failed edit keeps the file. */
export async function preserved(cli: Cli, file: string, reason: Failure): Promise<Failure> {
  if (file !== '' && cli.process.fs.stat(file).ok)
    await cli.err(`A copy of your changes has been stored to "${file}"\n`);
  return reason;
}

/** `create --edit`: each object is edited before it is created. */
export async function editAndCreate(cli: Cli): Promise<void> {
  const { explicit } = cli.factory.namespace;
  const result = await build(cli, { ...filenames(cli), enforceNamespace: explicit, continueOnError: true });
  await result.visit(async (info) => {
    const text = toYaml(info.object ?? {});
    const edited = await edit(cli, `${header}${text}`);
    if (stripComments(edited.text) === '') {
      cli.process.fs.unlink(edited.file);
      await cli.err('Edit cancelled, saved file was empty.\n');
      return;
    }
    for (const object of decodeManifest(edited.text, 'edited-file').filter(isObject)) {
      try {
        await createOne(cli, info, object);
      } catch (reason) {
        if (reason instanceof StatusError) throw await preserved(cli, edited.file, reason);
        throw reason;
      }
    }
    cli.process.fs.unlink(edited.file);
  });
}

async function createOne(cli: Cli, info: Info, object: JsonObject): Promise<void> {
  await cli.factory.client.json('POST', pathOf(info.mapping, info.namespace), {
    body: object,
    query: { fieldManager: cli.flags.string('field-manager') },
  });
  await cli.out(`${groupKind(info.mapping)}/${info.name} created\n`);
}
