import type { Group } from '../../cli/command';
import { annotate, create, pushList, rm } from './list';
import { inspect } from './inspect';

/** `docker manifest`. */
export const manifest: Group = {
  name: 'manifest',
  short: 'Manage Docker image manifests and manifest lists',
  long: `The **docker manifest** command has subcommands for managing image manifests and
manifest lists. A manifest list allows you to use one name to refer to the same image
built for multiple architectures.

To see help for a subcommand, use:

    docker manifest CMD --help

For full details on using docker manifest lists, see the registry v2 specification.`,
  experimental: true,
  commands: [annotate, create, inspect, pushList, rm],
};
