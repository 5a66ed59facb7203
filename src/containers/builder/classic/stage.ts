import type { Image } from '../../images/image';
import type { MutableConfig } from '../solve/draft';

/** A stage as the classic builder goes through it. */
export interface ClassicStage {
  /** The image so far; undefined: scratch. */
  image: Image | undefined;
  config: MutableConfig;
  /** Declared ARGs and the values they have here. */
  readonly args: Map<string, string | undefined>;
  cmdSet: boolean;
}

/** Variables for words of an instruction: ENV, and ARGs that it does not hide. */
export function variablesOf({ config, args }: ClassicStage): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const [key, value] of args) if (value !== undefined) variables.set(key, value);
  for (const entry of config.Env ?? []) {
    const equals = entry.indexOf('=');
    variables.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  return variables;
}

/** SHELL, or what is there without it. */
export const shellOf = ({ config }: ClassicStage): readonly string[] => config.Shell ?? ['/bin/sh', '-c'];
