import type { Kind } from '../../apimachinery/kind';
import { Components, type Json } from './components';
import { customList, customObject, listTypeOf } from './custom';
import { goPackage, typeNameOf } from './facts';
import { apiType, loadPackages, nameOf } from './packages';
import { pathsOf } from './paths';

/** Loads what the documents of these kinds are made of. */
export const loadTypes = (kinds: readonly Kind[]): Promise<void> =>
  loadPackages([
    ...new Set(kinds.map(({ names }) => goPackage(names.group, names.version))),
    // Of subresources.
    'io.k8s.api.autoscaling.v1',
    'io.k8s.api.authentication.v1',
    'io.k8s.api.policy.v1',
  ]);

/** The OpenAPI v3 document of a group version, whose types are loaded. */
export function openapiDocument(kinds: readonly Kind[]): Json {
  const components = new Components();
  for (const kind of kinds)
    if (kind.openApi === undefined && kind.schema !== undefined) components.facts.add(typeNameOf(kind), kind.schema);
  const paths: Json = {};
  for (const kind of kinds) {
    const object = kind.openApi === undefined ? components.reference(typeNameOf(kind)) : customObject(kind, components);
    const list = listOf(kind, components);
    mark(components, typeNameOf(kind), kind, kind.names.kind);
    Object.assign(paths, pathsOf(kind, { object, list, other: (type) => components.reference(type) }));
  }
  for (const [type, group, version] of others) mark(components, type, { names: { group, version } }, nameOf(type));
  return documentWith(paths, components);
}

/** A document of paths and of what they refer to. */
export function documentWith(paths: Json, components: Components): Json {
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.33.13' },
    paths: sorted(paths),
    components: {
      schemas: sorted(components.schemas),
      securitySchemes: {
        BearerToken: {
          type: 'apiKey',
          description: 'Bearer Token authentication',
          name: 'authorization',
          in: 'header',
        },
      },
    },
  };
}

const sorted = (map: Json): Json => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Objects that are sent, answered or contained where they are none of the kinds with paths. */
const others = [
  ['io.k8s.api.authentication.v1.TokenRequest', 'authentication.k8s.io', 'v1'],
  ['io.k8s.api.core.v1.PersistentVolumeClaim', '', 'v1'], // within a StatefulSet
  ['io.k8s.api.autoscaling.v1.Scale', 'autoscaling', 'v1'],
  ['io.k8s.api.policy.v1.Eviction', 'policy', 'v1'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions', '', 'v1'],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.Status', '', 'v1'],
] as const;

type Versioned = { readonly names: Pick<Kind['names'], 'group' | 'version'> };

function mark({ schemas }: Components, type: string, { names }: Versioned, kind: string): void {
  const schema = schemas[type] as Json | undefined;
  if (schema !== undefined)
    schema['x-kubernetes-group-version-kind'] = [{ group: names.group, kind, version: names.version }];
}

function listOf(kind: Kind, components: Components): Json {
  const type = listTypeOf(kind);
  const reference =
    kind.openApi !== undefined
      ? customList(kind, components)
      : apiType(type) === undefined
        ? { type: 'object' }
        : components.reference(type);
  mark(components, type, kind, nameOf(type));
  return reference;
}
