import type { Child, Process, Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';
import { signalNumber } from '../../../linux/process/signals';

const usage = `\`stress' imposes certain types of compute stress on your system

Usage: stress [OPTION [ARG]] ...
 -?, --help         show this help statement
     --version      show version statement
 -v, --verbose      be verbose
 -q, --quiet        be quiet
 -n, --dry-run      show what would have been done
 -t, --timeout N    timeout after N seconds
     --backoff N    wait factor of N microseconds before work starts
 -c, --cpu N        spawn N workers spinning on sqrt()
 -i, --io N         spawn N workers spinning on sync()
 -m, --vm N         spawn N workers spinning on malloc()/free()
     --vm-bytes B   malloc B bytes per vm worker (default is 256MB)
     --vm-stride B  touch a byte every B bytes (default is 4096)
     --vm-hang N    sleep N secs before free (default none, 0 is inf)
     --vm-keep      redirty memory instead of freeing and reallocating
 -d, --hdd N        spawn N workers spinning on write()/unlink()
     --hdd-bytes B  write B bytes per hdd worker (default is 1GB)

Example: stress --cpu 8 --io 4 --vm 2 --vm-bytes 128M --timeout 10s

Note: Numbers may be suffixed with s,m,h,d,y (time) or B,K,M,G (size).
`;

const seconds = (text: string): number => {
  const match = /^(\d+)([smhdy]?)$/.exec(text);
  return match === null
    ? NaN
    : Number(match[1]) * ({ s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 }[match[2] ?? 's'] ?? 1);
};
const bytes = (text: string): number => {
  const match = /^(\d+)([bkmg]?)$/i.exec(text);
  return match === null
    ? NaN
    : Number(match[1]) * 1024 ** 'bkmg'.indexOf((match[2] === '' ? 'b' : (match[2] ?? 'b')).toLowerCase());
};

/** Spins: a tenth of a second of processor time at once. */
const cpuHog: Program = async (process) => {
  for (;;) await process.compute(100_000);
};

const vmHog =
  (size: number, hang: number | undefined, keep: boolean): Program =>
  async (process) => {
    for (;;) {
      const taken = process.memory.allocate(size);
      if (!taken.ok) {
        await process.stderr.write(
          `stress: FAIL: [${process.pid}] (494) hogvm malloc failed: ${taken.error.message}\n`,
        );
        return 1;
      }
      // Touching a gigabyte takes about a third of a second.
      await process.compute(Math.max(3000, size / 3000));
      if (hang !== undefined) await process.sleep(hang === 0 ? 2 ** 40 : hang * 1000);
      if (keep) for (;;) await process.compute(100_000);
      process.memory.free(size);
    }
  };

/** stress(1). */
export const stress: Program = async (process) => {
  const { stdout, stderr, clock } = process;
  const options = parseOptions(process.args, {
    short: '?vqnt:b:c:i:m:d:',
    long: {
      help: 'help',
      verbose: 'v',
      quiet: 'q',
      'dry-run': 'n',
      'timeout:': 't',
      'backoff:': 'b',
      'cpu:': 'c',
      'io:': 'i',
      'vm:': 'm',
      'vm-bytes:': 'vm-bytes',
      'vm-stride:': 'vm-stride',
      'vm-hang:': 'vm-hang',
      'vm-keep': 'vm-keep',
      'hdd:': 'd',
      'hdd-bytes:': 'hdd-bytes',
    },
  });
  const { pid } = process;
  if (typeof options === 'string') {
    const bad = /'(?:--)?([^']*)'/.exec(options)?.[1] ?? '';
    await stderr.write(
      `stress: FAIL: [${pid}] (244) unrecognized option: ${options.includes('--') ? '--' : '-'}${bad}\n`,
    );
    return 1;
  }
  if (options.has('help', '?') || process.args.length === 0) {
    await stdout.write(usage);
    return 0;
  }
  if (options.has('version')) {
    await stdout.write('stress 1.0.7\n');
    return 0;
  }
  const number = (name: string): number => Number(options.value(name) ?? 0);
  const [cpu, io, vm, hdd] = [number('c'), number('i'), number('m'), number('d')];
  const timeout = options.value('t');
  const limit = timeout === undefined ? Infinity : seconds(timeout);
  const size = bytes(options.value('vm-bytes') ?? '256M');
  for (const [value, text] of [
    [limit, timeout],
    [size, options.value('vm-bytes')],
    [cpu, options.value('c')],
    [vm, options.value('m')],
  ] as const)
    if (Number.isNaN(value)) {
      await stderr.write(
        `stress: FAIL: [${pid}] (${text === timeout ? 853 : 892}) unrecognized suffix: ${text?.slice(-1) ?? ''}\n`,
      );
      return 1;
    }
  if (cpu + io + vm + hdd === 0) {
    await stdout.write(usage);
    return 0;
  }
  const quiet = options.has('q');
  if (!quiet)
    await stdout.write(`stress: info: [${pid}] dispatching hogs: ${cpu} cpu, ${io} io, ${vm} vm, ${hdd} hdd\n`);
  if (options.has('n')) return 0;
  const hang = options.value('vm-hang');
  const hogs: readonly Program[] = [
    ...Array.from({ length: cpu + io + hdd }, () => cpuHog),
    ...Array.from({ length: vm }, () =>
      vmHog(size, hang === undefined ? undefined : seconds(hang), options.has('vm-keep')),
    ),
  ];
  const begun = clock.now;
  const children: Child[] = [];
  for (const hog of hogs) {
    const child = process.spawn({ file: hog, argv: process.argv });
    if (child.ok) children.push(child.value);
    else {
      await stderr.write(`stress: FAIL: [${pid}] (394) fork failed: ${child.error.message}\n`);
      for (const each of children) process.kill(each.pid, 'SIGTERM');
      return 1;
    }
  }
  return attend(process, children, { limit, begun, quiet });
};

async function attend(
  process: Process,
  children: readonly Child[],
  { limit, begun, quiet }: { readonly limit: number; readonly begun: number; readonly quiet: boolean },
): Promise<number> {
  const { pid, clock, stdout, stderr } = process;
  let over = false;
  let failed = false;
  const timer =
    limit === Infinity
      ? undefined
      : clock.setTimer(limit * 1000, () => {
          over = true;
          for (const child of children) process.kill(child.pid, 'SIGTERM');
        });
  for (let left = children.length; left > 0; left--) {
    const ended = await process.wait();
    if (ended === undefined) break;
    if (ended === 'interrupted') {
      left++;
      continue;
    }
    const { status } = ended;
    if (over && status.kind === 'signaled') continue;
    if (status.kind === 'exited' && status.code === 0) continue;
    if (!failed) {
      const how =
        status.kind === 'signaled'
          ? `got signal ${signalNumber(status.signal)}`
          : `returned error ${status.kind === 'exited' ? status.code : 0}`;
      await stderr.write(
        `stress: FAIL: [${pid}] (415) <-- worker ${ended.pid} ${how}\nstress: WARN: [${pid}] (417) now reaping child worker processes\n`,
      );
      for (const child of children) process.kill(child.pid, 'SIGUSR1');
    }
    failed = true;
  }
  if (timer !== undefined) clock.cancel(timer);
  const took = Math.floor((clock.now - begun) / 1000);
  if (failed) await stderr.write(`stress: FAIL: [${pid}] (451) failed run completed in ${took}s\n`);
  else if (!quiet) await stdout.write(`stress: info: [${pid}] successful run completed in ${took}s\n`);
  return failed ? 1 : 0;
}
