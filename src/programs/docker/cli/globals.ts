import type { Process } from '../../../linux/process/types';
import { flags, type Flag, type FlagValues } from './flags';

/** Where the CLI keeps its configuration: DOCKER_CONFIG, or .docker in the home directory. */
export const configDirOf = (process: Process, given?: FlagValues): string =>
  given?.last('config') ?? process.env.get('DOCKER_CONFIG') ?? `${process.env.get('HOME') ?? '/root'}/.docker`;

/** Flags before the command (cli/flags/options.go). */
export function globalFlags(process: Process): readonly Flag[] {
  const config = configDirOf(process);
  const certificates = process.env.get('DOCKER_CERT_PATH') ?? config;
  if (last?.config === config && last.certificates === certificates) return last.flags;
  last = { config, certificates, flags: flagsOf(config, certificates) };
  return last.flags;
}

/** Those of the last run: most have the same folder. */
let last: { readonly config: string; readonly certificates: string; readonly flags: readonly Flag[] } | undefined;

const flagsOf = (config: string, certificates: string): readonly Flag[] =>
  flags(`
    --config string | Location of client config files (default "${config}")
    -c, --context string | Name of the context to use to connect to the daemon (overrides DOCKER_HOST env var and default context set with "docker context use")
    -D, --debug | Enable debug mode
    !-h, --help | Print usage
    -H, --host string | Daemon socket to connect to
    -l, --log-level string | Set the logging level ("debug", "info", "warn", "error", "fatal") (default "info")
    --tls | Use TLS; implied by --tlsverify
    --tlscacert string | Trust certs signed only by this CA (default "${certificates}/ca.pem")
    --tlscert string | Path to TLS certificate file (default "${certificates}/cert.pem")
    --tlskey string | Path to TLS key file (default "${certificates}/key.pem")
    --tlsverify | Use TLS and verify the remote
    -v, --version | Print version information and quit
  `);
