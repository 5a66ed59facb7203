import { ok } from '../../sim/result';
import { afterExec, afterUserChange, isPrivileged, type Capability } from '../capabilities';
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
    ...(kernel.restrictions === undefined ? {} : { restrictions: kernel.restrictions }),
  };
}

/** And back; undefined where an id is not mapped. */
function toKernel(space: UserNamespace, wanted: Credentials): Credentials | undefined {
  const { uid, gid, groups, real, restrictions } = wanted;
  if (space.parent === undefined)
    return { uid, gid, groups, ...(real === undefined ? {} : { real }), ...(restrictions && { restrictions }) };
  const kernelUid = space.toKernel('uid', uid);
  const kernelGid = space.toKernel('gid', gid);
  if (kernelUid === undefined || kernelGid === undefined) return undefined;
  const kernelGroups = groups.map((group) => space.toKernel('gid', group)).filter((group) => group !== undefined);
  return { uid: kernelUid, gid: kernelGid, groups: kernelGroups, ...(restrictions && { restrictions }) };
}

/** setgroups(2), setresgid(2) and setresuid(2) in one: root may become anybody, others only who they already are. */
export function changedCredentials(
  space: UserNamespace,
  now: Credentials,
  capable: boolean,
  wanted: Credentials,
): Sys<Credentials> {
  const mapped = toKernel(space, wanted);
  if (mapped === undefined) return fail('EINVAL');
  // groups_sort(): they are kept in order.
  const next = { ...mapped, groups: [...mapped.groups].sort((a, b) => a - b) };
  if (!capable) {
    const real = realOf(now);
    const sameGroups = next.groups.length === now.groups.length && next.groups.every((id) => now.groups.includes(id));
    const mine = (next.uid === now.uid || next.uid === real.uid) && (next.gid === now.gid || next.gid === real.gid);
    if (!mine || !sameGroups) return fail('EPERM');
  }
  if (wanted.restrictions !== undefined) return ok(next);
  const restrictions = afterUserChange(now, next.uid);
  return ok(restrictions === undefined ? next : { ...next, restrictions });
}

/** execve(2) of a file with set-user-ID or set-group-ID bits. */
export function afterSetId(now: Credentials, setUid: number | undefined, setGid: number | undefined): Credentials {
  const plain = setUid === undefined && setGid === undefined;
  if (plain && now.restrictions === undefined) return now;
  const changed =
    plain || now.restrictions?.noNewPrivileges === true
      ? now
      : { uid: setUid ?? now.uid, gid: setGid ?? now.gid, groups: now.groups, real: realOf(now) };
  const restrictions = afterExec({ uid: changed.uid, restrictions: now.restrictions });
  return restrictions === undefined || restrictions === changed.restrictions ? changed : { ...changed, restrictions };
}

/** ns_capable(): a capability with respect to what that user namespace owns (user_namespaces(7)). */
export function isCapable(
  { namespaces: { user }, kernelCredentials }: Task,
  owner: UserNamespace,
  capability: Capability,
): boolean {
  const { uid } = kernelCredentials;
  if (user.parent === undefined) return isPrivileged(kernelCredentials, capability);
  if (!owner.isWithin(user)) return false;
  // Who makes a user namespace has all capabilities in it, whatever its id reads as.
  return uid === user.owner || user.fromKernel('uid', uid) === 0;
}
