import type { Kind } from '../../apimachinery/kind';
import type { Field, Schema, StructSchema } from '../../apimachinery/schema';
import { apiType, elementOf } from './packages';

/** Go packages of groups that are not k8s.io/api's. */
const elsewhere: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
  'apiregistration.k8s.io': 'io.k8s.kube-aggregator.pkg.apis.apiregistration',
};

/** The Go package of a built-in group version, as OpenAPI names it. */
export function goPackage(group: string, version: string): string {
  if (group === '') return `io.k8s.api.core.${version}`;
  return `${elsewhere[group] ?? `io.k8s.api.${group.split('.')[0] ?? ''}`}.${version}`;
}

/** `io.k8s.api.core.v1.Pod`; of a custom resource its group's name backwards. */
export function typeNameOf({ names, openApi }: Kind): string {
  const space =
    openApi === undefined
      ? goPackage(names.group, names.version)
      : `${names.group.split('.').reverse().join('.')}.${names.version}`;
  return `${space}.${names.kind}`;
}

/** What the server's own tables say about the types that kinds are made of: formats and how lists merge. */
export class Facts {
  readonly #structs = new Map<string, StructSchema>();

  add(type: string, struct: StructSchema): void {
    if (this.#structs.has(type)) return;
    const shape = apiType(type)?.[1];
    if (shape === undefined || typeof shape === 'string') return;
    this.#structs.set(type, struct);
    for (const [name, [, used]] of Object.entries(shape)) {
      const field = this.field(type, name);
      if (field !== undefined && field.granular !== true) this.#within(elementOf(used), field.schema);
    }
  }

  #within(type: string, schema: Schema): void {
    if (schema.type === 'list' || schema.type === 'map') this.#within(type, schema.of);
    else if (schema.type === 'struct') this.add(type, schema);
  }

  struct(type: string): StructSchema | undefined {
    return this.#structs.get(type);
  }

  field(type: string, name: string): Field | undefined {
    const fields = this.#structs.get(type)?.fields;
    return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
  }
}
