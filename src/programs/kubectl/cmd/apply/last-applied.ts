import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { equal, text, type JsonObject } from '../../json';
import { configurationAsIs, lastApplied, originalOf } from '../../manifest/last-applied';
import { toJson } from '../../printers/json';
import { printFlags, objectPrinter } from '../../printers/output';
import { toYaml } from '../../printers/yaml';
import { build } from '../../resource/builder';
import { fetchInfo } from '../../resource/fetch';
import type { Info } from '../../resource/info';
import { groupKind, pathOf } from '../../resource/mapper';
import { patchTypes } from '../../rest/client';
import { dryRun, dryRunFlag, dryRunSuffix, filenameFlags, filenames, selectorFlag } from '../shared-flags';

export const viewLastApplied: Command = {
  use: 'view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  short: 'View the latest last-applied-configuration annotations of a resource/object',
  long: `View the latest last-applied-configuration annotations by type/name or file.

 The default output is YAML. -o changes it.`,
  example: '# By type and name\nkubectl apply view-last-applied deployment/nginx',
  flags: [
    flag.bool('all', false, 'All objects of the given types in the namespace.'),
    ...filenameFlags('that contains the last-applied-configuration annotations'),
    flag.string('output', 'yaml', "Output format: 'yaml' or 'json'.", { short: 'o' }),
    selectorFlag,
  ],
  run: async (cli) => {
    const format = cli.flags.string('output');
    const { explicit } = cli.factory.namespace;
    const result = await build(cli, {
      args: cli.args,
      ...filenames(cli),
      labelSelector: cli.flags.string('selector'),
      all: cli.flags.bool('all'),
      enforceNamespace: explicit,
      flatten: true,
      latest: true,
    });
    const found: string[] = [];
    // An object without the annotation is passed over without a word.
    await result.visit(({ object = {} }) => {
      const annotation = text(object, 'metadata', 'annotations', lastApplied);
      if (annotation !== '') found.push(annotation);
      return Promise.resolve();
    });
    if (found.length > 0 && format !== 'yaml' && format !== 'json')
      throw cli.usage(`Unexpected -o output mode: ${format}, the flag 'output' must be one of yaml|json`);
    for (const annotation of found) await cli.out((format === 'json' ? toJson : toYaml)(JSON.parse(annotation)));
  },
};

export const setLastApplied: Command = {
  use: 'set-last-applied -f FILENAME',
  short: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  long: "Set the latest last-applied-configuration annotations by setting it to match the contents of a file. The annotation is written as if 'kubectl apply -f<file>' had been run, without changing any other part of the object.",
  example: '# To match a file\nkubectl apply set-last-applied -f deploy.yaml',
  flags: [
    ...printFlags,
    flag.bool('create-annotation', false, 'Create the annotation if the object has none.'),
    dryRunFlag,
    flag.strings('filename', [], 'File, directory or URL that contains the last-applied-configuration annotations', {
      short: 'f',
    }),
  ],
  run: async (cli) => {
    const strategy = dryRun(cli);
    const printer = objectPrinter(cli);
    const { explicit } = cli.factory.namespace;
    const result = await build(cli, { filenames: cli.flags.list('filename'), enforceNamespace: explicit });
    const infos = await result.infos();
    if (infos.length === 0) throw new Failure('no objects passed to set-last-applied');
    const pending: { readonly info: Info; readonly live: JsonObject; readonly after: string }[] = [];
    for (const info of infos) {
      const live = (await fetchInfo(cli, info)).object ?? {};
      const before = originalOf(live);
      if (before === undefined && !cli.flags.bool('create-annotation'))
        throw new Failure(
          `no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the command with --create-annotation`,
        );
      // The manifest as it stands, without what apply would add to it.
      if (equal(before, info.object)) await cli.out(`set-last-applied ${info.name}: no changes required.\n`);
      else pending.push({ info, live, after: configurationAsIs(info.object ?? {}) });
    }
    for (const { info, live, after } of pending) {
      const patched =
        strategy === 'client'
          ? live
          : await cli.factory.client.json('PATCH', pathOf(info.mapping, info.namespace, info.name), {
              body: { metadata: { annotations: { [lastApplied]: after } } },
              contentType: patchTypes.merge,
              query: strategy === 'server' ? { dryRun: 'All' } : {},
            });
      await cli.out(
        printer
          ? printer.print(patched)
          : `${groupKind(info.mapping)}/${info.name} configured${dryRunSuffix(strategy)}\n`,
      );
    }
  },
};
