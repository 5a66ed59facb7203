import type { Project, Service } from './types';
import { LoadError } from './value';

const invalid = (text: string): never => {
  throw new LoadError(`${text}: invalid compose project`);
};

/** How many containers a service is to have. */
export const scaleOf = (service: Service): number => service.scale ?? service.deploy?.replicas ?? 1;

/** What only the whole model tells (compose-go's checkConsistency). */
export function checkConsistency(project: Project): void {
  for (const name of Object.keys(project.services).sort()) {
    const service = project.services[name];
    if (service !== undefined) checkService(project, name, service);
  }
  for (const [name, secret] of Object.entries(project.secrets)) {
    if (secret.external !== true && secret.file === undefined && secret.environment === undefined)
      invalid(`secret "${name}" must declare either \`file\` or \`environment\``);
  }
  checkCycle(project);
}

function checkService(project: Project, name: string, service: Service): void {
  const { build, image, provider, deploy } = service;
  if (build === undefined && image === undefined && provider === undefined)
    invalid(`service "${name}" has neither an image nor a build context specified`);
  if (build?.dockerfile !== undefined && build.dockerfile_inline !== undefined)
    invalid(`service "${name}" declares mutualy exclusive dockerfile and dockerfile_inline`);
  if (build?.platforms !== undefined && service.platform !== undefined && !build.platforms.includes(service.platform))
    invalid(`service.build.platforms MUST include service.platform "${service.platform}" `.trimEnd());
  if (service.network_mode !== undefined && Object.keys(service.networks ?? {}).length > 0)
    invalid(`service ${name} declares mutually exclusive \`network_mode\` and \`networks\``);
  for (const network of Object.keys(service.networks ?? {}))
    if (!(network in project.networks)) invalid(`service "${name}" refers to undefined network ${network}`);
  const [kind] = service.healthcheck?.test ?? [];
  if (kind !== undefined && !['CMD', 'CMD-SHELL', 'NONE'].includes(kind))
    throw new LoadError('healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"');
  for (const [other, { required }] of Object.entries(service.depends_on ?? {})) {
    if (other in project.services || (other in project.disabled && !required)) continue;
    invalid(`service "${name}" depends on undefined service "${other}"`);
  }
  const shared = /^service:(.*)$/.exec(service.network_mode ?? '')?.[1];
  if (shared !== undefined && !(shared in project.services))
    throw new LoadError(`service "${shared}" not found for network_mode 'service:${shared}'`);
  for (const { type, source } of service.volumes ?? [])
    if (type === 'volume' && source !== undefined && !(source in project.volumes))
      invalid(`service "${name}" refers to undefined volume ${source}`);
  for (const { source } of build?.secrets ?? [])
    if (!(source in project.secrets)) invalid(`service "${name}" refers to undefined build secret ${source}`);
  for (const { source } of service.configs ?? [])
    if (!(source in project.configs)) invalid(`service "${name}" refers to undefined config ${source}`);
  for (const { source } of service.secrets ?? [])
    if (!(source in project.secrets)) invalid(`service "${name}" refers to undefined secret ${source}`);
  checkScale(name, service);
  if (deploy !== undefined) checkResources(name, service);
  for (const { action, target } of service.develop?.watch ?? [])
    if (target === undefined && action !== 'rebuild' && action !== 'restart')
      invalid(`services.${name}.develop.watch: target is required for non-rebuild actions`);
  checkMounts(name, service);
}

function checkScale(name: string, service: Service): void {
  const { scale, deploy } = service;
  if (scale !== undefined && deploy?.replicas !== undefined && scale !== deploy.replicas)
    invalid(`services.${name}: can't set distinct values on 'scale' and 'deploy.replicas'`);
  if (scale !== undefined && scale < 0)
    throw new LoadError(`services.${name}.scale: must be greater than or equal to 0`);
  if ((deploy?.replicas ?? 0) < 0)
    throw new LoadError(`services.${name}.deploy.replicas: must be greater than or equal to 0`);
  const attribute = scale === undefined ? 'deploy.replicas' : 'scale';
  // The words are upstream's, where the two names are mixed up.
  if (scaleOf(service) > 1 && service.container_name !== undefined)
    invalid(`services.${attribute}: can't set container_name and ${name} as container name must be unique`);
}

function checkResources(name: string, service: Service): void {
  const { limits, reservations } = service.deploy?.resources ?? {};
  const differ = (first: unknown, second: unknown, one: string, other: string): void => {
    if (first !== undefined && first !== second)
      invalid(`services.${name}: can't set distinct values on '${one}' and 'deploy.resources.${other}'`);
  };
  if (limits !== undefined) {
    differ(service.cpus, limits.cpus, 'cpus', 'limits.cpus');
    differ(service.mem_limit, limits.memory, 'mem_limit', 'limits.memory');
    differ(service.pids_limit, limits.pids, 'pids_limit', 'limits.pids');
  }
  if (reservations !== undefined)
    differ(service.mem_reservation, reservations.memory, 'mem_reservation', 'reservations.memory');
}

function checkMounts(name: string, service: Service): void {
  const mounts = new Map<string, string>();
  const add = (at: string, target: string): void => {
    const before = mounts.get(target);
    if (before !== undefined) throw new LoadError(`${at}: target ${target} already mounted as ${before}`);
    mounts.set(target, at);
  };
  service.tmpfs?.forEach((tmpfs, index) => add(`services.${name}.tmpfs[${index}]`, tmpfs.split(':')[0] ?? ''));
  service.volumes?.forEach(({ target }, index) => add(`services.${name}.volumes[${index}]`, target));
}

function checkCycle({ services }: Project): void {
  const done = new Set<string>();
  const visit = (path: readonly string[]): void => {
    const name = path.at(-1) ?? '';
    if (done.has(name)) return;
    for (const child of Object.keys(services[name]?.depends_on ?? {}).sort()) {
      const at = path.indexOf(child);
      if (at >= 0) throw new LoadError(`dependency cycle detected: ${path.slice(at).join(' -> ')} -> ${child}`);
      if (child in services) visit([...path, child]);
    }
    done.add(name);
  };
  for (const name of Object.keys(services).sort()) visit([name]);
}

/** Two services with one container_name. */
export function checkContainerNames({ services }: Project): void {
  const names = new Map<string, string>();
  for (const [name, { container_name: container }] of Object.entries(services)) {
    if (container === undefined) continue;
    const other = names.get(container);
    if (other !== undefined)
      throw new LoadError(`services.${name}: container name "${container}" is already in use by service ${other}"`);
    names.set(container, name);
  }
}
