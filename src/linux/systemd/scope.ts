import type { Host } from '../host';
import type { Cgroup } from '../process/cgroup';
import { ProcessGroup } from './process-group';
import { Unit, type JobDone } from './unit';
import type { Definition } from './unit-file';

/** How long processes may take to end. Virtual milliseconds. */
const TIMEOUT = 90_000;

/** Drop-ins that runc's driver for systemd asks for, by the file of the group that they set, with what says nothing. */
const dropIns: readonly (readonly [string, string, string])[] = [
  ['CPUQuota', 'cpu.max', 'max 100000'],
  ['CPUQuotaPeriodSec', 'cpu.max', 'max 100000'],
  ['CPUWeight', 'cpu.weight', '100'],
  ['DeviceAllow', '', ''],
  ['DevicePolicy', '', ''],
  ['MemoryLow', 'memory.low', '0'],
  ['MemoryMax', 'memory.max', 'max'],
  ['MemorySwapMax', 'memory.swap.max', 'max'],
  ['TasksMax', 'pids.max', 'max'],
];

/**
 * A scope: processes that somebody else started and put into a group of that name (systemd.scope(5)). It is what its
 * control group is, so that a container costs nothing here until somebody asks.
 */
export class Scope extends Unit {
  readonly group: ProcessGroup;

  constructor(
    private readonly host: Host,
    private readonly cgroups: Cgroup,
    readonly invocation: string,
  ) {
    super(cgroups.name, definitionOf(cgroups));
    this.group = new ProcessGroup(host, cgroups.path);
    const begun = Math.min(...[...cgroups.everybody()].map(({ startedAt }) => startedAt));
    this.become('active', 'running', begun);
  }

  get cgroup(): string {
    return this.cgroups.path;
  }

  /** A scope is made of processes that are there: it cannot be started. */
  start(done: JobDone): void {
    done('done');
  }

  stop(done: JobDone): void {
    const { host, group } = this;
    const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
      for (const { pid } of group.members()) host.init.kill(pid, name);
    };
    signal('SIGTERM');
    const timer = host.clock.setTimer(TIMEOUT, () => signal('SIGKILL'));
    group.whenFewer(() => {
      if (group.members().length > 0) return false;
      host.clock.cancel(timer);
      done('done');
      return true;
    });
  }
}

function definitionOf(group: Cgroup): Definition {
  const { name } = group;
  const path = `/run/systemd/transient/${name}`;
  const container = /^(?:docker|cri-containerd)-([0-9a-f]{64})\.scope$/.exec(name)?.[1];
  const description = container === undefined ? name : `libcontainer container ${container}`;
  const set = dropIns.filter(([, file, usual]) => file === '' || (group.setting(file) ?? usual) !== usual);
  return {
    name,
    load: 'loaded',
    path,
    dropIns: set.map(([key]) => `${path}.d/50-${key}.conf`),
    settings: [{ section: 'Unit', key: 'Description', value: description }],
    problems: [],
    stamp: '',
  };
}

/** The groups of scopes in which somebody lives, but for that of PID 1 itself. */
export function scopeGroups(group: Cgroup): readonly Cgroup[] {
  const found: Cgroup[] = [];
  for (const child of group.children.values()) {
    if (child.population === 0) continue;
    if (!child.name.endsWith('.scope')) found.push(...scopeGroups(child));
    else if (child.name !== 'init.scope') found.push(child);
  }
  return found;
}
