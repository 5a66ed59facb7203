import { setImmediate as turn } from 'node:timers/promises';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { Host } from '../host';
import { captureFile } from '../io/capture';
import { decode, encode } from '../io/bytes';
import { mountCgroups } from './cgroup';
import { elf } from './executable';
import type { Child, Process, Program, SpawnOptions, WaitStatus } from './types';

/** A small host for tests: /proc, /sys, cgroups and a few programs. */
export interface TestHost {
  readonly host: Host;
  readonly clock: Clock;
  /** What processes wrote to 1 and 2. */
  readonly said: string[];
  readonly faults: unknown[];
  start(file: string | Program, more?: Partial<SpawnOptions>): Child;
  ended(child: Child): Promise<WaitStatus | undefined>;
  /** A file's text, or the error. */
  read(path: string, as?: Process): string;
  /** Writes without creating; `ok`, or the error. */
  write(path: string, text: string, as?: Process): string;
}

/** Runs for `argv[1]` milliseconds, then ends with status `argv[2]`. */
const nap: Program = async (process) => {
  await process.sleep(Number(process.args[0] ?? 0));
  return Number(process.args[1] ?? 0);
};

/** A host with what tests of the kernel's processes need. */
export function createTestHost(programs: Readonly<Record<string, Program>> = {}, cgroup?: 'v1'): TestHost {
  const trace = new Trace();
  const clock = new Clock({ start: 0, settle: () => turn(), trace });
  const said: string[] = [];
  const faults: unknown[] = [];
  const host = new Host({
    name: 'box',
    clock,
    random: new Random(1),
    trace,
    cgroup,
    programs: new Map<string, Program>([['nap', nap], ...Object.entries(programs)]),
    fault: (error) => faults.push(error),
  });
  for (const path of ['/bin', '/proc', '/sys', '/dev', '/tmp', '/etc', '/run']) host.fs.mkdirAll(path);
  host.fs.chmod('/tmp', 0o1777);
  host.fs.mount({ type: 'proc', source: 'proc', target: '/proc' });
  host.fs.mount({ type: 'sysfs', source: 'sysfs', target: '/sys' });
  mountCgroups(host.fs, cgroup);
  host.fs.mount({ type: 'devtmpfs', source: 'udev', target: '/dev' });
  for (const name of ['nap', ...Object.keys(programs)]) host.fs.writeFile(`/bin/${name}`, elf(name), 0o755);
  return {
    host,
    clock,
    said,
    faults,
    start(file, more = {}) {
      const output = captureFile((bytes) => void said.push(decode(bytes)));
      const child = host.spawn({
        file,
        argv: ['test'],
        fds: new Map([
          [1, output],
          [2, output],
        ]),
        ...more,
      });
      if (!child.ok) throw new Error(child.error.code);
      const comm = host.fs.open(`/proc/${child.value.pid}/comm`, { write: true });
      if (typeof file === 'function' && comm.ok) comm.value.write(encode('test'));
      return child.value;
    },
    async ended(child) {
      await clock.runUntil(() => child.process.status !== undefined, { limit: 600_000 });
      return child.process.status;
    },
    read(path, as = host.init) {
      const text = as.fs.readText(path);
      return text.ok ? text.value : text.error.code;
    },
    write(path, text, as = host.init) {
      const file = as.fs.open(path, { write: true });
      if (!file.ok) return file.error.code;
      const written = file.value.write(encode(text));
      return written === 'wait' ? 'wait' : written.ok ? 'ok' : written.error.code;
    },
  };
}
