import type { Task } from '../task';

/** A group's path below the viewer's root; what lies outside is reached by `..` (cgroup_namespaces(7)). */
export function cgroupSeenFrom(viewer: Task, path: string): string {
  const root = viewer.namespaces.cgroup.root ?? '/';
  if (root === '/') return path;
  if (path === root) return '/';
  const [from, to] = [parts(root), parts(path)];
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  return `/${[...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/')}`;
}

const parts = (path: string): readonly string[] => path.split('/').filter((name) => name !== '');
