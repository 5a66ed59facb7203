import { parseOptions } from '../toolkit/options';
import { tool } from '../toolkit/tool';

/** getopt(1) of util-linux: a command line in its normal order, quoted for a shell. */
export const getopt = tool(
  {
    name: 'getopt',
    usage:
      '<optstring> <parameters>\n getopt [options] [--] <optstring> <parameters>\n getopt [options] -o|--options <optstring> [options] [--] <parameters>',
    about: '\nParse command options.',
    package: 'util-linux 2.39.3',
    short: 'al:n:o:qQs:TuhV',
    long: {
      alternative: 'a',
      'longoptions:': 'l',
      'name:': 'n',
      'options:': 'o',
      quiet: 'q',
      'quiet-output': 'Q',
      'shell:': 's',
      test: 'T',
      unquoted: 'u',
    },
    stopAtOperand: true,
    trouble: 2,
  },
  async (tool) => {
    const { options, process } = tool;
    if (options.has('T')) return 4;
    let parameters = [...tool.operands];
    const old = !options.has('o') && options.given.length === 0;
    const letters = options.value('o') ?? parameters.shift();
    if (letters === undefined) {
      await process.stderr.write("getopt: missing optstring argument\nTry 'getopt --help' for more information.\n");
      return 2;
    }
    if (parameters[0] === '--' && !old) parameters = parameters.slice(1);
    const stop = letters.startsWith('+') || process.env.has('POSIXLY_CORRECT');
    const names = options.values('l').flatMap((list) => list.split(/[\s,]+/).filter((name) => name !== ''));
    const long = Object.fromEntries(names.map((name) => [name, `--${name.replace(/:+$/, '')}`]));
    const spec = { short: letters.replace(/^[+-]/, ''), long, stopAtOperand: stop };
    const name = options.value('n') ?? 'getopt';
    // A wrong option is told, left out, and the rest is taken.
    const parsed: { name: string; value: string | undefined }[] = [];
    let status = 0;
    let result = parseOptions(parameters, spec);
    for (let tries = 0; typeof result === 'string' && tries < 100; tries++) {
      status = 1;
      if (!options.has('q')) await process.stderr.write(`${name}: ${result}\n`);
      const wrong = /'([^']*)'/.exec(result)?.[1] ?? '';
      const at = parameters.findIndex((one) =>
        wrong.startsWith('--') ? one.split('=')[0] === wrong : /^-[^-]/.test(one) && one.includes(wrong),
      );
      if (at < 0) break;
      const rest = wrong.startsWith('--') ? '-' : (parameters[at] ?? '').replace(wrong, '');
      parameters = rest === '-' ? parameters.toSpliced(at, 1) : parameters.toSpliced(at, 1, rest);
      result = parseOptions(parameters, spec);
    }
    if (typeof result !== 'string') parsed.push(...result.given);
    if (options.has('Q')) return status;
    const quoted = (text: string): string => (options.has('u') || old ? text : `'${text.replaceAll("'", "'\\''")}'`);
    const kinds = new Map(names.map((one) => [`--${one.replace(/:+$/, '')}`, one.endsWith('::')]));
    const words = parsed.flatMap(({ name: option, value }) => {
      const shown = option.startsWith('--') ? option : `-${option}`;
      const optional = kinds.get(shown) === true || letters.includes(`${option}::`);
      if (value === undefined && !optional) return [shown];
      return [shown, quoted(value ?? '')];
    });
    const operands = typeof result === 'string' ? [] : result.operands.map(quoted);
    await tool.out.line(` ${[...words, '--', ...operands].join(' ')}`);
    return status;
  },
);
