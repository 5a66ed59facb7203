import type * as Yaml from 'yaml';
import type { Process } from '../../linux/process/types';
import { evaluate } from './evaluate';
import { explode } from './functions';
import { copy, isTrue, nothing, scalar, type YNode } from './node';
import { ExpressionError, parse, type Expression } from './parse';
import { readYaml, YamlError } from './read';
import { YqError, type Scope } from './scope';
import { helpText } from './help';
import { writeJson, writeProperties, writeYaml } from './write';

export const version = 'v4.44.6';

interface Options {
  readonly command: 'eval' | 'eval-all';
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
}

/** Flags by every name they have; those that take a value are marked with a `=`. */
const names: Readonly<Record<string, string>> = {
  i: 'inplace',
  inplace: 'inplace',
  n: 'null-input',
  'null-input': 'null-input',
  r: 'unwrap',
  unwrapScalar: 'unwrap',
  e: 'exit-status',
  'exit-status': 'exit-status',
  P: 'prettyPrint',
  prettyPrint: 'prettyPrint',
  j: 'tojson',
  tojson: 'tojson',
  N: 'no-doc',
  'no-doc': 'no-doc',
  C: 'colors',
  colors: 'colors',
  M: 'no-colors',
  'no-colors': 'no-colors',
  v: 'verbose',
  verbose: 'verbose',
  V: 'version',
  version: 'version',
  h: 'help',
  help: 'help',
  '0': 'nul-output',
  'nul-output': 'nul-output',
  o: 'output=',
  'output-format': 'output=',
  p: 'input=',
  'input-format': 'input=',
  I: 'indent=',
  indent: 'indent=',
  s: 'split=',
  'split-exp': 'split=',
  expression: 'expression=',
  'from-file': 'from-file=',
  f: 'front=',
  'front-matter': 'front=',
};

class UsageError extends Error {}

function parseOptions(args: readonly string[]): Options {
  const flags = new Map<string, string>();
  const words: string[] = [];
  let command: Options['command'] = 'eval';
  let first = true;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      words.push(...args.slice(index + 1));
      break;
    }
    const long = /^--([\w-]+)(?:=(.*))?$/s.exec(arg);
    if (long !== null) {
      const known = names[long[1] ?? ''];
      if (known === undefined) throw new UsageError(`unknown flag: --${long[1] ?? ''}`);
      if (known.endsWith('=')) flags.set(known.slice(0, -1), long[2] ?? args[++index] ?? '');
      else flags.set(known, long[2] ?? 'true');
      continue;
    }
    if (/^-[A-Za-z0-9]/.test(arg) && !/^-\d+$/.test(arg)) {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg.charAt(at);
        const known = names[letter];
        if (known === undefined) throw new UsageError(`unknown shorthand flag: '${letter}' in ${arg}`);
        if (!known.endsWith('=')) {
          const equals = /^=(\w+)/.exec(arg.slice(at + 1));
          flags.set(known, equals?.[1] ?? 'true');
          if (equals !== null) break;
          continue;
        }
        flags.set(known.slice(0, -1), arg.slice(at + 1).replace(/^=/, '') || (args[++index] ?? ''));
        break;
      }
      continue;
    }
    if (first && /^(e|eval)$/.test(arg)) command = 'eval';
    else if (first && /^(ea|eval-all)$/.test(arg)) command = 'eval-all';
    else words.push(arg);
    first = false;
  }
  return { command, words, flags };
}

const aliases: Readonly<Record<string, string>> = {
  y: 'yaml',
  yml: 'yaml',
  j: 'json',
  p: 'props',
  properties: 'props',
  c: 'csv',
  t: 'tsv',
  s: 'shell',
};

/** yq(1), mikefarah's, version 4. */
export async function yq(process: Process): Promise<number> {
  const library = await load(process);
  let options: Options;
  try {
    options = parseOptions(process.args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await process.stderr.write(`Error: ${error.message}\n`);
    return 1;
  }
  const { flags } = options;
  if (flags.has('version')) {
    await process.stdout.write(`yq (https://github.com/mikefarah/yq/) version ${version}\n`);
    return 0;
  }
  if (flags.has('help')) {
    await process.stdout.write(helpText);
    return 0;
  }
  try {
    return await new Run(process, library, options).run();
  } catch (error) {
    if (!(error instanceof YqError || error instanceof ExpressionError || error instanceof YamlError)) throw error;
    await process.stderr.write(`Error: ${error.message}\n`);
    return 1;
  }
}

/** The YAML library is loaded when yq first runs; virtual time stands still meanwhile. */
async function load(process: Process): Promise<typeof Yaml> {
  const loading = process.clock.external(() => import('yaml'));
  await process.sleep(0);
  return loading;
}

class Run {
  constructor(
    readonly process: Process,
    readonly library: typeof Yaml,
    readonly options: Options,
  ) {}

  #flag(name: string): boolean {
    const value = this.options.flags.get(name);
    return value !== undefined && value !== 'false';
  }

  #format(name: 'input' | 'output'): string {
    const given = this.options.flags.get(name) ?? 'auto';
    return aliases[given] ?? given;
  }

  /** Which words are the expression and which are files. */
  #split(): { readonly expression: string; readonly files: readonly string[] } {
    const { fs } = this.process;
    const { words, flags } = this.options;
    const fromFile = flags.get('from-file');
    if (fromFile !== undefined) {
      const text = fs.readText(fromFile);
      if (!text.ok) throw new YqError(`open ${fromFile}: ${text.error.message.toLowerCase()}`);
      return { expression: text.value, files: words };
    }
    const given = flags.get('expression');
    if (given !== undefined) return { expression: given, files: words };
    const [first, ...rest] = words;
    if (first === undefined) return { expression: '.', files: [] };
    const found = fs.stat(first);
    const isFile = found.ok && found.value.type !== 'directory' && rest.length === 0;
    return isFile || first === '-' ? { expression: '.', files: words } : { expression: first, files: rest };
  }

  async run(): Promise<number> {
    const { expression: text, files } = this.#split();
    const { process } = this;
    const expression = parse(text);
    if (this.#flag('inplace') && files.length === 0)
      throw new YqError('write in place flag only applicable when giving an expression and at least one file');
    let output = '';
    let any = false;
    const show = (nodes: readonly YNode[]): void => {
      for (const node of nodes) {
        if (isTrue(node)) any = true;
        output += this.#print(node, output !== '');
      }
    };
    this.#last = undefined;
    this.#file = files[0] ?? '';
    if (this.#flag('tojson'))
      await process.stderr.write('Flag --tojson has been deprecated, please use -o=json instead\n');
    if (this.#flag('null-input')) show(evaluate(expression, [nothing()], this.#scope()));
    else {
      const documents = await this.#read(files);
      if (this.options.command === 'eval-all') show(evaluate(expression, documents, this.#scope()));
      else for (const document of documents) show(evaluate(expression, [document], this.#scope()));
    }
    if (this.#flag('inplace')) {
      const [file = ''] = files;
      const written = process.fs.writeFile(file, output);
      if (!written.ok) throw new YqError(`open ${file}: ${written.error.message.toLowerCase()}`);
    } else if (this.options.flags.has('split')) this.#splitFiles(expression);
    else await process.stdout.write(output);
    if (this.#flag('exit-status') && !any) {
      await process.stderr.write('Error: no matches found\n');
      return 1;
    }
    return 0;
  }

  #last: YNode | undefined;
  /** The first file: by its name the format is chosen. */
  #file = '';

  #splitFiles(_expression: Expression): void {
    throw new YqError('splitting into files is not available here');
  }

  async #read(files: readonly string[]): Promise<readonly YNode[]> {
    const { process } = this;
    const documents: YNode[] = [];
    for (const [index, file] of (files.length === 0 ? ['-'] : files).entries()) {
      let text: string;
      if (file === '-') text = await process.stdin.text();
      else {
        const read = process.fs.readText(file);
        if (!read.ok) throw new YqError(`open ${file}: ${read.error.message.toLowerCase()}`);
        text = read.value;
      }
      try {
        documents.push(...this.#parse(text, file, index, this.options.command === 'eval-all' ? 0 : documents.length));
      } catch (error) {
        if (!(error instanceof YamlError)) throw error;
        throw new YqError(`bad file '${file}': ${error.message}`);
      }
    }
    return documents;
  }

  #parse(text: string, file: string, index: number, from: number): readonly YNode[] {
    const format = this.#format('input');
    const kind =
      format === 'auto'
        ? /\.json$/.test(file)
          ? 'json'
          : /\.(properties|props)$/.test(file)
            ? 'props'
            : 'yaml'
        : format;
    if (kind === 'props') return [this.#properties(text)];
    const documents = readYaml(this.library, text, file, index, from);
    if (this.options.command === 'eval-all') for (const document of documents) document.together = true;
    const output = this.#format('output');
    const written = output !== 'json' && (output !== 'auto' || format !== 'auto');
    // What came as JSON is written as YAML would be, if it is written as YAML.
    if (kind === 'json') for (const document of documents) plain(document, written);
    return documents;
  }

  #properties(text: string): YNode {
    const expression = text
      .split('\n')
      .map((line) => /^\s*([^#!\s=:]+)\s*[=:]\s*(.*)$/.exec(line))
      .flatMap((found) =>
        found === null
          ? []
          : [
              `.${(found[1] ?? '')
                .split('.')
                .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `["${part}"]`))
                .join('')} = ${JSON.stringify(found[2] ?? '')}`,
            ],
      )
      .join(' | ');
    const [node] = expression === '' ? [nothing()] : evaluate(parse(expression), [nothing()], this.#scope());
    return node ?? nothing();
  }

  #scope(): Scope {
    const { process } = this;
    const text = (path: string): string => {
      const read = process.fs.readText(path);
      if (!read.ok) throw new YqError(`failed to load ${path}: open ${path}: ${read.error.message.toLowerCase()}`);
      return read.value;
    };
    const yaml = (content: string): YNode => readYaml(this.library, content, '', 0, 0)[0] ?? scalar('!!null', '');
    return {
      variables: new Map(),
      env: process.env,
      text,
      yaml,
      load: (path) => yaml(text(path)),
      now: () => process.clock.now,
    };
  }

  #print(node: YNode, separated: boolean): string {
    const { flags } = this.options;
    const indent = Number(flags.get('indent') ?? 2);
    const format = this.#flag('tojson') ? 'json' : this.#format('output');
    const input = this.#format('input');
    const kind =
      format === 'auto' ? (input === 'auto' && /\.json$/.test(node.fileName || this.#file) ? 'json' : 'yaml') : format;
    const raw = flags.get('unwrap') !== 'false';
    const previous = this.#last;
    this.#last = node;
    if (kind === 'json') {
      const real = node.kind === 'scalar' ? node : undefined;
      const whole = copy(node);
      explode(whole);
      return real?.tag === '!!str' && raw && flags.has('unwrap') ? `${real.value}\n` : `${writeJson(whole, indent)}\n`;
    }
    if (kind === 'props') return writeProperties(node);
    if (kind === 'csv' || kind === 'tsv') {
      const separator = kind === 'csv' ? ',' : '\t';
      const rows = node.items[0]?.kind === 'seq' ? node.items : [node];
      return rows.map((row) => `${row.items.map((item) => item.value).join(separator)}\n`).join('');
    }
    if (kind !== 'yaml') throw new YqError(`unknown format '${kind}' please use [yaml|json|props|csv|tsv]`);
    if (this.#flag('prettyPrint')) plain(node, true);
    const apart =
      previous !== undefined &&
      (previous.document !== node.document || previous.file !== node.file) &&
      !this.#flag('no-doc');
    const line = separated && apart ? '---\n' : '';
    if (node.kind === 'scalar' && raw)
      return `${line}${node.value}${node.line !== '' && node.parent === undefined ? ` ${node.line}` : ''}\n`;
    return line + writeYaml(node, { indent, comments: true });
  }
}

/** Takes the way a document was written away: flow collections and quotes go. */
function plain(node: YNode, quotes: boolean): void {
  if (node.kind !== 'scalar' ? node.style === 'flow' : quotes && /^(single|double)$/.test(node.style))
    node.style = 'plain';
  for (const item of node.items) plain(item, quotes);
}
