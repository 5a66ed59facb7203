import type { Project } from '../load/types';

/** Go's scheduler runs the goroutine that was begun last before those that wait already (runtime.runqput: runnext). */
const scheduled = <T>(items: readonly T[]): readonly T[] => [...items.slice(-1), ...items.slice(0, -1)];

/** Runs all at once and waits for all; the first failure is then thrown (errgroup). */
export async function together<T>(items: readonly T[], run: (item: T) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  await Promise.all(
    scheduled(items).map(async (item) => {
      try {
        await run(item);
      } catch (error) {
        failures.push(error);
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
}

/** Visits services, each as soon as those are done that it depends on (InDependencyOrder). */
export function inDependencyOrder(project: Project, visit: (name: string) => Promise<unknown>): Promise<void> {
  return inOrder(Object.keys(project.services), (name) => Object.keys(project.services[name]?.depends_on ?? {}), visit);
}

/** The other way round; with `roots`, only these and what depends on them. */
export function inReverseOrder(
  project: Project,
  visit: (name: string) => Promise<unknown>,
  roots: readonly string[] = [],
): Promise<void> {
  const names = Object.keys(project.services);
  const dependents = (name: string): readonly string[] =>
    names.filter((other) => name in (project.services[other]?.depends_on ?? {}));
  const chosen = new Set<string>(roots.length === 0 ? names : roots);
  for (const name of chosen) for (const other of dependents(name)) chosen.add(other);
  return inOrder(
    names.filter((name) => chosen.has(name)),
    dependents,
    visit,
  );
}

function inOrder(
  names: readonly string[],
  before: (name: string) => readonly string[],
  visit: (name: string) => Promise<unknown>,
): Promise<void> {
  const begun = new Map<string, Promise<boolean>>();
  const failures: unknown[] = [];
  // True if it went well: what comes after a failure is not visited.
  const run = (name: string): Promise<boolean> => {
    let running = begun.get(name);
    if (running === undefined) {
      running = (async () => {
        const first = await Promise.all(
          before(name)
            .filter((other) => names.includes(other))
            .map(run),
        );
        if (first.includes(false) || failures.length > 0) return false;
        try {
          await visit(name);
          return true;
        } catch (error) {
          failures.push(error);
          return false;
        }
      })();
      begun.set(name, running);
    }
    return running;
  };
  const leaves = names.filter((name) => !before(name).some((other) => names.includes(other)));
  const order = [...scheduled(leaves), ...names.filter((name) => !leaves.includes(name))];
  return Promise.all(order.map(run)).then(() => {
    if (failures.length > 0) throw failures[0];
  });
}
