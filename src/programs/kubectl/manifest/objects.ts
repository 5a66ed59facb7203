import type { JsonObject } from '../json';

/** Builders of objects whose members stand in the order of Go's structs: that order shows in `-o json` and in last-applied annotations. */

export interface MetaParts {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly unknown[];
}

export const meta = ({ name, namespace, labels, annotations, ownerReferences }: MetaParts): JsonObject => ({
  ...(name === undefined || name === '' ? {} : { name }),
  ...(namespace === undefined || namespace === '' ? {} : { namespace }),
  creationTimestamp: null,
  ...optionalMap('labels', labels),
  ...optionalMap('annotations', annotations),
  ...(ownerReferences === undefined ? {} : { ownerReferences }),
});

const sortedMap = (map: Readonly<Record<string, string>>): JsonObject =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

/** A map member, in order of its keys; absent where it is empty. */
export const optionalMap = (name: string, map: Readonly<Record<string, string>> | undefined): JsonObject =>
  map === undefined || Object.keys(map).length === 0 ? {} : { [name]: sortedMap(map) };

/** A member that is left out where it is empty. */
export const optional = (name: string, value: unknown): JsonObject =>
  value === undefined || value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0)
    ? {}
    : { [name]: value };

export interface ContainerParts {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly unknown[];
  readonly env?: readonly unknown[];
  readonly imagePullPolicy?: string;
  readonly privileged?: boolean;
  readonly stdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly tty?: boolean;
}

export const container = (parts: ContainerParts): JsonObject => ({
  name: parts.name,
  ...optional('image', parts.image),
  ...optional('command', parts.command),
  ...optional('args', parts.args),
  ...optional('ports', parts.ports),
  ...optional('env', parts.env),
  resources: {},
  ...optional('imagePullPolicy', parts.imagePullPolicy),
  ...(parts.privileged ? { securityContext: { privileged: true } } : {}),
  ...optional('stdin', parts.stdin),
  ...optional('stdinOnce', parts.stdinOnce),
  ...optional('tty', parts.tty),
});

/** intstr.Parse. */
export const intOrString = (source: string): number | string => (/^[+-]?\d+$/.test(source) ? Number(source) : source);
