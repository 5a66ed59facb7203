import { readAll } from '../../toolkit/latin1';
import { parseSize } from '../../toolkit/format';
import { quotef } from '../../toolkit/quote';
import { tool } from '../../toolkit/tool';

const octal = (byte: number): string => byte.toString(8).padStart(3);
const visible = (byte: number): string => {
  if (byte >= 128) return `M-${visible(byte - 128)}`;
  return byte < 32 ? `^${String.fromCharCode(byte + 64)}` : byte === 127 ? '^?' : String.fromCharCode(byte);
};

/** cmp(1). */
export const cmp = tool(
  {
    name: 'cmp',
    usage: '[OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]',
    about: 'Compare two files byte by byte.',
    package: 'GNU diffutils 3.10',
    short: 'bi:ln:s',
    long: { 'print-bytes': 'b', 'ignore-initial:': 'i', verbose: 'l', 'bytes:': 'n', silent: 's', quiet: 's' },
    trouble: 2,
    hint: "cmp: Try 'cmp --help' for more information.",
  },
  async (tool) => {
    const { options, operands, out } = tool;
    const [first, second = '-', skip1, skip2] = operands;
    if (first === undefined) return tool.usageError(`missing operand after '${tool.name}'`);
    if (operands[4] !== undefined) return tool.usageError(`extra operand '${operands[4]}'`);
    const [both = '0', other = both] = (options.value('i') ?? '0').split(':');
    const skips = [parseSize(skip1 ?? both), parseSize(skip2 ?? other)];
    const contents: Uint8Array[] = [];
    for (const [index, path] of [first, second].entries()) {
      const bytes = await readAll(tool, path, (name, why) => tool.error(`${quotef(name)}: ${why}`, 2));
      if (bytes === undefined) return 2;
      const skip = skips[index] ?? 0;
      const limit = options.value('n');
      contents.push(bytes.subarray(skip, limit === undefined ? undefined : skip + parseSize(limit)));
    }
    const [a = new Uint8Array(0), b = new Uint8Array(0)] = contents;
    const least = Math.min(a.length, b.length);
    const width = String(Math.max(a.length, b.length)).length;
    const locale = tool.process.env.get('LC_ALL') ?? tool.process.env.get('LANG') ?? 'C';
    const what = options.has('b') || !/^(C|POSIX)$/.test(locale) ? 'byte' : 'char';
    let line = 1;
    let differ = false;
    for (let index = 0; index < least; index++) {
      const [one = 0, two = 0] = [a[index], b[index]];
      if (one !== two) {
        differ = true;
        if (options.has('s')) return 1;
        if (!options.has('l')) {
          const bytes = options.has('b') ? ` is ${octal(one)} ${visible(one)} ${octal(two)} ${visible(two)}` : '';
          await out.line(`${first} ${second} differ: ${what} ${index + 1}, line ${line}${bytes}`);
          return 1;
        }
        const shown = options.has('b')
          ? `${octal(one)} ${visible(one).padEnd(4)} ${octal(two)} ${visible(two)}`
          : `${octal(one)} ${octal(two)}`;
        await out.line(`${String(index + 1).padStart(width)} ${shown}`);
      }
      if (one === 10) line++;
    }
    if (a.length === b.length) return differ ? 1 : 0;
    if (options.has('s')) return 1;
    const shorter = a.length < b.length ? first : second;
    const where = least === 0 ? 'which is empty' : `after byte ${least}`;
    const lines =
      options.has('l') || least === 0 ? '' : a[least - 1] === 10 ? `, line ${line - 1}` : `, in line ${line}`;
    await tool.error(`EOF on ${quotef(shorter)} ${where}${lines}`, 1);
    return 1;
  },
);
