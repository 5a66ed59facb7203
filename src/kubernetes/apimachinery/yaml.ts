import type { parse, stringify } from 'yaml';

interface Yaml {
  readonly parse: typeof parse;
  readonly stringify: typeof stringify;
}

let library: Yaml | undefined;

/** Loads the YAML library. A lab does it before its clock starts, so that everything else may parse synchronously. */
export async function loadYaml(): Promise<void> {
  library ??= await import('yaml');
}

/** The library, once it is loaded. */
export function yaml(): Yaml {
  if (library === undefined) throw new Error('loadYaml has to come first');
  return library;
}
