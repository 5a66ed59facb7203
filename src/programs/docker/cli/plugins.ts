import type { Process } from '../../../linux/process/types';
import type { Plugin } from './command';

/** A plugin that was found on the disk. */
export interface InstalledPlugin extends Plugin {
  readonly SchemaVersion: string;
  readonly Path: string;
}

const folders = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
];

/** Where plugins are looked for, the first place first. */
export const pluginFolders = (configDir: string): readonly string[] => [`${configDir}/cli-plugins`, ...folders];

/** The first place where `docker-NAME` is (cli-plugins/manager). */
export function findPlugin(process: Process, configDir: string, plugin: Plugin): InstalledPlugin | undefined {
  const path = pluginFolders(configDir)
    .map((folder) => `${folder}/docker-${plugin.Name}`)
    .find((file) => process.fs.stat(file).ok);
  if (path === undefined) return undefined;
  const { Vendor, Version, ShortDescription, Name } = plugin;
  return { SchemaVersion: '0.1.0', Vendor, Version, ShortDescription, Name, Path: path };
}
