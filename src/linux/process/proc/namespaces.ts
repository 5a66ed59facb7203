import type { SyntheticNode } from '../../fs/types';
import type { Task } from '../task';
import { directory, link } from './nodes';

/** The time namespace: there is one (PROC_TIME_INIT_INO). */
export const TIME_NAMESPACE = 4_026_531_834;

/** /proc/<pid>/ns. */
export function namespaceLinks(task: Task): SyntheticNode {
  const { cgroup, ipc, mnt, net, pid, user, uts } = task.namespaces;
  const ids: Readonly<Record<string, readonly [string, number]>> = {
    cgroup: ['cgroup', cgroup.id],
    ipc: ['ipc', ipc.id],
    mnt: ['mnt', mnt.id],
    net: ['net', net.id],
    pid: ['pid', pid.id],
    pid_for_children: ['pid', (task.pidForChildren ?? pid).id],
    time: ['time', TIME_NAMESPACE],
    time_for_children: ['time', TIME_NAMESPACE],
    user: ['user', user.id],
    uts: ['uts', uts.id],
  };
  return directory(
    Object.fromEntries(Object.entries(ids).map(([name, [type, id]]) => [name, () => link(() => `${type}:[${id}]`)])),
  );
}
