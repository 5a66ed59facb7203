import type { Process } from '../../linux/process/types';
import { schedulingHelp as help } from './help-scheduling';
import { execute } from './run';
import { utility } from './utility';

const hint = (name: string): string => `\nTry '${name} --help' for more information.`;
const exists = (process: Process, pid: number): boolean => process.kill(pid, 0).ok;

const classes = ['none', 'realtime', 'best-effort', 'idle'];

/** ionice(1): runs the command; there is no I/O scheduler whose classes it could change. */
export const ionice = utility(
  {
    name: 'ionice',
    help: help.ionice,
    short: 'c:n:p:P:u:t',
    long: { class: 'c:', classdata: 'n:', pid: 'p:', pgid: 'P:', uid: 'u:', ignore: 't' },
    stopAtOperand: true,
  },
  async (process, options, complain) => {
    const asked = options.value('c');
    if (asked !== undefined && !/^\d+$/.test(asked) && !classes.includes(asked))
      return complain(`unknown prio class: '${asked}'`);
    if (asked !== undefined && Number(asked) > 3) {
      await complain(`unknown prio class ${Number(asked)}`);
    }
    const data = options.value('n');
    if (data !== undefined && !/^\d+$/.test(data)) return complain(`invalid class data argument: '${data}'`);
    const pids = options.has('p') ? [options.value('p') ?? '', ...options.operands] : [];
    for (const pid of pids) {
      if (!/^\d+$/.test(pid)) return complain(`invalid PID argument: '${pid}'`);
      if (!exists(process, Number(pid))) {
        const verb = asked === undefined && data === undefined ? 'get' : 'set';
        return complain(verb === 'get' ? 'ioprio_get failed: No such process' : 'ioprio_set failed: No such process');
      }
      if (asked === undefined && data === undefined) await process.stdout.write('none: prio 0\n');
    }
    if (pids.length > 0 || options.has('P', 'u')) return 0;
    if (options.operands.length > 0) return execute(process, options.operands, complain);
    if (options.given.length === 0) {
      await process.stdout.write('none: prio 0\n');
      return 0;
    }
    return complain(`bad usage${hint('ionice')}`);
  },
);

/** Ranges with an optional stride (`0-31:2,7`) as the set of CPUs. */
function cpuList(text: string): bigint | undefined {
  let mask = 0n;
  for (const part of text.split(',')) {
    const [, first, last = first, stride = '1'] = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/.exec(part) ?? [];
    if (first === undefined || Number(stride) === 0) return undefined;
    for (let cpu = Number(first); cpu <= Math.min(Number(last), 1023); cpu += Number(stride)) mask |= 1n << BigInt(cpu);
  }
  return mask;
}

const listOf = (cpus: number): string => (cpus === 1 ? '0' : cpus === 2 ? '0,1' : `0-${cpus - 1}`);

/** taskset(1): runs the command; threads of this machine are not bound to its CPUs, so every mask is all of them. */
export const taskset = utility(
  {
    name: 'taskset',
    help: help.taskset,
    short: 'apc',
    long: { 'all-tasks': 'a', pid: 'p', 'cpu-list': 'c' },
    stopAtOperand: true,
  },
  async (process, options, complain) => {
    const [first, ...rest] = options.operands;
    const { cpus } = process.host;
    const all = (1n << BigInt(cpus)) - 1n;
    const shown = options.has('c') ? `affinity list: ${listOf(cpus)}` : `affinity mask: ${all.toString(16)}`;
    if (first === undefined || (!options.has('p') && rest.length === 0)) return complain(`bad usage${hint('taskset')}`);
    const pid = options.has('p') ? (rest[0] ?? first) : undefined;
    if (pid !== undefined && !/^\d+$/.test(pid)) return complain(`invalid PID argument: '${pid}'`);
    const sets = pid === undefined || rest.length > 0;
    let mask: bigint | undefined = all;
    if (sets) {
      mask = options.has('c')
        ? cpuList(first)
        : /^(0x)?[\da-f,]+$/i.test(first)
          ? BigInt(`0x${first.replace(/^0x/i, '').replaceAll(',', '')}`)
          : undefined;
      if (mask === undefined) return complain(`failed to parse CPU ${options.has('c') ? 'list' : 'mask'}: ${first}`);
    }
    if (pid !== undefined && !exists(process, Number(pid))) {
      return complain(`failed to get pid ${pid}'s affinity: No such process`);
    }
    if (pid !== undefined) await process.stdout.write(`pid ${pid}'s current ${shown}\n`);
    if ((mask & all) === 0n) return complain(`failed to set pid ${pid ?? process.pid}'s affinity: Invalid argument`);
    if (pid === undefined) return execute(process, rest, complain);
    if (sets) await process.stdout.write(`pid ${pid}'s new ${shown}\n`);
    return 0;
  },
);

/** blkid(8). The disks of this machine hold no superblock that could be probed: it finds nothing, as in a container. */
export const blkid = utility(
  {
    name: 'blkid',
    help: help.blkid,
    short: 'c:dgo:ks:t:lL:U:piH:S:O:u:n:D',
    long: {
      'cache-file': 'c:',
      'no-encoding': 'd',
      'garbage-collect': 'g',
      output: 'o:',
      'list-filesystems': 'k',
      'match-tag': 's:',
      'match-token': 't:',
      'list-one': 'l',
      label: 'L:',
      uuid: 'U:',
      probe: 'p',
      info: 'i',
    },
  },
  async (process, options, complain) => {
    const output = options.value('o');
    if (output !== undefined && !['value', 'device', 'export', 'full', 'udev', 'list'].includes(output)) {
      return complain(`unsupported output format ${output}`, 4);
    }
    if (options.has('g')) return 0;
    if (options.has('p', 'i')) {
      const [device] = options.operands;
      if (device === undefined) return complain('The low-level probing mode requires a device', 4);
      const opened = process.fs.open(device, { read: true });
      if (!opened.ok) return complain(`error: ${device}: ${opened.error.message}`, 2);
      opened.value.release();
    }
    return 2;
  },
);
