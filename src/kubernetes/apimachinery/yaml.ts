type Yaml = Pick<typeof import('yaml'), 'parse' | 'stringify'>;

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
