import type { Project, Service } from '../load/types';

/** The image of a service: that it names, or the one it is built into. */
export const imageOf = (project: Project, name: string, service: Service): string =>
  service.image ?? `${project.name}${project.separator}${name}`;

/** `shop-web-1`. */
export const containerName = (project: Project, name: string, service: Service, number: number): string =>
  service.container_name ?? [project.name, name, String(number)].join(project.separator);

/** Networks of a service, the one of the highest priority first (NetworksByPriority). */
export function networksByPriority({ networks = {} }: Service): readonly string[] {
  const priority = (name: string): number => networks[name]?.priority ?? 0;
  return Object.keys(networks).sort((a, b) => priority(b) - priority(a) || (a < b ? -1 : 1));
}
