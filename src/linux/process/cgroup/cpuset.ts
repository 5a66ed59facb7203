import type { Cgroup } from './cgroup';

/** `0-1,3` as numbers. */
function cpusIn(list: string): readonly number[] {
  return list.split(',').flatMap((part) => {
    const [first = '', last = first] = part.trim().split('-');
    const [from, to] = [Number(first), Number(last)];
    return Number.isInteger(from) && to >= from
      ? Array.from({ length: to - from + 1 }, (_, index) => from + index)
      : [];
  });
}

/** And back. */
export function cpuList(cpus: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < cpus.length;) {
    let end = at;
    while ((cpus[end + 1] ?? -1) === (cpus[end] ?? 0) + 1) end++;
    parts.push(end === at ? `${cpus[at] ?? 0}` : `${cpus[at] ?? 0}-${cpus[end] ?? 0}`);
    at = end + 1;
  }
  return parts.join(',');
}

/** The processors that a group may use: those it names of those that its parent has (cgroup-v2.rst, cpuset.cpus.effective). */
export function effectiveCpus(group: Cgroup, count: number): readonly number[] {
  const above =
    group.parent === undefined ? Array.from({ length: count }, (_, cpu) => cpu) : effectiveCpus(group.parent, count);
  const named = group.setting('cpuset.cpus') ?? '';
  if (named === '') return above;
  const wanted = new Set(cpusIn(named));
  const both = above.filter((cpu) => wanted.has(cpu));
  return both.length === 0 ? above : both;
}
