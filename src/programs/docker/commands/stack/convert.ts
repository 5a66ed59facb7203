import { parseDuration } from '../../cli/container-values';
import { parseSize } from '../../cli/sizes';
import { readKeyValues } from '../../cli/key-files';
import type { Process } from '../../../../linux/process/types';
import type { SpecJson } from '../service/json';
import { portsOf } from '../service/spec';
import type { Fields, StackFile } from './load';

export const namespaceLabel = 'com.docker.stack.namespace';

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : value === undefined || value === null ? [] : [value];
const texts = (value: unknown): readonly string[] => list(value).map(text);
const nano = (value: unknown): number => parseDuration(text(value)) ?? 0;
const bytes = (value: unknown): number => {
  const parsed = parseSize(text(value));
  return parsed.ok ? parsed.value : 0;
};
/** A list of `a=b`, or a mapping, as a mapping. */
const mapping = (value: unknown): Record<string, string> =>
  Array.isArray(value)
    ? Object.fromEntries(
        texts(value).map((entry): [string, string] => {
          const equals = entry.indexOf('=');
          return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
        }),
      )
    : Object.fromEntries(Object.entries(fieldsOf(value)).map(([key, field]) => [key, text(field)]));
const words = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? texts(value)
    : [...text(value).matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');

/** What a name of the file is called in the swarm: `<stack>_<name>`, or what it says itself. */
export function scopedName(stack: string, name: string, fields: Fields | undefined): string {
  const own = text(fields?.['name']);
  if (own !== '') return own;
  const external = fields?.['external'];
  if (external === true) return name;
  const externalName = text(fieldsOf(external)['name']);
  return externalName === '' ? `${stack}_${name}` : externalName;
}

export const isExternal = (fields: Fields | undefined): boolean =>
  fields?.['external'] === true || Object.keys(fieldsOf(fields?.['external'])).length > 0;

/** In which networks a service is: without a word in the stack's own. */
export const networksOf = (fields: Fields): readonly (readonly [string, Fields])[] => {
  const asked = fields['networks'];
  if (asked === undefined) return [['default', {}]];
  return Array.isArray(asked)
    ? texts(asked).map((name) => [name, {}] as const)
    : Object.entries(fieldsOf(asked)).map(([name, value]) => [name, fieldsOf(value)] as const);
};

function mountOf(stack: string, file: StackFile, entry: unknown, cwd: string): object {
  const volume = (name: string) => {
    const fields = file.volumes[name];
    return {
      Source: scopedName(stack, name, fields),
      ...(isExternal(fields)
        ? {}
        : { VolumeOptions: { Labels: { [namespaceLabel]: stack, ...mapping(fields?.['labels']) } } }),
    };
  };
  const absolute = (path: string): string => (path.startsWith('/') ? path : `${cwd}/${path.replace(/^\.\//, '')}`);
  if (typeof entry !== 'string') {
    const { type = 'volume', source, target, read_only: readOnly } = fieldsOf(entry);
    const from = text(source);
    const where =
      text(type) === 'volume' ? (from === '' ? {} : volume(from)) : from === '' ? {} : { Source: absolute(from) };
    return { Type: text(type), ...where, Target: text(target), ...(readOnly === true ? { ReadOnly: true } : {}) };
  }
  const [first = '', second, mode = ''] = entry.split(':');
  if (second === undefined) return { Type: 'volume', Target: first };
  const readOnly = mode.split(',').includes('ro') ? { ReadOnly: true } : {};
  return /^[./~]/.test(first)
    ? { Type: 'bind', Source: absolute(first), Target: second, ...readOnly }
    : { Type: 'volume', ...volume(first), Target: second, ...readOnly };
}

const updateOf = (value: unknown): Record<string, unknown> | undefined => {
  const fields = fieldsOf(value);
  if (Object.keys(fields).length === 0) return undefined;
  return {
    Parallelism: fields['parallelism'] === undefined ? 1 : Number(fields['parallelism']),
    Delay: nano(fields['delay']),
    FailureAction: text(fields['failure_action']),
    Monitor: nano(fields['monitor']),
    MaxFailureRatio: Number(fields['max_failure_ratio'] ?? 0),
    Order: text(fields['order']),
  };
};

/** One service of the file as the swarm's managers take it (cli/compose/convert/service.go). */
export function convertService(
  process: Process,
  stack: string,
  name: string,
  fields: Fields,
  file: StackFile,
  files: { readonly Secrets: readonly object[]; readonly Configs: readonly object[] },
): SpecJson {
  const deploy = fieldsOf(fields['deploy']);
  const { limits, reservations } = fieldsOf(deploy['resources']);
  const side = (of: unknown): Record<string, number> => ({
    ...(fieldsOf(of)['cpus'] === undefined ? {} : { NanoCPUs: Math.round(Number(fieldsOf(of)['cpus']) * 1e9) }),
    ...(fieldsOf(of)['memory'] === undefined ? {} : { MemoryBytes: bytes(fieldsOf(of)['memory']) }),
    ...(fieldsOf(of)['pids'] === undefined ? {} : { Pids: Number(fieldsOf(of)['pids']) }),
  });
  const environment = Array.isArray(fields['environment'])
    ? texts(fields['environment'])
    : Object.entries(fieldsOf(fields['environment'])).map(([key, value]) =>
        value === null ? key : `${key}=${text(value)}`,
      );
  const env = readKeyValues(process, texts(fields['env_file']), environment, true);
  const check = fieldsOf(fields['healthcheck']);
  const test = check['test'];
  const restart = fieldsOf(deploy['restart_policy']);
  const placement = fieldsOf(deploy['placement']);
  const mode = text(deploy['mode']) || 'replicated';
  const replicas = deploy['replicas'] === undefined ? {} : { Replicas: Number(deploy['replicas']) };
  const optional = (key: string, field: string, make: (value: unknown) => unknown): object =>
    fields[key] === undefined ? {} : { [field]: make(fields[key]) };
  const networks = networksOf(fields).map(([network, how]) => ({
    Target: scopedName(stack, network, file.networks[network]),
    Aliases: [...texts(how['aliases']), name],
  }));
  const update = updateOf(deploy['update_config']);
  const rollback = updateOf(deploy['rollback_config']);
  return {
    Name: `${stack}_${name}`,
    Labels: {
      ...mapping(deploy['labels']),
      'com.docker.stack.image': text(fields['image']),
      [namespaceLabel]: stack,
    },
    TaskTemplate: {
      ContainerSpec: {
        Image: text(fields['image']),
        Labels: { ...mapping(fields['labels']), [namespaceLabel]: stack },
        ...optional('entrypoint', 'Command', words),
        ...optional('command', 'Args', words),
        ...optional('hostname', 'Hostname', text),
        ...(env.length === 0 ? {} : { Env: [...env].sort() }),
        ...optional('working_dir', 'Dir', text),
        ...optional('user', 'User', text),
        ...optional('tty', 'TTY', (value) => value === true),
        ...optional('stdin_open', 'OpenStdin', (value) => value === true),
        ...optional('read_only', 'ReadOnly', (value) => value === true),
        ...optional('init', 'Init', (value) => value === true),
        ...optional('stop_signal', 'StopSignal', text),
        ...optional('stop_grace_period', 'StopGracePeriod', nano),
        ...optional('cap_add', 'CapabilityAdd', texts),
        ...optional('cap_drop', 'CapabilityDrop', texts),
        ...optional('sysctls', 'Sysctls', mapping),
        ...optional('extra_hosts', 'Hosts', (hosts) =>
          Array.isArray(hosts)
            ? texts(hosts).map((host) => host.replace(/^([^:=]+)[:=](.*)$/, '$2 $1'))
            : Object.entries(mapping(hosts)).map(([host, address]) => `${address} ${host}`),
        ),
        DNSConfig: { Nameservers: texts(fields['dns']), Search: texts(fields['dns_search']) },
        Mounts: list(fields['volumes']).map((entry) => mountOf(stack, file, entry, process.cwd)),
        ...(fields['healthcheck'] === undefined
          ? {}
          : {
              Healthcheck:
                check['disable'] === true
                  ? { Test: ['NONE'] }
                  : {
                      Test: Array.isArray(test) ? texts(test) : ['CMD-SHELL', text(test)],
                      Interval: nano(check['interval']),
                      Timeout: nano(check['timeout']),
                      StartPeriod: nano(check['start_period']),
                      Retries: Number(check['retries'] ?? 0),
                    },
            }),
        ...files,
      },
      Resources: { Limits: side(limits), Reservations: side(reservations) },
      ...(Object.keys(restart).length === 0
        ? {}
        : {
            RestartPolicy: {
              Condition: text(restart['condition']) || 'any',
              ...(restart['delay'] === undefined ? {} : { Delay: nano(restart['delay']) }),
              MaxAttempts: Number(restart['max_attempts'] ?? 0),
              ...(restart['window'] === undefined ? {} : { Window: nano(restart['window']) }),
            },
          }),
      Placement: {
        Constraints: texts(placement['constraints']),
        Preferences: list(placement['preferences']).map((one) => ({
          Spread: { SpreadDescriptor: text(fieldsOf(one)['spread']) },
        })),
        MaxReplicas: Number(placement['max_replicas_per_node'] ?? 0),
      },
      Networks: networks,
      ForceUpdate: 0,
    },
    Mode: mode === 'global' ? { Global: {} } : { Replicated: { Replicas: 1, ...replicas } },
    ...(update === undefined ? {} : { UpdateConfig: update }),
    ...(rollback === undefined ? {} : { RollbackConfig: rollback }),
    EndpointSpec: {
      Mode: text(deploy['endpoint_mode']) || 'vip',
      Ports: list(fields['ports']).flatMap((port) => {
        if (typeof port !== 'object') return portsOf([text(port)]);
        const { target, published = 0, protocol = 'tcp', mode: how = 'ingress' } = fieldsOf(port);
        return [
          {
            Protocol: text(protocol),
            TargetPort: Number(target),
            PublishedPort: Number(published),
            PublishMode: text(how),
          },
        ];
      }),
    },
  };
}
