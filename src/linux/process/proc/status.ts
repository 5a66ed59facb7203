import { allCapabilities, capabilitiesOf, capabilityText } from '../../capabilities';
import { cpuList, effectiveCpus } from '../cgroup/cpuset';
import { credentialsIn, realOf } from '../credentials';
import { signalNames, signalNumber } from '../signals';
import type { Task } from '../task';

const stateWords = { R: 'running', S: 'sleeping', D: 'disk sleep', T: 'stopped', Z: 'zombie' } as const;
/** As many nodes as Debian's kernels are built for (CONFIG_NODES_SHIFT=10): the machine has the first. */
const MEMORY_NODES = `Mems_allowed:\t${'00000000,'.repeat(31)}00000001`;
const NONE = '0000000000000000';

/** /proc/<pid>/status (proc_pid_status(5)). */
export function statusText(task: Task, viewer: Task): string {
  const space = viewer.namespaces.pid;
  const credentials = credentialsIn(viewer.namespaces.user, task.kernelCredentials);
  const { uid, gid, groups } = credentials;
  const real = realOf(credentials);
  const state = task === viewer ? 'R' : task.state;
  const pid = task.pidIn(space) ?? 0;
  const nested = numbers(task, task.globalPid, viewer);
  const { restrictions } = task.kernelCredentials;
  const cpus = effectiveCpus(task.cgroup, task.host.cpus);
  const own = capabilitiesOf(task.kernelCredentials);
  const sets =
    task.namespaces.user.parent !== undefined && task.capable('SYS_ADMIN')
      ? { ...own, permitted: allCapabilities, effective: allCapabilities, bounding: allCapabilities }
      : own;
  return [
    `Name:\t${task.comm}`,
    `Umask:\t${task.umask.toString(8).padStart(4, '0')}`,
    `State:\t${state} (${stateWords[state]})`,
    `Tgid:\t${pid}`,
    'Ngid:\t0',
    `Pid:\t${pid}`,
    `PPid:\t${task.parent?.pidIn(space) ?? 0}`,
    'TracerPid:\t0',
    `Uid:\t${real.uid}\t${uid}\t${uid}\t${uid}`,
    `Gid:\t${real.gid}\t${gid}\t${gid}\t${gid}`,
    `FDSize:\t${Math.max(64, 2 ** Math.ceil(Math.log2(task.fds.count + 1)))}`,
    `Groups:\t${groups.join(' ')} `,
    `NStgid:\t${nested}`,
    `NSpid:\t${nested}`,
    `NSpgid:\t${numbers(task, task.group, viewer)}`,
    `NSsid:\t${numbers(task, task.session, viewer)}`,
    'Kthread:\t0',
    ...(task.status === undefined ? memory(task) : []),
    'Threads:\t1',
    `SigQ:\t0/${task.limitTable.SIGPENDING.soft}`,
    `SigPnd:\t${NONE}`,
    `ShdPnd:\t${NONE}`,
    `SigBlk:\t${NONE}`,
    `SigIgn:\t${mask(task, 'ignore')}`,
    `SigCgt:\t${mask(task, 'handler')}`,
    `CapInh:\t${capabilityText(sets.inheritable)}`,
    `CapPrm:\t${capabilityText(sets.permitted)}`,
    `CapEff:\t${capabilityText(sets.effective)}`,
    `CapBnd:\t${capabilityText(sets.bounding)}`,
    `CapAmb:\t${capabilityText(sets.ambient)}`,
    `NoNewPrivs:\t${restrictions?.noNewPrivileges === true ? 1 : 0}`,
    `Seccomp:\t${restrictions?.seccomp === true ? 2 : 0}`,
    `Seccomp_filters:\t${restrictions?.seccomp === true ? 1 : 0}`,
    'Speculation_Store_Bypass:\tnot vulnerable',
    'SpeculationIndirectBranch:\talways enabled',
    `Cpus_allowed:\t${cpus.reduce((mask, cpu) => mask + 2 ** cpu, 0).toString(16)}`,
    `Cpus_allowed_list:\t${cpuList(cpus)}`,
    MEMORY_NODES,
    'Mems_allowed_list:\t0',
    'voluntary_ctxt_switches:\t1',
    'nonvoluntary_ctxt_switches:\t0',
    'x86_Thread_features:\t',
    'x86_Thread_features_locked:\t',
    '',
  ].join('\n');
}

/**
 * The numbers of a process (or of the leader of its group or session) in the task's pid namespaces, from the viewer's
 * inwards, which is the last.
 */
function numbers(task: Task, global: number, viewer: Task): string {
  const leader = task.kernel.pidNamespace.get(global);
  const shown: number[] = [];
  for (const space of task.pids.keys()) {
    shown.unshift(leader?.pidIn(space) ?? 0);
    if (space === viewer.namespaces.pid) break;
  }
  return shown.join('\t');
}

function memory(task: Task): readonly string[] {
  const kb = (name: string, value: number): string => `${name}:\t${String(value).padStart(8)} kB`;
  const { virtualKb, rssKb, fileKb } = task;
  return [
    kb('VmPeak', virtualKb),
    kb('VmSize', virtualKb),
    kb('VmLck', 0),
    kb('VmPin', 0),
    kb('VmHWM', rssKb),
    kb('VmRSS', rssKb),
    kb('RssAnon', rssKb - fileKb),
    kb('RssFile', fileKb),
    kb('RssShmem', 0),
    kb('VmData', rssKb - fileKb + 96),
    kb('VmStk', 132),
    kb('VmExe', 72),
    kb('VmLib', 1_528),
    kb('VmPTE', 40 + Math.ceil(virtualKb / 8192) * 4),
    kb('VmSwap', 0),
    kb('HugetlbPages', 0),
    'CoreDumping:\t0',
    'THP_enabled:\t1',
    'untag_mask:\t0xffffffffffffffff',
  ];
}

function mask(task: Task, disposition: 'ignore' | 'handler'): string {
  return signalNames
    .filter((signal) => task.signals.disposition(signal) === disposition)
    .reduce((bits, signal) => bits | (1n << BigInt(signalNumber(signal) - 1)), 0n)
    .toString(16)
    .padStart(16, '0');
}
