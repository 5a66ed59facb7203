import type { Process } from '../../../linux/process/types';
import { CommandError } from './command';
import { pluginFolders } from './plugins';
import type { Session } from './session';

/** Commands that are programs of their own, kept where the CLI looks for its plugins. */
const plugins = new Set(['compose']);

/**
 * Runs the plugin that a command line belongs to (cli-plugins/manager: PluginRunCommand); undefined where it belongs to
 * none, or where the plugin is not installed.
 */
export function forwardPlugin(
  process: Process,
  session: Session,
  given: readonly string[],
): (() => Promise<number>) | undefined {
  const words = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  const [name = ''] = words;
  if (!plugins.has(name)) return undefined;
  const path = pluginFolders(session.configDir)
    .map((folder) => `${folder}/docker-${name}`)
    .find((file) => process.fs.stat(file).ok);
  if (path === undefined) return undefined;
  return async () => {
    const env = new Map(process.env);
    env.set('DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND', '/usr/bin/docker');
    const failed = await process.exec(path, [path, ...words], env);
    throw new CommandError(failed.ok ? '' : `fork/exec ${path}: ${failed.error.message.toLowerCase()}`);
  };
}
