import { canonical, setDefaults } from './canonical';
import { enforceUnicity, extendService, mergeModels } from './merge';
import { interpolate } from './interpolate';
import { absolute, resolvePaths } from './paths';
import { composeSchema } from './schema';
import type { Lookup } from './template';
import { validate } from './validate';
import { deepClone, dictAt, equal, isDict, LoadError, sprint, type Dict, type Path, type Value } from './value';
import { dirname, join } from './volumes';
import { readYaml } from './yaml';

/** What loading needs of the machine. */
export interface Reading {
  /** A file's text; fails as `open /x: no such file or directory`. */
  readonly readFile: (path: string) => string;
  /** Whether there is a file, and no folder. */
  readonly isFile: (path: string) => boolean;
  readonly warn: (message: string) => void;
  readonly home: string;
  /** Variables of an env file, those of `lookup` coming first. */
  readonly readEnvFiles: (paths: readonly string[], lookup: Lookup) => ReadonlyMap<string, string>;
}

export interface ModelOptions {
  readonly reading: Reading;
  readonly interpolates: boolean;
  readonly resolvesPaths: boolean;
}

export interface ComposeFile {
  readonly path: string;
  readonly text: string;
}

interface Loading extends ModelOptions {
  readonly folder: string;
  readonly lookup: Lookup;
  /** Files that include each other, so far. */
  readonly included: readonly string[];
  /** Only reads what a service extends: nothing else is applied. */
  readonly raw?: boolean;
}

/** Files that are merged into one model, in canonical form (compose-go's loadYamlModel). */
export function loadModel(
  files: readonly ComposeFile[],
  folder: string,
  lookup: Lookup,
  options: ModelOptions,
  included: readonly string[] = [],
): Dict {
  const loading: Loading = { ...options, folder, lookup, included };
  let model: Dict = {};
  for (const file of files) model = loadFile(file, model, loading).model;
  setDefaults(model);
  checkModel(model);
  if (options.resolvesPaths) model = resolvePaths(model, folder, options.reading.home);
  for (const name of ['secrets', 'configs'])
    for (const each of Object.values(dictAt(model, name))) {
      if (!isDict(each) || typeof each['environment'] !== 'string') continue;
      const found = lookup(each['environment']);
      if (found !== undefined) each['content'] = found;
    }
  return model;
}

function loadFile(file: ComposeFile, before: Dict, loading: Loading): { model: Dict; reset: readonly Path[] } {
  const { reading, interpolates, lookup } = loading;
  let model = before;
  let documents;
  try {
    documents = readYaml(file.text);
  } catch (error) {
    if (error instanceof LoadError) throw new LoadError(`failed to parse ${file.path}: ${error.message}`);
    throw error;
  }
  const resets: Path[] = [];
  for (const { value, reset } of documents) {
    resets.push(...reset);
    if (!isDict(value)) {
      if (value === null && documents.length === 1) throw new LoadError('empty compose file');
      throw new LoadError('top-level object must be a mapping');
    }
    let parsed = interpolates ? interpolate(value, { lookup, warn: reading.warn }) : value;
    if (loading.raw !== true) parsed = applyExtends(parsed, file.path, loading);
    for (const path of reset) unset(model, path);
    if (loading.raw !== true) applyInclude(parsed, file.path, loading);
    model = enforceUnicity(mergeModels(model, parsed));
    if (loading.raw !== true) {
      const problem = validate(composeSchema, model);
      if (problem !== undefined) throw new LoadError(`validating ${file.path}: ${problem}`);
      if ('version' in model) {
        reading.warn(
          `${file.path}: the attribute \`version\` is obsolete, it will be ignored, please remove it to avoid potential confusion`,
        );
        delete model['version'];
      }
    }
    model = enforceUnicity(canonical(model, { lenient: !interpolates, warn: reading.warn }));
  }
  return { model, reset: resets };
}

/** `!reset` and `!override`: what earlier files said there is gone. */
function unset(model: Dict, path: Path): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    delete model[key];
    return;
  }
  const inner = model[key];
  if (isDict(inner)) unset(inner, rest);
}

function applyExtends(model: Dict, path: string, loading: Loading): Dict {
  const { services } = model;
  if (services === undefined || services === null) return model;
  if (!isDict(services)) throw new LoadError('services must be a mapping');
  const all: Dict = { ...services };
  for (const name of Object.keys(all)) all[name] = extended(name, all, path, loading, []);
  return { ...model, services: all };
}

function extended(name: string, services: Dict, path: string, loading: Loading, seen: readonly string[]): Value {
  const service = services[name] ?? null;
  if (service === null) return null;
  if (!isDict(service)) throw new LoadError(`services.${name} must be a mapping`);
  const { extends: how, ...own } = service;
  if (how === undefined) return service;
  const reference = isDict(how) ? how['service'] : how;
  if (typeof reference !== 'string') throw new LoadError(`extends.${name}.service is required`);
  const file = isDict(how) && typeof how['file'] === 'string' ? how['file'] : undefined;
  let from = services;
  let fromPath = path;
  let inner = loading;
  if (file !== undefined) {
    fromPath = absolute(file, loading.folder, loading.reading.home);
    inner = { ...loading, folder: dirname(fromPath) };
    from = extendedFile(name, reference, path, file, fromPath, inner);
  } else if (!(reference in services))
    throw new LoadError(`cannot extend service "${name}" in ${path}: service "${reference}" not found`);
  const mark = `${name} in ${fromPath}`;
  if (seen.includes(mark))
    throw new LoadError(`Circular reference:\n  ${seen.join('\n  extends ')}\n  extends ${mark}`);
  const base = extended(reference, from, fromPath, inner, [...seen, mark]);
  if (!isDict(base)) return own;
  const merged = extendService(deepClone(base), own);
  delete merged['extends'];
  services[name] = merged;
  return merged;
}

function extendedFile(
  name: string,
  reference: string,
  path: string,
  file: string,
  full: string,
  loading: Loading,
): Dict {
  const { model } = loadFile({ path: full, text: loading.reading.readFile(full) }, {}, { ...loading, raw: true });
  const { services } = model;
  if (services === undefined) throw new LoadError(`cannot extend service "${name}" in ${full}: no services section`);
  if (!isDict(services) || !(reference in services))
    throw new LoadError(`cannot extend service "${name}" in ${path}: service "${reference}" not found in ${file}`);
  return dictAt(resolvePaths(model, loading.folder, loading.reading.home), 'services');
}

function applyInclude(model: Dict, path: string, loading: Loading): void {
  const { include } = model;
  if (include === undefined || include === null) return;
  if (!Array.isArray(include)) throw new LoadError(`\`include\` must be a list, got ${sprint(include)}`);
  delete model['include'];
  const { folder, reading, lookup } = loading;
  const included = [...loading.included, path];
  const full = (text: string): string => absolute(text, folder, reading.home);
  for (const each of include) {
    const entry: Dict = isDict(each) ? each : { path: each };
    const paths = listOf(entry['path']).map(full);
    const [main = ''] = paths;
    if (included.includes(main))
      throw new LoadError(
        `include cycle detected:\n${included[0] ?? ''}\n include ${[...included.slice(1), main].join('\n include ')}`,
      );
    const project = typeof entry['project_directory'] === 'string' ? full(entry['project_directory']) : dirname(main);
    const given = listOf(entry['env_file']).map(full);
    const implied = join(project, '.env');
    const envFiles = given.length > 0 ? given : reading.isFile(implied) ? [implied] : [];
    const more = reading.readEnvFiles(envFiles, lookup);
    const files = paths.map((file) => ({ path: file, text: reading.readFile(file) }));
    const found = loadModel(
      files,
      project,
      (key) => lookup(key) ?? more.get(key),
      { ...loading, resolvesPaths: true },
      included,
    );
    for (const kind of ['services', 'volumes', 'networks', 'secrets', 'configs', 'models']) {
      if (found[kind] === undefined) continue;
      const target = { ...dictAt(model, kind) };
      for (const [key, value] of Object.entries(dictAt(found, kind))) {
        const there = target[key];
        if (there !== undefined && !equal(there, value))
          throw new LoadError(`${kind}.${key} conflicts with imported resource`);
        target[key] = value;
      }
      model[kind] = target;
    }
  }
}

const listOf = (value: Value | undefined): readonly string[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value.map(sprint) : [sprint(value)];

/** What the schema cannot say (compose-go's validation package). */
function checkModel(model: Dict): void {
  for (const kind of ['networks', 'volumes'])
    for (const [name, value] of Object.entries(dictAt(model, kind))) {
      if (!isDict(value) || (value['external'] !== true && value['external'] !== 'true')) continue;
      const others = Object.keys(value).filter((key) => key !== 'name' && key !== 'external' && !key.startsWith('x-'));
      const [first] = others.sort();
      if (first !== undefined)
        throw new LoadError(`${kind}.${name}: conflicting parameters "external" and "${first}" specified`);
    }
}
