import type { TaskRecord } from '../../../containers/containerd/metadata';
import { parseSignal } from '../../../linux/process/signals';
import { ctrTable, fail, type Ctr, type CtrCommand, type CtrGroup } from './ctr';

const statusOf = ({ process, paused }: TaskRecord): string =>
  process.exit !== undefined ? 'STOPPED' : paused ? 'PAUSED' : 'RUNNING';

/** Runs with the task that the first operand names. */
const onTask =
  (act: (ctr: Ctr, task: TaskRecord) => Promise<number> | number): CtrCommand['run'] =>
  (ctr) => {
    const { process, namespace, operands } = ctr;
    const [id = ''] = operands;
    const task = namespace.tasks.get(id);
    return task === undefined
      ? fail(
          process,
          namespace.containers.has(id)
            ? `no running task found: task ${id} not found: not found`
            : `container ${JSON.stringify(id)} in namespace ${JSON.stringify(namespace.name)}: not found`,
        )
      : act(ctr, task);
  };

const freeze = (value: '0' | '1'): CtrCommand['run'] =>
  onTask(async ({ process, namespace }, { id, spec }) => {
    const frozen = process.fs.writeFile(`/sys/fs/cgroup${spec.cgroupsPath}/cgroup.freeze`, value);
    if (!frozen.ok) return fail(process, frozen.error.message);
    namespace.paused(id, value === '1');
    return 0;
  });

/** ctr tasks. */
export const tasks: CtrGroup = {
  names: ['tasks', 't', 'task'],
  usage: 'Manage tasks',
  commands: [
    {
      names: ['list', 'ls'],
      usage: 'List tasks',
      arguments: '[flags]',
      flags: [{ names: ['quiet', 'q'], usage: 'Print only the task id' }],
      run: async ({ process, namespace, flags }) => {
        const all = [...namespace.tasks.values()];
        await process.stdout.write(
          flags.has('quiet')
            ? all.map(({ id }) => `${id}\n`).join('')
            : ctrTable(
                ['TASK', 'PID', 'STATUS'],
                all.map((task) => [task.id, String(task.process.pid), statusOf(task)]),
                false,
              ),
        );
        return 0;
      },
    },
    {
      names: ['ps'],
      usage: 'List processes for container',
      arguments: 'CONTAINER',
      run: onTask(async ({ process }, { spec }) => {
        const pids = process.fs.readText(`/sys/fs/cgroup${spec.cgroupsPath}/cgroup.procs`);
        const rows = (pids.ok ? pids.value.trim().split('\n') : [])
          .filter((pid) => pid !== '')
          .map((pid) => [pid, '-']);
        await process.stdout.write(ctrTable(['PID', 'INFO'], rows, false));
        return 0;
      }),
    },
    {
      names: ['kill'],
      usage: 'Signal a container (default: SIGTERM)',
      arguments: '[flags] CONTAINER',
      flags: [
        { names: ['signal', 's'], value: 'value', usage: 'Signal to send to the container' },
        { names: ['all', 'a'], usage: 'Send signal to all processes inside the container' },
      ],
      run: onTask(({ process, flags }, task) => {
        const name = flags.get('signal') ?? 'SIGTERM';
        const signal = parseSignal(name);
        if (signal === undefined) return fail(process, `unknown signal ${JSON.stringify(name)}`);
        task.process.kill(signal);
        return 0;
      }),
    },
    { names: ['pause'], usage: 'Pause an existing container', arguments: 'CONTAINER', run: freeze('1') },
    { names: ['resume'], usage: 'Resume a paused container', arguments: 'CONTAINER', run: freeze('0') },
    {
      names: ['metrics', 'metric'],
      usage: 'Get a single data point of metrics for a task with the built-in Linux runtime',
      arguments: 'CONTAINER',
      run: onTask(async ({ process }, { id, spec }) => {
        const read = (file: string): string => {
          const text = process.fs.readText(`/sys/fs/cgroup${spec.cgroupsPath}/${file}`);
          return text.ok ? text.value.trim() : '0';
        };
        const cpu = /usage_usec (\d+)/.exec(read('cpu.stat'))?.[1] ?? '0';
        await process.stdout.write(
          ctrTable(['ID', 'TIMESTAMP'], [[id, new Date(process.clock.now).toISOString()]]) +
            '\n' +
            ctrTable(
              ['METRIC', 'VALUE'],
              [
                ['pids.current', read('pids.current')],
                ['pids.limit', read('pids.max')],
                ['cpu.usage_usec', cpu],
                ['memory.usage', read('memory.current')],
                ['memory.usage_limit', read('memory.max')],
              ],
            ),
        );
        return 0;
      }),
    },
  ],
};
