import { decode, encode } from '../../linux/io/bytes';
import { readAll } from '../toolkit/latin1';
import { quote, quoteaf } from '../toolkit/quote';
import { compile } from '../toolkit/regex';
import { tool } from '../toolkit/tool';

interface Pattern {
  readonly text: string;
  readonly regex: RegExp | undefined;
  readonly skip: boolean;
  readonly offset: number;
  readonly line: number;
  times: number;
}

/** csplit(1). */
export const csplit = tool(
  {
    name: 'csplit',
    usage: '[OPTION]... FILE PATTERN...',
    about:
      "Output pieces of FILE separated by PATTERN(s) to files 'xx00', 'xx01', ...,\nand output byte counts of each piece to standard output.",
    short: 'b:f:kn:sqz',
    long: {
      'suffix-format:': 'b',
      'prefix:': 'f',
      'keep-files': 'k',
      'digits:': 'n',
      quiet: 's',
      silent: 's',
      'elide-empty-files': 'z',
      'suppress-matched': 'suppress',
    },
  },
  async (tool) => {
    const { options, operands, fs } = tool;
    const [path, ...patterns] = operands;
    if (path === undefined) return tool.missingOperand();
    if (patterns.length === 0) return tool.usageError(`missing operand after ${quote(path)}`);
    const parsed: Pattern[] = [];
    for (const text of patterns) {
      const repeat = /^\{(\d+|\*)\}$/.exec(text);
      const last = parsed.at(-1);
      if (repeat !== null && last !== undefined) {
        last.times = repeat[1] === '*' ? Infinity : Number(repeat[1]) + 1;
        continue;
      }
      const match = /^([/%])(.*)\1([-+]?\d+)?$/s.exec(text);
      if (match !== null) {
        const regex = compile(match[2] ?? '', false);
        if (typeof regex === 'string') return tool.fail(`${text}: invalid regular expression: ${regex}`);
        parsed.push({ text, regex, skip: match[1] === '%', offset: Number(match[3] ?? 0), line: 0, times: 1 });
      } else if (/^\d+$/.test(text)) {
        if (Number(text) === 0) return tool.fail(`${text}: line number must be greater than zero`);
        parsed.push({ text, regex: undefined, skip: false, offset: 0, line: Number(text), times: 1 });
      } else return tool.fail(`${quote(text)}: invalid pattern`);
    }
    const bytes = await readAll(tool, path, (name, why) =>
      tool.error(`cannot open ${quoteaf(name)} for reading: ${why}`),
    );
    if (bytes === undefined) return 1;
    const lines = decode(bytes).split(/(?<=\n)/);
    const made: string[] = [];
    const digits = Number(options.value('n') ?? 2);
    const write = async (piece: readonly string[]): Promise<boolean> => {
      const text = piece.join('');
      if (text === '' && options.has('z')) return true;
      const suffix = String(made.length).padStart(digits, '0');
      const name =
        (options.value('f') ?? 'xx') +
        (options
          .value('b')
          ?.replace(/%0?(\d*)d/, (_, width: string) => String(made.length).padStart(Number(width), '0')) ?? suffix);
      const written = fs.writeFile(name, text);
      if (!written.ok) {
        await tool.error(`${name}: ${written.error.message}`);
        return false;
      }
      made.push(name);
      if (!options.has('s', 'q')) await tool.out.line(String(encode(text).length));
      return true;
    };
    const giveUp = async (message: string): Promise<number> => {
      if (!options.has('k')) for (const name of made) fs.unlink(name);
      return tool.fail(message);
    };
    let at = 0;
    for (const pattern of parsed) {
      for (let round = 0; round < pattern.times; round++) {
        let end: number;
        if (pattern.regex === undefined) {
          end = pattern.line * (round + 1) - 1;
          if (end > lines.length || end < at) {
            if (pattern.times === Infinity) break;
            await write(lines.slice(at));
            const again = round === 0 ? '' : ` on repetition ${round}`;
            return giveUp(`${quote(pattern.text)}: line number out of range${again}`);
          }
        } else {
          const from = round === 0 && at === 0 ? 0 : at + 1;
          const { regex } = pattern;
          const found = lines.findIndex((line, index) => index >= from && regex.test(line.replace(/\n$/, '')));
          if (found < 0) {
            if (pattern.times === Infinity) break;
            if (!pattern.skip) await write(lines.slice(at));
            const again = round === 0 ? '' : ` on repetition ${round}`;
            return giveUp(`${quote(pattern.text)}: match not found${again}`);
          }
          end = found + pattern.offset;
        }
        if (!pattern.skip && !(await write(lines.slice(at, end)))) return 1;
        at = end + (options.has('suppress') ? 1 : 0);
      }
    }
    return (await write(lines.slice(at))) ? tool.status : 1;
  },
);
