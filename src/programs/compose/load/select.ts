import type { Dependency, Project, Service } from './types';
import { LoadError } from './value';

/** Whether a service runs with these profiles active. */
const hasProfile = ({ profiles = [] }: Service, active: readonly string[]): boolean =>
  profiles.length === 0 || profiles.some((profile) => active.includes(profile)) || active.includes('*');

/** Splits the services by profile. */
export function withProfiles(project: Project, profiles: readonly string[]): Project {
  const all = { ...project.services, ...project.disabled };
  const services: Record<string, Service> = {};
  const disabled: Record<string, Service> = {};
  for (const [name, service] of Object.entries(all))
    (hasProfile(service, profiles) ? services : disabled)[name] = service;
  return { ...project, services, disabled, profiles };
}

/** Those named activate their profiles. */
export function withServicesEnabled(project: Project, names: readonly string[]): Project {
  if (names.length === 0) return project;
  const more = names.flatMap((name) => (name in project.services ? [] : (project.disabled[name]?.profiles ?? [])));
  return withProfiles(project, [...project.profiles, ...more]);
}

export type DependencyPolicy = 'dependencies' | 'dependents' | 'none';

/** Only the services named and what they need. */
export function withSelectedServices(
  project: Project,
  names: readonly string[],
  policy: DependencyPolicy = 'dependencies',
): Project {
  if (names.length === 0) return project;
  const chosen = new Set<string>();
  const visit = (wanted: readonly string[], dependencies: Readonly<Record<string, Dependency>>): void => {
    for (const name of wanted) {
      const service = project.services[name];
      if (service === undefined) {
        if (dependencies[name]?.required !== false) throw new LoadError(`no such service: ${name}`);
        continue;
      }
      if (chosen.has(name)) continue;
      chosen.add(name);
      if (policy === 'dependencies') visit(Object.keys(service.depends_on ?? {}), service.depends_on ?? {});
      if (policy === 'dependents') visit(dependentsOf(project, name), {});
    }
  };
  visit(names, {});
  const services: Record<string, Service> = {};
  const disabled = { ...project.disabled };
  for (const [name, service] of Object.entries(project.services)) {
    if (!chosen.has(name)) {
      disabled[name] = service;
      continue;
    }
    const kept = Object.entries(service.depends_on ?? {}).filter(([other]) => chosen.has(other));
    const { depends_on: _, ...rest } = service;
    services[name] = kept.length === 0 ? rest : { ...service, depends_on: Object.fromEntries(kept) };
  }
  return { ...project, services, disabled };
}

/** The services that depend on one. */
export const dependentsOf = ({ services }: Project, name: string): readonly string[] =>
  Object.keys(services).filter((other) => name in (services[other]?.depends_on ?? {}));

/** Drops networks, volumes, secrets and configs that no active service names. */
export function withoutUnnecessaryResources(project: Project): Project {
  const used = {
    networks: new Set<string>(),
    volumes: new Set<string>(),
    secrets: new Set<string>(),
    configs: new Set<string>(),
  };
  for (const service of Object.values(project.services)) {
    for (const name of Object.keys(service.networks ?? {})) used.networks.add(name);
    for (const { type, source } of service.volumes ?? [])
      if (type === 'volume' && source !== undefined) used.volumes.add(source);
    for (const { source } of [...(service.secrets ?? []), ...(service.build?.secrets ?? [])]) used.secrets.add(source);
    for (const { source } of service.configs ?? []) used.configs.add(source);
  }
  const keep = <T>(all: Record<string, T>, names: ReadonlySet<string>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
  return {
    ...project,
    networks: keep(project.networks, used.networks),
    volumes: keep(project.volumes, used.volumes),
    secrets: keep(project.secrets, used.secrets),
    configs: keep(project.configs, used.configs),
  };
}
