/** `npm run bench`: how fast the world is, as ratios to limits and to a peer that is measured in the same run. */
import { benchTopology, hollowBenchTopology } from '../src/cluster/topology';
import { measureApiserver } from './apiserver';
import { measurePeer } from './peer';
import { isMainThread } from 'node:worker_threads';
import { measureDocker } from './docker';
import { measureKeys, serveWorld } from './keys';
import { measureBoot, measureScale } from './scale';
import { measureMemory } from './memory';
import { measureShell } from './shell';

// The bench is its own worker, too: see keys.ts.
if (!isMainThread) {
  await serveWorld();
  await new Promise(() => undefined);
}

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const ms = (value: number): string => `${value.toFixed(0)} ms`;
let missed = 0;

/** One line: what, measured, limit, ratio. */
function line(what: string, measured: number, limit: number, unit = 'ms of CPU'): void {
  const ratio = measured / limit;
  if (ratio > 1) missed++;
  console.log(
    `${ratio <= 1 ? 'ok    ' : 'MISSED'} ${what}: ${measured.toFixed(0)} ${unit}, limit ${limit}, ratio ${ratio.toFixed(2)}`,
  );
}

const keys = await measureKeys(400);
const percentile = (share: number): number => keys[Math.floor(keys.length * share)] ?? NaN;
line('keystroke to echo through worker and pty, 95th percentile', percentile(0.95) * 1000, 4000, 'µs');
console.log(
  `       (median ${(percentile(0.5) * 1000).toFixed(0)} µs, worst ${(percentile(1 - 1e-9) * 1000).toFixed(0)} µs)`,
);

const [cold] = await measureBoot(cpu);
console.log(`       first boot of this process (nothing compiled yet): ${ms(cold.cpuMs)} of CPU`);
const boots: number[] = [];
for (let round = 0; round < 5; round++) boots.push((await measureBoot(cpu))[0].cpuMs);
boots.sort((a, b) => a - b);
line('boot of the seed cluster to all nodes Ready (median of 5)', boots[2] ?? NaN, 100);

// Before the large worlds, whose garbage is not its own.
const apiserver = await measureApiserver(cpu);
line('an apiserver with all its kinds, to its first answer', apiserver.boot, 30);
line('an object created and watched, in the same process', 1e6 / apiserver.writes, 10, 'µs of CPU');
line('a list of 10,000 pods as a Table', apiserver.table, 60);
line('a strategic patch of a Deployment', apiserver.patch, 20, 'µs of CPU');

// Every container of these nodes is real: a sandbox, an overlay, a network, nginx reading its files.
const scale = await measureScale(1000, benchTopology(20), cpu);
line('a Deployment of 1,000 replicas on 20 nodes, all Ready', scale.cpuMs, 1000);
// The page's own thread is watched in e2e; this one is the worker's.
console.log(`       longest turn of the world's own thread meanwhile: ${ms(scale.longestTurn)}`);
console.log(`       (${ms(scale.wallMs)} real, ${(scale.virtualMs / 1000).toFixed(1)} s virtual)`);
const hollow = await measureScale(1000, hollowBenchTopology(20), cpu);
line('the same on 20 hollow nodes: what the control plane alone costs', hollow.cpuMs, 1000);

const large = await measureScale(10_000, hollowBenchTopology(5_000), cpu);
line('5,000 hollow nodes, all registered', large.boot.cpuMs, 2_500);
line('10,000 pods on them, all Ready', large.cpuMs, 10_000);

const ours = await measureScale(300, benchTopology(3), cpu);
const oursHollow = await measureScale(300, hollowBenchTopology(3), cpu);
const peer = await measurePeer(300, cpu, 120_000);
console.log(`       300 pods on 3 nodes: @ngrok/webernetes ${ms(peer.cpuMs)} of CPU (${peer.ready} Ready)`);
for (const [what, { cpuMs }] of [
  ['with real containers', ours],
  ['on hollow nodes', oursHollow],
] as const) {
  const times = peer.cpuMs / cpuMs;
  if (times < 20 || peer.ready < 300) missed++;
  console.log(
    `${times >= 20 ? 'ok    ' : 'MISSED'} ours ${what}: ${ms(cpuMs)} of CPU, ${times.toFixed(1)} times faster, wanted 20`,
  );
}

const memory = await measureMemory();
line(`${memory.objects} objects with an hour of history (${memory.writes} writes)`, memory.most, 1500, 'MB');

const docker = await measureDocker(cpu);
line('200 times docker run -d and docker rm -f', docker.runs, 500);
line('what one of them leaves in memory', docker.left, 10_000, 'bytes of heap');
line('docker build of 30 layers from a warm cache', docker.build, 20);
line('an idle container', docker.idle, 30_000, 'bytes of heap');

for (const { what, real, ours: mine, limit } of await measureShell()) {
  const ratio = mine / real;
  if (ratio > limit) missed++;
  console.log(
    `${ratio <= limit ? 'ok    ' : 'MISSED'} ${what}: ${ms(mine)}, real bash ${ms(real)}, ratio ${ratio.toFixed(2)}, limit ${limit}`,
  );
}
process.exit(missed === 0 ? 0 : 1);
