import type { Host } from '../host';
import type { ProcessInfo } from '../process/types';

/** The processes of a unit: those in its cgroup and below. */
export class ProcessGroup {
  constructor(
    readonly host: Host,
    readonly cgroup: string,
  ) {}

  members(): readonly ProcessInfo[] {
    const below = `${this.cgroup}/`;
    return this.host
      .processes(this.host.init)
      .filter(({ cgroup, state }) => state !== 'Z' && (cgroup === this.cgroup || cgroup.startsWith(below)));
  }

  /** Asks after each end of a member, and at once, until the answer is yes. */
  whenFewer(enough: () => boolean): void {
    const { kernel, clock } = this.host;
    let asked = false;
    const watched = new Set<number>();
    const ask = (): void => {
      asked = false;
      if (enough()) return;
      for (const { pid } of this.members()) {
        if (watched.has(pid)) continue;
        watched.add(pid);
        kernel.pidNamespace.get(pid)?.atExit(() => {
          if (asked) return;
          asked = true;
          // After the main process's own end was seen.
          clock.setTimer(0, () => clock.setTimer(0, ask));
        });
      }
    };
    // Ends that nobody has looked at yet are seen first.
    clock.setTimer(0, () => clock.setTimer(0, ask));
  }
}
