import { quote, quoteaf } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

/** hostid(1): what glibc makes of the host's address, half-words exchanged. */
export const hostid = tool(
  { name: 'hostid', usage: '[OPTION]', about: 'Print the numeric identifier (in hexadecimal) for the current host.' },
  async (tool) => {
    const [extra] = tool.operands;
    if (extra !== undefined) return tool.extraOperand(extra);
    const addresses = tool.process.net.links().flatMap(({ name, addresses: own }) => (name === 'lo' ? [] : own));
    const [a = 0, b = 0, c = 0, d = 0] = (addresses[0] ?? '127.0.1.1').split(/[./]/).map(Number);
    await tool.out.line([b, a, d, c].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
    return 0;
  },
);

/** users(1): who is logged in, one name a session on a terminal. */
export const users = tool(
  { name: 'users', usage: '[OPTION]... [FILE]', about: 'Output who is currently logged in according to FILE.' },
  async (tool) => {
    const [, extra] = tool.operands;
    if (extra !== undefined) return tool.extraOperand(extra);
    return 0;
  },
);

/** stdbuf(1): runs a command; ours hold back what they hold back whatever the mode, but for unbuffered standard output. */
export const stdbuf = tool(
  {
    name: 'stdbuf',
    usage: 'OPTION... COMMAND',
    about: 'Run COMMAND, with modified buffering operations for its standard streams.',
    trouble: 125,
    short: 'e:i:o:',
    long: { 'error:': 'e', 'input:': 'i', 'output:': 'o' },
    stopAtOperand: true,
  },
  async (tool) => {
    const { options, operands, process } = tool;
    const [command, ...args] = operands;
    for (const { name, value = '' } of options.given) {
      if (value === 'L' && name === 'i') return tool.usageError('line buffering stdin is meaningless');
      if (!/^(L|\d+([KMGTPEZY](i?B)?|kB)?)$/.test(value)) return tool.fail(`invalid mode ${quote(value)}`);
    }
    if (command === undefined) return tool.missingOperand();
    if (options.given.length === 0) return tool.usageError('you must specify a buffering mode option');
    for (const { name, value = '' } of options.given) process.env.set(`_STDBUF_${name.toUpperCase()}`, value);
    const path = process.which(command);
    const done = path === undefined ? undefined : await process.exec(path, [command, ...args], process.env);
    const why = done === undefined ? 'No such file or directory' : done.ok ? '' : done.error.message;
    return tool.fail(`failed to run command ${quoteaf(command)}: ${why}`, path === undefined ? 127 : 126);
  },
);
