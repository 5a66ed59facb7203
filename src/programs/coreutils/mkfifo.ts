import { parseMode } from '../toolkit/mode';
import { quote, quoteaf } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

/** mkfifo(1). */
export const mkfifo = tool(
  {
    name: 'mkfifo',
    usage: '[OPTION]... NAME...',
    about: 'Create named pipes (FIFOs) with the given NAMEs.',
    short: 'm:Z',
    long: { 'mode:': 'm' },
  },
  async (tool) => {
    if (tool.operands.length === 0) return tool.missingOperand();
    const given = tool.options.value('m') ?? '666';
    const mode = parseMode(given, 0);
    if (mode === 'invalid') return tool.fail(`invalid mode ${quote(given)}`);
    for (const path of tool.operands) {
      const made = tool.fs.mknod(path, 'fifo', mode(0o666, false));
      if (!made.ok) await tool.error(`cannot create fifo ${quoteaf(path)}: ${made.error.message}`);
    }
    return tool.status;
  },
);

/** mknod(1). */
export const mknod = tool(
  {
    name: 'mknod',
    usage: '[OPTION]... NAME TYPE [MAJOR MINOR]',
    about: 'Create the special file NAME of the given TYPE.',
    short: 'm:Z',
    long: { 'mode:': 'm' },
  },
  async (tool) => {
    const [path, type, major, minor] = tool.operands;
    if (path === undefined) return tool.missingOperand();
    if (type === undefined) return tool.usageError(`missing operand after ${quote(path)}`);
    const kinds = { p: 'fifo', c: 'char', u: 'char', b: 'block' } as const;
    const kind = type === 'p' || type === 'c' || type === 'u' || type === 'b' ? kinds[type] : undefined;
    if (kind === undefined) return tool.usageError(`invalid device type ${quote(type)}`);
    if (kind !== 'fifo' && (major === undefined || minor === undefined)) {
      return tool.usageError(
        `missing operand after ${quote(major ?? type)}\nSpecial files require major and minor device numbers.`,
      );
    }
    const rdev = kind === 'fifo' ? undefined : { major: Number(major), minor: Number(minor) };
    const made = tool.fs.mknod(path, kind, 0o666, rdev);
    if (!made.ok) return tool.fail(`${path}: ${made.error.message}`);
    return 0;
  },
);
