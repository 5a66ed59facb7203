import type { Process } from '../../../linux/process/types';
import { checkConsistency } from './check';
import { decode } from './decode';
import { resolveEnvironment, resolveLabels } from './environment';
import { findFiles, reading, workingFolder } from './files';
import { interpolate } from './interpolate';
import { loadModel, type ComposeFile, type Reading } from './model';
import { normalize } from './normalize';
import { absolute } from './paths';
import { withoutUnnecessaryResources, withProfiles, withSelectedServices, withServicesEnabled } from './select';
import { fileObjectShape, modelShape, networkShape, serviceShape, volumeShape, type Shape } from './shapes';
import type { FileObject, NetworkConfig, Project, Service, VolumeConfig } from './types';
import { dictAt, isDict, LoadError, type Dict } from './value';
import { basename, join } from './volumes';
import { readYaml } from './yaml';

/** The options before the command: what to load. */
export interface ProjectOptions {
  readonly files: readonly string[];
  readonly projectName: string | undefined;
  readonly projectDirectory: string | undefined;
  readonly envFiles: readonly string[];
  readonly profiles: readonly string[];
  readonly compatibility: boolean;
  readonly allResources: boolean;
}

export interface LoadOptions {
  readonly services?: readonly string[];
  /** Default: yes, to all of these. */
  readonly interpolates?: boolean;
  readonly resolvesPaths?: boolean;
  readonly normalizes?: boolean;
  readonly checks?: boolean;
  /** Reads the services' env files. */
  readonly resolvesEnvironment?: boolean;
}

/** Where the project is and what its files say. */
export interface Found {
  readonly reading: Reading;
  readonly folder: string;
  readonly files: readonly ComposeFile[];
  readonly environment: Map<string, string>;
  readonly name: string;
  readonly profiles: readonly string[];
}

const invalidName = (name: string): LoadError =>
  new LoadError(
    `invalid project name ${JSON.stringify(name)}: must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number`,
  );

/** loader.NormalizeProjectName. */
export const normalizeName = (name: string): string =>
  (name.toLowerCase().match(/[a-z0-9_-]/g) ?? []).join('').replace(/^[_-]+/, '');

/** Finds the files, the variables and the name of the project that these options mean. */
export async function findProject(
  process: Process,
  options: ProjectOptions,
  warn: (message: string) => void,
  interpolates = true,
): Promise<Found> {
  const { cwd, env } = process;
  const environment = new Map(env);
  if (!environment.has('PWD')) environment.set('PWD', cwd);
  const read = reading(process, warn);
  const { home } = read;
  const directory =
    options.projectDirectory === undefined || options.projectDirectory === ''
      ? undefined
      : absolute(options.projectDirectory, cwd, home);
  const addDotenv = (folder: string): void => {
    const given = options.envFiles.map((file) => absolute(file, cwd, home));
    const implied = join(folder, '.env');
    const disabled = /^(1|t|true)$/i.test(env.get('COMPOSE_DISABLE_ENV_FILE') ?? '');
    const files = given.length > 0 ? given : !disabled && read.isFile(implied) ? [implied] : [];
    for (const [key, value] of read.readEnvFiles(files, (name) => environment.get(name)))
      if (!environment.has(key)) environment.set(key, value);
  };
  addDotenv(workingFolder(process, directory, options.files));
  const paths = findFiles(process, options.files, directory, environment, warn);
  addDotenv(workingFolder(process, directory, paths));
  if (options.projectName !== undefined && options.projectName !== normalizeName(options.projectName))
    throw invalidName(options.projectName);
  if (paths.length === 0) throw new LoadError('no configuration file provided: not found');
  const folder = workingFolder(process, directory, paths);
  const files: ComposeFile[] = [];
  for (const path of paths)
    files.push(
      path === '-'
        ? { path: join(folder, '-'), text: await process.stdin.text() }
        : { path: absolute(path, cwd, home), text: read.readFile(absolute(path, cwd, home)) },
    );
  const lookup = (key: string): string | undefined => environment.get(key);
  const name = projectName(options, files, folder, environment, () => lookup, interpolates, warn);
  environment.set('COMPOSE_PROJECT_NAME', name);
  const fromVariable = (environment.get('COMPOSE_PROFILES') ?? '').split(',').map((each) => each.trim());
  const profiles = options.profiles.length > 0 ? options.profiles : fromVariable;
  return { reading: read, folder, files, environment, name, profiles };
}

function projectName(
  { projectName: given }: ProjectOptions,
  files: readonly ComposeFile[],
  folder: string,
  environment: ReadonlyMap<string, string>,
  lookup: () => (key: string) => string | undefined,
  interpolates: boolean,
  warn: (message: string) => void,
): string {
  if (given !== undefined && given !== '') return given;
  const variable = environment.get('COMPOSE_PROJECT_NAME');
  if (variable !== undefined && variable !== '') {
    if (normalizeName(variable) !== variable) throw invalidName(variable);
    return variable;
  }
  let written = '';
  for (const { text } of files) {
    try {
      for (const { value } of readYaml(text))
        if (isDict(value) && typeof value['name'] === 'string' && value['name'] !== '') written = value['name'];
    } catch (error) {
      // Said again, with its file, when the file is loaded.
      if (!(error instanceof LoadError)) throw error;
    }
  }
  if (written !== '') {
    const text = interpolates ? interpolate({ name: written }, { lookup: lookup(), warn })['name'] : written;
    return normalizeName(typeof text === 'string' ? text : '');
  }
  const implied = normalizeName(basename(folder));
  if (implied === '') throw new LoadError('project name must not be empty');
  return implied;
}

/** The model as a tree, for what prints it as it is (`config --no-interpolate`). */
export function loadTree(found: Found, options: LoadOptions): Dict {
  const { interpolates = true, resolvesPaths = true, normalizes = true } = options;
  const lookup = (key: string): string | undefined => found.environment.get(key);
  const model = loadModel(found.files, found.folder, lookup, { reading: found.reading, interpolates, resolvesPaths });
  if (Object.keys(model).length === 0) throw new LoadError('empty compose file');
  if (normalizes) {
    model['name'] = found.name;
    normalize(model, lookup);
  }
  return model;
}

/** The project, ready to be run. */
export function loadProject(found: Found, options: ProjectOptions, load: LoadOptions = {}): Project {
  const { services: selected = [], checks = true, resolvesEnvironment = true } = load;
  const tree = loadTree(found, load);
  let project: Project = {
    name: found.name,
    folder: found.folder,
    files: found.files.map(({ path }) => path),
    environment: found.environment,
    profiles: found.profiles,
    envFiles: options.envFiles.map((file) => absolute(file, found.environment.get('PWD') ?? '/', found.reading.home)),
    services: decodeAll<Service>(tree, 'services', serviceShape),
    disabled: {},
    networks: decodeAll<NetworkConfig>(tree, 'networks', networkShape),
    volumes: decodeAll<VolumeConfig>(tree, 'volumes', volumeShape),
    secrets: decodeAll<FileObject>(tree, 'secrets', fileObjectShape),
    configs: decodeAll<FileObject>(tree, 'configs', fileObjectShape),
    models: decodeAll(tree, 'models', modelShape),
    extensions: Object.fromEntries(Object.entries(tree).filter(([key]) => key.startsWith('x-'))),
    separator: options.compatibility || found.environment.get('COMPOSE_COMPATIBILITY') === 'true' ? '_' : '-',
  };
  project = withProfiles(project, found.profiles);
  if (checks) checkConsistency(project);
  if (resolvesEnvironment) project = resolveEnvironment(project, found.reading);
  project = resolveLabels(project, found.reading);
  project = withServicesEnabled(project, selected);
  project = withSelectedServices(project, selected);
  return options.allResources ? project : withoutUnnecessaryResources(project);
}

function decodeAll<T>(tree: Dict, key: string, shape: Shape): Record<string, T> {
  const all = dictAt(tree, key);
  return Object.fromEntries(Object.keys(all).map((name) => [name, decode(shape, all[name], `${key}[${name}]`) as T]));
}
