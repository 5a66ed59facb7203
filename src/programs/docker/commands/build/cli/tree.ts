import { CommandError, type Command, type Group } from '../../../cli/command';
import { flags } from '../../../cli/flags';
import { bake } from '../bake/run';
import { build } from '../build';
import { create, inspect, list, remove, stop, use } from '../builders/commands';
import { diskUsage, prune } from '../cache';
import {
  historyAttachment,
  historyExport,
  historyImport,
  historyInspect,
  historyList,
  historyLogs,
  historyOpen,
  historyRemove,
} from '../history';
import { imagetoolsCreate, imagetoolsInspect } from '../imagetools';
import { bakeFlags, buildFlags } from './build-flags';

/** A group whose name alone is a command too: `docker buildx history inspect REF`. */
export interface PluginGroup extends Group {
  readonly self?: Command;
  readonly commands: readonly (Command | PluginGroup)[];
}

/** All commands of buildx (commands/root.go). */
export const tree: PluginGroup = {
  name: 'buildx',
  short: 'Extended build capabilities with BuildKit',
  commands: [
    {
      use: 'bake [OPTIONS] [TARGET...]',
      short: 'Build from a file',
      aliases: ['docker buildx bake', 'docker buildx f'],
      flags: bakeFlags,
      operands: [0, Infinity],
      run: bake,
    },
    {
      use: 'build [OPTIONS] PATH | URL | -',
      short: 'Start a build',
      aliases: ['docker build', 'docker builder build', 'docker image build', 'docker buildx b'],
      flags: buildFlags,
      operands: [1, 1],
      run: build,
    },
    {
      use: 'create [OPTIONS] [CONTEXT|ENDPOINT]',
      short: 'Create a new builder instance',
      flags: flags(`
        --append | Append a node to builder instead of changing it
        --bootstrap | Boot builder after creation
        --buildkitd-config string | BuildKit daemon config file
        --buildkitd-flags string | BuildKit daemon flags
        --driver string | Driver to use (available: "docker-container", "kubernetes", "remote")
        --driver-opt stringArray | Options for the driver
        --leave | Remove a node from builder instead of changing it
        --name string | Builder instance name
        --node string | Create/modify node with given name
        --platform stringArray | Fixed platforms for current node
        --use | Set the current builder instance
      `),
      operands: [0, 1],
      run: create,
    },
    {
      use: 'dial-stdio',
      short: 'Proxy current stdio streams to builder instance',
      flags: flags(`
        --platform string | Target platform: this is used for node selection
        --progress string | Set type of progress output ("auto", "plain", "rawjson", "tty"). Use plain to show container output (default "none")
      `),
      operands: [0, 0],
      run: () =>
        Promise.reject(new CommandError('the BuildKit inside this engine has no gRPC endpoint that could be dialled')),
    },
    {
      use: 'du',
      short: 'Disk usage',
      flags: flags(`
        --filter filter | Provide filter values
        --format string | Format the output
        --verbose | Shorthand for "--format=pretty"
      `),
      operands: [0, 0],
      run: diskUsage,
    },
    {
      use: 'inspect [NAME]',
      short: 'Inspect current builder instance',
      flags: flags('--bootstrap | Ensure builder has booted before inspecting'),
      operands: [0, 1],
      run: inspect,
    },
    {
      use: 'ls',
      short: 'List builder instances',
      flags: flags(`
        --format string | Format the output (default "table")
        --no-trunc | Don't truncate output
      `),
      operands: [0, 0],
      run: list,
    },
    {
      use: 'prune',
      short: 'Remove build cache',
      flags: flags(`
        -a, --all | Include internal/frontend images
        --filter filter | Provide filter values
        -f, --force | Do not prompt for confirmation
        !--keep-storage bytes | Amount of disk space to keep for cache
        --max-used-space bytes | Maximum amount of disk space allowed to keep for cache
        --min-free-space bytes | Target amount of free disk space after pruning
        --reserved-space bytes | Amount of disk space always allowed to keep for cache
        --verbose | Provide a more verbose output
      `),
      operands: [0, 0],
      run: prune,
    },
    {
      use: 'rm [OPTIONS] [NAME...]',
      short: 'Remove one or more builder instances',
      flags: flags(`
        --all-inactive | Remove all inactive builders
        -f, --force | Do not prompt for confirmation
        --keep-daemon | Keep the BuildKit daemon running
        --keep-state | Keep BuildKit state
      `),
      operands: [0, Infinity],
      run: remove,
    },
    { use: 'stop [NAME]', short: 'Stop builder instance', operands: [0, 1], run: stop },
    {
      use: 'use [OPTIONS] NAME',
      short: 'Set the current builder instance',
      flags: flags(`
        --default | Set builder as default for current context
        --global | Builder persists context changes
      `),
      operands: [1, 1],
      run: use,
    },
    {
      use: 'version',
      short: 'Show buildx version information',
      operands: [0, 0],
      async run({ out, session }) {
        // Debian's package says so of itself.
        const debian = session.build.version.includes('dfsg');
        await out(
          `github.com/docker/buildx ${debian ? '0.29.1+ds1 0.29.1+ds1-4' : 'v0.29.1 a32761aeb3debd39be1eca514af3693af0db334b'}\n`,
        );
        return 0;
      },
    },
    {
      name: 'history',
      short: 'Commands to work on build records',
      commands: [
        {
          use: 'export [OPTIONS] [REF...]',
          short: 'Export build records into Docker Desktop bundle',
          flags: flags(`
            --all | Export all build records for the builder
            --finalize | Ensure build records are finalized before exporting
            -o, --output string | Output file path
          `),
          operands: [0, Infinity],
          run: historyExport,
        },
        {
          use: 'import [OPTIONS] -',
          short: 'Import build records into Docker Desktop',
          flags: flags('-f, --file stringArray | Import from a file path'),
          operands: [0, 1],
          run: historyImport,
        },
        {
          name: 'inspect',
          short: 'Inspect a build record',
          flags: flags('--format string | Format the output (default "pretty")'),
          commands: [
            {
              use: 'attachment [OPTIONS] [REF [DIGEST]]',
              short: 'Inspect a build record attachment',
              flags: flags(`
                --platform string | Platform of attachment
                --type string | Type of attachment
              `),
              operands: [0, 2],
              run: historyAttachment,
            },
          ],
          self: {
            use: 'inspect [OPTIONS] [REF]',
            short: 'Inspect a build record',
            flags: flags('--format string | Format the output (default "pretty")'),
            operands: [0, 1],
            run: historyInspect,
          },
        },
        {
          use: 'logs [OPTIONS] [REF]',
          short: 'Print the logs of a build record',
          flags: flags('--progress string | Set type of progress output (plain, rawjson, tty) (default "plain")'),
          operands: [0, 1],
          run: historyLogs,
        },
        {
          use: 'ls [OPTIONS]',
          short: 'List build records',
          flags: flags(`
            --filter stringArray | Provide filter values (e.g., "status=error")
            --format string | Format the output (default "table")
            --local | List records for current repository only
            --no-trunc | Don't truncate output
          `),
          operands: [0, 0],
          run: historyList,
        },
        {
          use: 'open [OPTIONS] [REF]',
          short: 'Open a build record in Docker Desktop',
          operands: [0, 1],
          run: historyOpen,
        },
        {
          use: 'rm [OPTIONS] [REF...]',
          short: 'Remove build records',
          flags: flags('--all | Remove all build records'),
          operands: [0, Infinity],
          run: historyRemove,
        },
      ],
    },
    {
      name: 'imagetools',
      short: 'Commands to work on images in registry',
      commands: [
        {
          use: 'create [OPTIONS] [SOURCE...]',
          short: 'Create a new image based on source images',
          flags: flags(`
            --annotation stringArray | Add annotation to the image
            --append | Append to existing manifest
            --dry-run | Show final image instead of pushing
            -f, --file stringArray | Read source descriptor from file
            -p, --platform stringArray | Filter specified platforms of target image
            --prefer-index | When only a single source is specified, prefer outputting an image index or manifest list instead of performing a carbon copy (default true)
            --progress string | Set type of progress output ("auto", "none", "plain", "rawjson", "tty"). Use plain to show container output (default "auto")
            -t, --tag stringArray | Set reference for new image
          `),
          operands: [0, Infinity],
          run: imagetoolsCreate,
        },
        {
          use: 'inspect [OPTIONS] NAME',
          short: 'Show details of an image in the registry',
          flags: flags(`
            --format string | Format the output using the given Go template
            --raw | Show original, unformatted JSON manifest
          `),
          operands: [1, 1],
          run: imagetoolsInspect,
        },
      ],
    },
  ],
};
