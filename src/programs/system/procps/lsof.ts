import type { Process, Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';
import { readProcesses, type Row } from './processes';

interface Held {
  readonly row: Row;
  readonly fd: string;
  readonly type: string;
  readonly name: string;
  readonly protocol?: string;
  readonly port?: number;
}

/** The sockets of a process, as the network namespace knows them. */
function socketsOf(process: Process, row: Row): readonly Held[] {
  return process.net.sockets().flatMap(({ protocol, state, local, remote, holder }, index) => {
    if (
      holder === undefined ||
      process.host.pidOf(process, holder) !== row.pid ||
      protocol === 'unix' ||
      typeof local === 'string'
    )
      return [];
    const at = ({ address, port }: { readonly address: string; readonly port: number }): string =>
      `${address === '0.0.0.0' ? '*' : address}:${port}`;
    const ends = remote === undefined ? '' : `->${at(remote)}`;
    const shown =
      state === 'LISTEN' ? ' (LISTEN)' : state === 'ESTAB' ? ' (ESTABLISHED)' : state === 'UNCONN' ? '' : ` (${state})`;
    const name = `${at(local)}${state === 'LISTEN' ? '' : ends}${shown}`;
    return [{ row, fd: `${3 + index}u`, type: 'IPv4', name, protocol: protocol.toUpperCase(), port: local.port }];
  });
}

/** Everything that processes hold open, as far as the viewer may look. */
function holdings(process: Process): readonly Held[] {
  const { fs } = process;
  return readProcesses(process).flatMap((row) => {
    const held: Held[] = [];
    for (const [link, fd] of [
      ['cwd', 'cwd'],
      ['root', 'rtd'],
      ['exe', 'txt'],
    ] as const) {
      const target = fs.readlink(`/proc/${row.pid}/${link}`);
      if (target.ok && target.value !== '')
        held.push({ row, fd, type: link === 'exe' ? 'REG' : 'DIR', name: target.value });
    }
    const listed = fs.readdir(`/proc/${row.pid}/fd`);
    for (const { name } of listed.ok ? listed.value : []) {
      const target = fs.readlink(`/proc/${row.pid}/fd/${name}`);
      if (!target.ok) continue;
      const isSocket = target.value.startsWith('socket:');
      const base = { row, fd: `${name}u` };
      if (isSocket) held.push({ ...base, type: 'unix', name: 'type=STREAM' });
      else if (target.value.startsWith('pipe:')) held.push({ ...base, type: 'FIFO', name: 'pipe' });
      else held.push({ ...base, type: target.value.startsWith('/dev/') ? 'CHR' : 'REG', name: target.value });
    }
    held.push(...socketsOf(process, row));
    return held;
  });
}

/** lsof(8). */
export const lsof: Program = async (process) => {
  const { stdout, stderr } = process;
  // `-i :80`: the address may be a word of its own.
  const args: string[] = [];
  for (const arg of process.args) {
    const before = args.at(-1);
    if (before !== undefined && /^-[a-zA-Z]*i$/.test(before) && /^[46]?(tcp|udp)?([:@].*)?$/i.test(arg) && arg !== '')
      args[args.length - 1] = before + arg;
    else args.push(arg);
  }
  const options = parseOptions(args, { short: 'ai::nPp:u:c:tUd:lbVRs::', long: {} });
  if (typeof options === 'string') {
    await stderr.write(`lsof: ${options}\nlsof 4.95.0\n`);
    return 1;
  }
  const tests: ((held: Held) => boolean)[] = [];
  const pids = options.value('p')?.split(',').map(Number);
  if (pids !== undefined) tests.push(({ row }) => pids.includes(row.pid));
  const user = options.value('u');
  if (user !== undefined) tests.push(({ row }) => row.user === user || String(row.uid) === user);
  const command = options.value('c');
  if (command !== undefined) tests.push(({ row }) => row.comm.startsWith(command));
  if (options.has('U')) tests.push(({ type }) => type === 'unix');
  if (options.has('i')) {
    const spec = options.value('i') ?? '';
    const protocol = /^(?:[46])?(tcp|udp)/i.exec(spec)?.[1]?.toUpperCase();
    const port = /:(\d+)$/.exec(spec)?.[1];
    tests.push(
      (held) =>
        held.protocol !== undefined &&
        (protocol === undefined || held.protocol === protocol) &&
        (port === undefined || held.port === Number(port) || new RegExp(`:${port}(\\D|$)`).test(held.name)),
    );
  }
  if (options.operands.length > 0) {
    const paths = options.operands.map((path) => {
      const real = process.fs.realpath(path);
      return real.ok ? real.value : path;
    });
    for (const [index, path] of options.operands.entries())
      if (!process.fs.stat(path).ok)
        await stderr.write(`lsof: status error on ${options.operands[index] ?? ''}: No such file or directory\n`);
    tests.push(({ name, fd }) => paths.some((path) => name === path || (fd === 'cwd' && name === path)));
  }
  const every = options.has('a');
  const shown = holdings(process).filter(
    (held) => tests.length === 0 || (every ? tests.every((test) => test(held)) : tests.some((test) => test(held))),
  );
  if (options.has('t')) {
    await stdout.write([...new Set(shown.map(({ row }) => row.pid))].map((pid) => `${pid}\n`).join(''));
    return shown.length > 0 ? 0 : 1;
  }
  if (shown.length === 0) return tests.length === 0 ? 0 : 1;
  const width = Math.max(7, ...shown.map(({ row }) => Math.min(9, row.comm.length)));
  await stdout.write(`${'COMMAND'.padEnd(width)}    PID     USER   FD   TYPE DEVICE SIZE/OFF NODE NAME\n`);
  for (const { row, fd, type, name, protocol } of shown)
    await stdout.write(
      `${row.comm.slice(0, 9).padEnd(width)} ${String(row.pid).padStart(6)} ${row.user.slice(0, 8).padStart(8)} ${fd.padStart(4)} ${type.padStart(6)} ${'0,1'.padStart(6)} ${'0t0'.padStart(8)} ${(protocol ?? '').padStart(4)} ${name}\n`,
    );
  return 0;
};

/** fuser(1): who uses a file or a port. */
export const fuser: Program = async (process) => {
  const { stdout, stderr } = process;
  const options = parseOptions(process.args, {
    short: 'aiIklmMn:suv46',
    long: { kill: 'k', mount: 'm', 'namespace:': 'n', verbose: 'v', silent: 's' },
  });
  if (typeof options === 'string' || options.operands.length === 0) {
    await stderr.write(
      'No process specification given\nUsage: fuser [-fIMuvw] [-a|-s] [-4|-6] [-c|-m|-n SPACE]\n             [-k [-i] [-SIGNAL]] NAME...\n',
    );
    return 1;
  }
  const all = holdings(process);
  let status = 1;
  for (const operand of options.operands) {
    const match = /^(\d+)\/(tcp|udp)$/.exec(operand);
    const space = options.value('n');
    const port = match?.[1] ?? (space === 'tcp' || space === 'udp' ? operand : undefined);
    const protocol = (match?.[2] ?? space ?? '').toUpperCase();
    const real = process.fs.realpath(operand);
    if (port === undefined && !real.ok) {
      await stderr.write(`Specified filename ${operand} does not exist.\n`);
      continue;
    }
    const path = real.ok ? real.value : operand;
    const users = all.filter((held) =>
      port === undefined
        ? held.name === path || (options.has('m') && held.name.startsWith(path))
        : held.port === Number(port) && held.protocol === protocol,
    );
    const pids = [...new Set(users.map(({ row }) => row.pid))];
    if (pids.length === 0) continue;
    status = 0;
    if (!options.has('s')) {
      const label = `${operand}:`;
      await stderr.write(`${label.padEnd(20)}`);
      for (const pid of pids) {
        await stdout.write(`${String(pid).padStart(6)}`);
        await stderr.write(
          users.some(({ row, fd }) => row.pid === pid && fd === 'cwd')
            ? 'c'
            : users.some(({ row, fd }) => row.pid === pid && fd === 'txt')
              ? 'e'
              : '',
        );
      }
      await stderr.write('\n');
    }
    if (options.has('k')) for (const pid of pids) process.kill(pid, 'SIGKILL');
  }
  return status;
};
