import type { Process } from '../../../../../linux/process/types';
import { CommandError, type Invocation } from '../../../cli/command';
import { currentBuilder } from '../builders/store';
import { buildTargets } from './build';
import { readDefinition, type Definition } from './definition';
import { applyOverrides, resolveTargets } from './targets';
import { goMarshal } from '../progress/display';

/** Files that are looked for where `-f` names none (bake.go: defaultFilenames). */
const defaults = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
  'docker-bake.json',
  'docker-bake.hcl',
  'docker-bake.override.json',
  'docker-bake.override.hcl',
];

/** `docker buildx bake`: builds the targets of a file. */
export async function bake(invocation: Invocation): Promise<number> {
  const { process, flags, args, out } = invocation;
  const definition = await readFiles(process, flags.all('file'));
  const wanted = args.length === 0 ? ['default'] : args;
  const builder = currentBuilder(invocation);
  const list = flags.last('list');
  if (list !== undefined) {
    await out(listed(definition, list));
    return 0;
  }
  const resolved = resolveTargets(definition, wanted);
  const targets = applyOverrides(resolved.targets, flags);
  if (flags.on('print')) {
    const shown = { group: { default: { targets: resolved.names } }, target: targets };
    await out(`${goMarshal(shown, '  ')}\n`);
    return 0;
  }
  return buildTargets(invocation, builder, targets);
}

async function readFiles(process: Process, given: readonly string[]): Promise<Definition> {
  const names = given.length > 0 ? given : defaults.filter((name) => process.fs.stat(name).ok);
  if (names.length === 0) throw new CommandError("couldn't find a bake definition");
  const loading = process.clock.external(() => import('yaml'));
  await process.sleep(0);
  const yaml = await loading;
  return names
    .map((name) => {
      const text = process.fs.readText(name);
      if (!text.ok) throw new CommandError(`failed to read ${name}: open ${name}: ${text.error.message.toLowerCase()}`);
      return readDefinition(name, text.value, process.env, yaml);
    })
    .reduce((all, next) => ({
      groups: { ...all.groups, ...next.groups },
      targets: merged(all.targets, next.targets),
      variables: [...all.variables, ...next.variables],
    }));
}

/** A later file adds to the targets of an earlier one. */
const merged = (all: Definition['targets'], next: Definition['targets']): Definition['targets'] => ({
  ...all,
  ...Object.fromEntries(Object.entries(next).map(([name, target]) => [name, { ...all[name], ...target }])),
});

function listed({ groups, targets, variables }: Definition, what: string): string {
  const rows =
    what === 'variables'
      ? [['VARIABLE', 'VALUE', 'DESCRIPTION'], ...variables.map(({ name, value }) => [name, value, ''])]
      : [
          ['TARGET', 'DESCRIPTION'],
          ...Object.entries(groups).map(([name, members]) => [name, members.join(', ')]),
          ...Object.keys(targets).map((name) => [name, '']),
        ];
  const widths = rows[0]?.map((_, index) => Math.max(...rows.map((row) => (row[index] ?? '').length))) ?? [];
  return rows.map((row) => `${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('   ')}\n`).join('');
}
