import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import type { Task } from './task';
import type { UserNamespace } from './user-namespace';
import type { Credentials } from './types';

export const rootCredentials: Credentials = { uid: 0, gid: 0, groups: [0] };

/** The real ids: those of who started it, whatever set-user-ID made of them. */
export const realOf = ({ uid, gid, real }: Credentials): { readonly uid: number; readonly gid: number } =>
  real ?? { uid, gid };

/** The kernel's ids as they read in a user namespace. */
export function credentialsIn(space: UserNamespace, kernel: Credentials): Credentials {
  if (space.parent === undefined) return kernel;
  const uid = (id: number): number => space.fromKernel('uid', id);
  const gid = (id: number): number => space.fromKernel('gid', id);
  return {
    uid: uid(kernel.uid),
    gid: gid(kernel.gid),
    groups: kernel.groups.map(gid),
    ...(kernel.real === undefined ? {} : { real: { uid: uid(kernel.real.uid), gid: gid(kernel.real.gid) } }),
  };
}

/** And back; undefined where an id is not mapped. */
function toKernel(space: UserNamespace, { uid, gid, groups, real }: Credentials): Credentials | undefined {
  if (space.parent === undefined) return { uid, gid, groups, ...(real === undefined ? {} : { real }) };
  const kernelUid = space.toKernel('uid', uid);
  const kernelGid = space.toKernel('gid', gid);
  if (kernelUid === undefined || kernelGid === undefined) return undefined;
  const kernelGroups = groups.map((group) => space.toKernel('gid', group)).filter((group) => group !== undefined);
  return { uid: kernelUid, gid: kernelGid, groups: kernelGroups };
}

/** setgroups(2), setresgid(2) and setresuid(2) in one: root may become anybody, others only who they already are. */
export function changedCredentials(
  space: UserNamespace,
  now: Credentials,
  capable: boolean,
  wanted: Credentials,
): Sys<Credentials> {
  const next = toKernel(space, wanted);
  if (next === undefined) return fail('EINVAL');
  if (!capable) {
    const real = realOf(now);
    const sameGroups = next.groups.length === now.groups.length && next.groups.every((id) => now.groups.includes(id));
    const mine = (next.uid === now.uid || next.uid === real.uid) && (next.gid === now.gid || next.gid === real.gid);
    if (!mine || !sameGroups) return fail('EPERM');
  }
  return ok(next);
}

/** execve(2) of a file with set-user-ID or set-group-ID bits. */
export function afterSetId(now: Credentials, setUid: number | undefined, setGid: number | undefined): Credentials {
  if (setUid === undefined && setGid === undefined) return now;
  return { uid: setUid ?? now.uid, gid: setGid ?? now.gid, groups: now.groups, real: realOf(now) };
}

/** ns_capable(): all capabilities with respect to what that user namespace owns (user_namespaces(7)), or none. */
export function isCapable({ namespaces: { user }, kernelCredentials: { uid } }: Task, owner: UserNamespace): boolean {
  if (user.parent === undefined) return uid === 0;
  if (!owner.isWithin(user)) return false;
  // Who makes a user namespace has all capabilities in it, whatever its id reads as.
  return uid === user.owner || user.fromKernel('uid', uid) === 0;
}
