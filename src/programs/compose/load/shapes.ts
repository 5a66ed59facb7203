/** How an attribute is held: decoding and printing follow from it. */
export type Kind =
  | 'string'
  | 'integer'
  | 'float'
  | 'bool'
  /** A pointer to a bool or number in Go: printed even if it is zero. */
  | 'optional'
  | 'strings'
  /** Strings, or one that stands for a list of one. */
  | 'stringOrList'
  | 'bytes'
  | 'duration'
  /** `KEY=value`; a key alone is an empty text. */
  | 'mapping'
  /** `KEY=value`; a key alone is null. */
  | 'environment'
  | 'command'
  | 'test'
  | 'hosts'
  | 'mode'
  | 'ssh'
  | 'always'
  | 'any';

export interface Field {
  readonly name: string;
  readonly kind: Kind | Shape;
  readonly many?: 'list' | 'map';
  /** A pointer in Go: printed although it is empty. */
  readonly pointer?: boolean;
  /** Always in JSON, as `"command": null`. */
  readonly inJson?: boolean;
}

/** A struct of compose-go's types: its fields in their order, which is that of the printed configuration. */
export interface Shape {
  readonly fields: readonly Field[];
}

/** `a b:bytes c` is of three fields; without a kind it is a string. */
function shape(...parts: readonly (string | Field)[]): Shape {
  const fields = parts.flatMap((part): readonly Field[] => {
    if (typeof part !== 'string') return [part];
    return part.split(' ').map((word) => {
      const [name = '', kind = 'string'] = word.split(':');
      return { name, kind: kind as Kind };
    });
  });
  return { fields };
}
const one = (name: string, kind: Shape, pointer = true): Field => ({ name, kind, pointer });
const listOf = (name: string, kind: Shape): Field => ({ name, kind, many: 'list' });
const mapOf = (name: string, kind: Shape): Field => ({ name, kind, many: 'map', pointer: true });

const hook = shape(
  { name: 'command', kind: 'command', inJson: true },
  'user privileged:bool working_dir environment:environment',
);
const fileReference = shape('source target uid gid mode:mode');
const ulimits = shape('single:integer soft:integer hard:integer');
const deviceRequest = shape('capabilities:strings driver count:any device_ids:strings options:mapping');
const build = shape(
  'context dockerfile dockerfile_inline entitlements:strings args:environment provenance sbom ssh:ssh labels:mapping',
  'cache_from:stringOrList cache_to:stringOrList no_cache:bool additional_contexts:mapping pull:bool',
  'extra_hosts:hosts isolation network target',
  listOf('secrets', fileReference),
  'shm_size:bytes tags:stringOrList',
  mapOf('ulimits', ulimits),
  'platforms:stringOrList privileged:bool',
);
const throttle = (what: string): Field => listOf(what, shape('path rate:bytes'));
const update = shape(
  'parallelism:optional delay:duration failure_action monitor:duration max_failure_ratio:float order',
);
const genericResource = shape(one('discrete_resource_spec', shape('kind value:integer')));
const resource = shape(
  'cpus:float memory:bytes pids:integer',
  listOf('devices', deviceRequest),
  listOf('generic_resources', genericResource),
);
const deploy = shape(
  'mode replicas:optional labels:mapping',
  one('update_config', update),
  one('rollback_config', update),
  { name: 'resources', kind: shape(one('limits', resource), one('reservations', resource)), inJson: true },
  one('restart_policy', shape('condition delay:duration max_attempts:optional window:duration')),
  {
    name: 'placement',
    kind: shape('constraints:strings', listOf('preferences', shape('spread')), 'max_replicas_per_node:integer'),
    inJson: true,
  },
  'endpoint_mode',
);
const healthcheck = shape(
  'test:test timeout:duration interval:duration retries:optional start_period:duration start_interval:duration',
  'disable:bool',
);
const network = shape(
  'aliases:strings driver_opts:mapping gw_priority:integer interface_name ipv4_address ipv6_address',
  'link_local_ips:strings mac_address priority:integer',
);
const port = shape('name mode host_ip target:integer published protocol app_protocol');
const volume = shape(
  'type source target read_only:bool consistency',
  one('bind', shape('selinux propagation create_host_path:bool recursive')),
  one('volume', shape('labels:mapping nocopy:bool subpath')),
  one('tmpfs', shape('size:bytes mode:integer')),
  one('image', shape('subpath')),
);
const trigger = shape(
  { name: 'path', kind: 'string', inJson: true },
  'action target',
  one('exec', hook, false),
  'include:stringOrList ignore:stringOrList initial_sync:bool',
);

/** types.ServiceConfig. */
export const serviceShape: Shape = shape(
  'profiles:strings annotations:mapping attach:optional',
  one('build', build),
  one('develop', shape(listOf('watch', trigger))),
  one(
    'blkio_config',
    shape(
      'weight:integer',
      listOf('weight_device', shape('path weight:integer')),
      throttle('device_read_bps'),
      throttle('device_read_iops'),
      throttle('device_write_bps'),
      throttle('device_write_iops'),
    ),
  ),
  'cap_add:strings cap_drop:strings cgroup_parent cgroup cpu_count:integer cpu_percent:float cpu_period:integer',
  'cpu_quota:integer cpu_rt_period:integer cpu_rt_runtime:integer cpus:float cpuset cpu_shares:integer',
  { name: 'command', kind: 'command', inJson: true },
  listOf('configs', fileReference),
  'container_name',
  one('credential_spec', shape('config file registry')),
  { name: 'depends_on', kind: shape('condition restart:bool required:always'), many: 'map' },
  one('deploy', deploy),
  'device_cgroup_rules:strings',
  listOf('devices', shape('source target permissions')),
  'dns:stringOrList dns_opt:strings dns_search:stringOrList dockerfile domainname',
  { name: 'entrypoint', kind: 'command', inJson: true },
  one('provider', shape('type options:any')),
  'environment:environment',
  listOf('env_file', shape('path required:always format')),
  'expose:strings',
  one('extends', shape('file service')),
  'external_links:strings extra_hosts:hosts group_add:strings',
  listOf('gpus', deviceRequest),
  'hostname',
  one('healthcheck', healthcheck),
  'image init:optional ipc isolation labels:mapping label_file:strings links:strings',
  one('logging', shape('driver options:mapping')),
  'log_driver log_opt:mapping mem_limit:bytes mem_reservation:bytes memswap_limit:bytes mem_swappiness:bytes',
  'mac_address',
  mapOf('models', shape('endpoint_var model_var')),
  'net network_mode',
  mapOf('networks', network),
  'oom_kill_disable:bool oom_score_adj:integer pid pids_limit:integer platform',
  listOf('ports', port),
  'privileged:bool pull_policy read_only:bool restart runtime scale:optional',
  listOf('secrets', fileReference),
  'security_opt:strings shm_size:bytes stdin_open:bool stop_grace_period:duration stop_signal storage_opt:mapping',
  'sysctls:mapping tmpfs:stringOrList tty:bool',
  mapOf('ulimits', ulimits),
  'use_api_socket:bool user userns_mode uts volume_driver',
  listOf('volumes', volume),
  'volumes_from:strings working_dir',
  listOf('post_start', hook),
  listOf('pre_stop', hook),
);

/** types.NetworkConfig. */
export const networkShape: Shape = shape(
  'name driver driver_opts:mapping',
  {
    name: 'ipam',
    kind: shape('driver', listOf('config', shape('subnet gateway ip_range aux_addresses:mapping'))),
    inJson: true,
  },
  'external:bool internal:bool attachable:bool labels:mapping enable_ipv4:optional enable_ipv6:optional',
);

/** types.VolumeConfig. */
export const volumeShape: Shape = shape('name driver driver_opts:mapping external:bool labels:mapping');

/** types.FileObjectConfig: of secrets and configs. */
export const fileObjectShape: Shape = shape(
  'name file environment content external:bool labels:mapping driver driver_opts:mapping template_driver',
);

/** types.ModelConfig. */
export const modelShape: Shape = shape('name model context_size:integer runtime_flags:strings');
