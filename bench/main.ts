/** `npm run bench`: how fast the world is, as ratios to limits and to a peer that is measured in the same run. */
import { measurePeer } from './peer';
import { measureBoot, measureScale } from './scale';

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

const [cold] = await measureBoot(cpu);
console.log(`       first boot of this process (nothing compiled yet): ${ms(cold.cpuMs)} of CPU`);
const boots: number[] = [];
for (let round = 0; round < 5; round++) boots.push((await measureBoot(cpu))[0].cpuMs);
boots.sort((a, b) => a - b);
line('boot of the seed cluster to all nodes Ready (median of 5)', boots[2] ?? NaN, 100);

const scale = await measureScale(1000, 20, cpu);
line('a Deployment of 1,000 replicas on 20 nodes, all Ready', scale.cpuMs, 1000);
line('longest block of the thread meanwhile', scale.longestTurn, 50, 'ms');
console.log(`       (${ms(scale.wallMs)} real, ${(scale.virtualMs / 1000).toFixed(1)} s virtual)`);

const ours = await measureScale(300, 3, cpu);
const peer = await measurePeer(300, cpu, 120_000);
const times = peer.cpuMs / ours.cpuMs;
if (times < 20 || peer.ready < 300) missed++;
console.log(
  `${times >= 20 ? 'ok    ' : 'MISSED'} 300 pods on 3 nodes: ${ms(ours.cpuMs)} of CPU; @ngrok/webernetes ${ms(peer.cpuMs)} ` +
    `(${peer.ready} Ready): ${times.toFixed(1)} times faster, wanted 20`,
);
process.exit(missed === 0 ? 0 : 1);
