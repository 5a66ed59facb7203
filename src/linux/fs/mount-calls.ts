import { ok } from '../../sim/result';
import { isPrivileged } from '../capabilities';
import { fail, type Sys } from '../errno';
import type { FileSystemView } from './file-system';
import { Mount } from './mount';
import { bindMount, keyOf, mountOptionsOf, newSuperblock, placeOf, remount } from './mounting';
import { changePropagation, type PropagationKind } from './propagation';
import type { MountOptions, UmountOptions } from './types';

const done: Sys<void> = ok(undefined);

/** CAP_SYS_ADMIN over the mount namespace. */
const mayMount = ({ context }: FileSystemView): boolean =>
  context.mayMount ?? isPrivileged(context.credentials, 'SYS_ADMIN');

/** mount(2). */
export function mount(view: FileSystemView, options: MountOptions): Sys<void> {
  if (!mayMount(view)) return fail('EPERM');
  const target = view.place(options.target);
  if (!target.ok) return target;
  const given = mountOptionsOf(options);
  if (given.remount) return remount(target.value, given, options.type !== 'bind');
  if (options.type === 'bind' || options.type === 'rbind') {
    const source = view.place(options.source);
    if (!source.ok) return source;
    return bindMount(view.namespace, source.value, target.value, given, options.type === 'rbind');
  }
  const made = newSuperblock(view, options, given);
  if (!made.ok) return made;
  const { superblock, root } = made.value;
  const { inode, mount: parent } = target.value;
  if (inode.type !== 'directory') return fail('ENOTDIR');
  const id = view.namespace.fileSystems.mountId();
  const mounted = new Mount(id, superblock, root, '/', parent, placeOf(target.value), keyOf(target.value));
  mounted.readOnly = given.readOnly;
  // A new file system is read-only itself, not only here.
  if (given.readOnly && (options.type === 'tmpfs' || options.type === 'sysfs')) superblock.readOnly = true;
  mounted.flags = given.flags;
  mounted.source = options.source;
  view.table.attach(mounted, () => view.namespace.fileSystems.mountId());
  return done;
}

/** mount(2) with MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE. */
export function setPropagation(
  view: FileSystemView,
  path: string,
  kind: PropagationKind,
  recursive: boolean,
): Sys<void> {
  if (!mayMount(view)) return fail('EPERM');
  const place = view.place(path);
  return place.ok ? changePropagation(view.table, place.value, kind, recursive) : place;
}

/** umount2(2); `lazy` is MNT_DETACH. */
export function umount(view: FileSystemView, target: string, { lazy = false }: UmountOptions): Sys<void> {
  if (!mayMount(view)) return fail('EPERM');
  const place = view.place(target);
  if (!place.ok) return place;
  const { mount: mounted, isMountRoot } = place.value;
  const { table } = view;
  if (!isMountRoot || mounted.parent === undefined) return fail('EINVAL');
  if (mounted === table.root) return fail('EBUSY');
  if (!lazy) {
    if (table.children(mounted).length > 0) return fail('EBUSY');
    if (view.context.isBusy?.(view, mounted) === true) return fail('EBUSY');
  }
  for (const below of [...table.below(mounted)].reverse()) {
    table.detach(below);
  }
  return done;
}

/** pivot_root(2) as runc uses it. */
export function pivotRoot(view: FileSystemView, path: string): Sys<void> {
  if (!mayMount(view)) return fail('EPERM');
  const place = view.place(path);
  if (!place.ok) return place;
  if (place.value.inode.type !== 'directory') return fail('ENOTDIR');
  if (!place.value.isMountRoot) return fail('EINVAL');
  if (place.value.mount === view.table.root) return fail('EBUSY');
  view.table.pivot(place.value.mount);
  return done;
}
