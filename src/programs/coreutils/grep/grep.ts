import { Lines } from '../../toolkit/lines';
import { tool } from '../../toolkit/tool';
import { matcherOf, type Kind } from './matcher';
import { Search } from './search';

const spec = {
  name: 'grep',
  usage: '[OPTION]... PATTERNS [FILE]...',
  about: 'Search for PATTERNS in each FILE.',
  package: 'GNU grep 3.11',
  short: 'A:abB:cC:d:D:e:Ef:FGHhIilLm:nNoPqrRsTuUvVwxyZz',
  long: {
    'after-context:': 'A',
    text: 'a',
    'byte-offset': 'b',
    'before-context:': 'B',
    count: 'c',
    'color::': 'color',
    'colour::': 'color',
    'context:': 'C',
    'directories:': 'd',
    'regexp:': 'e',
    'extended-regexp': 'E',
    'file:': 'f',
    'fixed-strings': 'F',
    'basic-regexp': 'G',
    'with-filename': 'H',
    'no-filename': 'h',
    'ignore-case': 'i',
    'no-ignore-case': 'no-ignore-case',
    'files-with-matches': 'l',
    'files-without-match': 'L',
    'max-count:': 'm',
    'line-number': 'n',
    'only-matching': 'o',
    'perl-regexp': 'P',
    quiet: 'q',
    silent: 'q',
    recursive: 'r',
    'dereference-recursive': 'R',
    'no-messages': 's',
    'initial-tab': 'T',
    'invert-match': 'v',
    'word-regexp': 'w',
    'line-regexp': 'x',
    null: 'Z',
    'null-data': 'z',
    'line-buffered': 'line-buffered',
    'include:': 'include',
    'exclude:': 'exclude',
    'exclude-dir:': 'exclude-dir',
    'label:': 'label',
    'binary-files:': 'binary-files',
    binary: 'U',
    'no-group-separator': 'no-group-separator',
    'group-separator:': 'group-separator',
    'unix-byte-offsets': 'u',
  },
  trouble: 2,
  digits: 'C',
  hint: "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.",
};

const make = (name: string, forced: 'E' | 'F' | undefined) =>
  tool({ ...spec, name }, async (tool) => {
    const { options } = tool;
    for (const name of ['A', 'B', 'C', 'm'] as const) {
      const given = options.value(name);
      if (given === undefined || /^-?\d+$/.test(given)) continue;
      return tool.fail(name === 'm' ? 'invalid max count' : `${given}: invalid context length argument`);
    }
    const patterns = options.values('e').flatMap((pattern) => pattern.split('\n'));
    for (const file of options.values('f')) {
      const input = tool.open(file);
      if (!input.ok) return tool.fail(`${file}: ${input.error.message}`);
      patterns.push(...(await new Lines(input.value.reader).all()));
      input.value.close();
    }
    let files = tool.operands;
    if (!options.has('e', 'f')) {
      const [first, ...rest] = files;
      if (first === undefined) {
        await tool.process.stderr.write(
          `Usage: ${tool.name} [OPTION]... PATTERNS [FILE]...\nTry '${tool.name} --help' for more information.\n`,
        );
        return 2;
      }
      patterns.push(...first.split('\n'));
      files = rest;
    }
    const kind = (options.last('E', 'F', 'G', 'P') ?? forced ?? 'G') as Kind;
    for (const pattern of kind === 'E' ? patterns : []) {
      const operator = /^[*+?]/.exec(pattern)?.[0];
      if (operator !== undefined) await tool.error(`warning: ${operator} at start of expression`, 0);
    }
    const text = matcherOf(patterns, kind, options, false);
    if (typeof text === 'string')
      return tool.fail(tool.dialect === undefined ? text : `bad regex '${patterns[0] ?? ''}'`);
    const bytes = (): typeof text => {
      const made = matcherOf(patterns, kind, options, true);
      return typeof made === 'string' ? undefined : made;
    };
    return new Search(tool, text, bytes).run(files);
  });

export const grep = make('grep', undefined);
export const egrep = make('egrep', 'E');
export const fgrep = make('fgrep', 'F');
