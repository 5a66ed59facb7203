import { jsonForm } from './decode';
import { emitYaml } from './emit';
import { fileObjectShape, modelShape, networkShape, serviceShape, volumeShape, type Shape } from './shapes';
import type { Project } from './types';
import { isDict, type Dict, type Value } from './value';

const sections = { networks: networkShape, volumes: volumeShape, secrets: fileObjectShape, configs: fileObjectShape };
type Section = keyof typeof sections;
const sectionNames = Object.keys(sections) as readonly Section[];

/** Go never prints a secret's value, nor that of a config that came from a variable. */
function printable(project: Project, section: Section): Dict {
  const all = project[section] as unknown as Record<string, Dict>;
  return byKey(
    Object.entries(all).map(([key, value]) => {
      if (section !== 'secrets' && !(section === 'configs' && 'environment' in value)) return [key, value];
      const { content: _, ...rest } = value;
      return [key, rest];
    }),
  );
}

/** The canonical configuration in YAML (Project.MarshalYAML). */
export function projectYaml(project: Project): string {
  const tree: Dict = { ...(project.name === '' ? {} : { name: project.name }), services: servicesOf(project) };
  for (const section of sectionNames)
    if (Object.keys(project[section]).length > 0) tree[section] = printable(project, section);
  if (Object.keys(project.models).length > 0) tree['models'] = project.models as unknown as Dict;
  for (const [key, value] of Object.entries(project.extensions)) tree[key] = sorted(value as Value);
  return emitYaml(tree);
}

const servicesOf = ({ services }: Project): Dict => byKey(Object.entries(services as unknown as Dict));

/** As Go prints a map. */
const byKey = (entries: readonly (readonly [string, Value])[]): Dict =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

/** The same in JSON (Project.MarshalJSON): keys of the outermost object are sorted. */
export function projectJson(project: Project): string {
  const each = (shape: Shape, all: Dict): Dict =>
    Object.fromEntries(
      Object.entries(all).map(([key, value]) => [key, isDict(value) ? jsonForm(shape, value) : value]),
    );
  const tree: Dict = { name: project.name, services: each(serviceShape, servicesOf(project)) };
  for (const section of sectionNames)
    if (Object.keys(project[section]).length > 0) tree[section] = each(sections[section], printable(project, section));
  if (Object.keys(project.models).length > 0) tree['models'] = each(modelShape, project.models as unknown as Dict);
  for (const [key, value] of Object.entries(project.extensions)) tree[key] = value as Value;
  return goJson(Object.fromEntries(Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1))), 2);
}

/** encoding/json, which escapes what HTML could take for markup. */
export const goJson = (value: unknown, indentation?: number): string =>
  JSON.stringify(value, undefined, indentation).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Mappings by key, as Go prints its maps. */
export function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isDict(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}
