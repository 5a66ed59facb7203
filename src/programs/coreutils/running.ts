import { parseSignal, signalNumber } from '../../linux/process/signals';
import type { Process, SignalName, WaitStatus } from '../../linux/process/types';
import { strftime } from '../toolkit/date-format';
import { parseDuration } from '../toolkit/format';
import { localQuotes, quote, quoteaf } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';

const codeOf = (status: WaitStatus): number =>
  status.kind === 'exited' ? status.code : status.kind === 'signaled' ? 128 + signalNumber(status.signal) : 0;

/** Replaces this command by another (env, nohup); a message and 126 or 127 if there is none. */
async function replace(tool: Tool, argv: readonly string[], name: string): Promise<number> {
  const { process } = tool;
  const [command = ''] = argv;
  await tool.out.flush();
  const file = command.includes('/') ? command : process.which(command);
  if (file === undefined) return tool.fail(`${name}: No such file or directory`, 127);
  const failed = await process.exec(file, argv, process.env);
  if (failed.ok) return 0;
  return tool.fail(`${name}: ${failed.error.message}`, failed.error.code === 'ENOENT' ? 127 : 126);
}

/** env(1). */
export const env = tool(
  {
    name: 'env',
    usage: '[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]',
    about: 'Set each NAME to VALUE in the environment and run COMMAND.',
    short: 'iu:0C:S:v',
    long: { 'ignore-environment': 'i', 'unset:': 'u', null: '0', 'chdir:': 'C', 'split-string:': 'S', debug: 'v' },
    stopAtOperand: true,
    trouble: 125,
  },
  async (tool) => {
    const { options, process } = tool;
    let operands = [...(options.value('S')?.trim().split(/\s+/) ?? []), ...tool.operands];
    const dash = operands[0] === '-';
    if (dash) operands = operands.slice(1);
    const variables = new Map(options.has('i') || dash ? [] : process.env);
    for (const name of options.values('u')) {
      if (name === '' || name.includes('=')) return tool.fail(`cannot unset ${quote(name)}: Invalid argument`, 125);
      variables.delete(name);
    }
    let index = 0;
    for (; index < operands.length; index++) {
      const match = /^([^=]+)=([^]*)$/.exec(operands[index] ?? '');
      if (match === null) break;
      variables.set(match[1] ?? '', match[2] ?? '');
    }
    const argv = operands.slice(index);
    const folder = options.value('C');
    if (folder !== undefined) {
      if (argv.length === 0) return tool.usageError('must specify command with --chdir (-C)');
      const real = process.fs.realpath(folder);
      if (!real.ok) return tool.fail(`cannot change directory to ${quoteaf(folder)}: ${real.error.message}`, 125);
      process.cwd = real.value;
    }
    if (argv.length > 0) {
      if (options.has('0')) return tool.usageError('cannot specify --null (-0) with command');
      process.env.clear();
      for (const [name, value] of variables) process.env.set(name, value);
      return replace(tool, argv, quote(argv[0] ?? ''));
    }
    for (const [name, value] of variables) await tool.out.write(`${name}=${value}${options.has('0') ? '\0' : '\n'}`);
    return 0;
  },
);

/** printenv(1). */
export const printenv = tool(
  {
    name: 'printenv',
    usage: '[OPTION]... [VARIABLE]...',
    about: 'Print the values of the specified environment VARIABLE(s).',
    short: '0',
    long: { null: '0' },
    trouble: 2,
  },
  async (tool) => {
    const end = tool.options.has('0') ? '\0' : '\n';
    const { env: variables } = tool.process;
    if (tool.operands.length === 0) {
      for (const [name, value] of variables) await tool.out.write(`${name}=${value}${end}`);
      return 0;
    }
    let status = 0;
    for (const name of tool.operands) {
      const value = variables.get(name);
      if (value === undefined) status = 1;
      else await tool.out.write(value + end);
    }
    return status;
  },
);

/** nohup(1). */
export const nohup = tool(
  {
    name: 'nohup',
    usage: 'COMMAND [ARG]...',
    about: 'Run COMMAND, ignoring hangup signals.',
    stopAtOperand: true,
    trouble: 125,
  },
  async (tool) => {
    const { process, operands } = tool;
    if (operands.length === 0) return tool.missingOperand();
    const kind = (fd: number) => process.fds.get(fd)?.kind;
    const ignoring = kind(0) === 'tty';
    if (ignoring) {
      const empty = process.fs.open('/dev/null', { read: true });
      if (empty.ok) process.fds.set(0, empty.value);
    }
    if (kind(1) === 'tty') {
      const home = `${process.env.get('HOME') ?? ''}/nohup.out`;
      const here = process.fs.open('nohup.out', { write: true, append: true, create: true, mode: 0o600 });
      const file = here.ok ? here : process.fs.open(home, { write: true, append: true, create: true, mode: 0o600 });
      if (!file.ok) return tool.fail(`failed to open ${quoteaf('nohup.out')}: ${file.error.message}`, 125);
      const name = here.ok ? 'nohup.out' : home;
      await tool.error(`${ignoring ? 'ignoring input and ' : ''}appending output to ${quoteaf(name)}`, 0);
      process.fds.set(1, file.value);
      if (kind(2) === 'tty') process.fds.set(2, file.value);
    } else if (kind(2) === 'tty') {
      await tool.error(`${ignoring ? 'ignoring input and ' : ''}redirecting stderr to stdout`, 0);
      const output = process.fds.get(1);
      if (output !== undefined) process.fds.set(2, output);
    } else if (ignoring) await tool.error('ignoring input', 0);
    process.signals.ignore('SIGHUP');
    return replace(tool, operands, `failed to run command ${quoteaf(operands[0] ?? '')}`);
  },
);

/** timeout(1). */
export const timeout = tool(
  {
    name: 'timeout',
    usage: '[OPTION] DURATION COMMAND [ARG]...',
    about: 'Start COMMAND, and kill it if still running after DURATION.',
    short: 'fk:ps:v',
    long: { foreground: 'f', 'kill-after:': 'k', 'preserve-status': 'p', 'signal:': 's', verbose: 'v' },
    stopAtOperand: true,
    trouble: 125,
  },
  async (tool) => {
    const { options, operands, process } = tool;
    const [duration, ...argv] = operands;
    const [command] = argv;
    if (duration === undefined) return tool.missingOperand();
    if (command === undefined) {
      await process.stderr.write(`Try '${tool.name} --help' for more information.\n`);
      return 125;
    }
    const after = parseDuration(duration);
    if (Number.isNaN(after)) return tool.usageError(`invalid time interval ${quote(duration)}`);
    const killAfter = options.value('k') === undefined ? 0 : parseDuration(options.value('k') ?? '');
    if (Number.isNaN(killAfter)) return tool.usageError(`invalid time interval ${quote(options.value('k') ?? '')}`);
    const named = options.value('s') ?? 'TERM';
    const signal = parseSignal(named);
    if (signal === undefined) return tool.usageError(`${quote(named)}: invalid signal`);
    const file = process.which(command);
    if (file === undefined) return tool.fail(`failed to run command ${quote(command)}: No such file or directory`, 127);
    const child = process.spawn({ file, argv });
    if (!child.ok) return tool.fail(`failed to run command ${quote(command)}: ${child.error.message}`, 126);
    const { pid } = child.value;
    const { clock } = process;
    let timedOut = false;
    const send = (which: SignalName): void => {
      timedOut = true;
      if (options.has('v')) {
        const text = `${tool.name}: sending signal ${which.replace('SIG', '')} to command ${quote(command)}\n`;
        process.thread(() => process.stderr.write(localQuotes(text, process.env)));
      }
      process.kill(pid, which);
      // A stopped command must go on to see it.
      if (which !== 'SIGKILL' && which !== 'SIGCONT') process.kill(pid, 'SIGCONT');
    };
    const timers = after === 0 || after === Infinity ? [] : [clock.setTimer(after, () => send(signal))];
    if (killAfter > 0 && timers.length > 0) timers.push(clock.setTimer(after + killAfter, () => send('SIGKILL')));
    for (const passed of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const) {
      process.signals.handle(passed, () => process.kill(pid, passed));
    }
    const status = await child.value.wait();
    for (const timer of timers) clock.cancel(timer);
    if (timedOut && !options.has('p')) return status.kind === 'signaled' && status.signal === 'SIGKILL' ? 137 : 124;
    return codeOf(status);
  },
);

/** watch(1): the command's output anew, every so often. */
export const watch = tool(
  {
    name: 'watch',
    usage: '[options] command',
    about: 'Execute a program periodically, showing output fullscreen.',
    package: 'procps-ng 4.0.4',
    short: 'bcCd::egn:pqrtwx',
    long: {
      beep: 'b',
      color: 'c',
      'differences::': 'd',
      errexit: 'e',
      chgexit: 'g',
      'interval:': 'n',
      precise: 'p',
      'no-rerun': 'r',
      'no-title': 't',
      'no-wrap': 'w',
      exec: 'x',
    },
    stopAtOperand: true,
  },
  async (tool) => {
    const { options, operands, process } = tool;
    if (operands.length === 0) {
      await process.stderr.write(`\nUsage:\n ${tool.name} [options] command\n`);
      return 1;
    }
    const given = options.value('n') ?? '2';
    const interval = Math.max(100, Number(given.replace(',', '.')) * 1000);
    if (Number.isNaN(interval)) return tool.fail(`failed to parse argument: '${given}'`);
    const terminal = process.fds.get(1)?.kind === 'tty';
    const stop = () => tool.out.write(terminal ? '\x1b[?1049l\x1b[?12l\x1b[?25h' : '');
    let stopped = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.signals.handle(signal, () => (stopped = true));
    if (terminal) await tool.out.write('\x1b[?1049h\x1b[22;0;0t');
    let before: string | undefined;
    while (!stopped) {
      const { text, status } = await capture(process, options.has('x') ? operands : ['sh', '-c', operands.join(' ')]);
      const { rows, columns } = process.tty?.size ?? { rows: 24, columns: 80 };
      const left = `Every ${(interval / 1000).toFixed(1)}s: ${operands.join(' ')}`;
      const right = `${process.namespaces.uts.hostname}: ${strftime('%a %b %e %H:%M:%S %Y', process.clock.now)}`;
      const title = options.has('t')
        ? []
        : [left.slice(0, Math.max(0, columns - right.length - 2)).padEnd(columns - right.length) + right, ''];
      const body = text.replaceAll('\t', '        ').split('\n');
      if (body.at(-1) === '') body.pop();
      const shown = [...title, ...body]
        .slice(0, rows)
        .map((line) => (options.has('c') ? line : line.slice(0, columns)));
      await tool.out.write(
        `${terminal ? '\x1b[H\x1b[2J' : ''}${shown.join(terminal ? '\n' : '\n')}${terminal ? '' : '\n'}`,
      );
      await tool.out.flush();
      if (options.has('g') && before !== undefined && before !== text) break;
      if (options.has('e') && status !== 0) {
        await stop();
        return 8;
      }
      before = text;
      if (stopped) break;
      await process.sleep(interval);
    }
    await stop();
    return 0;
  },
);

/** Runs a command and takes what it writes, errors too. */
async function capture(process: Process, argv: readonly string[]): Promise<{ text: string; status: number }> {
  const file = process.which(argv[0] ?? '');
  if (file === undefined) return { text: `sh: 1: ${argv[0] ?? ''}: not found\n`, status: 127 };
  const { read, write } = process.pipe();
  const fd = process.fds.install(read, 3);
  const input = process.fds.get(0);
  const child = process.spawn({
    file,
    argv,
    fds: new Map([...(input === undefined ? [] : [[0, input] as const]), [1, write], [2, write]]),
  });
  if (!child.ok) return { text: `${argv[0] ?? ''}: ${child.error.message}\n`, status: 126 };
  const text = await process.fds.reader(fd).text();
  process.fds.close(fd);
  return { text, status: codeOf(await child.value.wait()) };
}
