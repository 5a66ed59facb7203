import { containerdSeenBy, type TaskRecord } from '../../../containers/containerd/metadata';
import { parseSignal } from '../../../linux/process/signals';
import type { Process, Program } from '../../../linux/process/types';
import { TabWriter } from '../../toolkit/tabwriter';
import { parseFlags, type Flag } from '../../toolkit/urfave';

const globals: readonly Flag[] = [
  { names: ['debug'], usage: 'enable debug logging' },
  { names: ['log'], value: 'value', usage: 'set the log file to write runc logs to (default is "/dev/stderr")' },
  {
    names: ['log-format'],
    value: 'value',
    usage: "set the log format ('text' (default), or 'json') (default: \"text\")",
  },
  {
    names: ['root'],
    value: 'value',
    usage: 'root directory for storage of container state (this should be located in tmpfs) (default: "/run/runc")',
  },
  { names: ['systemd-cgroup'], usage: 'enable systemd cgroup support' },
  { names: ['help', 'h'], usage: 'show help' },
  { names: ['version', 'v'], usage: 'print the version' },
];

interface Runc {
  readonly process: Process;
  readonly tasks: ReadonlyMap<string, TaskRecord>;
  readonly bundle: (id: string) => string;
}

const statusOf = ({ process, paused }: TaskRecord): string =>
  process.exit !== undefined ? 'stopped' : paused ? 'paused' : 'running';
const stamp = (at: number): string => new Date(at).toISOString();

async function list({ process, tasks, bundle }: Runc): Promise<number> {
  const writer = new TabWriter({ minWidth: 12, padding: 3 });
  writer.write('ID\tPID\tSTATUS\tBUNDLE\tCREATED\tOWNER\n');
  for (const task of tasks.values()) {
    const { id, process: init, createdAt } = task;
    writer.write(`${id}\t${init.pid}\t${statusOf(task)}\t${bundle(id)}\t${stamp(createdAt)}\troot\n`);
  }
  await process.stdout.write(writer.flush());
  return 0;
}

async function state({ process, bundle }: Runc, task: TaskRecord): Promise<number> {
  const said = {
    ociVersion: '1.2.1',
    id: task.id,
    pid: task.process.exit === undefined ? task.process.pid : 0,
    status: statusOf(task),
    bundle: bundle(task.id),
    rootfs: task.spec.root.path,
    created: stamp(task.createdAt),
    owner: '',
  };
  await process.stdout.write(`${JSON.stringify(said, null, 2)}\n`);
  return 0;
}

async function ps({ process }: Runc, task: TaskRecord): Promise<number> {
  const procs = process.fs.readText(`/sys/fs/cgroup${task.spec.cgroupsPath}/cgroup.procs`);
  const pids = new Set(procs.ok ? procs.value.split('\n').map(Number) : []);
  const all = process.host.processes(process).filter(({ pid }) => pids.has(pid));
  const rows = all.map(
    ({ pid, parentPid, argv }) =>
      `root ${String(pid).padStart(11)} ${String(parentPid).padStart(7)}  ${argv.join(' ')}\n`,
  );
  await process.stdout.write(`UID          PID    PPID  CMD\n${rows.join('')}`);
  return 0;
}

function freeze({ process }: Runc, task: TaskRecord, value: '0' | '1'): number {
  task.paused = value === '1';
  return process.fs.writeFile(`/sys/fs/cgroup${task.spec.cgroupsPath}/cgroup.freeze`, value).ok ? 0 : 1;
}

/** runc(8), as far as one looks at running containers with it; shims create them themselves (containers/runc). */
export const runc: Program = async (process) => {
  const fail = async (message: string): Promise<number> => {
    const time = stamp(process.clock.now).replace(/\.\d+Z$/, 'Z');
    await process.stderr.write(`time="${time}" level=error msg=${JSON.stringify(message)}\n`);
    return 1;
  };
  const parsed = parseFlags(process.args, globals, 1);
  if ('error' in parsed) return fail(parsed.error);
  const [command, id, ...rest] = parsed.operands;
  if (parsed.flags.has('version')) {
    await process.stdout.write(
      'runc version 1.3.3\ncommit: v1.3.3-0-gd842d771\nspec: 1.2.1\ngo: go1.24.9\nlibseccomp: 2.5.4\n',
    );
    return 0;
  }
  const root = parsed.flags.get('root') ?? '/run/runc';
  // dockerd's runc keeps its state in /run/docker/runtime-runc/moby, that of the CRI in /run/containerd/runc/k8s.io.
  const name = /\/(?:runtime-runc|runc)\/([^/]+)\/?$/.exec(root)?.[1];
  const namespace = name === undefined ? undefined : containerdSeenBy(process.host)?.namespace(name);
  const tasks: Runc['tasks'] = namespace?.tasks ?? new Map<string, TaskRecord>();
  const tool: Runc = { process, tasks, bundle: (task) => namespace?.bundleOf(task) ?? '' };
  if (command === 'list' || command === 'ls') return list(tool);
  const task = tasks.get(id ?? '');
  switch (command) {
    case 'state':
    case 'ps':
    case 'pause':
    case 'resume':
    case 'kill': {
      if (id === undefined) return fail(`runc: "${command}" requires a minimum of 1 argument`);
      if (task === undefined) return fail('container does not exist');
      if (command === 'state') return state(tool, task);
      if (command === 'ps') return ps(tool, task);
      if (command !== 'kill') return freeze(tool, task, command === 'pause' ? '1' : '0');
      const signal = parseSignal(rest[0] ?? 'SIGTERM');
      if (signal === undefined) return fail(`unknown signal ${JSON.stringify(rest[0])}`);
      task.process.kill(signal);
      return 0;
    }
    case undefined:
    case 'help':
      await process.stdout.write(
        'NAME:\n   runc - Open Container Initiative runtime\n\nUSAGE:\n   runc [global options] command [command options] [arguments...]\n\n' +
          "COMMANDS:\n   kill     kill sends the specified signal (default: SIGTERM) to the container's init process\n" +
          '   list     lists containers started by runc with the given root\n   pause    pause suspends all processes inside the container\n' +
          '   ps       ps displays the processes running inside a container\n   resume   resumes all processes that have been previously paused\n' +
          '   state    output the state of a container\n   help, h  Shows a list of commands or help for one command\n',
      );
      return 0;
    default:
      await process.stdout.write(`No help topic for '${command}'\n`);
      return 3;
  }
};
