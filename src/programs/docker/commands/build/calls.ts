import { readTar } from '../../../../containers/archive/untar';
import { readDockerfile, type Dockerfile } from '../../../../containers/builder/dockerfile/file';
import type { Arg, Stage } from '../../../../containers/builder/dockerfile/instructions/types';
import { Linter } from '../../../../containers/builder/dockerfile/lint';
import { BuildFailure } from '../../../../containers/builder/dockerfile/source';
import { decode } from '../../../../linux/io/bytes';
import { CommandError } from '../../cli/command';
import type { BuildContext } from './context/source';
import { goMarshal } from './progress/display';

/** What `--call=targets` and `--call=outline` print of a Dockerfile (frontend/subrequests). */
export function describeDockerfile(
  call: 'targets' | 'outline',
  context: BuildContext,
  target: string,
  buildArgs: Readonly<Record<string, string>>,
  format: string,
): string {
  const dockerfile = dockerfileOf(context);
  if (call === 'targets') return targetsText(dockerfile, format);
  return outlineText(dockerfile, target, buildArgs, format);
}

function dockerfileOf({ body, dockerfile }: BuildContext): Dockerfile {
  const archive = readTar(body);
  const member = archive.ok ? archive.value.find(({ name }) => name === dockerfile) : undefined;
  try {
    return readDockerfile(member === undefined ? '' : decode(member.body), new Linter());
  } catch (thrown) {
    if (thrown instanceof BuildFailure) throw new CommandError(`failed to build: failed to solve: ${thrown.message}`);
    throw thrown;
  }
}

/** `# NAME what it is` above an instruction describes NAME. */
const descriptionOf = (comments: readonly string[], name: string): string =>
  comments.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';

function targetsText({ stages }: Dockerfile, format: string): string {
  const targets = stages.map(({ name, base, from, platform }, index) => ({
    name,
    default: index === stages.length - 1,
    description: descriptionOf(from.comments, name),
    base,
    platform,
  }));
  if (format === 'json')
    return `${goMarshal(
      {
        targets: targets.map(({ name, default: last, description, base, platform }) => ({
          name: name || undefined,
          default: last || undefined,
          description: description || undefined,
          base,
          platform: platform || undefined,
        })),
      },
      '  ',
    )}\n`;
  const rows = targets.map(({ name, default: last, description }) => [
    last ? (name === '' ? '(default)' : `${name} (default)`) : name,
    description,
  ]);
  return table([['TARGET', 'DESCRIPTION'], ...rows], 1);
}

function outlineText(
  { stages, metaArgs }: Dockerfile,
  target: string,
  given: Readonly<Record<string, string>>,
  format: string,
): string {
  const chosen = target === '' ? stages.at(-1) : stages.find(({ name }) => name === target.toLowerCase());
  if (chosen === undefined)
    throw new CommandError(
      `failed to build: failed to solve: target stage ${JSON.stringify(target)} could not be found`,
    );
  const used = stagesBelow(stages, chosen);
  const instructions = used.flatMap((stage) => stage.instructions);
  const bases = used.map(({ base, platform }) => `${base} ${platform}`).join(' ');
  const named = (arg: Arg): boolean => arg.pairs.some(({ key }) => new RegExp(`\\$\\{?${key}\\b`).test(bases));
  const args = [...metaArgs.filter(named), ...instructions.filter((each): each is Arg => each.kind === 'arg')]
    .flatMap((arg) =>
      arg.pairs.map(({ key, value = '' }) => ({
        name: key,
        value: given[key] ?? value,
        description: descriptionOf(arg.comments, key),
      })),
    )
    .filter(({ name }, index, all) => all.findIndex((each) => each.name === name) === index);
  const mounted = (type: string): readonly { readonly name: string; readonly required: boolean }[] =>
    instructions
      .flatMap((each) => (each.kind === 'run' ? each.mounts : []))
      .map((mount) => new Map(mount.split(',').map((field) => pairOf(field))))
      .filter((mount) => mount.get('type') === type)
      .map((mount) => ({
        name: mount.get('id') ?? (type === 'ssh' ? 'default' : (mount.get('target') ?? '').replace(/^.*\//, '')),
        required: mount.has('required') && mount.get('required') !== 'false',
      }));
  const secrets = mounted('secret');
  const ssh = mounted('ssh');
  const description = descriptionOf(chosen.from.comments, chosen.name);
  if (format === 'json')
    return `${goMarshal({ name: chosen.name || undefined, description: description || undefined, args, secrets, ssh }, '  ')}\n`;
  let text = '';
  if (chosen.name !== '' || description !== '') {
    const head = [['TARGET:', chosen.name === '' ? '(default)' : chosen.name]];
    text += `${table([...head, ...(description === '' ? [] : [['DESCRIPTION:', description]])], 1)}\n`;
  }
  if (args.length > 0)
    text += `${table([['BUILD ARG', 'VALUE', 'DESCRIPTION'], ...args.map(({ name, value, description: said }) => [name, value, said])], 3)}\n`;
  for (const [title, mounts] of [['SECRET', secrets] as const, ['SSH', ssh] as const])
    if (mounts.length > 0)
      text += `${table([[title, 'REQUIRED'], ...mounts.map(({ name, required }) => [name, required ? 'true' : ''])], 3)}\n`;
  return text;
}

/** A stage and those it is built from or copies from, in the order of the file. */
function stagesBelow(stages: readonly Stage[], chosen: Stage): readonly Stage[] {
  const found = new Set<Stage>();
  const visit = (stage: Stage): void => {
    if (found.has(stage)) return;
    found.add(stage);
    const names = [stage.base, ...stage.instructions.flatMap((each) => (each.kind === 'copy' ? [each.from] : []))];
    for (const name of names) {
      const next = stages.find((each, index) => each.name === name.toLowerCase() || String(index) === name);
      if (next !== undefined && name !== '') visit(next);
    }
  };
  visit(chosen);
  return stages.filter((stage) => found.has(stage));
}

function pairOf(field: string): [string, string] {
  const equals = field.indexOf('=');
  return equals < 0 ? [field, 'true'] : [field.slice(0, equals), field.slice(equals + 1)];
}

/** text/tabwriter with blanks: columns as wide as their widest cell and the padding. */
function table(rows: readonly (readonly string[])[], padding: number): string {
  const widths: number[] = [];
  for (const row of rows)
    row.slice(0, -1).forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length + padding)));
  return rows
    .map(
      (row) =>
        `${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('')}\n`,
    )
    .join('');
}
