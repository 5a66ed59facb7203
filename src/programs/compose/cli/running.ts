import { spec, type Spec } from './spec';

/** Commands on containers that run: names, usage and flags. `!` marks what the help does not show. */
export const runningSpecs: readonly Spec[] = [
  spec(
    'attach',
    '[OPTIONS] SERVICE',
    "Attach local standard input, output, and error streams to a service's running container",
    `
    --detach-keys string | Override the key sequence for detaching from a container.
    --index int | index of the container if service has multiple replicas.
    --no-stdin | Do not attach STDIN
    --sig-proxy | Proxy all received signals to the process (default true)
  `,
  ),
  spec(
    'commit',
    '[OPTIONS] SERVICE [REPOSITORY[:TAG]]',
    "Create a new image from a service container's changes",
    `
    -a, --author string | Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")
    -c, --change list | Apply Dockerfile instruction to the created image
    --index int | index of the container if service has multiple replicas.
    -m, --message string | Commit message
    -p, --pause | Pause container during commit (default true)
  `,
  ),
  spec(
    'cp',
    '[OPTIONS] SERVICE:SRC_PATH DEST_PATH|-\n\tdocker compose cp [OPTIONS] SRC_PATH|- SERVICE:DEST_PATH',
    'Copy files/folders between a service container and the local filesystem',
    `
    --all | Include containers created by the run command
    -a, --archive | Archive mode (copy all uid/gid information)
    -L, --follow-link | Always follow symbol link in SRC_PATH
    --index int | Index of the container if service has multiple replicas
  `,
  ),
  spec(
    'events',
    '[OPTIONS] [SERVICE...]',
    'Receive real time events from containers',
    `
    --json | Output events as a stream of json objects
    --since string | Show all events created since timestamp
    --until string | Stream events until this timestamp
  `,
  ),
  spec(
    'exec',
    '[OPTIONS] SERVICE COMMAND [ARGS...]',
    'Execute a command in a running container',
    `
    -d, --detach | Detached mode: Run command in the background
    -e, --env stringArray | Set environment variables
    --index int | Index of the container if service has multiple replicas
    -T, --no-tty | Disable pseudo-TTY allocation. By default 'docker compose exec' allocates a TTY. (default\\ntrue)
    --privileged | Give extended privileges to the process
    -u, --user string | Run the command as this user
    -w, --workdir string | Path to workdir directory for this command
    !-i, --interactive | Keep STDIN open even if not attached
    !-t, --tty | Allocate a pseudo-TTY
  `,
  ),
  spec(
    'export',
    '[OPTIONS] SERVICE',
    "Export a service container's filesystem as a tar archive",
    `
    --index int | index of the container if service has multiple replicas.
    -o, --output string | Write to a file, instead of STDOUT
  `,
  ),
  spec(
    'logs',
    '[OPTIONS] [SERVICE...]',
    'View output from containers',
    `
    -f, --follow | Follow log output
    --index int | index of the container if service has multiple\\nreplicas
    --no-color | Produce monochrome output
    --no-log-prefix | Don't print prefix in logs
    --since string | Show logs since timestamp (e.g. 2013-01-02T13:23:37Z) or relative (e.g. 42m for\\n42 minutes)
    -n, --tail string | Number of lines to show from the end of the logs for each container (default "all")
    -t, --timestamps | Show timestamps
    --until string | Show logs before a timestamp (e.g. 2013-01-02T13:23:37Z) or relative (e.g. 42m for\\n42 minutes)
  `,
  ),
  spec(
    'port',
    '[OPTIONS] SERVICE PRIVATE_PORT',
    'Print the public port for a port binding',
    `
    --index int | Index of the container if service has multiple replicas
    --protocol string | tcp or udp (default "tcp")
  `,
  ),
  spec(
    'ps',
    '[OPTIONS] [SERVICE...]',
    'List containers',
    `
    -a, --all | Show all stopped containers (including those created by the run command)
    --filter string | Filter services by a property (supported filters: status)
    --format string | Format output using a custom template: 'table':            Print output in table format with column headers (default)\\n'table TEMPLATE':   Print output in table format using the given Go template\\n'json':             Print in JSON format 'TEMPLATE':         Print output using the given Go template.\\nRefer to https://docs.docker.com/go/formatting/ for more information about formatting output\\nwith templates (default "table")
    --no-trunc | Don't truncate output
    --orphans | Include orphaned services (not declared by project) (default true)
    -q, --quiet | Only display IDs
    --services | Display services
    --status stringArray | Filter services by status. Values: [paused | restarting | removing | running | dead | created | exited]
  `,
  ),
  spec(
    'run',
    '[OPTIONS] SERVICE [COMMAND] [ARGS...]',
    'Run a one-off command on a service',
    `
    --build | Build image before starting container
    --cap-add list | Add Linux capabilities
    --cap-drop list | Drop Linux capabilities
    -d, --detach | Run container in background and print container ID
    --entrypoint string | Override the entrypoint of the image
    -e, --env stringArray | Set environment variables
    --env-from-file stringArray | Set environment variables from file
    -i, --interactive | Keep STDIN open even if not attached (default true)
    -l, --label stringArray | Add or override a label
    --name string | Assign a name to the container
    -T, --no-TTY | Disable pseudo-TTY allocation (default: auto-detected) (default true)
    --no-deps | Don't start linked services
    -p, --publish stringArray | Publish a container's port(s) to the host
    --pull string | Pull image before running ("always"|"missing"|"never") (default "policy")
    -q, --quiet | Don't print anything to STDOUT
    --quiet-build | Suppress progress output from the build process
    --quiet-pull | Pull without printing progress information
    --remove-orphans | Remove containers for services not defined in the Compose file
    --rm | Automatically remove the container when it exits
    -P, --service-ports | Run command with all service's ports enabled and mapped to the host
    --use-aliases | Use the service's network useAliases in the network(s) the container\\nconnects to
    -u, --user string | Run as specified username or uid
    -v, --volume stringArray | Bind mount a volume
    -w, --workdir string | Working directory inside the container
    !-t, --tty | Allocate a pseudo-TTY
  `,
  ),
  spec(
    'stats',
    '[OPTIONS] [SERVICE]',
    'Display a live stream of container(s) resource usage statistics',
    `
    -a, --all | Show all containers (default shows just running)
    --format string | Format output using a custom template:\\n'table':            Print output in table format with column headers (default)\\n'table TEMPLATE':   Print output in table format using the given Go template\\n'json':             Print in JSON format 'TEMPLATE':         Print output using the given Go template.\\nRefer to https://docs.docker.com/engine/cli/formatting/\\nfor more information about formatting output with templates
    --no-stream | Disable streaming stats and only pull the first result
    --no-trunc | Do not truncate output
  `,
  ),
  spec(
    'top',
    '[SERVICES...]',
    'Display the running processes',
    `
  `,
  ),
];
