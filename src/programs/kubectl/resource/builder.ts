import type { Cli } from '../cli';
import { Failure, throwAll } from '../errors';
import { expandCategories, mappingsOf, mixed, splitMany, splitTypeName, type Tuple } from './arguments';
import { infosOfSource } from './documents';
import { listed, named, requireNamespace } from './fetch';
import type { BuilderOptions } from './info';
import type { Mapping } from './mapper';
import { Result } from './result';
import { sourcesOf } from './sources';

const missingResource = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

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
