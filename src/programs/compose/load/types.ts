/** A service as `decode` leaves it (types.ServiceConfig): attributes that are empty are not there. */
export interface Service {
  readonly annotations?: Texts;
  readonly attach?: boolean;
  readonly blkio_config?: {
    readonly weight?: number;
    readonly weight_device?: readonly { readonly path: string; readonly weight: number }[];
    readonly device_read_bps?: readonly Throttle[];
    readonly device_read_iops?: readonly Throttle[];
    readonly device_write_bps?: readonly Throttle[];
    readonly device_write_iops?: readonly Throttle[];
  };
  readonly build?: Build;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cgroup?: string;
  readonly cgroup_parent?: string;
  readonly command?: readonly string[];
  readonly configs?: readonly FileReference[];
  readonly container_name?: string;
  readonly cpu_count?: number;
  readonly cpu_percent?: number;
  readonly cpu_period?: number;
  readonly cpu_quota?: number;
  readonly cpu_rt_period?: number;
  readonly cpu_rt_runtime?: number;
  readonly cpu_shares?: number;
  readonly cpus?: number;
  readonly cpuset?: string;
  depends_on?: Readonly<Record<string, Dependency>>;
  readonly deploy?: Deploy;
  readonly develop?: { readonly watch?: readonly Trigger[] };
  readonly device_cgroup_rules?: readonly string[];
  readonly devices?: readonly { readonly source: string; readonly target: string; readonly permissions: string }[];
  readonly dns?: readonly string[];
  readonly dns_opt?: readonly string[];
  readonly dns_search?: readonly string[];
  readonly domainname?: string;
  readonly entrypoint?: readonly string[];
  environment?: Readonly<Record<string, string | null>>;
  env_file?: readonly { readonly path: string; readonly required: boolean; readonly format?: string }[];
  readonly expose?: readonly string[];
  readonly external_links?: readonly string[];
  readonly extra_hosts?: readonly string[];
  readonly group_add?: readonly string[];
  readonly hostname?: string;
  readonly healthcheck?: Healthcheck;
  readonly image?: string;
  readonly init?: boolean;
  readonly ipc?: string;
  readonly isolation?: string;
  labels?: Texts;
  label_file?: readonly string[];
  readonly links?: readonly string[];
  readonly logging?: { readonly driver?: string; readonly options?: Texts };
  readonly mac_address?: string;
  readonly mem_limit?: string;
  readonly mem_reservation?: string;
  readonly mem_swappiness?: string;
  readonly memswap_limit?: string;
  readonly network_mode?: string;
  readonly networks?: Readonly<Record<string, ServiceNetwork | null>>;
  readonly oom_kill_disable?: boolean;
  readonly oom_score_adj?: number;
  readonly pid?: string;
  readonly pids_limit?: number;
  readonly platform?: string;
  readonly ports?: readonly Port[];
  readonly privileged?: boolean;
  readonly profiles?: readonly string[];
  readonly provider?: { readonly type: string };
  readonly pull_policy?: string;
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly runtime?: string;
  scale?: number;
  readonly secrets?: readonly FileReference[];
  readonly security_opt?: readonly string[];
  readonly shm_size?: string;
  readonly stdin_open?: boolean;
  readonly stop_grace_period?: string;
  readonly stop_signal?: string;
  readonly storage_opt?: Texts;
  readonly sysctls?: Texts;
  readonly tmpfs?: readonly string[];
  readonly tty?: boolean;
  readonly ulimits?: Readonly<Record<string, number | { readonly soft?: number; readonly hard?: number }>>;
  readonly user?: string;
  readonly userns_mode?: string;
  readonly uts?: string;
  readonly volumes?: readonly ServiceVolume[];
  readonly volumes_from?: readonly string[];
  readonly working_dir?: string;
  readonly post_start?: readonly Hook[];
  readonly pre_stop?: readonly Hook[];
}

export type Texts = Readonly<Record<string, string>>;

interface Throttle {
  readonly path: string;
  readonly rate: string;
}

export interface Build {
  readonly context: string;
  readonly dockerfile?: string;
  readonly dockerfile_inline?: string;
  readonly args?: Readonly<Record<string, string | null>>;
  readonly labels?: Texts;
  readonly cache_from?: readonly string[];
  readonly extra_hosts?: readonly string[];
  readonly network?: string;
  readonly no_cache?: boolean;
  readonly platforms?: readonly string[];
  readonly pull?: boolean;
  readonly secrets?: readonly FileReference[];
  readonly shm_size?: string;
  readonly tags?: readonly string[];
  readonly target?: string;
  readonly additional_contexts?: Texts;
}

export interface FileReference {
  readonly source: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly mode?: string;
}

export interface Dependency {
  readonly condition: string;
  readonly restart?: boolean;
  readonly required: boolean;
}

interface Resource {
  readonly cpus?: number;
  readonly memory?: string;
  readonly pids?: number;
  readonly devices?: readonly {
    readonly capabilities?: readonly string[];
    readonly driver?: string;
    readonly count?: number | string;
    readonly device_ids?: readonly string[];
  }[];
}

export interface Deploy {
  readonly mode?: string;
  replicas?: number;
  readonly labels?: Texts;
  readonly resources?: { readonly limits?: Resource; readonly reservations?: Resource };
  readonly restart_policy?: { readonly condition?: string; readonly max_attempts?: number };
}

export interface Trigger {
  readonly path: string;
  readonly action: string;
  readonly target?: string;
  readonly ignore?: readonly string[];
  readonly include?: readonly string[];
  readonly exec?: Hook;
  readonly initial_sync?: boolean;
}

export interface Healthcheck {
  readonly test?: readonly string[];
  readonly timeout?: string;
  readonly interval?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly start_interval?: string;
  readonly disable?: boolean;
}

export interface ServiceNetwork {
  readonly aliases?: readonly string[];
  readonly driver_opts?: Texts;
  readonly gw_priority?: number;
  readonly interface_name?: string;
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
  readonly link_local_ips?: readonly string[];
  readonly mac_address?: string;
  readonly priority?: number;
}

export interface Port {
  readonly host_ip?: string;
  readonly target: number;
  readonly published?: string;
  readonly protocol?: string;
}

export interface ServiceVolume {
  readonly type: string;
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly consistency?: string;
  readonly bind?: {
    readonly propagation?: string;
    readonly create_host_path?: boolean;
    readonly recursive?: string;
    readonly selinux?: string;
  };
  readonly volume?: { readonly labels?: Texts; readonly nocopy?: boolean; readonly subpath?: string };
  readonly tmpfs?: { readonly size?: string; readonly mode?: number };
  readonly image?: { readonly subpath?: string };
}

export interface Hook {
  readonly command?: readonly string[];
  readonly user?: string;
  readonly privileged?: boolean;
  readonly working_dir?: string;
  readonly environment?: Readonly<Record<string, string | null>>;
}

export interface NetworkConfig {
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: Texts;
  readonly ipam?: {
    readonly driver?: string;
    readonly config?: readonly {
      readonly subnet?: string;
      readonly gateway?: string;
      readonly ip_range?: string;
      readonly aux_addresses?: Texts;
    }[];
  };
  readonly external?: boolean;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly labels?: Texts;
  readonly enable_ipv4?: boolean;
  readonly enable_ipv6?: boolean;
}

export interface VolumeConfig {
  readonly name: string;
  readonly driver?: string;
  readonly driver_opts?: Texts;
  readonly external?: boolean;
  readonly labels?: Texts;
}

export interface FileObject {
  readonly name: string;
  readonly file?: string;
  readonly environment?: string;
  readonly content?: string;
  readonly external?: boolean;
}

/** A loaded compose project (types.Project). */
export interface Project {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly profiles: readonly string[];
  readonly envFiles: readonly string[];
  services: Record<string, Service>;
  /** Those whose profile is not active, or that were not selected. */
  disabled: Record<string, Service>;
  networks: Record<string, NetworkConfig>;
  volumes: Record<string, VolumeConfig>;
  secrets: Record<string, FileObject>;
  configs: Record<string, FileObject>;
  readonly models: Record<string, { readonly name: string; readonly model: string }>;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** What separates the parts of a container's name: `_` with --compatibility. */
  readonly separator: string;
}
