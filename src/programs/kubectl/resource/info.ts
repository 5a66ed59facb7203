import type { Cli } from '../cli';
import { nameOfObject, namespaceOf, text, type KubeObject } from '../json';
import type { Query } from '../rest/client';
import type { Source } from './files';
import type { Mapping } from './mapper';

/** Something that a command works on (resource.Info). */
export interface Info {
  readonly mapping: Mapping;
  readonly namespace: string;
  readonly name: string;
  /** As read from a file, or as the server has it; a list where several were asked for together. */
  readonly object: KubeObject | undefined;
  /** For messages about files: the path, or empty. */
  readonly source: string;
  readonly resourceVersion: string;
}

export interface BuilderOptions {
  readonly args?: readonly string[];
  readonly filenames?: readonly string[];
  readonly kustomize?: string;
  /** A text instead of files. */
  readonly stream?: Source;
  /** Namespaces stay as the texts have them. */
  readonly asIs?: boolean;
  readonly recursive?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly all?: boolean;
  readonly allNamespaces?: boolean;
  readonly subresource?: string;
  readonly chunkSize?: number;
  /** A type alone means all of it. */
  readonly allowEmptySelector?: boolean;
  readonly singleType?: boolean;
  /** Objects of files must be in the namespace of `-n`. */
  readonly enforceNamespace?: boolean;
  /** Lists come as their items. */
  readonly flatten?: boolean;
  /** Objects named by arguments (and files, with `latest`) are read from the server. */
  readonly fetch?: boolean;
  readonly latest?: boolean;
  readonly continueOnError?: boolean;
  /** No server: objects of files only, no mapping from discovery needed. */
  readonly local?: boolean;
  readonly namespace?: string;
  readonly accept?: string;
  readonly query?: Query;
  /** Asks for the server's schema before objects of files are used, as kubectl does to validate. */
  readonly schema?: boolean;
}

/** What a builder works with: its options, and the namespace that they mean; empty for all. */
export interface Shared {
  readonly cli: Cli;
  readonly options: BuilderOptions;
  readonly namespace: string;
}

/** The same object, as it is now. */
export const withObject = (info: Info, found: KubeObject): Info => ({
  ...info,
  object: found,
  resourceVersion: text(found, 'metadata', 'resourceVersion'),
});

/** An object as a command works on it. */
export const infoOf = (item: KubeObject, mapping: Mapping, source: string): Info => ({
  mapping,
  namespace: namespaceOf(item),
  name: nameOfObject(item),
  object: item,
  source,
  resourceVersion: text(item, 'metadata', 'resourceVersion'),
});
