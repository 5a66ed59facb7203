import { setImmediate as turn } from 'node:timers/promises';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { Host } from '../../linux/host';
import type { Program } from '../../linux/process/types';

/** A world with one host for tests of the container stack. */
export function lab(programs: Readonly<Record<string, Program>>): {
  clock: Clock;
  random: Random;
  trace: Trace;
  host: Host;
} {
  const trace = new Trace();
  const clock = new Clock({ start: Date.UTC(2025, 10, 21, 9), settle: () => turn(), trace });
  const random = new Random(7);
  const host = new Host({
    name: 'node1',
    clock,
    random,
    trace,
    programs: new Map(Object.entries(programs)),
    fault: (error) => {
      throw error;
    },
  });
  host.fs.mkdirAll('/run');
  host.fs.mkdirAll('/var');
  host.fs.symlink('/run', '/var/run');
  host.fs.mkdirAll('/dev');
  host.fs.mkdirAll('/proc');
  host.fs.mkdirAll('/sys');
  host.fs.mount({ source: 'proc', target: '/proc', type: 'proc' });
  host.fs.mount({ source: 'sysfs', target: '/sys', type: 'sysfs' });
  host.fs.mkdirAll('/sys/fs/cgroup');
  host.fs.mount({ source: 'cgroup2', target: '/sys/fs/cgroup', type: 'cgroup2' });
  host.fs.mount({ source: 'udev', target: '/dev', type: 'devtmpfs' });
  return { clock, random, trace, host };
}
