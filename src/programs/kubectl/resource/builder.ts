import type { Cli } from '../cli';
import { Aggregate, ConnectionError, Failure, isNotFound, StatusError, throwAll } from '../errors';
import { at, isObject, list, nameOfObject, namespaceOf, text, withAt, type JsonObject, type KubeObject } from '../json';
import { kustomized } from '../kustomize/build';
import type { Query } from '../rest/client';
import { splitGroupVersion } from '../rest/discovery';
import { expandPath, expandPattern, manifestDocuments, readFile, type Source } from './files';
import { toYaml } from '../printers/yaml';
import { apiVersionOf, pathOf, type Mapping } from './mapper';
import { matchesSelector, parseSelector } from './selector';
import { readUrl } from './url';

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

const missingResource = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

interface Tuple {
  readonly resource: string;
  readonly name: string;
}

/** Finds objects. A failure stands where it happened: what came before it counts. */
type Maker = () => AsyncIterable<Info | Failure> | Promise<readonly Info[]>;

/** What was asked for, found when it is visited. */
export class Result {
  constructor(
    readonly cli: Cli,
    readonly options: BuilderOptions,
    readonly singleItemImplied: boolean,
    /** Named objects or files, not whole types. */
    readonly targetsSingleItems: boolean,
    readonly makers: readonly Maker[],
    /** For types: what a watch has to watch. */
    readonly mappings: readonly Mapping[],
    readonly continues: boolean,
    readonly forgiven: (failure: Failure) => boolean = () => false,
  ) {}

  /** The same, but failures of this sort are passed over. */
  ignoring(forgiven: (failure: Failure) => boolean): Result {
    const { cli, options, singleItemImplied, targetsSingleItems, makers, mappings, continues } = this;
    return new Result(cli, options, singleItemImplied, targetsSingleItems, makers, mappings, continues, forgiven);
  }

  /** Calls `visit` for each object. Throws what went wrong; with `continueOnError` at the end. */
  async visit(visit: (info: Info) => Promise<void>): Promise<void> {
    const failures: Failure[] = [];
    const guard = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await work();
      } catch (reason) {
        if (!(reason instanceof Failure)) throw reason;
        if (this.forgiven(reason)) return undefined;
        if (!this.continues) throw reason;
        if (reason instanceof Aggregate) failures.push(...reason.errors);
        else failures.push(reason);
        return undefined;
      }
    };
    for (const make of this.makers) {
      // Each is visited as it is found: what comes behind it may not be asked for at all.
      await guard(async () => {
        for await (const info of await make())
          await guard(() => (info instanceof Failure ? Promise.reject(info) : visit(info)));
      });
    }
    throwAll(failures);
  }

  /** All objects. */
  async infos(): Promise<readonly Info[]> {
    const found: Info[] = [];
    await this.visit((info) => {
      found.push(info);
      return Promise.resolve();
    });
    return found;
  }

  /** All objects that could be had, and what went wrong with the others. */
  async collect(): Promise<{ readonly infos: readonly Info[]; readonly failures: readonly Failure[] }> {
    const infos: Info[] = [];
    try {
      await this.visit((info) => {
        infos.push(info);
        return Promise.resolve();
      });
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      return { infos, failures: reason instanceof Aggregate ? reason.errors : [reason] };
    }
    return { infos, failures: [] };
  }
}

/** Finds what arguments, files and selectors mean. Source: cli-runtime pkg/resource/builder.go. */
export async function build(cli: Cli, options: BuilderOptions): Promise<Result> {
  const failures: Failure[] = [];
  const { factory } = cli;
  const sources = await sourcesOf(cli, options, failures);
  const fromFiles =
    (options.filenames ?? []).length > 0 || (options.kustomize ?? '') !== '' || options.stream !== undefined;

  let labelSelector = (options.labelSelector ?? '').trim() === '' ? undefined : options.labelSelector?.trim();
  const fieldSelector = (options.fieldSelector ?? '').trim() === '' ? undefined : options.fieldSelector?.trim();
  if (options.all && (labelSelector !== undefined || fieldSelector !== undefined))
    failures.push(new Failure("setting 'all' parameter but found a non empty selector. "));

  const words = splitMany(options.args ?? []);
  const tuples: Tuple[] = [];
  let types: readonly string[] = [];
  let names: readonly string[] = [];
  const slashes = words.filter((word) => word.includes('/')).length;
  if (slashes > 0 && slashes < words.length) failures.push(mixed());
  else if (slashes > 0) {
    for (const word of words) {
      const tuple = splitTypeName(word);
      if (tuple instanceof Failure) {
        failures.push(tuple);
        break;
      }
      tuples.push(tuple);
    }
  } else if (words[0] !== undefined) {
    const expanded = options.local ? words[0] : await expandCategories(cli, words[0]);
    types = [...new Set(expanded.split(','))];
    names = words.slice(1);
    if (names.length === 0 && labelSelector === undefined && options.allowEmptySelector) labelSelector = '';
  }
  throwAll(failures);
  if (options.all) labelSelector = '';

  const namespace = options.allNamespaces ? '' : (options.namespace ?? factory.namespace.namespace);
  const shared = { cli, options, namespace };

  if (fromFiles) {
    if (types.length > 0)
      throw new Failure(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      );
    if (tuples.length > 0) throw new Failure('resource/name arguments cannot be provided when a path is specified');
    const single = sources.items.length === 1 && !sources.stream && !sources.many;
    const makers = sources.items.map((source) => () => infosOfSource(shared, source, labelSelector));
    return new Result(cli, options, single, true, makers, [], options.continueOnError ?? false);
  }
  if (labelSelector !== undefined || fieldSelector !== undefined) {
    if (names.length > 0) throw new Failure('name cannot be provided when a selector is specified');
    if (tuples.length > 0)
      throw new Failure('selectors and the all flag cannot be used when passing resource/name arguments');
    if (types.length === 0) throw new Failure('at least one resource must be specified to use a selector');
    if (options.subresource) throw new Failure('subresource cannot be used when bulk resources are specified');
    const mappings = await mappingsOf(cli, types, options.singleType ?? false);
    const makers = mappings.map((mapping) => () => listed(shared, mapping, labelSelector ?? '', fieldSelector ?? ''));
    return new Result(cli, options, false, false, makers, mappings, options.continueOnError ?? false);
  }
  if (tuples.length > 0) {
    const found: { readonly tuple: Tuple; readonly mapping: Mapping }[] = [];
    for (const tuple of tuples) found.push({ tuple, mapping: await factory.resolveArgument(tuple.resource) });
    const kinds = new Set(found.map(({ mapping }) => `${mapping.resource}.${mapping.group}`));
    if (options.singleType && kinds.size > 1) throw new Failure('you may only specify a single resource type');
    for (const { mapping } of found) requireNamespace(shared, mapping);
    const makers = found.map(
      ({ tuple, mapping }) =>
        () =>
          named(shared, mapping, tuple.name),
    );
    return new Result(
      cli,
      options,
      tuples.length === 1,
      true,
      makers,
      found.map(({ mapping }) => mapping),
      options.continueOnError ?? false,
    );
  }
  if (names.length > 0) {
    if (types.length === 0) throw new Failure('you must provide a resource and a resource name together');
    if (types.length > 1) throw new Failure('you must specify only one resource');
    const [mapping] = await mappingsOf(cli, types, false);
    if (mapping === undefined) throw new Failure(missingResource);
    requireNamespace(shared, mapping);
    const makers = names.map((name) => () => named(shared, mapping, name));
    return new Result(cli, options, names.length === 1, true, makers, [mapping], options.continueOnError ?? false);
  }
  if (types.length > 0) {
    await mappingsOf(cli, types, false);
    throw new Failure('resource(s) were provided, but no name was specified');
  }
  throw new Failure(missingResource);
}

interface Shared {
  readonly cli: Cli;
  readonly options: BuilderOptions;
  readonly namespace: string;
}

const mixed = (): Failure =>
  new Failure(
    "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
  );

/** `pods,services web` means `pods/web services/web`. */
function splitMany(args: readonly string[]): readonly string[] {
  const types = [...new Set((args[0] ?? '').split(','))];
  if (args.length < 2 || types.length < 2) return args;
  return types.flatMap((type) => args.slice(1).map((name) => `${type}/${name}`));
}

function splitTypeName(word: string): Tuple | Failure {
  const parts = word.split('/');
  if (parts.length !== 2) return new Failure('arguments in resource/name form may not have more than one slash');
  const [resource = '', name = ''] = parts;
  if (resource === '' || name === '' || new Set(resource.split(',')).size !== 1)
    return new Failure('arguments in resource/name form must have a single resource and name');
  return { resource, name };
}

async function expandCategories(cli: Cli, argument: string): Promise<string> {
  cli.factory.expectCategories();
  const mapper = await cli.factory.mapper();
  return argument
    .split(',')
    .map((word) => mapper.category(word)?.join(',') ?? word)
    .join(',');
}

async function mappingsOf(cli: Cli, types: readonly string[], single: boolean): Promise<readonly Mapping[]> {
  if (types.length > 1 && single) throw new Failure('you may only specify a single resource type');
  const found = new Map<string, Mapping>();
  for (const type of types) {
    const mapping = await cli.factory.resolveArgument(type);
    const key = `${apiVersionOf(mapping)} ${mapping.kind}`;
    if (!found.has(key)) found.set(key, mapping);
  }
  return [...found.values()];
}

function requireNamespace({ namespace, options }: Shared, mapping: Mapping): void {
  if (!mapping.namespaced || namespace !== '') return;
  throw new Failure(
    options.allNamespaces
      ? 'a resource cannot be retrieved by name across all namespaces'
      : 'namespace may not be empty when retrieving a resource by name',
  );
}

async function named({ cli, options, namespace }: Shared, mapping: Mapping, name: string): Promise<readonly Info[]> {
  const scope = mapping.namespaced ? namespace : '';
  const info: Info = { mapping, namespace: scope, name, object: undefined, source: '', resourceVersion: '' };
  return [options.fetch === false ? info : await fetchInfo(cli, info, options)];
}

/** The same object as the server has it now. */
export async function fetchInfo(
  cli: Cli,
  info: Info,
  options: Pick<BuilderOptions, 'subresource' | 'accept' | 'query'> = {},
): Promise<Info> {
  const { mapping, namespace, name } = info;
  const how = {
    ...(options.accept === undefined ? {} : { accept: options.accept }),
    ...(options.query === undefined ? {} : { query: options.query }),
  };
  try {
    return withObject(info, await cli.factory.client.get(pathOf(mapping, namespace, name, options.subresource), how));
  } catch (error) {
    if (isNotFound(error) && namespace !== '' && namespace !== 'default') await missesNamespace(cli, namespace, how);
    throw error;
  }
}

/** Info.Get: where even the namespace is not there, that is what is said. */
async function missesNamespace(
  cli: Cli,
  namespace: string,
  how: Parameters<typeof cli.factory.client.get>[1],
): Promise<void> {
  try {
    await cli.factory.client.get(`/api/v1/namespaces/${encodeURIComponent(namespace)}`, how);
  } catch (error) {
    if (isNotFound(error)) throw error;
  }
}

export const withObject = (info: Info, found: KubeObject): Info => ({
  ...info,
  object: found,
  resourceVersion: text(found, 'metadata', 'resourceVersion'),
});

async function listed(
  { cli, options, namespace }: Shared,
  mapping: Mapping,
  labelSelector: string,
  fieldSelector: string,
): Promise<readonly Info[]> {
  const scope = mapping.namespaced ? namespace : '';
  const whole = await listAll(cli, mapping, scope, options, labelSelector, fieldSelector);
  const info: Info = {
    mapping,
    namespace: scope,
    name: '',
    object: whole,
    source: '',
    resourceVersion: text(whole, 'metadata', 'resourceVersion'),
  };
  if (!options.flatten) return [info];
  return itemsOf(whole, mapping).map((item) => infoOf(item, mapping, ''));
}

/** The items of a list, each with its apiVersion and kind. */
export const itemsOf = (whole: KubeObject, mapping: Mapping): readonly KubeObject[] =>
  list(whole, 'items')
    .filter(isObject)
    .map((item) => ({ ...item, apiVersion: apiVersionOf(mapping), kind: mapping.kind }));

export const infoOf = (item: KubeObject, mapping: Mapping, source: string): Info => ({
  mapping,
  namespace: namespaceOf(item),
  name: nameOfObject(item),
  object: item,
  source,
  resourceVersion: text(item, 'metadata', 'resourceVersion'),
});

/** Lists in chunks, as one list (the server's Table chunks are joined by their rows). */
export async function listAll(
  cli: Cli,
  mapping: Mapping,
  namespace: string,
  options: Pick<BuilderOptions, 'chunkSize' | 'accept' | 'query'>,
  labelSelector = '',
  fieldSelector = '',
): Promise<KubeObject> {
  const limit = options.chunkSize ?? 0;
  let whole: JsonObject | undefined;
  let token = '';
  try {
    do {
      const chunk = await cli.factory.client.get(pathOf(mapping, namespace), {
        ...(options.accept === undefined ? {} : { accept: options.accept }),
        query: {
          ...options.query,
          ...(labelSelector === '' ? {} : { labelSelector }),
          ...(fieldSelector === '' ? {} : { fieldSelector }),
          ...(limit === 0 ? {} : { limit }),
          ...(token === '' ? {} : { continue: token }),
        },
      });
      whole = whole === undefined ? chunk : joined(whole, chunk);
      token = text(chunk, 'metadata', 'continue');
    } while (token !== '');
  } catch (reason) {
    throw explained(reason, mapping, labelSelector, fieldSelector);
  }
  return whole;
}

function joined(whole: JsonObject, chunk: JsonObject): JsonObject {
  const field = at(whole, 'rows') === undefined ? 'items' : 'rows';
  const rest = chunk['metadata'];
  return { ...whole, metadata: rest, [field]: [...list(whole, field), ...list(chunk, field)] };
}

// cli-runtime's Selector.Visit says what was looked for.
function explained(reason: unknown, mapping: Mapping, labelSelector: string, fieldSelector: string): unknown {
  if (!(reason instanceof StatusError)) return reason;
  const { status } = reason;
  if (status.reason !== 'BadRequest' && status.reason !== 'NotFound') return reason;
  const what = `"${mapping.group}/${mapping.version}, Resource=${mapping.resource}"`;
  const message =
    labelSelector === '' && fieldSelector === ''
      ? `Unable to list ${what}: ${status.message}`
      : `Unable to find ${what} that match label selector "${labelSelector}", field selector "${fieldSelector}": ${status.message}`;
  return new StatusError({ ...status, message });
}

async function sourcesOf(
  cli: Cli,
  { filenames = [], recursive = false, kustomize = '', stream: given }: BuilderOptions,
  failures: Failure[],
): Promise<{ readonly items: readonly Source[]; readonly stream: boolean; readonly many: boolean }> {
  if (kustomize !== '' && filenames.length > 0) failures.push(new Failure('only one of -f or -k can be specified'));
  if (kustomize !== '' && recursive) failures.push(new Failure("the -k flag can't be used with -f or -R"));
  if (failures.length > 0) return { items: [], stream: false, many: false };
  const { fs } = cli.process;
  const items: Source[] = given === undefined ? [] : [given];
  if (kustomize !== '')
    items.push({
      name: kustomize,
      read: async () => {
        const { objects, warnings } = kustomized(cli.process, kustomize);
        for (const warning of warnings) await cli.err(`${warning}\n`);
        return objects.map((object) => toYaml(object)).join('---\n');
      },
    });
  let stream = false;
  let many = false;
  for (const name of filenames) {
    if (name === '-') {
      if (stream) failures.push(new Failure('standard input cannot be used for multiple arguments'));
      stream = true;
      items.push({ name: 'STDIN', read: () => cli.process.stdin.text() });
      continue;
    }
    if (/^https?:\/\//.test(name)) {
      items.push({ name, read: () => readUrl(cli, name) });
      continue;
    }
    try {
      for (const path of expandPattern(fs, name)) {
        const files = expandPath(fs, path, recursive);
        if (files.length === 0 && items.length === 0)
          failures.push(new Failure(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`));
        if (files.length > 1) many = true;
        for (const file of files) items.push({ name: file, read: () => Promise.resolve(readFile(fs, file)) });
      }
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      failures.push(reason);
    }
  }
  return Promise.resolve({ items, stream, many });
}

async function* infosOfSource(
  shared: Shared,
  source: Source,
  labelSelector: string | undefined,
): AsyncGenerator<Info | Failure> {
  const { cli, options } = shared;
  const requirements = labelSelector === undefined ? undefined : parseSelector(labelSelector);
  // A document that cannot be read ends the file; one of an unknown type does not.
  for (const document of manifestDocuments(await source.read(), source.name)) {
    if (options.schema) await checkSchema(cli, [document], source.name);
    for (const each of flattened(document)) {
      if (requirements && !matchesSelector(requirements, at(each, 'metadata', 'labels'))) continue;
      let found: Info | Failure;
      try {
        const info = place(await infoOfDocument(cli, each, source.name, options), shared);
        found = options.latest && info.name !== '' ? await fetchInfo(cli, info, options) : info;
      } catch (reason) {
        if (!(reason instanceof Failure)) throw reason;
        found = reason;
      }
      yield found;
    }
  }
}

/**
 * kubectl looks whether the server validates fields (it does), and itself only looks for a type. Objects that have none
 * and a server that cannot be reached fail here.
 */
export async function checkSchema(cli: Cli, documents: readonly JsonObject[], source: string): Promise<void> {
  const invalid = (why: string): Failure =>
    new Failure(
      `error validating "${source}": error validating data: ${why}; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  for (const document of documents) {
    const missing = ['apiVersion', 'kind']
      .filter((field) => text(document, field) === '')
      .map((field) => `${field} not set`);
    if (missing.length > 0) throw invalid(missing.length === 1 ? (missing[0] ?? '') : `[${missing.join(', ')}]`);
  }
  try {
    for (const document of documents) {
      const { group, version } = splitGroupVersion(text(document, 'apiVersion'));
      await cli.factory.schemaOf(group, version, text(document, 'kind'));
    }
  } catch (reason) {
    if (!(reason instanceof ConnectionError || reason instanceof StatusError)) throw reason;
    throw invalid(`failed to download openapi: ${reason.message.replace('/openapi/v3?', '/openapi/v2?')}`);
  }
}

const flattened = (document: JsonObject): readonly JsonObject[] =>
  text(document, 'kind').endsWith('List') && Array.isArray(document['items'])
    ? (document['items'] as readonly unknown[]).filter(isObject).flatMap((item) => flattened(item))
    : [document];

async function infoOfDocument(
  cli: Cli,
  document: JsonObject,
  source: string,
  { local = false }: BuilderOptions,
): Promise<Info> {
  const apiVersion = text(document, 'apiVersion');
  const kind = text(document, 'kind');
  if (kind === '')
    throw new Failure(`unable to decode "${source}": Object 'Kind' is missing in '${JSON.stringify(document)}'`);
  if (apiVersion === '')
    throw new Failure(`unable to decode "${source}": Object 'apiVersion' is missing in '${JSON.stringify(document)}'`);
  const misfit = misfitOf(document);
  if (misfit !== undefined) throw new Failure(`unable to decode "${source}": ${misfit}`);
  const mapping = local ? localMapping(apiVersion, kind) : await recognized(cli, apiVersion, kind, source);
  if (mapping === undefined) {
    throw new Failure(
      `resource mapping not found for name: "${nameOfObject(document)}" namespace: "${namespaceOf(document)}" from "${source}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
    );
  }
  return infoOf(document, mapping, source);
}

async function recognized(cli: Cli, apiVersion: string, kind: string, source: string): Promise<Mapping | undefined> {
  try {
    return await cli.factory.resolve((mapper) => mapper.forObject(apiVersion, kind));
  } catch (reason) {
    if (reason instanceof ConnectionError) throw new Failure(`unable to recognize "${source}": ${reason.message}`);
    throw reason;
  }
}

/** Labels and annotations are texts; the rest of metadata is left to the server. */
function misfitOf(document: JsonObject): string | undefined {
  for (const field of ['labels', 'annotations']) {
    const map = at(document, 'metadata', field);
    if (!isObject(map)) continue;
    const wrong = Object.values(map).find((value) => typeof value !== 'string' && value !== null);
    if (wrong === undefined) continue;
    const kind = Array.isArray(wrong) ? 'array' : typeof wrong === 'boolean' ? 'bool' : typeof wrong;
    return `json: cannot unmarshal ${kind} into Go struct field ObjectMeta.metadata.${field} of type string`;
  }
  return undefined;
}

/** Without a server, kinds are taken at their word. */
export function localMapping(apiVersion: string, kind: string): Mapping {
  const slash = apiVersion.indexOf('/');
  const singular = kind.toLowerCase();
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
    resource: `${singular}s`,
    singular,
    namespaced: true,
    verbs: [],
  };
}

/** Default and required namespaces (SetNamespace, RequireNamespace, FilterNamespace). */
function place(info: Info, { options, namespace }: Shared): Info {
  // Without a server nobody knows which kinds are in namespaces: files stay as they are.
  return options.local || options.asIs ? info : placed(info, namespace, options.enforceNamespace ?? false);
}

/** An object read from a text in its namespace: the given one unless it names its own, which `enforced` refuses. */
export function placed(info: Info, namespace: string, enforced: boolean): Info {
  if (!info.mapping.namespaced) {
    if (info.namespace === '' || info.object === undefined) return { ...info, namespace: '' };
    return { ...info, namespace: '', object: withAt(info.object, ['metadata', 'namespace'], undefined) as KubeObject };
  }
  if (info.namespace === '' && namespace !== '') {
    const object = info.object && (withAt(info.object, ['metadata', 'namespace'], namespace) as KubeObject);
    return { ...info, namespace, object };
  }
  if (enforced && info.namespace !== namespace) {
    throw new Failure(
      `the namespace from the provided object "${info.namespace}" does not match the namespace "${namespace}". You must pass '--namespace=${info.namespace}' to perform this operation.`,
    );
  }
  return info;
}
