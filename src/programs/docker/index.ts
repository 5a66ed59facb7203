import type { Program } from '../../linux/process/types';
import { commandTable } from './cli/help';
import { runCli } from './cli/run-cli';
import { completeCommands } from '../cobra/directives';
import { complete } from './complete/complete';
import { common, management, others, root } from './commands';

const rootHelp = (): string => `Usage:  docker [OPTIONS] COMMAND

A self-sufficient runtime for containers

Common Commands:
${commandTable(common)}
Management Commands:
${commandTable(management)}
Commands:
${commandTable(others)}
Global Options:
      --config string      Where the client's configuration files are
  -c, --context string     Name of the context to use to connect to the
                           daemon (overrides DOCKER_HOST env var)
  -D, --debug              Enable debug mode
  -H, --host string        Daemon socket to connect to
  -l, --log-level string   Set the logging level ("debug", "info",
                           "warn", "error", "fatal") (default "info")
  -v, --version            Print version information and quit

Run 'docker COMMAND --help' for more information on a command.

For more help on how to use Docker, head to https://docs.docker.com/go/guides/
`;

/** The docker command line. */
export const docker: Program = (process) =>
  completeCommands.includes(process.args[0] ?? '') ? complete(process, root) : runCli(process, root, rootHelp());

export const programs: Readonly<Record<string, Program>> = { docker };
