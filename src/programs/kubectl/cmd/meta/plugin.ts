import type { Process } from '../../../../linux/process/types';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { prefix } from '../../plugins';

interface Found {
  readonly path: string;
  readonly name: string;
  readonly executable: boolean;
}

/** Files named `kubectl-…` on PATH. */
function pluginsOf({ env, fs }: Process): readonly Found[] {
  const folders = new Set((env.get('PATH') ?? '').split(':').filter((folder) => folder.trim() !== ''));
  return [...folders].flatMap((folder) => {
    const read = fs.readdir(folder);
    if (!read.ok) return [];
    return read.value
      .filter(({ name, type }) => type !== 'directory' && name.startsWith(prefix))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name }) => {
        const stat = fs.stat(`${folder}/${name}`);
        return { path: `${folder}/${name}`, name, executable: stat.ok && (stat.value.mode & 0o111) !== 0 };
      });
  });
}

const list: Command = {
  use: 'list [flags]',
  short: "List all visible plugin executables on a user's PATH",
  long: `Show the plugins: executable files on PATH whose names begin with "kubectl-".`,
  example: `# All plugins
  kubectl plugin list

  # Without their folders
  kubectl plugin list --name-only`,
  flags: [flag.bool('name-only', false, 'Print names, not paths.')],
  run: async (cli) => {
    const plugins = pluginsOf(cli.process);
    if (plugins.length === 0) throw new Failure('unable to find any kubectl plugins in your PATH');
    await cli.out('The following compatible plugins are available:\n\n');
    const seen = new Map<string, string>();
    let warnings = 0;
    for (const { path, name, executable } of plugins) {
      await cli.out(`${cli.flags.bool('name-only') ? name : path}\n`);
      const shadow = seen.get(name);
      if (!executable) await cli.err(`  - warning: ${path} identified as a kubectl plugin, but it is not executable\n`);
      if (shadow !== undefined)
        await cli.err(`  - warning: ${path} is overshadowed by a similarly named plugin: ${shadow}\n`);
      if (!executable || shadow !== undefined) warnings++;
      if (shadow === undefined) seen.set(name, path);
    }
    if (warnings === 1) throw new Failure('one plugin warning was found');
    if (warnings > 1) throw new Failure(`${warnings} plugin warnings were found`);
  },
};

export const plugin: Command = {
  use: 'plugin [flags]',
  short: 'Provides utilities for interacting with plugins',
  long: `Look for plugins: programs that add commands to kubectl.

 A program on PATH named kubectl-foo is run by "kubectl foo".`,
  example: `# All plugins
  kubectl plugin list`,
  commands: [list],
};
