import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Host } from '../src/linux/host';
import { elf } from '../src/linux/process/executable';
import { programs as coreutils } from '../src/programs/coreutils';
import { programs as shells } from '../src/programs/shell';
import { Clock } from '../src/sim/clock';
import { Random } from '../src/sim/random';
import { Trace } from '../src/sim/trace';

/** A script in the machine's own bash and in ours, one after the other: medians, in real milliseconds. */
export interface Race {
  readonly what: string;
  readonly real: number;
  readonly ours: number;
  /** How many times as long ours may take. */
  readonly limit: number;
}

const WARM_UP = 3;
const ROUNDS = 7;
const MEGABYTES = 10;

const loops: readonly (readonly [what: string, script: string])[] = [
  ['10,000 turns of a for loop with a builtin', 'for ((i = 0; i < 10000; i++)); do echo $i; done > /dev/null'],
  ['10,000 turns of a while loop with test', 'i=0; while [ $i -lt 10000 ]; do i=$((i + 1)); done'],
  ['10,000 calls of a function', 'f() { local a=$1; r=$a; }; for i in {1..10000}; do f $i; done'],
];

/** Lines of a log of which few are what is looked for. */
function log(): string {
  const lines: string[] = [];
  for (let size = 0, index = 0; size < MEGABYTES << 20; index++) {
    const line = `2026-01-05T09:00:${String(index % 60).padStart(2, '0')}Z INFO request ${index} served in ${index % 97} ms`;
    lines.push(index % 1000 === 0 ? `${line} needle` : line);
    size += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

function makeHost(): Host {
  // A turn of Node's event loop, as the world's worker takes one.
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const programs = { ...shells, ...coreutils };
  const trace = new Trace();
  const host = new Host({
    name: 'bench',
    clock: new Clock({ start: Date.UTC(2026, 0, 5, 9), settle, trace }),
    random: new Random(1),
    trace,
    programs: new Map(Object.entries(programs)),
  });
  const { fs } = host;
  for (const folder of ['/usr/bin', '/tmp', '/dev', '/proc']) fs.mkdirAll(folder);
  fs.mount({ type: 'devtmpfs', source: 'udev', target: '/dev' });
  for (const name of Object.keys(programs)) fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  return host;
}

async function inOurs(host: Host, script: string): Promise<number> {
  const began = performance.now();
  const spawned = host.spawn({
    file: '/usr/bin/bash',
    argv: ['bash', '-c', script],
    env: new Map([['PATH', '/usr/bin']]),
    cwd: '/tmp',
  });
  if (!spawned.ok) throw new Error(spawned.error.message);
  let ended = false;
  void spawned.value.wait().then(() => {
    ended = true;
  });
  await host.clock.runUntil(() => ended, { limit: 600_000 });
  if (!ended) throw new Error(`still running: ${script}`);
  return performance.now() - began;
}

function inReal(folder: string, script: string): number {
  const began = performance.now();
  execFileSync('bash', ['-c', script], { cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  return performance.now() - began;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

/** All races; none where there is no bash. */
export async function measureShell(): Promise<readonly Race[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bottleship-bench-'));
  const host = makeHost();
  const text = log();
  writeFileSync(join(folder, 'log'), text);
  host.fs.writeFile('/tmp/log', text);
  const race = async (what: string, script: string, limit: number): Promise<Race> => {
    for (let round = 0; round < WARM_UP; round++) await inOurs(host, script);
    const [real, ours]: number[][] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      real?.push(inReal(folder, script));
      ours?.push(await inOurs(host, script));
    }
    return { what, real: median(real ?? []), ours: median(ours ?? []), limit };
  };
  try {
    try {
      inReal(folder, ':');
    } catch {
      return [];
    }
    const races: Race[] = [];
    for (const [what, script] of loops) races.push(await race(what, script, 3));
    races.push(await race(`grep over ${MEGABYTES} MB`, 'grep needle log | wc -l', 5));
    races.push(await race(`grep for a pattern over ${MEGABYTES} MB`, 'grep -cE "served in 9[0-6] ms$" log', 5));
    return races;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
