import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Aggregate, Exit, Failure, isNotFound, throwAll } from '../../errors';
import { flag } from '../../flags/flag-set';
import { at, isList, isObject, kindOf, list, nameOfObject, namespaceOf, text, type JsonObject } from '../../json';
import { noPrinter, printerFor, TemplateFailure, type ObjectPrinter } from '../../printers/output';
import { sortBy } from '../../printers/sorter';
import { TablePrinter, type TableOptions } from '../../printers/table';
import { TabWriter } from '../../../toolkit/tabwriter';
import { build } from '../../resource/builder';
import type { BuilderOptions, Info } from '../../resource/info';
import { groupKind, type Mapping } from '../../resource/mapper';
import { accepts } from '../../rest/client';
import {
  allNamespacesFlag,
  chunkSizeFlag,
  fieldSelectorFlag,
  filenameFlags,
  filenames,
  hasFiles,
  selectorFlag,
  subresourceFlag,
} from '../shared-flags';
import { getRaw } from './raw';
import { watch } from './watch';

const formats = [
  'json',
  'yaml',
  'name',
  'go-template',
  'go-template-file',
  'template',
  'templatefile',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'custom-columns',
  'custom-columns-file',
  'wide',
];

export const get: Command = {
  use: `get [(-o|--output=)${formats.join('|')}] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]`,
  short: 'Display one or many resources',
  long: `Display one or many resources.

 Shows the most important facts of the given resources as a table. A label selector (--selector) narrows the list. Of a namespaced type you see the current namespace only, unless you name another one or ask for all.

 With -o you choose another form: the whole object as YAML or JSON, or what a template picks from it.

Use "kubectl api-resources" for a complete list of supported resources.`,
  example: `# All pods of the namespace
kubectl get pods

# With more columns, such as the node
kubectl get pods -o wide

# One deployment as YAML
kubectl get deployment web -o yaml

# Only one field
kubectl get pod web-0 -o jsonpath='{.status.phase}'

# Columns of your choice
kubectl get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image

# Several types together, in all namespaces
kubectl get deployments,services -A`,
  suggestFor: ['list', 'ps'],
  flags: [
    allNamespacesFlag(),
    flag.bool(
      'allow-missing-template-keys',
      true,
      'Print nothing for keys that are missing, instead of failing. For Go templates and JSONPath.',
    ),
    chunkSizeFlag,
    fieldSelectorFlag,
    ...filenameFlags('that names the resource to get.'),
    flag.bool('ignore-not-found', false, 'End with 0 where the object does not exist.'),
    flag.strings('label-columns', [], 'Labels to show as columns of their own, comma separated.', { short: 'L' }),
    flag.bool('no-headers', false, 'Leave out the header line.'),
    flag.string('output', '', `How to print. One of: (${formats.join(', ')}).`, { short: 'o' }),
    flag.bool('output-watch-events', false, 'With --watch or --watch-only, print the event around each object.'),
    flag.string('raw', '', 'URI to request as it is.'),
    selectorFlag,
    flag.bool('server-print', true, 'Let the server make the table.'),
    flag.bool('show-kind', false, 'Print the type before each name.'),
    flag.bool('show-labels', false, 'Print all labels as the last column.'),
    flag.bool('show-managed-fields', false, 'Keep managedFields when printing JSON or YAML.'),
    flag.string('sort-by', '', "Sort by this field, a JSONPath ('{.metadata.name}') that leads to a number or a text."),
    subresourceFlag('Get this subresource of the object.'),
    flag.string('template', '', 'Template, or file with one, for -o=go-template and -o=go-template-file.'),
    flag.bool('watch', false, 'After listing, keep printing changes.', { short: 'w' }),
    flag.bool('watch-only', false, 'Print changes only, without listing first.'),
  ],
  run: async (cli) => {
    const { flags, args } = cli;
    if (flags.string('raw') !== '') return getRaw(cli);
    const watching = flags.bool('watch') || flags.bool('watch-only');
    if (watching && flags.string('sort-by') !== '') {
      const only = flags.bool('watch')
        ? '--watch requested, --sort-by will be ignored for watch events received'
        : '--watch-only requested, --sort-by will be ignored';
      await cli.err(`warning: ${only}\n`);
    }
    if (!watching && args.length === 0 && !hasFiles(cli)) {
      await cli.err(
        'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
      );
      throw cli.usage(
        'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
      );
    }
    validate(cli);
    if (watching) return watch(cli);
    return human(cli) ? printTables(cli) : printObjects(cli);
  },
};

function validate({ flags }: Cli): void {
  const output = flags.string('output');
  if (flags.bool('show-labels') && output !== '' && output !== 'wide')
    throw new Failure(`--show-labels option cannot be used with ${output} printer`);
  if (flags.bool('output-watch-events') && !flags.bool('watch') && !flags.bool('watch-only'))
    throw new Failure('--output-watch-events option can only be used with --watch or --watch-only');
}

/** Whether a table is wanted. */
export const human = ({ flags }: Cli): boolean =>
  (flags.string('output') === '' && flags.string('template') === '') || flags.string('output') === 'wide';

/** Whether the server is to make it. */
export const serverPrint = (cli: Cli): boolean => cli.flags.bool('server-print') && human(cli);

export function builderOptions(cli: Cli): BuilderOptions {
  const { flags } = cli;
  const sorted = flags.string('sort-by') !== '';
  const { explicit } = cli.factory.namespace;
  return {
    args: cli.args,
    ...filenames(cli),
    labelSelector: flags.string('selector'),
    fieldSelector: flags.string('field-selector'),
    allNamespaces: flags.bool('all-namespaces'),
    subresource: flags.string('subresource'),
    chunkSize: sorted && !flags.bool('watch') && !flags.bool('watch-only') ? 0 : flags.number('chunk-size'),
    allowEmptySelector: true,
    enforceNamespace: explicit && !flags.bool('all-namespaces'),
    latest: true,
    accept: serverPrint(cli) ? accepts.table : accepts.json,
    ...(sorted && serverPrint(cli) ? { query: { includeObject: 'Object' } } : {}),
  };
}

export function tableOptions(cli: Cli, mapping: Mapping, withNamespace: boolean, withKind: boolean): TableOptions {
  const { flags } = cli;
  return {
    noHeaders: flags.bool('no-headers'),
    wide: flags.string('output') === 'wide',
    showLabels: flags.bool('show-labels'),
    columnLabels: flags.list('label-columns'),
    withNamespace,
    withKind: withKind || flags.bool('show-kind') ? groupKind(mapping) : undefined,
  };
}

/** The printer of `-o`, or why there is none. */
export function formatPrinter(cli: Cli): ObjectPrinter {
  const { flags } = cli;
  const given = flags.string('output');
  const format = given === '' && flags.string('template') !== '' ? 'go-template' : given;
  const printer = printerFor(cli, format);
  if (printer) return printer;
  throw noPrinter(format, formats);
}

function forgive(cli: Cli, failures: readonly Failure[]): readonly Failure[] {
  return cli.flags.bool('ignore-not-found') ? failures.filter((failure) => !isNotFound(failure)) : failures;
}

/** What files had wrong is one error among others: it is printed without `error: `. */
function gathered(cli: Cli, failures: readonly Failure[]): readonly Failure[] {
  const left = forgive(cli, failures);
  return left.length > 0 && hasFiles(cli) ? [new Aggregate([new Aggregate(left)])] : left;
}

async function printTables(cli: Cli): Promise<void> {
  const { flags } = cli;
  const result = await build(cli, { ...builderOptions(cli), continueOnError: true });
  const collected = await result.collect();
  const failures = [...gathered(cli, collected.failures)];
  const sortField = flags.string('sort-by');
  const infos = collected.infos.map((info) => asTable(info, cli));
  const withKind = new Set(infos.map(({ mapping }) => `${mapping.group}/${mapping.version} ${mapping.kind}`)).size > 1;
  const all = flags.bool('all-namespaces');

  const writer = new TabWriter();
  let printed = false;
  let separate = false;
  const flush = async (): Promise<void> => {
    const made = writer.flush();
    if (made === '') return;
    await cli.out(`${separate ? '\n' : ''}${made}`);
    separate = false;
    printed = true;
  };
  let allNamespaced = !all;
  let last: Mapping | undefined;
  let printer: TablePrinter | undefined;
  const sorted = sortField === '' ? infos : inOrder(infos, sortField);
  for (const { mapping, object } of sorted) {
    allNamespaced &&= mapping.namespaced;
    if (
      printer === undefined ||
      last === undefined ||
      mapping.resource !== last.resource ||
      mapping.group !== last.group
    ) {
      await flush();
      writer.forget();
      if (last !== undefined && !flags.bool('no-headers') && printed) separate = true;
      printer = new TablePrinter(tableOptions(cli, mapping, all && mapping.namespaced, withKind));
      last = mapping;
    }
    if (object !== undefined) printer.print(object, writer);
  }
  await flush();
  await cli.flushWarnings();
  if (!printed && !flags.bool('ignore-not-found') && failures.length === 0) {
    await cli.err(
      allNamespaced ? `No resources found in ${cli.factory.namespace.namespace} namespace.\n` : 'No resources found\n',
    );
  }
  throwAll(failures);
}

/**
 * Several tables are sorted as if they were the objects, so they need the field themselves; the rows of each are sorted
 * when it is printed, and there nobody looks at a failure: the table is left out (kubectl get.go, RuntimeSorter).
 */
function inOrder(infos: readonly Info[], field: string): readonly Info[] {
  const tables = infos.length < 2 ? infos : sortBy(infos, field, ({ object }) => object, false);
  return tables.map((info) => {
    if (info.object === undefined) return info;
    try {
      const rows = sortBy(list(info.object, 'rows'), field, (row) => at(row, 'object'), true);
      return { ...info, object: { ...info.object, rows } };
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      return { ...info, object: undefined };
    }
  });
}

/** Objects that came as they are (a file, a server without tables) get the plainest of tables. */
function asTable(info: Info, cli: Cli): Info {
  const { object } = info;
  if (object === undefined || kindOf(object) === 'Table') return info;
  return { ...info, object: plainTable(object, cli) };
}

/** NAME and AGE, for what no server made a table of. */
export function plainTable(value: JsonObject, cli: Cli): JsonObject {
  const items = isList(value) ? list(value, 'items').filter(isObject) : [value];
  return {
    kind: 'Table',
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name', priority: 0 },
      { name: 'Age', type: 'string', priority: 0 },
    ],
    rows: items.map((item) => ({
      cells: [nameOfObject(item), cli.factory.age(text(item, 'metadata', 'creationTimestamp'))],
      object: { metadata: { namespace: namespaceOf(item), labels: item['metadata'] } },
    })),
  };
}

async function printObjects(cli: Cli): Promise<void> {
  const sortField = cli.flags.string('sort-by');
  const result = await build(cli, { ...builderOptions(cli), flatten: true, continueOnError: true });
  const collected = await result.collect();
  const failures = gathered(cli, collected.failures);
  if (failures.length > 0 && result.singleItemImplied) throwAll(failures);
  if (collected.infos.length === 0 && cli.flags.bool('ignore-not-found')) return throwAll(failures);
  const printer = formatPrinter(cli);
  const objects = collected.infos.map(({ object }) => object).filter(isObject);
  const [only] = objects;
  const single = result.singleItemImplied && objects.length === 1 && only !== undefined && !isList(only);
  let value: JsonObject = single ? only : listOf(objects);
  if (sortField !== '' && !single && objects.length > 0)
    value = listOf(sortBy(objects, sortField, (object) => object, false));
  await cli.flushWarnings();
  await printOr(cli, printer, value, failures);
}

const listOf = (items: readonly JsonObject[]): JsonObject => ({
  apiVersion: 'v1',
  items,
  kind: 'List',
  metadata: { resourceVersion: '' },
});

/** Prints; a template's failure goes with the earlier ones. */
export async function printOr(
  cli: Cli,
  printer: ObjectPrinter,
  value: unknown,
  before: readonly Failure[] = [],
): Promise<void> {
  const failures = [...before];
  try {
    await cli.out(printer.print(value));
  } catch (reason) {
    if (!(reason instanceof Failure) || reason instanceof Exit) throw reason;
    if (reason instanceof TemplateFailure) await cli.out(reason.printed);
    failures.push(reason);
  }
  if (failures.length > 1) throw new Aggregate(failures);
  throwAll(failures);
}
