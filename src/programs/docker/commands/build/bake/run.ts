import { encode } from '../../../../../linux/io/bytes';
import type { Process } from '../../../../../linux/process/types';
import { CommandError, type Invocation } from '../../../cli/command';
import { currentBuilder } from '../builders/store';
import { buildTargets } from './build';
import { readDefinition, type Definition } from './definition';
import { applyOverrides, resolveTargets } from './targets';
import { goMarshal } from '../progress/display';
import type { SolveStatus } from '../progress/status';

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
  const before: SolveStatus[] = [];
  const definition = await readFiles(process, flags.all('file'), before);
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
  return buildTargets(invocation, builder, targets, before);
}

async function readFiles(process: Process, given: readonly string[], shown: SolveStatus[]): Promise<Definition> {
  const names = given.length > 0 ? given : defaults.filter((name) => process.fs.stat(name).ok);
  if (names.length === 0) throw new CommandError("couldn't find a bake definition");
  const loading = process.clock.external(() => import('yaml'));
  await process.sleep(0);
  const yaml = await loading;
  const input = names.includes('-') ? await process.stdin.text() : '';
  const now = new Date(process.clock.now).toISOString();
  shown.push(
    localStep('load local bake definitions', now, names, (name) => (name === '-' ? input : textOf(process, name))),
  );
  return names
    .map((name) => {
      if (name === '-')
        return readDefinition(input.trimStart().startsWith('{') ? '-.json' : name, input, process.env, yaml);
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

const textOf = (process: Process, name: string): string => {
  const text = process.fs.readText(name);
  return text.ok ? text.value : '';
};

/** Reading files here, as the progress shows it (bake.go: readBakeFiles). */
function localStep(
  what: string,
  now: string,
  names: readonly string[],
  textOfFile: (name: string) => string,
): SolveStatus {
  const vertex = `[internal] ${what}`;
  return {
    vertexes: [{ digest: vertex, name: vertex, started: now, completed: now }],
    statuses: names.map((name) => ({
      id: name === '-' ? 'reading from stdin' : `reading ${name}`,
      vertex,
      current: encode(textOfFile(name)).length,
      total: 0,
      timestamp: now,
      started: now,
      completed: now,
    })),
  };
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
