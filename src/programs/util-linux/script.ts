import type { Process, WaitStatus } from '../../linux/process/types';
import { help } from './help';
import { codeOf } from './run';
import { utility } from './utility';

const raw = { canonical: false, echo: false, signals: false, inputNewline: false, flowControl: false };

/** script(1): a session in a terminal of its own, and a log of what it showed. */
export const script = utility(
  {
    name: 'script',
    help: help.script,
    short: 'I:O:B:T:t::m:ac:efE:o:q',
    long: {
      'log-in:': 'I',
      'log-out:': 'O',
      'log-io:': 'B',
      'log-timing:': 'T',
      'timing::': 't',
      'logging-format:': 'm',
      append: 'a',
      'command:': 'c',
      return: 'e',
      flush: 'f',
      force: 'force',
      'echo:': 'E',
      'output-limit:': 'o',
      quiet: 'q',
    },
  },
  async (process, options, complain) => {
    const path = options.value('O') ?? options.value('B') ?? options.operands[0] ?? 'typescript';
    const say = async (text: string): Promise<void> => {
      if (!options.has('q')) await process.stdout.write(text);
    };
    const command = options.value('c');
    await say(`Script started, output log file is '${path}'.\n`);
    const append = options.has('a');
    const file = process.fs.open(path, { write: true, create: true, append, truncate: !append });
    if (!file.ok) {
      await complain(`cannot open ${path}: ${file.error.message}`);
      await say('Script done.\n');
      return 1;
    }
    const log = process.fds.writer(process.fds.install(file.value, 3));
    const timing = options.value('T');
    const timed =
      timing === undefined ? undefined : process.fs.open(timing, { write: true, create: true, truncate: true });
    const times = timed?.ok === true ? process.fds.writer(process.fds.install(timed.value, 3)) : undefined;
    const { clock } = process;
    await log.write(`Script started on ${stamp(clock.now)} [${header(process, command)}]\n`);

    const own = process.fds.get(0)?.kind === 'tty' ? process.tty : undefined;
    const master = process.host.openPty(own?.size ?? { rows: 24, columns: 80 });
    const before = own === undefined ? undefined : { ...own.termios };
    if (own === undefined) master.tty.termios.echo = false;
    else {
      Object.assign(own.termios, raw);
      process.signals.handle('SIGWINCH', () => master.resize(own.size));
    }
    let last = clock.now;
    let written: Promise<unknown> = Promise.resolve();
    master.onOutput((bytes) => {
      const copy = bytes.slice();
      const previous = written;
      const delay = ((clock.now - last) / 1000).toFixed(6);
      last = clock.now;
      written = (async () => {
        await previous;
        await log.write(copy);
        if (times !== undefined) await times.write(`${delay} ${copy.length}\n`);
        await process.stdout.write(copy);
      })();
    });
    const shell = process.env.get('SHELL') ?? '/bin/sh';
    const slave = master.tty.open();
    const name = shell.slice(shell.lastIndexOf('/') + 1);
    const started = process.spawn({
      file: shell,
      argv: command === undefined ? [name, '-i'] : [name, '-c', command],
      fds: new Map([0, 1, 2].map((fd) => [fd, slave] as const)),
      newSession: true,
      controllingTty: master.tty,
      foreground: true,
    });
    if (!started.ok) return complain(`failed to execute ${shell}: ${started.error.message}`);
    process.thread(async () => {
      for await (const bytes of process.stdin) master.input(bytes);
      if (own === undefined) master.input(Uint8Array.of(4));
    });
    const status: WaitStatus = await started.value.wait();
    // What was said last is still on its way.
    await process.sleep(0);
    await written;
    master.hangup();
    if (own !== undefined && before !== undefined) Object.assign(own.termios, before);
    await log.write(`\nScript done on ${stamp(clock.now)} [COMMAND_EXIT_CODE="${codeOf(status)}"]\n`);
    await say('Script done.\n');
    return options.has('e') ? codeOf(status) : 0;
  },
);

function header(process: Process, command: string | undefined): string {
  const { tty } = process;
  const terminal =
    process.fds.get(1)?.kind === 'tty' && tty !== undefined
      ? `TERM="${process.env.get('TERM') ?? ''}" TTY="${tty.path}" COLUMNS="${tty.size.columns}" LINES="${tty.size.rows}"`
      : '<not executed on terminal>';
  return command === undefined ? terminal : `COMMAND="${command}" ${terminal}`;
}

/** ISO 8601 in UTC. */
const stamp = (now: number): string => `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}+00:00`;
