import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import type { Cgroup } from './cgroup';
import type { Kernel } from './kernel';
import { PidNamespace } from './pid-namespace';
import type { Task } from './task';
import type { Namespaces, SpawnOptions } from './types';
import { UserNamespace } from './user-namespace';

/** The namespaces of a process as the kernel keeps them. */
export type TaskNamespaces = Namespaces & { readonly pid: PidNamespace; readonly user: UserNamespace };

type Name = keyof Namespaces;

/** Who owns a namespace: the user namespace it was made in. Only those of inner ones are noted. */
const owners = new WeakMap<object, UserNamespace>();

/** The user namespace that owns this one (ioctl_ns(2), NS_GET_USERNS). */
export const ownerOf = (kernel: Kernel, namespace: object): UserNamespace =>
  owners.get(namespace) ?? kernel.userNamespace;

/** clone(2): the namespaces of a child. */
export function childNamespaces(
  kernel: Kernel,
  parent: Task,
  wanted: NonNullable<SpawnOptions['namespaces']>,
  cgroup: Cgroup,
): TaskNamespaces {
  const { namespaces: own } = parent;
  const user = pickUser(kernel, parent, wanted.user);
  const pick = <N extends Name>(name: N, make: (id: number) => Namespaces[N]): Namespaces[N] => {
    const choice = wanted[name];
    if (choice === undefined) return own[name];
    if (choice !== 'new') return choice as Namespaces[N];
    const made = make(kernel.nextNamespaceId());
    if (user.parent !== undefined) owners.set(made, user);
    return made;
  };
  const inherited = parent.pidForChildren ?? own.pid;
  return {
    pid: (wanted.pid === undefined ? inherited : pick('pid', (id) => new PidNamespace(id, inherited))) as PidNamespace,
    mnt: pick('mnt', (id) => own.mnt.clone(id)),
    net: pick('net', (id) => kernel.options.createNetwork(id)),
    uts: pick('uts', (id) => ({ id, hostname: own.uts.hostname })),
    ipc: pick('ipc', (id) => ({ id })),
    user,
    cgroup: pick('cgroup', (id) => ({ id, root: cgroup.path })),
  };
}

function pickUser(kernel: Kernel, parent: Task, wanted: 'new' | Namespaces['user'] | undefined): UserNamespace {
  const { user } = parent.namespaces;
  if (wanted === undefined) return user;
  if (wanted !== 'new') return wanted as UserNamespace;
  return new UserNamespace(kernel.nextNamespaceId(), user, parent.kernelCredentials.uid);
}

/** unshare(2): leaves what it shares with others. A new pid namespace is for children only. */
export function unshare(task: Task, names: readonly Name[]): Sys<void> {
  const { kernel } = task;
  const wanted = new Set(names);
  // A container's filter lets namespaces be made only where CAP_SYS_ADMIN is (moby profiles/seccomp).
  if (task.kernelCredentials.restrictions?.seccomp === true && !task.capable('SYS_ADMIN')) return fail('EPERM');
  if (wanted.has('user')) {
    const user = pickUser(kernel, task, 'new');
    task.namespaces = { ...task.namespaces, user };
    wanted.delete('user');
  } else if (names.length > 0 && !task.capable('SYS_ADMIN')) return fail('EPERM');
  if (wanted.size === 0) return ok(undefined);
  const made = childNamespaces(
    kernel,
    task,
    Object.fromEntries([...wanted].map((name) => [name, 'new'])) as NonNullable<SpawnOptions['namespaces']>,
    task.cgroup,
  );
  const { pid, ...rest } = made;
  if (wanted.has('pid')) task.pidForChildren = pid;
  task.enter({ ...rest, pid: task.namespaces.pid }, false);
  return ok(undefined);
}

/** setns(2). */
export function setns(task: Task, wanted: Partial<Namespaces>): Sys<void> {
  for (const namespace of Object.values(wanted)) {
    if (!task.capableIn(namespace, 'SYS_ADMIN') && namespace !== wanted.user) return fail('EPERM');
  }
  const { pid, user, ...rest } = wanted;
  if (pid !== undefined) task.pidForChildren = pid as PidNamespace;
  const joined = user === undefined ? task.namespaces.user : (user as UserNamespace);
  task.enter({ ...task.namespaces, ...rest, user: joined }, rest.mnt !== undefined);
  return ok(undefined);
}
