import { refuse, type ApiError, type HostConfig } from './api-types';
import { ok, type Result } from '../../sim/result';

const common = ['labels', 'labels-regex', 'env', 'env-regex', 'tag'];
const cacheOptions = ['cache-disabled', 'cache-max-size', 'cache-max-file', 'cache-compress'];

/** The options that each driver knows (daemon/logger/<driver>/, ValidateLogOpt). */
const drivers: Readonly<Record<string, readonly string[] | undefined>> = {
  'json-file': ['max-file', 'max-size', 'compress', ...common],
  local: ['max-file', 'max-size', 'compress'],
  syslog: [
    'syslog-address',
    'syslog-facility',
    'syslog-tls-ca-cert',
    'syslog-tls-cert',
    'syslog-tls-key',
    'syslog-tls-skip-verify',
    'syslog-format',
    ...common,
    ...cacheOptions,
  ],
  journald: [...common, ...cacheOptions],
  gelf: [
    'gelf-address',
    'gelf-compression-level',
    'gelf-compression-type',
    'gelf-tcp-max-reconnect',
    'gelf-tcp-reconnect-delay',
    ...common,
    ...cacheOptions,
  ],
  fluentd: [
    'fluentd-address',
    'fluentd-async',
    'fluentd-buffer-limit',
    'fluentd-max-retries',
    'fluentd-request-ack',
    'fluentd-retry-wait',
    'fluentd-sub-second-precision',
    ...common,
    ...cacheOptions,
  ],
  awslogs: ['awslogs-region', 'awslogs-group', 'awslogs-stream', 'awslogs-create-group', 'tag', ...cacheOptions],
  splunk: ['splunk-token', 'splunk-url', 'splunk-index', 'splunk-format', ...common, ...cacheOptions],
  gcplogs: ['gcp-project', 'gcp-log-cmd', ...common, ...cacheOptions],
};

/** What a driver says of an option that is not its own, each in its own words. */
const unknown = (driver: string, option: string): string =>
  driver === 'local'
    ? `unknown log opt '${option}' for log driver ${driver}`
    : `unknown log opt '${option}' for ${driver} log driver`;

/** `--log-driver` and `--log-opt` with the engine's default filled in (daemon/logs.go, mergeAndVerifyLogConfig). */
export function completeLogConfig(
  given: Partial<HostConfig['LogConfig']> | undefined,
): Result<HostConfig['LogConfig'], ApiError> {
  const Type = given?.Type === undefined || given.Type === '' ? 'json-file' : given.Type;
  const Config = given?.Config ?? {};
  const complete = { Type, Config };
  if (Type === 'none') return ok(complete);
  const mode = Config['mode'] ?? '';
  if (!['', 'blocking', 'non-blocking'].includes(mode))
    return refuse(400, `logger: logging mode not supported: ${mode}`);
  if (Config['max-buffer-size'] !== undefined && mode !== 'non-blocking')
    return refuse(400, `logger: max-buffer-size option is only supported with 'mode=non-blocking'`);
  const known = Object.hasOwn(drivers, Type) ? drivers[Type] : undefined;
  if (known === undefined)
    return refuse(400, `error looking up logging plugin ${Type}: plugin ${JSON.stringify(Type)} not found`);
  for (const option of Object.keys(Config).sort()) {
    if (option !== 'mode' && option !== 'max-buffer-size' && !known.includes(option))
      return refuse(400, unknown(Type, option));
  }
  return ok(complete);
}
