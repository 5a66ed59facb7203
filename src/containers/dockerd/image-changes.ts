import { parseSignal } from '../../linux/process/signals';
import { err, ok, type Result } from '../../sim/result';
import { parseInstruction } from '../builder/dockerfile/instructions';
import type { Instruction } from '../builder/dockerfile/instructions/types';
import { parseDockerfile } from '../builder/dockerfile/parser';
import { BuildFailure } from '../builder/dockerfile/source';
import { expand } from '../builder/dockerfile/expand';
import type { RunConfig } from '../images/image';

const allowed = new Set(
  'cmd entrypoint healthcheck env expose label onbuild stopsignal user volume workdir'.split(' '),
);

/** `--change` of commit and import: instructions of a Dockerfile that touch the configuration alone (BuildFromConfig). */
export function applyChanges(config: RunConfig, changes: readonly string[]): Result<RunConfig, string> {
  if (changes.length === 0) return ok(config);
  try {
    const { nodes, escape } = parseDockerfile(changes.join('\n'));
    for (const { command } of nodes)
      if (!allowed.has(command.toLowerCase())) return err(`${command} is not a valid change command`);
    let changed = config;
    for (const node of nodes) changed = applied(changed, parseInstruction(node), escape);
    return ok(changed);
  } catch (thrown) {
    if (!(thrown instanceof BuildFailure)) throw thrown;
    return err(thrown.message);
  }
}

function applied(config: RunConfig, instruction: Instruction, escape: string): RunConfig {
  const env = new Map(
    (config.Env ?? []).map((entry) => {
      const equals = entry.indexOf('=');
      return [entry.slice(0, equals), entry.slice(equals + 1)] as const;
    }),
  );
  const one = (word: string): string => expand(word, env, { escape }).text;
  const set = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, {}]));
  switch (instruction.kind) {
    case 'env': {
      const next = new Map(env);
      for (const { key, value } of instruction.pairs) next.set(one(key), one(value));
      return { ...config, Env: [...next].map(([key, value]) => `${key}=${value}`) };
    }
    case 'label':
      return {
        ...config,
        Labels: {
          ...config.Labels,
          ...Object.fromEntries(instruction.pairs.map(({ key, value }) => [one(key), one(value)])),
        },
      };
    case 'cmd':
      return { ...config, Cmd: words(instruction.command) };
    case 'entrypoint':
      return { ...config, Entrypoint: words(instruction.command) };
    case 'healthcheck':
      return { ...config, Healthcheck: instruction.health };
    case 'expose':
      return {
        ...config,
        ExposedPorts: {
          ...config.ExposedPorts,
          ...set(instruction.ports.map(one).map((port) => (port.includes('/') ? port : `${port}/tcp`))),
        },
      };
    case 'onbuild':
      return { ...config, OnBuild: [...(config.OnBuild ?? []), instruction.expression] };
    case 'stopsignal': {
      const signal = one(instruction.text);
      if (parseSignal(signal) === undefined) throw new BuildFailure(`invalid signal: ${signal}`);
      return { ...config, StopSignal: signal };
    }
    case 'user':
      return { ...config, User: one(instruction.text) };
    case 'volume':
      return { ...config, Volumes: { ...config.Volumes, ...set(instruction.paths.map(one)) } };
    case 'workdir': {
      const path = one(instruction.text);
      return { ...config, WorkingDir: path.startsWith('/') ? path : `${config.WorkingDir ?? ''}/${path}` };
    }
    default:
      return config;
  }
}

const words = ({ words: given, shell }: { readonly words: readonly string[]; readonly shell: boolean }) =>
  shell ? ['/bin/sh', '-c', ...given] : given;
