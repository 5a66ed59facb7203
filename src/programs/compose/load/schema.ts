import type { Schema, TypeName } from './validate';

/*
 * The compose specification's schema (compose-spec.json of compose-go 2.9): which attributes there are and what they
 * may hold.
 */

const of = (...types: readonly TypeName[]): Schema => ({ types });
const string = of('string');
const flag = of('boolean', 'string');
const count = of('integer', 'string');
const amount = of('number', 'string');
const list = (items: Schema, unique = false): Schema => ({ types: ['array'], items, unique });
const strings = list(string);
const uniqueStrings = list(string, true);
const either = (...oneOf: readonly Schema[]): Schema => ({ oneOf });
const choice = (...values: readonly string[]): Schema => ({ types: ['string'], values });
const anything: Schema = {};
const extension = [/^x-/, anything] as const;
const stringOrList = either(string, uniqueStrings);

/** A mapping with these attributes, extensions and no others. */
const closed = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  types: ['object'],
  properties,
  patterns: [extension],
  closed: true,
  required,
});
const orNull = (schema: Schema): Schema => ({ ...schema, types: ['object', 'null'] });
/** A mapping with free keys. */
const keyed = (pattern: RegExp, inner: Schema, isClosed = true): Schema => ({
  types: ['object'],
  patterns: [[pattern, inner]],
  closed: isClosed,
});
const any = /.+/;
const name = /^[a-zA-Z0-9._-]+$/;

/** Several attributes of one kind. */
const all = (schema: Schema, names: string): Readonly<Record<string, Schema>> =>
  Object.fromEntries(names.split(' ').map((each) => [each, schema]));

const listOrDict = either(keyed(any, of('string', 'number', 'boolean', 'null')), uniqueStrings);
const extraHosts = either(keyed(any, either(string, strings)), uniqueStrings);
const command = either(of('null'), string, strings);
const driverOpts = keyed(any, of('string', 'number'), false);
const limits = closed({ hard: count, soft: count }, ['soft', 'hard']);
const ulimits = keyed(/^[a-z]+$/, either(count, limits), false);
const fileReference = list(
  either(string, closed({ source: string, target: string, uid: string, gid: string, mode: amount })),
);
const deviceRequest = { ...all(uniqueStrings, 'capabilities device_ids'), count, driver: string, options: listOrDict };
const hook = closed({ command, user: string, privileged: flag, working_dir: string, environment: listOrDict }, [
  'command',
]);

const build = closed({
  ...all(string, 'context dockerfile dockerfile_inline network target isolation'),
  ...all(strings, 'entitlements cache_from cache_to tags platforms'),
  ...all(listOrDict, 'args ssh labels additional_contexts'),
  ...all(flag, 'no_cache pull privileged'),
  ...all(of('string', 'boolean'), 'provenance sbom'),
  shm_size: count,
  extra_hosts: extraHosts,
  secrets: fileReference,
  ulimits,
});

const strategy = closed({
  ...all(count, 'parallelism'),
  ...all(string, 'delay failure_action monitor'),
  max_failure_ratio: amount,
  order: choice('start-first', 'stop-first'),
});
const deploy = orNull(
  closed({
    ...all(string, 'mode endpoint_mode'),
    replicas: count,
    labels: listOrDict,
    rollback_config: strategy,
    update_config: strategy,
    resources: closed({
      limits: closed({ cpus: amount, memory: string, pids: count }),
      reservations: closed({
        cpus: amount,
        memory: string,
        generic_resources: list(closed({ discrete_resource_spec: closed({ kind: string, value: amount }) })),
        devices: list(closed(deviceRequest, ['capabilities'])),
      }),
    }),
    restart_policy: closed({ ...all(string, 'condition delay window'), max_attempts: count }),
    placement: closed({
      constraints: strings,
      preferences: list(closed({ spread: string })),
      max_replicas_per_node: count,
    }),
  }),
);
const watch = closed(
  {
    ...all(stringOrList, 'ignore include'),
    ...all(string, 'path target'),
    action: choice('rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'),
    exec: hook,
    initial_sync: of('boolean'),
  },
  ['path', 'action'],
);
const dependency: Schema = closed(
  {
    restart: flag,
    required: of('boolean'),
    condition: choice('service_started', 'service_healthy', 'service_completed_successfully'),
  },
  ['condition'],
);
const serviceNetwork = closed({
  ...all(uniqueStrings, 'aliases link_local_ips'),
  ...all(string, 'interface_name ipv4_address ipv6_address mac_address'),
  ...all(of('number'), 'priority gw_priority'),
  driver_opts: driverOpts,
});
const volume = closed(
  {
    type: choice('bind', 'volume', 'tmpfs', 'cluster', 'npipe', 'image'),
    ...all(string, 'source target consistency'),
    read_only: flag,
    bind: closed({
      propagation: string,
      create_host_path: flag,
      recursive: choice('enabled', 'disabled', 'writable', 'readonly'),
      selinux: choice('z', 'Z'),
    }),
    volume: closed({ labels: listOrDict, nocopy: flag, subpath: string }),
    tmpfs: closed({ size: either({ types: ['integer'], minimum: 0 }, string), mode: amount }),
    image: closed({ subpath: string }),
  },
  ['type'],
);
const port = closed({ ...all(string, 'name mode host_ip protocol app_protocol'), target: count, published: count });
const blkio = list({ types: ['object'], properties: { path: string, rate: count }, closed: true });
const scalar = of('string', 'number', 'boolean');
const pullPolicy = /always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+/;

const service = closed({
  ...all(string, 'cgroup_parent cpuset domainname hostname image ipc isolation mac_address network_mode platform'),
  ...all(string, 'pull_refresh_after restart runtime stop_grace_period stop_signal user uts userns_mode working_dir'),
  ...all(flag, 'attach init oom_kill_disable privileged read_only stdin_open tty'),
  ...all(amount, 'cpu_shares cpu_quota cpu_period cpu_rt_period cpu_rt_runtime cpus mem_limit memswap_limit'),
  ...all(amount, 'pids_limit shm_size'),
  ...all(count, 'mem_reservation mem_swappiness scale'),
  ...all(uniqueStrings, 'cap_add cap_drop device_cgroup_rules dns_opt external_links links profiles security_opt'),
  ...all(uniqueStrings, 'volumes_from'),
  ...all(listOrDict, 'annotations environment labels sysctls'),
  ...all(stringOrList, 'dns dns_search tmpfs'),
  ...all(list(of('string', 'number'), true), 'expose group_add'),
  ...all(list(hook), 'post_start pre_stop'),
  ...all(fileReference, 'configs secrets'),
  ...all(command, 'command entrypoint'),
  develop: orNull(closed({ watch: list(watch) })),
  deploy,
  build: either(string, build),
  blkio_config: {
    types: ['object'],
    properties: {
      ...all(blkio, 'device_read_bps device_read_iops device_write_bps device_write_iops'),
      weight: count,
      weight_device: list({ types: ['object'], properties: { path: string, weight: count }, closed: true }),
    },
    closed: true,
  },
  cgroup: choice('host', 'private'),
  container_name: { types: ['string'], pattern: /[a-zA-Z0-9][a-zA-Z0-9_.-]+/ },
  cpu_count: either(string, { types: ['integer'], minimum: 0 }),
  cpu_percent: either(string, { types: ['integer'], minimum: 0, maximum: 100 }),
  credential_spec: closed(all(string, 'config file registry')),
  depends_on: either(uniqueStrings, keyed(name, dependency)),
  devices: list(either(string, closed(all(string, 'source target permissions'), ['source']))),
  env_file: either(
    string,
    list(
      either(string, {
        types: ['object'],
        properties: { path: string, format: string, required: flag },
        required: ['path'],
        closed: true,
      }),
    ),
  ),
  label_file: either(string, strings),
  extends: either(string, {
    types: ['object'],
    properties: { service: string, file: string },
    required: ['service'],
    closed: true,
  }),
  extra_hosts: extraHosts,
  gpus: either(choice('all'), list({ types: ['object'], properties: deviceRequest })),
  healthcheck: closed({
    ...all(string, 'interval timeout start_period start_interval'),
    disable: flag,
    retries: amount,
    test: either(string, strings),
  }),
  logging: closed({ driver: string, options: keyed(any, of('string', 'number', 'null'), false) }),
  models: either(uniqueStrings, keyed(name, either(closed(all(string, 'endpoint_var model_var')), of('null')), false)),
  networks: either(uniqueStrings, keyed(name, either(serviceNetwork, of('null')))),
  oom_score_adj: either(string, { types: ['integer'], minimum: -1000, maximum: 1000 }),
  pid: of('string', 'null'),
  ports: list(either(of('number'), string, port), true),
  provider: closed({ type: string, options: keyed(any, either(scalar, list(scalar)), false) }, ['type']),
  pull_policy: { types: ['string'], pattern: pullPolicy },
  storage_opt: of('object'),
  ulimits,
  use_api_socket: of('boolean'),
  volumes: list(either(string, volume), true),
});

const external: Schema = { ...closed({ name: string }), types: ['boolean', 'string', 'object'] };
const network = orNull(
  closed({
    ...all(string, 'name driver'),
    ...all(flag, 'internal enable_ipv4 enable_ipv6 attachable'),
    driver_opts: driverOpts,
    ipam: closed({
      driver: string,
      config: list(closed({ ...all(string, 'subnet ip_range gateway'), aux_addresses: keyed(any, string) })),
      options: keyed(any, string),
    }),
    external,
    labels: listOrDict,
  }),
);
const fileObject = {
  ...all(string, 'name environment file template_driver'),
  external,
  labels: listOrDict,
};

/** A whole compose file. */
export const composeSchema: Schema = closed({
  version: string,
  name: string,
  include: list(
    either(string, {
      types: ['object'],
      properties: { ...all(stringOrList, 'path env_file'), project_directory: string },
      closed: true,
    }),
  ),
  services: keyed(name, service),
  models: keyed(
    name,
    closed({ ...all(string, 'name model'), context_size: of('integer'), runtime_flags: strings }, ['model']),
    false,
  ),
  networks: keyed(name, network, false),
  volumes: keyed(
    name,
    orNull(closed({ ...all(string, 'name driver'), driver_opts: driverOpts, external, labels: listOrDict })),
  ),
  secrets: keyed(name, closed({ ...fileObject, driver: string, driver_opts: driverOpts })),
  configs: keyed(name, closed({ ...fileObject, content: string })),
});
