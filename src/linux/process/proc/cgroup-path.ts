import type { Task } from '../task';

/** A group's path below the viewer's root; what lies outside is reached by `..` (cgroup_namespaces(7)). */
export function cgroupSeenFrom(viewer: Task, path: string): string {
  const root = viewer.namespaces.cgroup.root ?? '/';
  if (root === '/') return path;
  if (path === root) return '/';
  if (path.startsWith(`${root}/`)) return path.slice(root.length);
  return `${'/..'.repeat(root.split('/').length - 1)}${path === '/' ? '' : path}`;
}
