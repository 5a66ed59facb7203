import type { Kernel } from './kernel';
import type { Task } from './task';

/** `exit_notify`: children get a new parent, an init takes its whole namespace with it, a session leader its terminal. */
export function buryFamily(kernel: Kernel, task: Task): void {
  const space = task.namespaces.pid;
  const dying = space.init === task && space !== kernel.pidNamespace;
  if (dying) {
    space.dead = true;
    for (const member of [...space.tasks]) if (member !== task) member.deliver('SIGKILL');
  }
  // Groups that may lose who controls them.
  const groups = kernel.stoppedTasks > 0 ? [task.group, ...[...task.children].map(({ group }) => group)] : [];
  if (task.children.size > 0) {
    const heir = reaperOf(kernel, task);
    for (const child of [...task.children]) {
      task.children.delete(child);
      child.parent = heir;
      heir.children.add(child);
      if (child.status === undefined) continue;
      if (heir === kernel.init) child.reap();
      else heir.childChanged();
    }
  }
  if (task.tty !== undefined && task.session === task.globalPid && task.tty.session === task.session) {
    kernel.signalGroup(task.tty.foregroundGroup, 'SIGHUP');
  }
  if (groups.length > 0) wakeOrphans(kernel, task, new Set(groups));
  if (task.parent === kernel.init || task.parent?.signals.disposition('SIGCHLD') === 'ignore') {
    kernel.clock.setTimer(0, () => task.reap());
  }
}

/** find_new_reaper(): the nearest subreaper above, else the namespace's init. */
function reaperOf(kernel: Kernel, task: Task): Task {
  const space = task.namespaces.pid;
  const init = space.init === undefined || space.init === task ? kernel.init : space.init;
  if (!kernel.hasSubreapers) return init;
  for (let above = task.parent; above !== undefined && above !== init; above = above.parent)
    if (above.subreaper && above.status === undefined && above.namespaces.pid === space) return above;
  return init;
}

/** A group that lost its last link to the session's other groups, with stopped members: SIGHUP, then SIGCONT. */
function wakeOrphans(kernel: Kernel, task: Task, groups: ReadonlySet<number>): void {
  for (const group of groups) {
    const members = [...kernel.pidNamespace.tasks].filter((member) => member.group === group && member !== task);
    if (!members.some((member) => member.stopped !== undefined && member.status === undefined)) continue;
    if (!kernel.isOrphanedGroup(group)) continue;
    for (const member of members) {
      member.deliver('SIGHUP');
      member.deliver('SIGCONT');
    }
  }
}

/** will_become_orphaned_pgrp(): nobody in the session but outside the group is parent of a member. */
export function isOrphanedGroup(kernel: Kernel, group: number): boolean {
  for (const member of kernel.pidNamespace.tasks) {
    const { parent } = member;
    if (member.group !== group || member.status !== undefined || parent === undefined || parent === kernel.init)
      continue;
    if (parent.group !== group && parent.session === member.session && parent.status === undefined) return false;
  }
  return true;
}
