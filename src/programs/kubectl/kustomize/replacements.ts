import { Failure } from '../errors';
import { at, isObject, list, text, type JsonObject } from '../json';
import { decodeYaml } from '../manifest/yaml';
import { selects } from './patches';
import type { Resource } from './resource';

/** `a.b.[name=c].d`, with `\.` for a dot in a key. */
const keysOf = (path: string): readonly string[] =>
  (path.match(/(?:\[[^\]]*\]|\\\.|[^.])+/g) ?? []).map((key) => key.replaceAll('\\.', '.'));

const wanted = (key: string): readonly [string, string] | undefined => {
  const [, name, value] = /^\[(.+?)=(.*)\]$/.exec(key) ?? [];
  return name === undefined || value === undefined ? undefined : [name, value];
};

function read(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  const match = wanted(key);
  if (match && Array.isArray(value))
    return read(
      value.find((item) => text(item, match[0]) === match[1]),
      rest,
    );
  return read(at(value, key), rest);
}

function write(
  value: unknown,
  [key, ...rest]: readonly string[],
  change: (old: unknown) => unknown,
  create: boolean,
): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    const match = wanted(key);
    return value.map((item: unknown, index) =>
      key === '*' || key === String(index) || (match && text(item, match[0]) === match[1])
        ? write(item, rest, change, create)
        : item,
    );
  }
  if (value === undefined && create) return { [key]: write(undefined, rest, change, create) };
  if (!isObject(value)) throw missing;
  if (!(key in value) && !create) throw missing;
  return { ...value, [key]: write(value[key], rest, change, create) };
}

const missing = new Failure('missing');

interface Options {
  readonly delimiter: string;
  readonly index: number;
  readonly create: boolean;
}
const optionsOf = (options: unknown): Options => ({
  delimiter: text(options, 'delimiter'),
  index: Number(at(options, 'index') ?? 0),
  create: at(options, 'create') === true,
});

function put(old: unknown, value: unknown, { delimiter, index }: Options): unknown {
  if (delimiter === '') return value;
  const parts = String(old ?? '').split(delimiter);
  if (index < 0) parts.unshift(String(value));
  else if (index >= parts.length) parts.push(String(value));
  else parts[index] = String(value);
  return parts.join(delimiter);
}

function sourceValue(resources: readonly Resource[], source: unknown): unknown {
  const found = resources.filter((each) => selects(source, each));
  const [only] = found;
  if (only === undefined) throw new Failure('nothing selected by source selector');
  if (found.length > 1) throw new Failure('multiple matches for source selector');
  const path = text(source, 'fieldPath') || 'metadata.name';
  const value = read(only.object, keysOf(path));
  if (value === undefined) throw new Failure(`fieldPath \`${path}\` is missing for replacement source`);
  const { delimiter, index } = optionsOf(at(source, 'options'));
  return delimiter === '' ? value : String(value).split(delimiter)[index];
}

function replace(resources: readonly Resource[], replacement: unknown): readonly Resource[] {
  const value = at(replacement, 'sourceValue') ?? sourceValue(resources, at(replacement, 'source'));
  let result = resources;
  for (const target of list(replacement, 'targets')) {
    const options = optionsOf(at(target, 'options'));
    const rejected = list(target, 'reject');
    const paths = list(target, 'fieldPaths').map(String);
    result = result.map((resource) => {
      if (!selects(at(target, 'select'), resource) || rejected.some((each) => selects(each, resource))) return resource;
      let object: unknown = resource.object;
      for (const path of paths.length > 0 ? paths : ['metadata.name']) {
        try {
          object = write(object, keysOf(path), (old) => put(old, value, options), options.create);
        } catch (reason) {
          if (reason !== missing) throw reason;
          throw new Failure(`unable to find field "${path}" in replacement target`);
        }
      }
      return { ...resource, object: object as JsonObject };
    });
  }
  return result;
}

/** `replacements`: a field of one resource goes to fields of others. */
export const replacedFields = (
  resources: readonly Resource[],
  kustomization: JsonObject,
  file: (path: string) => string,
): readonly Resource[] =>
  list(kustomization, 'replacements')
    .flatMap((each) => (text(each, 'path') === '' ? [each] : [decodeYaml(file(text(each, 'path')))[0]].flat()))
    .reduce<readonly Resource[]>(replace, resources);
