import { parseSignal, signalNames, signalNumber } from '../../linux/process/signals';
import type { ProcessInfo, SignalName } from '../../linux/process/types';
import { compile } from '../toolkit/regex';
import { tool, type Tool } from '../toolkit/tool';
import { users } from '../toolkit/users';

/** kill(1) of procps. `-9`, `-TERM`, `-s TERM`; negative pids are groups. */
export const kill = tool(
  {
    name: 'kill',
    usage: '[options] <pid> [...]',
    about: 'Forcibly terminate a process.',
    package: 'procps-ng 4.0.4',
    raw: true,
  },
  async (tool) => {
    const args = [...tool.operands];
    let signal: SignalName | 0 = 'SIGTERM';
    const [first = ''] = args;
    const named = /^(?:-s|-n|--signal)(?:=(.*))?$/.exec(first);
    if (first === '-l' || first === '-L' || first === '--list') return list(tool, args[1]);
    let given: string | undefined;
    if (named !== null) {
      args.shift();
      given = named[1] ?? args.shift() ?? '';
    } else if (/^-[A-Za-z0-9]/.test(first) && (args.length > 1 || !/^-\d+$/.test(first))) {
      args.shift();
      given = first.slice(1);
    }
    if (given !== undefined && given !== '0') {
      const parsed = parseSignal(given);
      if (parsed === undefined) return tool.fail(`unknown signal name ${given}`);
      signal = parsed;
    } else if (given === '0') signal = 0;
    if (args[0] === '--') args.shift();
    if (args.length === 0) {
      await tool.process.stderr.write(usage(tool.name));
      return 1;
    }
    for (const arg of args) {
      if (!/^-?\d+$/.test(arg)) {
        await tool.error(`failed to parse argument: '${arg}'`);
        continue;
      }
      const sent = tool.process.kill(Number(arg), signal);
      if (!sent.ok) await tool.error(`(${arg}): ${sent.error.message}`);
    }
    return tool.status;
  },
);

const usage = (name: string): string => `
Usage:
 ${name} [options] <pid> [...]

Options:
 <pid> [...]            send signal to every <pid> listed
 -<signal>, -s, --signal <signal>
                        specify the <signal> to be sent
 -q, --queue <value>    integer value to be sent with the signal
 -l, --list=[<signal>]  list all signal names, or convert one to a name
 -L, --table            list all signal names in a nice table

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see kill(1).
`;

async function list(tool: Tool, which: string | undefined): Promise<number> {
  if (which === undefined) {
    const names = signalNames.map((name) => (name === 'SIGIO' ? 'POLL' : name.slice(3)));
    await tool.out.line(
      names
        .join(' ')
        .replace(/(.{1,78})(?: |$)/g, '$1\n')
        .trimEnd(),
    );
    return 0;
  }
  // A number above 128 is an exit status.
  const number = Number(which) > 128 ? Number(which) - 128 : which;
  const signal = parseSignal(String(number));
  if (signal === undefined) return tool.fail(`unknown signal name ${which}`);
  await tool.out.line(/^\d+$/.test(which) ? signal.slice(3) : String(signalNumber(signal)));
  return 0;
}

const selection = {
  short: 'cd:F:fg:G:ilnoP:s:t:u:U:vxaeLAr:q',
  long: {
    count: 'c',
    'delimiter:': 'd',
    full: 'f',
    'ignore-case': 'i',
    'list-name': 'l',
    'list-full': 'a',
    newest: 'n',
    oldest: 'o',
    'parent:': 'P',
    'pgroup:': 'g',
    'session:': 's',
    'terminal:': 't',
    'euid:': 'u',
    'uid:': 'U',
    inverse: 'v',
    exact: 'x',
    'signal:': 'signal',
    echo: 'e',
    'pidfile:': 'F',
  },
};

/** The processes that the command line means; undefined after a message. */
async function select(tool: Tool): Promise<readonly ProcessInfo[] | undefined> {
  const { options, process, operands } = tool;
  const [pattern] = operands;
  const criteria = ['P', 'g', 's', 't', 'u', 'U', 'F'];
  if (pattern === undefined && !options.has(...criteria)) {
    await tool.error(`no matching criteria specified\nTry \`${tool.name} --help' for more information.`, 2);
    return undefined;
  }
  if (operands.length > 1) {
    await tool.error(`only one pattern can be provided\nTry \`${tool.name} --help' for more information.`, 2);
    return undefined;
  }
  const source = pattern === undefined ? undefined : options.has('x') ? `^(${pattern})$` : pattern;
  const regex = source === undefined ? undefined : compile(source, true, options.has('i') ? 'i' : '');
  if (typeof regex === 'string') {
    await tool.error(regex, 2);
    return undefined;
  }
  const numbers = (name: string): readonly number[] | undefined => options.value(name)?.split(',').map(Number);
  const ids = (name: string): readonly number[] | undefined =>
    options
      .value(name)
      ?.split(',')
      .map((one) => users(tool.fs).find((user) => user.name === one)?.uid ?? Number(one));
  const [parents, groups, sessions, uids] = [numbers('P'), numbers('g'), numbers('s'), ids('u') ?? ids('U')];
  const terminals = options.value('t')?.split(',');
  const file = options.value('F');
  const pidFile = file === undefined ? undefined : tool.fs.readText(file);
  const filePid = pidFile?.ok === true ? Number(pidFile.value.trim()) : undefined;
  const matches = (info: ProcessInfo): boolean => {
    const text = options.has('f') ? info.argv.join(' ') : info.comm.slice(0, 15);
    return (
      (regex === undefined || regex.test(text)) &&
      (parents === undefined || parents.includes(info.parentPid)) &&
      (groups === undefined || groups.includes(info.group)) &&
      (sessions === undefined || sessions.includes(info.session)) &&
      (uids === undefined || uids.includes(info.uid)) &&
      (terminals === undefined || terminals.includes(info.tty?.replace('/dev/', '') ?? '')) &&
      (file === undefined || info.pid === filePid)
    );
  };
  let found = process.host
    .processes(process)
    .filter((info) => info.pid !== process.pid && matches(info) !== options.has('v'))
    .toSorted((a, b) => a.pid - b.pid);
  const byAge = found.toSorted((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
  if (options.has('n')) found = byAge.slice(-1);
  else if (options.has('o')) found = byAge.slice(0, 1);
  return found;
}

/** pgrep(1). */
export const pgrep = tool(
  {
    name: 'pgrep',
    usage: '[options] <pattern>',
    about: 'List processes by name or other attributes.',
    package: 'procps-ng 4.0.4',
    trouble: 2,
    ...selection,
  },
  async (tool) => {
    const found = await select(tool);
    if (found === undefined) return 2;
    const { options } = tool;
    if (options.has('c')) await tool.out.line(String(found.length));
    else {
      const shown = found.map((info) =>
        options.has('a')
          ? `${info.pid} ${info.argv.join(' ')}`
          : options.has('l')
            ? `${info.pid} ${info.comm}`
            : String(info.pid),
      );
      if (shown.length > 0) await tool.out.line(shown.join(options.value('d') ?? '\n'));
    }
    return found.length === 0 ? 1 : 0;
  },
);

/** Takes `-9`, `-HUP` out of the arguments. */
function signalOf(args: readonly string[]): {
  readonly signal: SignalName | 0 | undefined;
  readonly rest: readonly string[];
} {
  let signal: SignalName | 0 | undefined;
  const rest = args.filter((arg) => {
    if (!/^-(\d+|[A-Z]{2,}\d?)$/.test(arg)) return true;
    const parsed = arg === '-0' ? 0 : parseSignal(arg.slice(1));
    if (parsed === undefined) return true;
    signal = parsed;
    return false;
  });
  return { signal, rest };
}

/** pkill(1). */
export const pkill = tool(
  {
    name: 'pkill',
    usage: '[options] <pattern>',
    about: 'Signal processes by name or other attributes.',
    package: 'procps-ng 4.0.4',
    trouble: 2,
    ...selection,
    // `-TERM` becomes `--signal=TERM`, which options of letters could not tell apart.
    rewrite: (args) => {
      const { signal, rest } = signalOf(args);
      return signal === undefined ? args : [`--signal=${signal === 0 ? '0' : signal.slice(3)}`, ...rest];
    },
  },
  async (tool) => {
    const named = tool.options.value('signal');
    const signal = named === undefined ? 'SIGTERM' : named === '0' ? 0 : parseSignal(named);
    if (signal === undefined) return tool.fail(`unknown signal name ${named ?? ''}`, 2);
    const found = await select(tool);
    if (found === undefined) return 2;
    if (tool.options.has('c')) await tool.out.line(String(found.length));
    let sent = 0;
    for (const { pid, comm } of found) {
      const done = tool.process.kill(pid, signal);
      if (done.ok) sent++;
      else if (done.error.code !== 'ESRCH') await tool.error(`killing pid ${pid} failed: ${done.error.message}`);
      if (done.ok && tool.options.has('e')) await tool.out.line(`${comm} killed (pid ${pid})`);
    }
    return sent > 0 ? 0 : 1;
  },
);

/** killall(1) of psmisc. */
export const killall = tool(
  {
    name: 'killall',
    usage: '[OPTION]... [--] NAME...',
    about: 'Kill processes by name.',
    package: 'PSmisc 23.7',
    raw: true,
  },
  async (tool) => {
    const { signal = 'SIGTERM', rest } = signalOf(tool.operands);
    const quiet = rest.includes('-q');
    const names = rest.filter((arg) => !arg.startsWith('-'));
    for (const name of names) {
      const found = tool.process.host
        .processes(tool.process)
        .filter((info) => info.comm === name.slice(0, 15) && info.pid !== tool.process.pid);
      if (found.length === 0) {
        tool.status = 1;
        if (!quiet) await tool.process.stderr.write(`${name}: no process found\n`);
      }
      for (const { pid } of found) tool.process.kill(pid, signal);
    }
    return tool.status;
  },
);

/** pidof(8). */
export const pidof = tool(
  {
    name: 'pidof',
    usage: '[options] [program [...]]',
    about: 'Find the process ID of a running program.',
    package: 'procps-ng 4.0.4',
    short: 'sxqo:S:',
  },
  async (tool) => {
    const pids = tool.process.host
      .processes(tool.process)
      .filter(
        ({ comm, argv, pid }) =>
          pid !== tool.process.pid &&
          tool.operands.some((name) => comm === name || argv[0] === name || argv[0]?.endsWith(`/${name}`) === true),
      )
      .map(({ pid }) => pid)
      .toSorted((a, b) => b - a);
    const shown = tool.options.has('s') ? pids.slice(0, 1) : pids;
    if (shown.length === 0) return 1;
    await tool.out.line(shown.join(' '));
    return 0;
  },
);
