import { flagTable } from './help';
import { lifeSpecs } from './life';
import { projectSpecs } from './project';
import { runningSpecs } from './running';
import { flags, type Spec } from './spec';

/** Every command, by name. */
export const specs: readonly Spec[] = [...lifeSpecs, ...projectSpecs, ...runningSpecs].sort((a, b) =>
  a.name < b.name ? -1 : 1,
);

/** The options before the command. */
export const rootFlags = flags(`
  --all-resources | Include all resources, even those not used by services
  --ansi string | Control when to print ANSI control characters ("never"|"always"|"auto") (default "auto")
  --compatibility | Run compose in backward compatibility mode
  --dry-run | Execute command in dry run mode
  --env-file stringArray | Specify an alternate environment file
  -f, --file stringArray | Compose configuration files
  --parallel int | Control max parallelism, -1 for unlimited (default -1)
  --profile stringArray | Specify a profile to enable
  --progress string | Set type of progress output (auto,\\ntty, plain, json, quiet)
  --project-directory string | Specify an alternate working directory\\n(default: the path of the, first specified, Compose file)
  -p, --project-name string | Project name
  !-v, --version | Show the Docker Compose version information
  !--verbose | Show more output
  !--no-ansi | Do not print ANSI control characters (DEPRECATED)
  !--workdir string | DEPRECATED! USE --project-directory INSTEAD.
`);

/** `docker compose --help`. */
export function rootHelp(): string {
  const row = (name: string, text: string): string => `  ${name.padEnd(11)} ${text}\n`;
  return `Usage:  docker compose [OPTIONS] COMMAND

Define and run multi-container applications with Docker

Options:
${flagTable(rootFlags)}
Management Commands:
${row('bridge', 'Convert compose files into another model')}
Commands:
${specs.map(({ name, short }) => row(name, short)).join('')}
Run 'docker compose COMMAND --help' for more information on a command.
`;
}
