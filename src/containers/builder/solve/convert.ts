import { parseSignal } from '../../../linux/process/signals';
import { expand } from '../dockerfile/expand';
import type { Cmd, Env, Health, Instruction, Label, OneWord } from '../dockerfile/instructions/types';
import type { Linter } from '../dockerfile/lint';
import { BuildFailure } from '../dockerfile/source';
import { suggestion } from '../dockerfile/suggest';
import { lintSecret } from '../dockerfile/validate';
import type { PatternMatcher } from '../patternmatcher';
import type { BuildRequest } from '../request';
import { convertCopy } from './convert-copy';
import { convertRun } from './convert-run';
import { exposedPorts } from './expose';
import { goList, goQuoted, healthText } from './go-format';
import type { Command, StageState } from './stage';
import type { Vertex } from './types';
import { vertexOf } from './vertex';

export interface ConvertContext {
  readonly request: BuildRequest;
  readonly globals: ReadonlyMap<string, string>;
  readonly escape: string;
  readonly context: Vertex;
  readonly ignore: PatternMatcher | undefined;
  readonly linter: Linter;
}

/** One instruction: what it does to the stage's files and to the image's configuration (dispatch). */
export function convert(state: StageState, command: Command, context: ConvertContext): void {
  const { instruction } = command;
  const { image } = state;
  const { config } = image;
  switch (instruction.kind) {
    case 'env':
    case 'label':
      setPairs(state, instruction, context);
      return;
    case 'arg':
      image.commit(`ARG ${declareArguments(state, instruction, context)}`, false);
      return;
    case 'maintainer':
      image.author = instruction.text;
      image.commit(`MAINTAINER ${instruction.text}`, false);
      return;
    case 'run':
      convertRun(state, instruction, command, context);
      return;
    case 'add':
    case 'copy':
      convertCopy(state, instruction, command, context);
      return;
    case 'workdir':
      workdir(state, instruction, command, context);
      return;
    case 'user':
      config.User = expander(state, instruction, context)(instruction.text);
      image.commit(`USER ${config.User}`, false);
      return;
    case 'stopsignal': {
      const signal = expander(state, instruction, context)(instruction.text);
      if (parseSignal(signal) === undefined) throw new BuildFailure(`invalid signal: ${signal}`);
      config.StopSignal = signal;
      image.commit(`STOPSIGNAL ${signal}`, false);
      return;
    }
    case 'volume': {
      const paths = instruction.paths.map(expander(state, instruction, context));
      config.Volumes = { ...config.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) };
      image.commit(`VOLUME ${goList(paths)}`, false);
      return;
    }
    case 'expose': {
      const words = instruction.ports.flatMap((port) => expand(port, state.env, { escape: context.escape }).words);
      const ports = exposedPorts(words, instruction.ranges, context.linter);
      config.ExposedPorts = { ...config.ExposedPorts, ...Object.fromEntries(ports.map((port) => [port, {}])) };
      image.commit(`EXPOSE ${goList(ports)}`, false);
      return;
    }
    case 'cmd':
    case 'entrypoint':
      setCommand(state, instruction, context);
      return;
    case 'healthcheck':
      setHealth(state, instruction, context);
      return;
    case 'onbuild':
      config.OnBuild = [...(config.OnBuild ?? []), instruction.expression];
      return;
    case 'shell':
      config.Shell = instruction.words;
      image.commit(`SHELL ${goList(instruction.words)}`, false);
  }
}

/** Expands words of an instruction with the stage's variables; the unknown ones are told. */
export function expander(
  state: StageState,
  { ranges }: Pick<Instruction, 'ranges'>,
  { escape, linter }: ConvertContext,
  options: { readonly noQuotes?: boolean } = {},
): (word: string) => string {
  return (word) => {
    const { text, unmatched } = expand(word, state.env, { escape, ...options });
    for (const name of unmatched) {
      if (state.buildArgs.some(({ key }) => key === name) || predefined.has(name)) continue;
      const meant = suggestion(name, [...state.env.keys()], true);
      const hint = meant === undefined ? '' : ` (did you mean $${meant}?)`;
      linter.warn('UndefinedVar', ranges, `Usage of undefined variable '$${name}'${hint}`);
    }
    return text;
  };
}

/** ARGs that need no declaration and stay out of the environment. */
const predefined = new Set([
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
]);

function setPairs(state: StageState, instruction: Env | Label, context: ConvertContext): void {
  const { image } = state;
  const word = expander(state, instruction, context);
  const command = instruction.kind.toUpperCase();
  // All words see the variables as they were before.
  const pairs = instruction.pairs.map(({ key, value, legacy }) => ({ key: word(key), value: word(value), legacy }));
  for (const { key, value, legacy } of pairs) {
    if (legacy)
      context.linter.warn(
        'LegacyKeyValueFormat',
        instruction.ranges,
        `"${instruction.name} key=value" should be used instead of legacy "${instruction.name} key value" format`,
      );
    if (instruction.kind === 'label') {
      image.config.Labels = { ...image.config.Labels, [key]: value };
      continue;
    }
    lintSecret('ENV', key, instruction.ranges, context.linter);
    image.setEnv(key, value);
    state.env.set(key, value);
  }
  image.commit([command, ...pairs.map(({ key, value }) => `${key}=${value}`)].join(' '), false);
}

function declareArguments(
  state: StageState,
  instruction: Extract<Instruction, { kind: 'arg' }>,
  context: ConvertContext,
): string {
  const said = instruction.pairs.map(({ key, value }) => {
    lintSecret('ARG', key, instruction.ranges, context.linter);
    const given = context.request.buildArgs.get(key);
    const chosen =
      given ?? (value === undefined ? context.globals.get(key) : expander(state, instruction, context)(value));
    if (chosen !== undefined && !predefined.has(key)) state.env.set(key, chosen);
    state.buildArgs = [...state.buildArgs, { key, value: chosen }];
    return chosen === undefined ? key : `${key}=${chosen}`;
  });
  return said.join(' ');
}

function workdir(state: StageState, instruction: OneWord, { onBuild }: Command, context: ConvertContext): void {
  const path = expander(state, instruction, context)(instruction.text);
  if (!state.workdirSet && !path.startsWith('/'))
    context.linter.warn(
      'WorkdirRelativePath',
      instruction.ranges,
      `Relative workdir ${JSON.stringify(path)} can have unexpected results if the base image changes`,
    );
  state.workdirSet = true;
  const folder = cleaned(path.startsWith('/') ? path : `${state.image.config.WorkingDir ?? ''}/${path}`);
  state.image.config.WorkingDir = folder;
  state.dir = folder;
  if (folder !== '/') {
    const name = state.prefixed(stepName(state, instruction, context), onBuild);
    state.vertex = vertexOf(
      {
        kind: 'file',
        base: state.vertex,
        actions: [{ kind: 'mkdir', path: folder, user: state.image.config.User ?? '' }],
      },
      { name, ranges: instruction.ranges },
    );
  }
  state.image.commit(`WORKDIR ${folder}`, folder !== '/');
}

/** A step's name: the instruction with its command in capitals and its variables expanded. */
export function stepName(
  state: StageState,
  { code }: Instruction,
  { escape }: ConvertContext,
  options: { readonly rawQuotes?: boolean; readonly keepUnset?: boolean } = {},
): string {
  let text = code;
  try {
    ({ text } = expand(code, state.env, { escape, ...options }));
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
  }
  return text.replace(/^\S+/, (command) => command.toUpperCase());
}

/** An absolute path without `.`, `..` and doubled slashes. */
export function cleaned(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Shell form: the words behind SHELL, or behind /bin/sh -c. */
export const withShell = ({ image }: StageState, words: readonly string[]): readonly string[] => [
  ...(image.config.Shell ?? ['/bin/sh', '-c']),
  words.join(' '),
];

function setCommand(state: StageState, instruction: Cmd, { linter }: ConvertContext): void {
  const { image } = state;
  const { kind, name, command, ranges } = instruction;
  once(state, kind, name, ranges, linter);
  let { words } = command;
  if (command.shell) {
    if ((image.config.Shell ?? []).length === 0)
      linter.warn(
        'JSONArgsRecommended',
        ranges,
        `JSON arguments recommended for ${name} to prevent unintended behavior related to OS signals`,
      );
    words = withShell(state, words);
  }
  if (kind === 'cmd') {
    image.config.Cmd = words;
    image.config.ArgsEscaped = true;
    image.commit(`CMD ${goQuoted(words)}`, false);
    return;
  }
  image.config.Entrypoint = words;
  if (!state.used.has('cmd')) delete image.config.Cmd;
  image.commit(`ENTRYPOINT ${goQuoted(words)}`, false);
}

function setHealth(state: StageState, { health, name, ranges }: Health, { linter }: ConvertContext): void {
  once(state, 'healthcheck', name, ranges, linter);
  state.image.config.Healthcheck = health;
  state.image.commit(`HEALTHCHECK ${healthText(health)}`, false);
}

function once(state: StageState, kind: string, name: string, ranges: Health['ranges'], linter: Linter): void {
  const former = state.former(kind, ranges);
  if (former !== undefined)
    linter.warn(
      'MultipleInstructionsDisallowed',
      former,
      `Multiple ${name} instructions should not be used in the same stage because only the last one will be used`,
    );
}
