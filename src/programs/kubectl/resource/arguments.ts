import type { Cli } from '../cli';
import { Failure } from '../errors';
import { apiVersionOf, type Mapping } from './mapper';

/** An argument `resource/name`. */
export interface Tuple {
  readonly resource: string;
  readonly name: string;
}

/** Some arguments with a slash, some without. */
export const mixed = (): Failure =>
  new Failure(
    "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
  );

/** `pods,services web` means `pods/web services/web`. */
export function splitMany(args: readonly string[]): readonly string[] {
  const types = [...new Set((args[0] ?? '').split(','))];
  if (args.length < 2 || types.length < 2) return args;
  return types.flatMap((type) => args.slice(1).map((name) => `${type}/${name}`));
}

/** Reads `resource/name`. */
export function splitTypeName(word: string): Tuple | Failure {
  const parts = word.split('/');
  if (parts.length !== 2) return new Failure('arguments in resource/name form may not have more than one slash');
  const [resource = '', name = ''] = parts;
  if (resource === '' || name === '' || new Set(resource.split(',')).size !== 1)
    return new Failure('arguments in resource/name form must have a single resource and name');
  return { resource, name };
}

/** `all` means the types of that category. */
export async function expandCategories(cli: Cli, argument: string): Promise<string> {
  cli.factory.expectCategories();
  const mapper = await cli.factory.mapper();
  return argument
    .split(',')
    .map((word) => mapper.category(word)?.join(',') ?? word)
    .join(',');
}

/** The mappings of types that were named, each once. */
export async function mappingsOf(cli: Cli, types: readonly string[], single: boolean): Promise<readonly Mapping[]> {
  if (types.length > 1 && single) throw new Failure('you may only specify a single resource type');
  const found = new Map<string, Mapping>();
  for (const type of types) {
    const mapping = await cli.factory.resolveArgument(type);
    const key = `${apiVersionOf(mapping)} ${mapping.kind}`;
    if (!found.has(key)) found.set(key, mapping);
  }
  return [...found.values()];
}
