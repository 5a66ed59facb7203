import { parseSignal } from '../../../linux/process/signals';
import { expand } from '../dockerfile/expand';
import { Linter } from '../dockerfile/lint';
import type { Instruction } from '../dockerfile/instructions/types';
import { BuildFailure } from '../dockerfile/source';
import { cleaned } from '../solve/convert';
import { exposedPorts } from '../solve/expose';
import { goList, goQuoted, healthText } from '../solve/go-format';
import { shellOf, variablesOf, type ClassicStage } from './stage';

type Setting = Exclude<Instruction, { readonly kind: 'run' | 'add' | 'copy' | 'arg' }>;

/** An instruction that only changes settings: does so, and gives what the history says of it (builder/dockerfile/dispatchers.go). */
export function applySetting(stage: ClassicStage, instruction: Setting, escape: string): string {
  const { config } = stage;
  const word = (text: string): string => expand(text, variablesOf(stage), { escape }).text;
  switch (instruction.kind) {
    case 'env': {
      const pairs = instruction.pairs.map(({ key, value }) => [word(key), word(value)] as const);
      const env = [...(config.Env ?? [])];
      for (const [key, value] of pairs) {
        const at = env.findIndex((entry) => entry.split('=')[0] === key);
        if (at < 0) env.push(`${key}=${value}`);
        else env[at] = `${key}=${value}`;
      }
      config.Env = env;
      return `ENV ${pairs.map((pair) => pair.join('=')).join(' ')}`;
    }
    case 'label': {
      const pairs = instruction.pairs.map(({ key, value }) => [word(key), word(value)] as const);
      config.Labels = { ...config.Labels, ...Object.fromEntries(pairs) };
      return `LABEL ${pairs.map((pair) => pair.join('=')).join(' ')}`;
    }
    case 'maintainer':
      return `MAINTAINER ${instruction.text}`;
    case 'user':
      config.User = word(instruction.text);
      return `USER ${config.User}`;
    case 'workdir': {
      const path = word(instruction.text);
      config.WorkingDir = cleaned(path.startsWith('/') ? path : `${config.WorkingDir ?? ''}/${path}`);
      return `WORKDIR ${config.WorkingDir}`;
    }
    case 'stopsignal': {
      const signal = word(instruction.text);
      if (parseSignal(signal) === undefined) throw new BuildFailure(`invalid signal: ${signal}`);
      config.StopSignal = signal;
      return `STOPSIGNAL ${signal}`;
    }
    case 'volume': {
      const paths = instruction.paths.map(word);
      config.Volumes = { ...config.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) };
      return `VOLUME ${goList(paths)}`;
    }
    case 'expose': {
      const words = instruction.ports.flatMap((port) => expand(port, variablesOf(stage), { escape }).words);
      const ports = exposedPorts(words, [], new Linter());
      config.ExposedPorts = { ...config.ExposedPorts, ...Object.fromEntries(ports.map((port) => [port, {}])) };
      return `EXPOSE ${words.join(' ')}`;
    }
    case 'cmd':
    case 'entrypoint': {
      const { words, shell } = instruction.command;
      const line = shell ? [...shellOf(stage), words.join(' ')] : words;
      if (instruction.kind === 'cmd') {
        config.Cmd = line;
        delete config.ArgsEscaped;
        stage.cmdSet = true;
        return `CMD ${goQuoted(line)}`;
      }
      config.Entrypoint = line;
      if (!stage.cmdSet) delete config.Cmd;
      return `ENTRYPOINT ${goQuoted(line)}`;
    }
    case 'healthcheck':
      config.Healthcheck = instruction.health;
      return `HEALTHCHECK ${healthText(instruction.health)}`;
    case 'onbuild':
      config.OnBuild = [...(config.OnBuild ?? []), instruction.expression];
      return `ONBUILD ${instruction.expression}`;
    case 'shell':
      config.Shell = instruction.words;
      return `SHELL ${goList(instruction.words)}`;
  }
}
