import { GoStruct, type GoValue } from '../../gotemplate';

/** What the API's Go types say beyond the JSON that comes. Paths have `[]` for an element and `*` for any key of a map. */
interface Shape {
  /** Objects that are maps; the others are structs. */
  readonly maps: readonly string[];
  /** Fields whose name in Go is another than in JSON. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Fields that may be missing (`omitempty`): nil in Go. */
  readonly optional: readonly string[];
  /** Structs whose fields come in another order than the API sends them in: all of them, each of which may be missing. */
  readonly ordered?: Readonly<Record<string, readonly string[]>>;
}

const hostConfigNames: Readonly<Record<string, string>> = {
  Dns: 'DNS',
  DnsOptions: 'DNSOptions',
  DnsSearch: 'DNSSearch',
  CpuShares: 'CPUShares',
  NanoCpus: 'NanoCPUs',
  CpuPeriod: 'CPUPeriod',
  CpuQuota: 'CPUQuota',
  CpuRealtimePeriod: 'CPURealtimePeriod',
  CpuRealtimeRuntime: 'CPURealtimeRuntime',
  CpuCount: 'CPUCount',
  CpuPercent: 'CPUPercent',
};

const shapes: Readonly<Record<string, Shape>> = {
  container: {
    maps: [
      'HostConfig.LogConfig.Config',
      'HostConfig.PortBindings',
      'HostConfig.Tmpfs',
      'HostConfig.Sysctls',
      'HostConfig.StorageOpt',
      'HostConfig.Annotations',
      'GraphDriver.Data',
      'Config.ExposedPorts',
      'Config.Volumes',
      'Config.Labels',
      'NetworkSettings.Ports',
      'NetworkSettings.Networks',
      'NetworkSettings.Networks.*.DriverOpts',
    ],
    renamed: {
      Id: 'ID',
      ...Object.fromEntries(Object.entries(hostConfigNames).map(([key, name]) => [`HostConfig.${key}`, name])),
    },
    optional: [
      'SizeRw',
      'SizeRootFs',
      'State.Health',
      'HostConfig.Annotations',
      'HostConfig.Init',
      'HostConfig.Mounts',
      'HostConfig.StorageOpt',
      'HostConfig.Sysctls',
      'HostConfig.Tmpfs',
      'Config.ArgsEscaped',
      'Config.ExposedPorts',
      'Config.Healthcheck',
      'Config.Shell',
      'Config.StopSignal',
      'Config.StopTimeout',
    ],
  },
  image: {
    maps: ['Config.ExposedPorts', 'Config.Volumes', 'Config.Labels', 'GraphDriver.Data'],
    renamed: { Id: 'ID' },
    optional: [],
    // dockerspec.DockerOCIImageConfig; the engine sends it as a map.
    ordered: {
      Config:
        'User ExposedPorts Env Entrypoint Cmd Volumes WorkingDir Labels StopSignal ArgsEscaped Healthcheck OnBuild Shell'.split(
          ' ',
        ),
      'Config.Healthcheck': ['Test', 'Interval', 'Timeout', 'StartPeriod', 'StartInterval', 'Retries'],
    },
  },
  network: {
    maps: ['IPAM.Options', 'IPAM.Config[].AuxiliaryAddresses', 'Containers', 'Options', 'Labels'],
    renamed: { Id: 'ID', 'IPAM.Config[].AuxiliaryAddresses': 'AuxAddress' },
    optional: [],
  },
  volume: { maps: ['Labels', 'Options', 'Status'], renamed: {}, optional: ['Status', 'UsageData'] },
};

/** A document of `inspect` as the CLI's types decode it; undefined for kinds of which nothing is known. */
export function typedInspect(kind: string, value: unknown): GoValue {
  const shape = shapes[kind];
  return shape === undefined ? undefined : convert(value, '', shape);
}

function convert(value: unknown, path: string, shape: Shape): GoValue {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => convert(item, `${path}[]`, shape));
  if (typeof value !== 'object' || value === null) return value as GoValue;
  const below = path === '' ? '' : `${path}.`;
  if (shape.maps.includes(path))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item, `${below}*`, shape)]));
  const names = new Map<string, string>();
  const fields = new Map<string, GoValue>();
  const order = shape.ordered?.[path] ?? [];
  for (const name of order) fields.set(name, null);
  for (const [key, item] of Object.entries(value)) {
    const name = shape.renamed[below + key] ?? key;
    if (name !== key) names.set(name, key);
    fields.set(name, convert(item, below + key, shape));
  }
  const omitEmpty = new Set(order);
  for (const optional of shape.optional) {
    const name = optional.slice(below.length);
    if (!optional.startsWith(below) || name.includes('.') || fields.has(name)) continue;
    omitEmpty.add(name);
    fields.set(name, null);
  }
  return new GoStruct('struct', fields, { names, omitEmpty });
}
