import { kubectlFunctions, parseTemplate, type GoValue } from '../../gotemplate';
import type { FileSystem } from '../../../linux/fs/types';
import type { Cli } from '../cli';
import { Failure } from '../errors';
import { flag, type Flag } from '../flags/flag-set';
import { isList, isObject, kindOf, list, nameOfObject, text, withAt } from '../json';
import { JsonPath, JsonPathError } from '../jsonpath/evaluate';
import { goErrno } from '../rest/kubeconfig';
import { splitGroupVersion } from '../rest/discovery';
import { columnsOfSpec, columnsOfTemplate, CustomColumnsPrinter } from './custom-columns';
import { compactJson, goSyntax, goText, toJson, toTypedJson } from './json';
import { TabWriter } from '../../toolkit/tabwriter';
import { toYaml } from './yaml';

/** Prints one object (or list) in the form that `-o` asks for. */
export interface ObjectPrinter {
  /** The text. A template that fails throws `TemplateFailure` with what it had printed. */
  print(value: unknown, options?: { readonly typed?: boolean }): string;
}

/** A template failed after it had printed something. */
export class TemplateFailure extends Failure {
  constructor(
    message: string,
    readonly printed: string,
  ) {
    super(message);
  }
}

export const outputFormats = {
  json: ['json', 'yaml'],
  name: ['name'],
  template: [
    'go-template',
    'go-template-file',
    'template',
    'templatefile',
    'jsonpath',
    'jsonpath-as-json',
    'jsonpath-file',
  ],
} as const;

const standardFormats: readonly string[] = [...outputFormats.json, ...outputFormats.name, ...outputFormats.template];

/** The flags of commands that print objects. */
export const printFlags: readonly Flag[] = [
  flag.bool(
    'allow-missing-template-keys',
    true,
    'Print nothing for keys that are missing, instead of failing. For Go templates and JSONPath.',
  ),
  flag.string('output', '', `How to print. One of: (${standardFormats.join(', ')}).`, { short: 'o' }),
  flag.bool('show-managed-fields', false, 'Keep managedFields when printing JSON or YAML.'),
  flag.string('template', '', 'Template, or file with one, for -o=go-template and -o=go-template-file.'),
];

export const noPrinter = (format: string, allowed: readonly string[]): Failure =>
  new Failure(
    `unable to match a printer suitable for the output format "${format}", allowed formats are: ${allowed.toSorted().join(',')}`,
  );

/** What `-o` and `--template` ask for; undefined: the command's own words. */
export function outputFormat(cli: Cli): string | undefined {
  const { flags } = cli;
  const format = flags.string('output');
  if (flags.string('template') !== '' && !flags.changed('output')) return 'go-template';
  return format === '' ? undefined : format;
}

/** The printer that the flags ask for; undefined where they ask for none. `operation` follows `-o name`-like names. */
export function objectPrinter(cli: Cli): ObjectPrinter | undefined {
  const format = outputFormat(cli);
  if (format === undefined) return undefined;
  // Columns are for kubectl get alone.
  const printer = format.startsWith('custom-columns') ? undefined : printerFor(cli, format);
  if (printer) return printer;
  throw noPrinter(format, standardFormats);
}

/** JSON, YAML, name, templates and JSONPath; undefined for another format. */
export function printerFor(cli: Cli, format: string): ObjectPrinter | undefined {
  const { flags } = cli;
  const kept = flags.bool('show-managed-fields');
  const lower = format.toLowerCase();
  if (lower === 'json')
    return {
      print: (value, { typed = false } = {}) => (typed ? toTypedJson : toJson)(kept ? value : unmanaged(value)),
    };
  if (lower === 'yaml') {
    let count = 0;
    return { print: (value) => `${count++ > 0 ? '---\n' : ''}${toYaml(kept ? value : unmanaged(value))}` };
  }
  if (lower === 'name')
    return {
      print: (value) =>
        namesOf(value)
          .map((name) => `${name}\n`)
          .join(''),
    };
  const [kind = '', argument] = splitFormat(format, flags.string('template'));
  switch (kind) {
    case 'go-template':
    case 'template':
      return goTemplate(cli, required(argument));
    case 'go-template-file':
    case 'templatefile':
      return goTemplate(cli, templateFile(cli.process.fs, required(argument)));
    case 'jsonpath':
    case 'jsonpath-as-json':
      return jsonPath(cli, required(argument), kind === 'jsonpath-as-json');
    case 'jsonpath-file':
      return jsonPath(cli, templateFile(cli.process.fs, required(argument)), false);
    case 'custom-columns':
      return columns(new CustomColumnsPrinter(columnsOfSpec(argument ?? ''), flags.bool('no-headers')));
    case 'custom-columns-file':
      // Not asked about --no-headers.
      return columns(new CustomColumnsPrinter(columnsFile(cli.process.fs, argument ?? ''), false));
    default:
      return undefined;
  }
}

function splitFormat(format: string, template: string): readonly [string, string | undefined] {
  if (template !== '') return [format, template];
  const equals = format.indexOf('=');
  return equals < 0 ? [format, undefined] : [format.slice(0, equals), format.slice(equals + 1)];
}

function required(argument: string | undefined): string {
  if (argument === undefined || argument === '') throw new Failure('template format specified but no template given');
  return argument;
}

function templateFile(fs: FileSystem, path: string): string {
  const read = fs.readText(path);
  if (read.ok) return read.value;
  throw new Failure(`error reading --template ${path}, open ${path}: ${goErrno(read.error.message)}`);
}

function columnsFile(fs: FileSystem, path: string): ReturnType<typeof columnsOfTemplate> {
  if (path === '') throw new Failure('custom-columns format specified but no custom columns given');
  const read = fs.readText(path);
  if (!read.ok) throw new Failure(`error reading template ${path}, open ${path}: ${goErrno(read.error.message)}`);
  return columnsOfTemplate(read.value);
}

const columns = (printer: CustomColumnsPrinter): ObjectPrinter => {
  const writer = new TabWriter();
  return {
    print: (value) => {
      printer.print(value, writer);
      return writer.flush();
    },
  };
};

/** `deployment.apps/web` of an object, or of each item of a list. */
export function namesOf(value: unknown): readonly string[] {
  if (isList(value)) return list(value, 'items').flatMap(namesOf);
  return [nameWithKind(value)];
}

export function nameWithKind(value: unknown): string {
  const { group } = splitGroupVersion(text(value, 'apiVersion'));
  const kind = kindOf(value) === '' ? '<unknown>' : kindOf(value).toLowerCase();
  const name = nameOfObject(value) === '' ? '<unknown>' : nameOfObject(value);
  return group === '' ? `${kind}/${name}` : `${kind}.${group}/${name}`;
}

/** Without managedFields (printers.OmitManagedFieldsPrinter). */
export function unmanaged(value: unknown): unknown {
  if (isList(value)) return { ...(value as object), items: list(value, 'items').map(unmanaged) };
  return isObject(value) && isObject(value['metadata']) && 'managedFields' in value['metadata']
    ? withAt(value, ['metadata', 'managedFields'], undefined)
    : value;
}

function jsonPath(cli: Cli, template: string, asJson: boolean): ObjectPrinter {
  let path: JsonPath;
  try {
    path = new JsonPath(template, { allowMissingKeys: cli.flags.bool('allow-missing-template-keys') });
  } catch (reason) {
    if (reason instanceof JsonPathError) throw new Failure(`error parsing jsonpath ${template}, ${reason.message}`);
    throw reason;
  }
  return {
    print: (value) => {
      try {
        return asJson ? toJson(path.find(value).flat()) : path.execute(value);
      } catch (reason) {
        if (!(reason instanceof JsonPathError)) throw reason;
        throw new Failure(
          `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${reason.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(value)}\n\n\n`,
        );
      }
    },
  };
}

function goTemplate(cli: Cli, source: string): ObjectPrinter {
  const parsed = parseTemplate(source, 'output', kubectlFunctions);
  if (!parsed.ok) throw new Failure(`error parsing template ${source}, ${parsed.error}`);
  const options = cli.flags.bool('allow-missing-template-keys') ? {} : ({ missingKey: 'error' } as const);
  return {
    print: (value) => {
      const result = parsed.template.run(value as GoValue, options);
      if (result.ok) return result.output;
      throw new TemplateFailure(
        `error executing template ${JSON.stringify(source)}: ${result.error}`,
        `${result.output}Error executing template: ${result.error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${source}\n\traw data was:\n\t\t${compactJson(value)}\n\tobject given to template engine was:\n\t\t${goText(value)}\n\n`,
      );
    },
  };
}
