import { Flags } from './flags';
import { parseInstruction } from './instructions';
import type { Arg, Instruction, Stage } from './instructions/types';
import { type Linter } from './lint';
import type { Node } from './nodes';
import { parseDockerfile } from './parser';
import { BuildFailure } from './source';

/** A Dockerfile understood: its stages, and the ARGs in front of the first one. */
export interface Dockerfile {
  readonly text: string;
  readonly escape: string;
  readonly metaArgs: readonly Arg[];
  readonly stages: readonly Stage[];
}

/** Reads a Dockerfile; rules that look at the text alone are applied on the way (instructions.Parse). */
export function readDockerfile(text: string, linter: Linter): Dockerfile {
  if (text === '') throw new BuildFailure('the Dockerfile cannot be empty');
  const { nodes, escape, emptyContinuations } = parseDockerfile(text);
  for (const range of emptyContinuations) linter.warn('NoEmptyContinuation', [range], 'Empty continuation line');
  const metaArgs: Arg[] = [];
  const stages: { stage: Stage; instructions: Instruction[] }[] = [];
  for (const node of nodes) {
    const lint = linter.with(node.comments);
    if (node.command.toLowerCase() === 'from') {
      const stage = inside(node, () => parseFrom(node, lint));
      const instructions: Instruction[] = [];
      stages.push({ stage: { ...stage, instructions }, instructions });
      continue;
    }
    if (node.command.toLowerCase() === 'maintainer')
      lint.warn('MaintainerDeprecated', node.ranges, 'Maintainer instruction is deprecated in favor of using label');
    const instruction = inside(node, () => parseInstruction(node));
    const current = stages.at(-1);
    if (instruction.kind === 'arg') {
      const keys = instruction.pairs.map(({ key }) => key);
      describe(lint, 'ARG', keys, node);
      if (current === undefined) {
        metaArgs.push(instruction);
        continue;
      }
    }
    if (current === undefined) throw new BuildFailure('no build stage in current context', node.ranges);
    current.instructions.push(instruction);
  }
  return { text, escape, metaArgs, stages: stages.map(({ stage }) => stage) };
}

function inside<T>(node: Node, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    const line = node.ranges[0]?.start ?? 0;
    throw new BuildFailure(`dockerfile parse error on line ${line}: ${error.message}`, node.ranges);
  }
}

/** A single instruction of an ONBUILD trigger, at the lines of the FROM that pulls the trigger. */
export function parseTrigger(expression: string, at: Stage['from']): Instruction {
  const { nodes } = parseDockerfile(expression);
  const [node, another] = nodes;
  if (node === undefined || another !== undefined)
    throw new BuildFailure('onbuild trigger should be a single expression', at.ranges);
  return parseInstruction({ ...node, ranges: at.ranges });
}

function parseFrom(node: Node, lint: Linter): Stage {
  const { args, command, ranges, comments } = node;
  const [base = '', as = '', written = ''] = args;
  if (args.length === 3 && written !== written.toLowerCase())
    lint.warn('StageNameCasing', ranges, `Stage name '${written}' should be lowercase`);
  if (args.length >= 3 && !sameCase(command, as))
    lint.warn('FromAsCasing', ranges, `'${as}' and '${command}' keywords' casing do not match`);
  const name = stageName(args);
  const flags = new Flags(node.flags, { platform: 'string' });
  if (name !== '') describe(lint, 'FROM', [name], node);
  return {
    from: { name: command, code: node.original.trim(), ranges, comments },
    base,
    name,
    platform: flags.text('platform'),
    instructions: [],
  };
}

function stageName(args: readonly string[]): string {
  const [, as = '', written = ''] = args;
  if (args.length === 3 && as.toLowerCase() === 'as') {
    const name = written.toLowerCase();
    if (/^[a-z][a-z0-9-_.]*$/.test(name)) return name;
    throw new BuildFailure(
      `invalid name for build stage: ${JSON.stringify(written)}, name can't start with a number or contain symbols`,
    );
  }
  if (args.length !== 1) throw new BuildFailure('FROM requires either one or three arguments');
  return '';
}

function sameCase(from: string, as: string): boolean {
  if (from === from.toLowerCase()) return as === as.toLowerCase();
  return from !== from.toUpperCase() || as === as.toUpperCase();
}

function describe(lint: Linter, instruction: string, keys: readonly string[], { comments, ranges }: Node): void {
  const first = comments.at(-1)?.split(' ')[0];
  if (first === undefined || keys.length === 0 || keys.includes(first)) return;
  const example = keys.length > 1 ? '<arg_key>' : (keys[0] ?? '');
  lint.warn(
    'InvalidDefinitionDescription',
    ranges,
    `Comment for ${instruction} should follow the format: \`# ${example} <description>\``,
  );
}
