import { latin1, readAll } from '../toolkit/latin1';
import { tool } from '../toolkit/tool';

/** strings(1) of binutils. */
export const strings = tool(
  {
    name: 'strings',
    usage: '[option(s)] [file(s)]',
    about: ' Display printable strings in [file(s)] (stdin by default)',
    package: 'GNU Binutils for Debian 2.40',
    short: 'adfn:t:oe:s:w',
    long: {
      all: 'a',
      data: 'd',
      'print-file-name': 'f',
      'bytes:': 'n',
      'radix:': 't',
      'encoding:': 'e',
      'output-separator:': 's',
      'include-all-whitespace': 'w',
    },
    digits: 'n',
  },
  async (tool) => {
    const { options, out } = tool;
    const given = options.value('n') ?? '4';
    const least = Number(given);
    if (!/^\d+$/.test(given)) return tool.fail(`invalid integer argument ${given}`);
    if (least < 1) return tool.fail(`minimum string length is too small: ${least}`);
    const radix = options.has('o') ? 'o' : options.value('t');
    const base = radix === 'x' ? 16 : radix === 'd' ? 10 : 8;
    const regex = new RegExp(`[${options.has('w') ? '\\s' : '\\t'}\\x20-\\x7e]{${least},}`, 'g');
    for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) {
      const bytes = await readAll(tool, path, (name, why) =>
        why === 'No such file or directory'
          ? tool.process.stderr.write(`strings: '${name}': No such file\n`)
          : tool.process.stderr.write(
              `strings: Warning: '${name}' is ${why === 'Is a directory' ? 'a directory' : why}\n`,
            ),
      );
      if (bytes === undefined) {
        tool.status = 1;
        continue;
      }
      for (const match of latin1(bytes).matchAll(regex)) {
        const offset = radix === undefined ? '' : `${match.index.toString(base).padStart(7)} `;
        await out.write(`${options.has('f') ? `${path}: ` : ''}${offset}${match[0]}${options.value('s') ?? '\n'}`);
      }
    }
    return tool.status;
  },
);
