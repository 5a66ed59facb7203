import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';

/** getrlimit(2): RLIMIT_ names. */
export type Resource =
  | 'CPU'
  | 'FSIZE'
  | 'DATA'
  | 'STACK'
  | 'CORE'
  | 'RSS'
  | 'NPROC'
  | 'NOFILE'
  | 'MEMLOCK'
  | 'AS'
  | 'LOCKS'
  | 'SIGPENDING'
  | 'MSGQUEUE'
  | 'NICE'
  | 'RTPRIO'
  | 'RTTIME';

/** Infinity is RLIM_INFINITY. */
export interface Limit {
  readonly soft: number;
  readonly hard: number;
}

export type LimitTable = Readonly<Record<Resource, Limit>>;

const unlimited: Limit = { soft: Infinity, hard: Infinity };
const both = (value: number): Limit => ({ soft: value, hard: value });

/** What a process of a Debian 12 host with 4 GB starts with (systemd's defaults for a login session). */
export const defaultLimits: LimitTable = {
  CPU: unlimited,
  FSIZE: unlimited,
  DATA: unlimited,
  STACK: { soft: 8_388_608, hard: Infinity },
  CORE: { soft: 0, hard: Infinity },
  RSS: unlimited,
  NPROC: both(15_432),
  NOFILE: { soft: 1024, hard: 1_048_576 },
  MEMLOCK: both(513_003_520),
  AS: unlimited,
  LOCKS: unlimited,
  SIGPENDING: both(15_432),
  MSGQUEUE: both(819_200),
  NICE: both(0),
  RTPRIO: both(0),
  RTTIME: unlimited,
};

const ofServices = new Map<number, LimitTable>();

/**
 * What a service starts with (systemd's DefaultLimitNOFILE= and DefaultLimitMEMLOCK=). The kernel lets a user have half as
 * many processes, and as many signals wait, as threads fit into an eighth of the memory (kernel/fork.c, fork_init).
 */
export function serviceLimits(memory: number): LimitTable {
  let table = ofServices.get(memory);
  if (table === undefined) {
    const most = both(Math.floor(((memory - 63_488_000) * 0.99532) / 262_144));
    table = {
      ...defaultLimits,
      NPROC: most,
      SIGPENDING: most,
      NOFILE: { soft: 1024, hard: 524_288 },
      MEMLOCK: both(8_388_608),
    };
    ofServices.set(memory, table);
  }
  return table;
}

const ofContainers = new Map<number, LimitTable>();

/** What containerd's unit (LimitNPROC=, LimitCORE=) hands down to its shims and their containers. */
export function containerLimits(memory: number): LimitTable {
  let table = ofContainers.get(memory);
  if (table === undefined)
    ofContainers.set(memory, (table = { ...serviceLimits(memory), NPROC: unlimited, CORE: unlimited }));
  return table;
}

/** A limit as a unit file says it: `infinity`, a number, or `soft:hard` (systemd.exec(5)). */
export function parseLimit(text: string): Limit | undefined {
  const [soft = '', hard = soft] = text.split(':');
  const value = (word: string): number => (word === 'infinity' ? Infinity : /^\d+$/.test(word) ? Number(word) : NaN);
  const limit = { soft: value(soft), hard: value(hard) };
  return Number.isNaN(limit.soft) || Number.isNaN(limit.hard) || limit.soft > limit.hard ? undefined : limit;
}

/** The limits of one process. A child shares its parent's table; a change makes an own one. */
export class ResourceLimits {
  #table: LimitTable;

  constructor(
    inherited: LimitTable,
    private readonly privileged: () => boolean,
  ) {
    this.#table = inherited;
  }

  get table(): LimitTable {
    return this.#table;
  }

  get(resource: Resource): Limit {
    return this.#table[resource];
  }

  /** setrlimit(2): only root raises a hard limit. */
  set(resource: Resource, { soft, hard }: Limit): Sys<void> {
    if (soft > hard) return fail('EINVAL');
    if (hard > this.#table[resource].hard && !this.privileged()) return fail('EPERM');
    // sysctl fs.nr_open.
    if (resource === 'NOFILE' && hard > 1_048_576) return fail('EPERM');
    this.#table = { ...this.#table, [resource]: { soft, hard } };
    return ok(undefined);
  }
}

/** /proc/<pid>/limits (fs/proc/base.c, proc_pid_limits). */
const shown: readonly (readonly [Resource, string, string])[] = [
  ['CPU', 'Max cpu time', 'seconds'],
  ['FSIZE', 'Max file size', 'bytes'],
  ['DATA', 'Max data size', 'bytes'],
  ['STACK', 'Max stack size', 'bytes'],
  ['CORE', 'Max core file size', 'bytes'],
  ['RSS', 'Max resident set', 'bytes'],
  ['NPROC', 'Max processes', 'processes'],
  ['NOFILE', 'Max open files', 'files'],
  ['MEMLOCK', 'Max locked memory', 'bytes'],
  ['AS', 'Max address space', 'bytes'],
  ['LOCKS', 'Max file locks', 'locks'],
  ['SIGPENDING', 'Max pending signals', 'signals'],
  ['MSGQUEUE', 'Max msgqueue size', 'bytes'],
  ['NICE', 'Max nice priority', ''],
  ['RTPRIO', 'Max realtime priority', ''],
  ['RTTIME', 'Max realtime timeout', 'us'],
];

const amount = (value: number): string => (Number.isFinite(value) ? String(value) : 'unlimited');

/** The text of /proc/<pid>/limits. */
export function limitsText(table: LimitTable): string {
  const row = (name: string, soft: string, hard: string, unit: string): string =>
    `${name.padEnd(25)} ${soft.padEnd(20)} ${hard.padEnd(20)} ${unit.padEnd(10)}\n`;
  return (
    row('Limit', 'Soft Limit', 'Hard Limit', 'Units') +
    shown
      .map(([resource, name, unit]) => {
        const { soft, hard } = table[resource];
        return row(name, amount(soft), amount(hard), unit);
      })
      .join('')
  );
}
