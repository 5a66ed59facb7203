import { tool } from '../toolkit/tool';
import { parseDuration } from '../toolkit/format';
import { quote } from '../toolkit/quote';
import { Names } from '../toolkit/users';

export const true_ = tool(
  {
    name: 'true',
    usage: '[ignored command line arguments]',
    about: 'Exit with a status code indicating success.',
    raw: true,
  },
  () => 0,
);
export const false_ = tool(
  {
    name: 'false',
    usage: '[ignored command line arguments]',
    about: 'Exit with a status code indicating failure.',
    raw: true,
  },
  () => 1,
);

/** pwd(1): -P unless -L; `PWD` counts only if it is right. */
export const pwd = tool(
  {
    name: 'pwd',
    usage: '[OPTION]...',
    about: 'Print the full filename of the current working directory.',
    short: 'LP',
    long: { logical: 'L', physical: 'P' },
  },
  async ({ process, options, out }) => {
    const real = process.fs.realpath('.');
    const logical = process.env.get('PWD');
    if (options.last('L', 'P') === 'L' && logical !== undefined) {
      const named = process.fs.realpath(logical);
      if (named.ok && real.ok && named.value === real.value) {
        await out.line(logical);
        return 0;
      }
    }
    await out.line(real.ok ? real.value : process.cwd);
    return 0;
  },
);

export const whoami = tool(
  { name: 'whoami', usage: '[OPTION]...', about: 'Print the user name associated with the current effective user ID.' },
  async (tool) => {
    const [extra] = tool.operands;
    if (extra !== undefined) return tool.extraOperand(extra);
    const { uid } = tool.process.credentials;
    const name = new Names(tool.fs).user(uid);
    if (name === String(uid)) return tool.fail(`cannot find name for user ID ${uid}`);
    await tool.out.line(name);
    return 0;
  },
);

export const nproc = tool(
  {
    name: 'nproc',
    usage: '[OPTION]...',
    about: 'Print the number of processing units available.',
    long: { all: 'all', 'ignore:': 'ignore' },
  },
  async ({ process, options, out }) => {
    const ignored = Number(options.value('ignore') ?? 0);
    const status = process.fs.readText('/proc/self/status');
    const mask = status.ok ? /^Cpus_allowed:\t([0-9a-f]+)$/m.exec(status.value)?.[1] : undefined;
    const allowed = mask === undefined ? undefined : parseInt(mask, 16).toString(2).replaceAll('0', '').length;
    const count = options.has('all') ? process.host.cpus : (allowed ?? process.host.cpus);
    await out.line(String(Math.max(1, count - ignored)));
    return 0;
  },
);

/** All our file systems are in memory: nothing is to be written. */
export const sync = tool(
  {
    name: 'sync',
    usage: '[OPTION] [FILE]...',
    about: 'Synchronize cached writes to persistent storage.',
    short: 'df',
    long: { data: 'd', 'file-system': 'f' },
  },
  () => 0,
);

export const logname = tool(
  { name: 'logname', usage: '[OPTION]', about: "Print the user's login name." },
  async (tool) => {
    const [extra] = tool.operands;
    if (extra !== undefined) return tool.extraOperand(extra);
    if (tool.process.tty === undefined) return tool.fail('no login name');
    await tool.out.line(tool.process.env.get('LOGNAME') ?? 'root');
    return 0;
  },
);

export const arch = tool(
  { name: 'arch', usage: '[OPTION]...', about: 'Print machine architecture.' },
  async ({ out }) => {
    await out.line('x86_64');
    return 0;
  },
);

/** yes(1): until nobody reads any more. */
export const yes = tool(
  { name: 'yes', usage: '[STRING]...', about: "Repeatedly output a line with all specified STRING(s), or 'y'." },
  async ({ process, operands, out }) => {
    const line = `${operands.length === 0 ? 'y' : operands.join(' ')}\n`;
    const block = line.repeat(Math.max(1, Math.floor(8192 / line.length)));
    for (;;) {
      await out.write(block);
      await process.compute(50);
    }
  },
);

/** basename(1). */
export const basename = tool(
  {
    name: 'basename',
    usage: 'NAME [SUFFIX]',
    about: 'Print NAME with any leading directory components removed.',
    short: 'as:z',
    long: { multiple: 'a', 'suffix:': 's', zero: 'z' },
    stopAtOperand: true,
  },
  async (tool) => {
    const { options, operands, out } = tool;
    if (operands.length === 0) return tool.missingOperand();
    const multiple = options.has('a', 's');
    const extra = multiple ? undefined : operands[2];
    if (extra !== undefined) return tool.extraOperand(extra);
    const suffix = options.value('s') ?? (multiple ? '' : (operands[1] ?? ''));
    for (const path of multiple ? operands : operands.slice(0, 1)) {
      let name = baseName(path);
      if (suffix !== '' && name !== suffix && name.endsWith(suffix)) name = name.slice(0, -suffix.length);
      await out.write(name + (options.has('z') ? '\0' : '\n'));
    }
    return 0;
  },
);

export const baseName = (path: string): string => /([^/]*)\/*$/.exec(path)?.[1] || (path.startsWith('/') ? '/' : '');
export const dirName = (path: string): string => {
  const trimmed = path.replace(/\/+$/, '');
  if (trimmed === '') return path === '' ? '.' : '/';
  const slash = trimmed.lastIndexOf('/');
  return slash < 0 ? '.' : trimmed.slice(0, slash).replace(/\/+$/, '') || '/';
};

/** dirname(1). */
export const dirname = tool(
  {
    name: 'dirname',
    usage: '[OPTION] NAME...',
    about: 'Output each NAME with its last non-slash component and trailing slashes removed.',
    short: 'z',
    long: { zero: 'z' },
  },
  async (tool) => {
    if (tool.operands.length === 0) return tool.missingOperand();
    for (const path of tool.operands) await tool.out.write(dirName(path) + (tool.options.has('z') ? '\0' : '\n'));
    return 0;
  },
);

/** sleep(1). */
export const sleep = tool(
  { name: 'sleep', usage: 'NUMBER[SUFFIX]...', about: 'Pause for NUMBER seconds.' },
  async (tool) => {
    if (tool.operands.length === 0) return tool.missingOperand();
    let total = 0;
    const wrong: string[] = [];
    for (const operand of tool.operands) {
      const ms = parseDuration(operand);
      if (Number.isNaN(ms)) wrong.push(`invalid time interval ${quote(operand)}`);
      else total += ms;
    }
    if (wrong.length > 0) return tool.usageError(wrong.join(`\n${tool.name}: `));
    if (total === Infinity) await tool.process.block<void>(() => () => undefined);
    else await tool.process.sleep(total);
    return 0;
  },
);
