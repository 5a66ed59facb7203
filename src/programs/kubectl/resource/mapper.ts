import { Failure, NoResourceMatch } from '../errors';
import { groupVersion, splitGroupVersion, type ApiResource, type Discovery } from '../rest/discovery';

/** Where objects of a kind are found (meta.RESTMapping). */
export interface Mapping {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural: `deployments`. */
  readonly resource: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export const apiVersionOf = ({ group, version }: Mapping): string => groupVersion(group, version);
/** `deployments.apps`. */
export const groupResource = ({ group, resource }: Mapping): string =>
  group === '' ? resource : `${resource}.${group}`;
/** `deployment.apps`: how kubectl names kinds in what it prints. */
export const groupKind = ({ group, kind }: Mapping): string =>
  group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;

/** The path of a collection or of one object. */
export function pathOf(mapping: Mapping, namespace: string, name?: string, subresource?: string): string {
  const root = mapping.group === '' ? `/api/${mapping.version}` : `/apis/${mapping.group}/${mapping.version}`;
  const scope = mapping.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  if (name === '') throw new Failure('resource name may not be empty');
  const rest = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${root}${scope}/${mapping.resource}${rest}${subresource ? `/${subresource}` : ''}`;
}

interface Wanted {
  readonly resource: string;
  readonly group: string;
  readonly version: string;
}

/** Finds kinds by what people type. Source: client-go restmapper. The order of `discovery` is the order of preference. */
export class Mapper {
  readonly #resources: readonly ApiResource[];
  readonly #preferred = new Map<string, string>();

  constructor(
    readonly discovery: Discovery,
    readonly warn: (message: string) => void = () => undefined,
  ) {
    this.#resources = discovery.versions.flatMap(({ resources }) =>
      resources.filter(({ name }) => !name.includes('/')),
    );
    for (const { group, version } of discovery.versions)
      if (!this.#preferred.has(group)) this.#preferred.set(group, version);
  }

  /** By resource, short name or kind, `TYPE[.VERSION][.GROUP]`. Source: cli-runtime resource/builder.go, mappingFor. */
  /** Whether it is resource.version.group of something that there is. */
  isFull(argument: string): boolean {
    const [resource = '', version = '', ...group] = argument.split('.');
    return this.#find({ resource, version, group: group.join('.') }) !== undefined;
  }

  forArgument(argument: string): Mapping {
    const [resource = '', ...rest] = argument.split('.');
    const group = rest.join('.');
    const [version = '', ...groupParts] = rest;
    const found =
      (rest.length >= 2 ? this.#find({ resource, version, group: groupParts.join('.') }) : undefined) ??
      this.#find({ resource, version: '', group });
    if (found) return found;
    const kinds =
      (rest.length >= 2 ? this.forKind(groupParts.join('.'), resource, version) : undefined) ??
      this.forKind(group, resource);
    if (kinds) return kinds;
    throw new Failure(`the server doesn't have a resource type "${resource}"`);
  }

  /** By resource only, as commands that say nothing of kinds do. Throws `NoResourceMatch`. */
  forResource(argument: string): Mapping {
    const [resource = '', ...rest] = argument.split('.');
    const found = this.#find({ resource, version: '', group: rest.join('.') });
    if (found) return found;
    throw new NoResourceMatch(resource, rest.join('.'));
  }

  /** By kind; without a version the preferred one. */
  forKind(group: string, kind: string, version?: string): Mapping | undefined {
    const candidates = this.#resources.filter(
      (each) => each.group === group && (each.kind === kind || each.kind.toLowerCase() === kind),
    );
    const chosen =
      version === undefined || version === ''
        ? (candidates.find((each) => each.version === this.#preferred.get(group)) ?? candidates[0])
        : candidates.find((each) => each.version === version);
    return chosen && mappingOf(chosen);
  }

  /** The mapping of an object, by its apiVersion and kind. */
  forObject(apiVersion: string, kind: string): Mapping | undefined {
    const { group, version } = splitGroupVersion(apiVersion);
    const exact = this.#resources.find(
      (each) => each.group === group && each.version === version && each.kind === kind,
    );
    return exact && mappingOf(exact);
  }

  /** What `all` and other categories stand for, as `resource.group`; undefined for what is none. */
  category(name: string): readonly string[] | undefined {
    const members = this.#resources.filter(({ categories }) => categories.includes(name));
    const names = members.map(({ group, name: plural }) => (group === '' ? plural : `${plural}.${group}`));
    return members.length === 0 ? undefined : [...new Set(names)];
  }

  #find(wanted: Wanted): Mapping | undefined {
    const expanded = this.#expand(wanted);
    const name = expanded.resource.toLowerCase();
    if (name === '') return undefined;
    const { group, version } = expanded;
    const named = this.#resources.filter((each) => each.name === name || singularOf(each) === name);
    const found = named.filter(
      (each) => (group === '' || each.group === group) && (version === '' || each.version === version),
    );
    if (found[0]) return mappingOf(found[0]);
    if (group === '' || version !== '') return undefined;
    const byPrefix = named.find((each) => each.group.startsWith(group));
    return byPrefix && mappingOf(byPrefix);
  }

  /** Short names (shortcutExpander). A match forgets the version that was asked for, as upstream does. */
  #expand(wanted: Wanted): Wanted {
    const { resource, group } = wanted;
    const inGroup = this.#resources.filter((each) => group === '' || each.group === group);
    if (inGroup.some((each) => each.name === resource || each.singular === resource)) return wanted;
    const [first, ...others] = inGroup.filter(({ short }) => short.includes(resource));
    if (first) {
      const warned = new Set<string>();
      for (const other of others) {
        if (other.name === first.name && other.group === first.group) continue;
        const text = other.group === '' ? other.name : `${other.name}.${other.group}`;
        if (warned.has(text)) continue;
        warned.add(text);
        this.warn(`short name "${resource}" could also match lower priority resource ${text}`);
      }
      return { resource: first.name, group: first.group, version: '' };
    }
    if (group === '') return wanted;
    const byPrefix = this.#resources.find((each) => each.group.startsWith(group) && each.short.includes(resource));
    return byPrefix ? { ...wanted, resource: byPrefix.name, group: byPrefix.group } : wanted;
  }
}

const singularOf = ({ singular, kind }: ApiResource): string => (singular === '' ? kind.toLowerCase() : singular);

const mappingOf = (found: ApiResource): Mapping => ({
  group: found.group,
  version: found.version,
  kind: found.kind,
  resource: found.name,
  singular: singularOf(found),
  namespaced: found.namespaced,
  verbs: found.verbs,
});
