import type { Cli } from '../../cli';
import { withConfiguration } from '../../manifest/last-applied';
import { build } from '../../resource/builder';
import { pathOf } from '../../resource/mapper';
import { fieldValidation, filenames } from '../shared-flags';
import { editSession, objectHeader, tell } from './session';

/** `create --edit`: each object is edited before it is created. */
export async function editAndCreate(cli: Cli): Promise<void> {
  const { explicit } = cli.factory.namespace;
  const result = await build(cli, { ...filenames(cli), enforceNamespace: explicit, continueOnError: true });
  await result.visit((info) =>
    editSession(cli, [info], {
      header: objectHeader,
      save: async (edited) => {
        for (const each of edited) {
          const object = each.object ?? {};
          const made = await cli.factory.client.json('POST', pathOf(each.mapping, each.namespace), {
            body: cli.flags.bool('save-config') ? withConfiguration(object) : object,
            query: { fieldManager: cli.flags.string('field-manager'), fieldValidation: fieldValidation(cli) },
          });
          await tell(cli, each, made, 'created');
        }
      },
    }),
  );
}
