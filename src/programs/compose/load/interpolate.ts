import { InvalidTemplate, substitute, type TemplateOptions } from './template';
import { LoadError, lookUp, type Dict, type Path, type Value } from './value';

type Cast = (text: string, warn: (message: string) => void) => Value;

const fail = (text: string): never => {
  throw new Error(text);
};
const integer: Cast = (text) =>
  /^[+-]?\d+$/.test(text) ? Number(text) : fail(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
const long: Cast = (text) =>
  /^[+-]?\d+$/.test(text) ? Number(text) : fail(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
const float: Cast = (text) =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
    ? Number(text)
    : fail(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`);
const bool: Cast = (text, warn) => {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  const yes = ['y', 'yes', 'on'].includes(word);
  if (!yes && !['n', 'no', 'off'].includes(word)) return fail(`invalid boolean: ${text}`);
  const use = yes ? 'true' : 'false';
  warn(`${JSON.stringify(text)} for boolean is not supported by YAML 1.2, please use \`${use}\``);
  return yes;
};

/** What texts become where the model has another type (compose-go's interpolateTypeCastMapping). */
const casts: Readonly<Record<string, Cast>> = {
  ...of(long, 'services.*.', 'cpu_count cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares oom_score_adj'),
  ...of(long, 'services.*.', 'pids_limit'),
  ...of(float, 'services.*.', 'cpu_percent cpus'),
  ...of(bool, 'services.*.', 'init healthcheck.disable oom_kill_disable privileged read_only stdin_open tty'),
  ...of(bool, 'services.*.volumes.[].', 'read_only volume.nocopy'),
  ...of(integer, 'services.*.', 'healthcheck.retries ports.[].target scale ulimits.* ulimits.*.hard ulimits.*.soft'),
  ...of(
    integer,
    'services.*.deploy.',
    'replicas update_config.parallelism rollback_config.parallelism restart_policy.max_attempts placement.max_replicas_per_node',
  ),
  ...of(float, 'services.*.deploy.', 'update_config.max_failure_ratio rollback_config.max_failure_ratio'),
  ...of(bool, 'networks.*.', 'external internal attachable enable_ipv4 enable_ipv6'),
  ...of(bool, '', 'volumes.*.external secrets.*.external configs.*.external'),
};

function of(cast: Cast, prefix: string, names: string): Record<string, Cast> {
  return Object.fromEntries(names.split(' ').map((name) => [prefix + name, cast]));
}

/** Replaces variables in all texts of a file, and gives them the types of their places. */
export function interpolate(model: Dict, options: TemplateOptions): Dict {
  const walk = (value: Value, path: Path): Value => {
    if (typeof value === 'string') {
      const at = path.join('.');
      try {
        const text = substitute(value, options);
        const cast = lookUp(casts, path);
        if (cast === undefined) return text;
        try {
          return cast(text, options.warn);
        } catch (error) {
          throw new LoadError(`failed to cast to expected type: ${error instanceof Error ? error.message : ''}`);
        }
      } catch (error) {
        if (error instanceof InvalidTemplate)
          throw new LoadError(
            `invalid interpolation format for ${at}.\nYou may need to escape any $ with another $.\n${error.template}`,
          );
        if (error instanceof LoadError) throw new LoadError(`error while interpolating ${at}: ${error.message}`);
        throw error;
      }
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, [...path, '[]']));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
  };
  return walk(model, []) as Dict;
}
