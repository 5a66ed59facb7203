import { dockerFunctions, goJson, GoStruct, parseTemplate, type GoValue } from '../../gotemplate';
import { CommandError, type Invocation } from './command';

/** Names of Go types by path (`Server.Components[]`), and which paths are maps (`map`). */
export type TypeNames = Readonly<Record<string, string>>;

/** A JSON document as docker's own types decode it: objects are structs with an order, but where `types` says `map`. */
export function structured(value: unknown, types: TypeNames, path = ''): GoValue {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => structured(item, types, `${path}[]`));
  if (typeof value !== 'object' || value === null) return value as GoValue;
  const fields = Object.entries(value).map(
    ([key, field]) => [key, structured(field, types, path === '' ? key : `${path}.${key}`)] as const,
  );
  const type = types[path];
  return type === 'map' ? Object.fromEntries(fields) : new GoStruct(type ?? 'struct', new Map(fields));
}

/** `--format` of `info` and `version`: what the template printed before it failed is printed, too. */
export async function printFormatted({ out, error }: Invocation, format: string, data: GoValue): Promise<number> {
  if (format === 'json') {
    await out(`${goJson(data)}\n`);
    return 0;
  }
  const parsed = parseTemplate(format, '', dockerFunctions);
  if (!parsed.ok) throw new CommandError(`template parsing error: ${parsed.error}`, 64);
  const result = parsed.template.run(data);
  await out(`${result.output}\n`);
  if (result.ok) return 0;
  await error(`${result.error}\n`);
  return 1;
}
