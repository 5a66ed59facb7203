import type { Child, Process, Program } from '../../linux/process/types';
import { signalNumber } from '../../linux/process/signals';
import { help } from './help';

interface Settings {
  cpu: number;
  io: number;
  vm: number;
  hdd: number;
  /** Seconds; 0: for ever. */
  timeout: number;
  /** Microseconds for each worker. */
  backoff: number;
  vmBytes: number;
  /** Seconds before memory is freed; undefined: at once, 0: for ever. */
  vmHang: number | undefined;
  vmKeep: boolean;
  hddBytes: number;
  level: 'quiet' | 'info' | 'debug';
  dryRun: boolean;
}

type Kind = 'cpu' | 'io' | 'vm' | 'hdd';
const kinds: readonly Kind[] = ['cpu', 'io', 'vm', 'hdd'];
/** In which order stress forks them, each beginning with `backoff` more. */
const units: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  y: 31_556_926,
  b: 1,
  k: 1_024,
  g: 2 ** 30,
};

/** stress(1). */
export const stress: Program = async (process) => {
  const settings: Settings = {
    ...{ cpu: 0, io: 0, vm: 0, hdd: 0, timeout: 0, backoff: 3_000, vmBytes: 256 * 2 ** 20, vmHang: undefined },
    ...{ vmKeep: false, hddBytes: 2 ** 30, level: 'info', dryRun: false },
  };
  // Lines name where in stress.c they come from.
  const say = async (
    what: 'info' | 'dbug' | 'WARN' | 'FAIL',
    line: number | undefined,
    text: string,
  ): Promise<void> => {
    if (what === 'info' ? settings.level === 'quiet' : what === 'dbug' && settings.level !== 'debug') return;
    const at = line === undefined ? '' : `(${line}) `;
    const to = what === 'info' || what === 'dbug' ? process.stdout : process.stderr;
    await to.write(`stress: ${what}: [${process.pid}] ${at}${text}\n`);
  };
  const problem = parse(process.args, settings);
  if (typeof problem === 'object') {
    await say('FAIL', problem.line, problem.text);
    return 1;
  }
  if (problem === 'version') {
    await process.stdout.write('stress 1.0.7\n');
    return 0;
  }
  if (problem === 'help' || kinds.every((kind) => settings[kind] === 0)) {
    await process.stdout.write(help);
    return 0;
  }
  await say('info', undefined, `dispatching hogs: ${kinds.map((kind) => `${settings[kind]} ${kind}`).join(', ')}`);
  const began = process.clock.now;
  const children = new Map<number, Child>();
  let waiting = settings.backoff * (settings.cpu + settings.io + settings.vm + settings.hdd);
  for (const kind of kinds) {
    for (let count = settings[kind]; count > 0 && !settings.dryRun; count--) {
      const delay = waiting / 1000;
      waiting -= settings.backoff;
      await say('dbug', undefined, `using backoff sleep of ${delay * 1000}us`);
      if (settings.timeout > 0) await say('dbug', undefined, `setting timeout to ${settings.timeout}s`);
      const child = process.spawn({ file: (worker) => hog(worker, kind, delay, settings), argv: process.argv });
      if (!child.ok) {
        await say('FAIL', 305, `fork failed: ${child.error.message}`);
        break;
      }
      children.set(child.value.pid, child.value);
      await say('dbug', undefined, `--> hog${kind} worker ${count} [${child.value.pid}] forked`);
    }
  }
  let failed = false;
  while (children.size > 0) {
    const ended = await process.wait();
    if (ended === undefined || ended === 'interrupted') break;
    children.delete(ended.pid);
    const { status } = ended;
    if (status.kind === 'exited' && status.code === 0) {
      await say('dbug', undefined, `<-- worker ${ended.pid} returned normally`);
      continue;
    }
    // SIGALRM is how a worker's time ends.
    if (status.kind === 'signaled' && status.signal === 'SIGALRM') {
      await say('dbug', undefined, `<-- worker ${ended.pid} signalled normally`);
      continue;
    }
    const signal = status.kind === 'signaled' ? signalNumber(status.signal) : undefined;
    const line = signal === undefined ? 404 : 415;
    const how =
      signal === undefined ? `returned error ${status.kind === 'exited' ? status.code : 1}` : `got signal ${signal}`;
    await say('FAIL', line, `<-- worker ${ended.pid} ${how}`);
    await say('WARN', line + 2, 'now reaping child worker processes');
    if (children.size === 0) await say('FAIL', line + 6, 'kill error: No such process');
    for (const pid of children.keys()) process.kill(pid, 'SIGKILL');
    failed = true;
    while (children.size > 0) {
      const rest = await process.wait();
      if (rest === undefined || rest === 'interrupted') break;
      children.delete(rest.pid);
    }
  }
  const seconds = Math.floor((process.clock.now - began) / 1000);
  if (failed) await say('FAIL', 461, `failed run completed in ${seconds}s`);
  else await say('info', undefined, `successful run completed in ${seconds}s`);
  return failed ? 1 : 0;
};

async function hog(process: Process, kind: Kind, delay: number, settings: Settings): Promise<number> {
  await process.sleep(delay);
  if (settings.timeout > 0) {
    const timer = process.clock.setTimer(settings.timeout * 1000, () => process.host.signal(process, 'SIGALRM'));
    process.atExit(() => process.clock.cancel(timer));
  }
  for (;;) {
    switch (kind) {
      case 'cpu':
        await process.compute(10_000);
        break;
      case 'io':
        await process.compute(1_000);
        await process.sleep(9);
        break;
      case 'hdd':
        // What a disk of 100 MB/s would take.
        await process.compute(10_000);
        await process.sleep((settings.hddBytes / 2 ** 20) * 10);
        break;
      case 'vm': {
        const got = process.memory.allocate(settings.vmBytes);
        if (!got.ok) {
          await process.stderr.write(
            `stress: FAIL: [${process.pid}] (512) hogvm malloc failed: ${got.error.message}\n`,
          );
          return 1;
        }
        // Touching a page takes some 100 ns.
        await process.compute(Math.max(1_000, settings.vmBytes / 4096 / 10));
        if (settings.vmHang === 0) for (;;) await process.sleep(86_400_000);
        if (settings.vmHang !== undefined) await process.sleep(settings.vmHang * 1000);
        if (settings.vmKeep) for (;;) await process.compute(10_000);
        process.memory.free(settings.vmBytes);
      }
    }
  }
}

interface Problem {
  readonly line: number;
  readonly text: string;
}

const options: Readonly<Record<string, keyof Settings>> = {
  '-t': 'timeout',
  '--timeout': 'timeout',
  '--backoff': 'backoff',
  '-c': 'cpu',
  '--cpu': 'cpu',
  '-i': 'io',
  '--io': 'io',
  '-m': 'vm',
  '--vm': 'vm',
  '--vm-bytes': 'vmBytes',
  '--vm-hang': 'vmHang',
  '-d': 'hdd',
  '--hdd': 'hdd',
  '--hdd-bytes': 'hddBytes',
};
const longNames: Readonly<Record<string, string>> = {
  '-t': '--timeout',
  '-c': '--cpu',
  '-i': '--io',
  '-m': '--vm',
  '-d': '--hdd',
};

function parse(args: readonly string[], settings: Settings): Problem | 'help' | 'version' | undefined {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '-?' || arg === '--help') return 'help';
    if (arg === '--version') return 'version';
    if (arg === '-v' || arg === '--verbose') settings.level = 'debug';
    else if (arg === '-q' || arg === '--quiet') settings.level = 'quiet';
    else if (arg === '-n' || arg === '--dry-run') settings.dryRun = true;
    else if (arg === '--vm-keep') settings.vmKeep = true;
    else if (arg === '--vm-stride') index++;
    else {
      const name = Object.hasOwn(options, arg) ? options[arg] : undefined;
      if (name === undefined) return { line: 251, text: `unrecognized option: ${arg}` };
      const given = args[++index];
      if (given === undefined) return { line: 167, text: `missing argument to option '${longNames[arg] ?? arg}'` };
      const suffix = given.at(-1) ?? '';
      const unit = suffix.toLowerCase() === 'm' && name.endsWith('Bytes') ? 2 ** 20 : units[suffix.toLowerCase()];
      const digit = /\d/.test(suffix);
      if (!digit && unit === undefined) return { line: 665, text: `unrecognized suffix: ${suffix}` };
      const number = Number(digit ? given : given.slice(0, -1));
      if (!Number.isInteger(number)) return { line: 665, text: `unrecognized suffix: ${suffix}` };
      Object.assign(settings, { [name]: number * (digit ? 1 : (unit ?? 1)) });
    }
  }
  return undefined;
}
