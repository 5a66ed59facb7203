import type { Process } from '../../linux/process/types';
import { PlainFailure } from './errors';

/** How the names of plugins begin. */
export const prefix = 'kubectl-';

/** A program that adds a command. */
export interface Plugin {
  readonly file: string;
  readonly args: readonly string[];
}

/** The plugin that words name, the longest name first: `kubectl foo bar` is kubectl-foo-bar, or kubectl-foo. */
export function pluginFor(process: Process, words: readonly string[]): Plugin | undefined {
  const flags = words.findIndex((word) => word.startsWith('-'));
  const named = flags < 0 ? words : words.slice(0, flags);
  for (let count = named.length; count > 0; count--) {
    const name = named
      .slice(0, count)
      .map((word) => word.replaceAll('-', '_'))
      .join('-');
    const file = process.which(`${prefix}${name}`);
    if (file !== undefined) return { file, args: words.slice(count) };
  }
  return undefined;
}

/** The plugin takes the place of kubectl (execve). */
export async function runPlugin(process: Process, { file, args }: Plugin): Promise<number> {
  const failed = await process.exec(file, [file, ...args]);
  throw new PlainFailure(failed.ok ? '' : `Error: ${failed.error.message.toLowerCase()}`);
}
