import { spec, type Spec } from './spec';

/** Commands on images, configuration and projects: names, usage and flags. `!` marks what the help does not show. */
export const projectSpecs: readonly Spec[] = [
  spec(
    'build',
    '[OPTIONS] [SERVICE...]',
    'Build or rebuild services',
    `
    --build-arg stringArray | Set build-time variables for services
    --builder string | Set builder to use
    --check | Check build configuration
    -m, --memory bytes | Set memory limit for the build container. Not supported by BuildKit.
    --no-cache | Do not use cache when building the image
    --print | Print equivalent bake file
    --provenance string | Add a provenance attestation
    --pull | Always attempt to pull a newer version of the image
    --push | Push service images
    -q, --quiet | Suppress the build output
    --sbom string | Add a SBOM attestation
    --ssh string | Set SSH authentications used when\\nbuilding service images. (use 'default' for using your default SSH Agent)
    --with-dependencies | Also build dependencies (transitively)
    !--compress | Compress the build context using gzip. DEPRECATED
    !--force-rm | Always remove intermediate containers. DEPRECATED
    !--no-rm | Do not remove intermediate containers after a successful build. DEPRECATED
    !--parallel | Build images in parallel. DEPRECATED
    !--progress string | Set type of ui output
  `,
  ),
  spec(
    'config',
    '[OPTIONS] [SERVICE...]',
    'Parse, resolve and render compose file in canonical format',
    `
    --environment | Print environment used for interpolation.
    --format string | Format the output. Values: [yaml | json]
    --hash string | Print the service config hash, one per line.
    --images | Print the image names, one per line.
    --lock-image-digests | Produces an override file with image digests
    --models | Print the model names, one per line.
    --networks | Print the network names, one per line.
    --no-consistency | Don't check model consistency - warning: may produce invalid Compose output
    --no-env-resolution | Don't resolve service env files
    --no-interpolate | Don't interpolate environment variables
    --no-normalize | Don't normalize compose model
    --no-path-resolution | Don't resolve file paths
    -o, --output string | Save to file (default to stdout)
    --profiles | Print the profile names, one per line.
    -q, --quiet | Only validate the configuration, don't print anything
    --resolve-image-digests | Pin image tags to digests
    --services | Print the service names, one per line.
    --variables | Print model variables and default values.
    --volumes | Print the volume names, one per line.
  `,
  ),
  spec(
    'images',
    '[OPTIONS] [SERVICE...]',
    'List images used by the created containers',
    `
    --format string | Format the output. Values: [table | json]\\n(default "table")
    -q, --quiet | Only display IDs
  `,
  ),
  spec(
    'ls',
    '[OPTIONS]',
    'List running compose projects',
    `
    -a, --all | Show all stopped Compose projects
    --filter filter | Filter output based on conditions provided
    --format string | Format the output. Values: [table | json]\\n(default "table")
    -q, --quiet | Only display project names
  `,
  ),
  spec(
    'publish',
    '[OPTIONS] REPOSITORY[:TAG]',
    'Publish compose application',
    `
    --app | Published compose application (includes referenced images)
    --oci-version string | OCI image/artifact specification version (automatically determined by default)
    --resolve-image-digests | Pin image tags to digests
    --with-env | Include environment variables in the published OCI artifact
    -y, --yes | Assume "yes" as answer to all prompts
  `,
  ),
  spec(
    'pull',
    '[OPTIONS] [SERVICE...]',
    'Pull service images',
    `
    --ignore-buildable | Ignore images that can be built
    --ignore-pull-failures | Pull what it can and ignores images with pull failures
    --include-deps | Also pull services declared as dependencies
    --policy string | Apply pull policy ("missing"|"always")
    -q, --quiet | Pull without printing progress information
    !--parallel | DEPRECATED pull multiple images in parallel
    !--no-parallel | DEPRECATED disable parallel pulling
  `,
  ),
  spec(
    'push',
    '[OPTIONS] [SERVICE...]',
    'Push service images',
    `
    --ignore-push-failures | Push what it can and ignores images with push failures
    --include-deps | Also push images of services declared as dependencies
    -q, --quiet | Push without printing progress information
  `,
  ),
  spec(
    'version',
    '[OPTIONS]',
    'Show the Docker Compose version information',
    `
    -f, --format string | Format the output. Values: [pretty | json]. (Default: pretty)
    --short | Shows only Compose's version number
  `,
  ),
  spec(
    'volumes',
    '[OPTIONS] [SERVICE...]',
    'List volumes',
    `
    --format string | Format output using a custom template:\\n'table':            Print output in table format with column headers (default)\\n'table TEMPLATE':   Print output in table format using the given Go template\\n'json':             Print in JSON format 'TEMPLATE':         Print output using the given Go template.\\nRefer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates (default "table")
    -q, --quiet | Only display volume names
  `,
  ),
];
