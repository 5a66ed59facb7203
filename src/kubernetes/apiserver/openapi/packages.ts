import { packages } from 'virtual:kubernetes-openapi';

/** Description, type, 1 if it must be there, the values it may have. */
export type FieldType = readonly [description: string, type: string, required?: 0 | 1, values?: readonly string[]];

/**
 * Description and fields of an object; of what is none, the JSON types it may have. A type is `string`, `number`,
 * `boolean`, another type's full name; `[]` and `{}` before it mean a list and a map.
 */
export type ApiType = readonly [description: string, shape: Readonly<Record<string, FieldType>> | string];

/** The types of a Go package by name. */
export type PackageTypes = Readonly<Record<string, ApiType>>;

const loaded = new Map<string, PackageTypes>();

export const packageOf = (type: string): string => type.slice(0, type.lastIndexOf('.'));
export const nameOf = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
/** The type of elements within lists and maps. */
export const elementOf = (type: string): string => type.replace(/^(?:\[\]|\{\})+/, '');

/** A type of a package that is loaded. */
export function apiType(full: string): ApiType | undefined {
  const types = loaded.get(packageOf(full));
  const name = nameOf(full);
  return types !== undefined && Object.hasOwn(types, name) ? types[name] : undefined;
}

/** Packages that documents speak of without being referred to by a kind: what requests and answers are made of. */
const always = ['io.k8s.apimachinery.pkg.apis.meta.v1', 'io.k8s.apimachinery.pkg.runtime'];

/** Loads Go packages and those whose types they use. Packages that are not Kubernetes' own have no types. */
export async function loadPackages(names: readonly string[]): Promise<void> {
  for (let wanted = new Set([...always, ...names]); wanted.size > 0;) {
    const fresh = [...wanted].filter((name) => !loaded.has(name) && Object.hasOwn(packages, name));
    await Promise.all(
      fresh.map(async (name) => {
        const found = await packages[name]?.();
        if (found !== undefined) loaded.set(name, found.types as PackageTypes);
      }),
    );
    wanted = new Set(fresh.flatMap((name) => [...usedBy(loaded.get(name) ?? {})]));
  }
}

function* usedBy(types: PackageTypes): Generator<string> {
  for (const [, shape] of Object.values(types)) {
    if (typeof shape === 'string') continue;
    for (const [, type] of Object.values(shape)) {
      const element = elementOf(type);
      if (element.includes('.')) yield packageOf(element);
    }
  }
}
