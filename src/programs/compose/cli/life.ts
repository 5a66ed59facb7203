import { spec, type Spec } from './spec';

/** Commands that make, start, stop and remove containers: names, usage and flags. `!` marks what the help does not show. */
export const lifeSpecs: readonly Spec[] = [
  spec(
    'create',
    '[OPTIONS] [SERVICE...]',
    'Creates containers for a service',
    `
    --build | Build images before starting containers
    --force-recreate | Recreate containers even if their configuration and image haven't changed
    --no-build | Don't build an image, even if it's policy
    --no-recreate | If containers already exist, don't recreate\\nthem. Incompatible with --force-recreate.
    --pull string | Pull image before running ("always"|"missing"|"never"|"build") (default "policy")
    --quiet-pull | Pull without printing progress information
    --remove-orphans | Remove containers for services not defined in\\nthe Compose file
    --scale scale | Scale SERVICE to NUM instances. Overrides the scale setting in the Compose file if present.
    -y, --yes | Assume "yes" as answer to all prompts and run non-interactively
  `,
  ),
  spec(
    'down',
    '[OPTIONS] [SERVICES]',
    'Stop and remove containers, networks',
    `
    --remove-orphans | Remove containers for services not defined in\\nthe Compose file
    --rmi string | Remove images used by services. "local" remove only images that don't have a custom tag ("local"|"all")
    -t, --timeout int | Specify a shutdown timeout in seconds
    -v, --volumes | Remove named volumes declared in the "volumes" section of the Compose file and anonymous\\nvolumes attached to containers
  `,
  ),
  spec(
    'kill',
    '[OPTIONS] [SERVICE...]',
    'Force stop service containers',
    `
    --remove-orphans | Remove containers for services not defined in\\nthe Compose file
    -s, --signal string | SIGNAL to send to the container (default "SIGKILL")
  `,
  ),
  spec(
    'pause',
    '[SERVICE...]',
    'Pause services',
    `
  `,
  ),
  spec(
    'restart',
    '[OPTIONS] [SERVICE...]',
    'Restart service containers',
    `
    --no-deps | Don't restart dependent services
    -t, --timeout int | Specify a shutdown timeout in seconds
  `,
  ),
  spec(
    'rm',
    '[OPTIONS] [SERVICE...]',
    'Removes stopped service containers',
    `
    -f, --force | Don't ask to confirm removal
    -s, --stop | Stop the containers, if required, before removing
    -v, --volumes | Remove any anonymous volumes attached to containers
    !-a, --all | Deprecated - no effect
  `,
    `By default, anonymous volumes attached to containers will not be removed. You
can override this with -v. To list all volumes, use "docker volume ls".

Any data which is not in a volume will be lost.`,
  ),
  spec(
    'scale',
    '[SERVICE=REPLICAS...]',
    'Scale services ',
    `
    --no-deps | Don't start linked services
  `,
  ),
  spec(
    'start',
    '[SERVICE...]',
    'Start services',
    `
  `,
  ),
  spec(
    'stop',
    '[OPTIONS] [SERVICE...]',
    'Stop services',
    `
    -t, --timeout int | Specify a shutdown timeout in seconds
  `,
  ),
  spec(
    'unpause',
    '[SERVICE...]',
    'Unpause services',
    `
  `,
  ),
  spec(
    'up',
    '[OPTIONS] [SERVICE...]',
    'Create and start containers',
    `
    --abort-on-container-exit | Stops all containers if any\\ncontainer was stopped. Incompatible with -d
    --abort-on-container-failure | Stops all containers if any\\ncontainer exited with failure. Incompatible with -d
    --always-recreate-deps | Recreate dependent containers. Incompatible with --no-recreate.
    --attach stringArray | Restrict attaching to the specified services. Incompatible with --attach-dependencies.
    --attach-dependencies | Automatically attach to log output\\nof dependent services
    --build | Build images before starting containers
    -d, --detach | Detached mode: Run containers in the background
    --exit-code-from string | Return the exit code of the selected service container. Implies --abort-on-container-exit
    --force-recreate | Recreate containers even if their configuration and image haven't changed
    --menu | Enable interactive shortcuts when running attached. Incompatible with --detach. Can also be enable/disable by setting COMPOSE_MENU environment var.
    --no-attach stringArray | Do not attach (stream logs) to the specified services
    --no-build | Don't build an image, even if it's policy
    --no-color | Produce monochrome output
    --no-deps | Don't start linked services
    --no-log-prefix | Don't print prefix in logs
    --no-recreate | If containers already exist, don't recreate them. Incompatible with --force-recreate.
    --no-start | Don't start the services after creating them
    --pull string | Pull image before running ("always"|"missing"|"never")\\n(default "policy")
    --quiet-build | Suppress the build output
    --quiet-pull | Pull without printing progress\\ninformation
    --remove-orphans | Remove containers for services not defined in the Compose file
    -V, --renew-anon-volumes | Recreate anonymous volumes instead\\nof retrieving data from the previous containers
    --scale scale | Scale SERVICE to NUM instances. Overrides the scale setting in the Compose file if present.
    -t, --timeout int | Use this timeout in seconds for container shutdown when attached or when containers are already running
    --timestamps | Show timestamps
    --wait | Wait for services to be running|healthy. Implies detached mode.
    --wait-timeout int | Maximum duration in seconds to wait for the project to be running|healthy
    -w, --watch | Watch source code and\\nrebuild/refresh containers when\\nfiles are updated.
    -y, --yes | Assume "yes" as answer to all\\nprompts and run non-interactively
  `,
  ),
  spec(
    'wait',
    'SERVICE [SERVICE...] [OPTIONS]',
    'Block until containers of all (or specified) services stop.',
    `
    --down-project | Drops project when the first container stops
  `,
  ),
  spec(
    'watch',
    '[SERVICE...]',
    'Watch build context for service and rebuild/refresh containers when files are updated',
    `
    --no-up | Do not build & start services before watching
    --prune | Prune dangling images on rebuild (default true)
    --quiet | hide build output
  `,
  ),
];
