import { runShell } from '../conformance/shell';
import { createLab, type Lab } from '../src/cluster/lab';
import { topologies } from '../src/cluster/topology';
import { heap } from './heap';

/** What the docker engine costs, typed as a learner types it. */
export interface DockerFigures {
  /** 200 times `docker run -d` and `docker rm -f`, ms of CPU. */
  readonly runs: number;
  /** Bytes of heap that one of these leaves behind: the record of what it did, in trace and journal. */
  readonly left: number;
  /** A build of 30 layers that are all in the cache, ms of CPU. */
  readonly build: number;
  /** Bytes of heap that a container takes that only sleeps. */
  readonly idle: number;
}

const ROUNDS = 200;
const dockerfile = ['FROM busybox', ...Array.from({ length: 30 }, (_, layer) => `RUN echo ${layer} > /f${layer}`)];

async function dockerLab(): Promise<Lab> {
  const topology = topologies['docker'];
  if (topology === undefined) throw new Error('there is no topology called docker');
  const lab = await createLab({ topology, seed: 1, settle: () => new Promise((resolve) => setImmediate(resolve)) });
  await lab.boot();
  return lab;
}

/** Runs a script on the first host and fails loudly: a bench of errors measures nothing. */
async function run(lab: Lab, line: string): Promise<string> {
  const { stdout, stderr, code } = await runShell(lab, { line, limit: 3_600_000 });
  if (code !== 0) throw new Error(`${line}\n${stderr}`);
  return stdout;
}

/** Everything is done once before, so that the programs are loaded and compiled. */
export async function measureDocker(cpu: () => number): Promise<DockerFigures> {
  const lab = await dockerLab();
  const rounds = (count: number): string =>
    `for i in $(seq ${count}); do docker run -d --name c$i busybox sleep 1000 >/dev/null && docker rm -f c$i >/dev/null || exit 1; done`;
  await run(lab, `docker pull -q busybox; ${rounds(20)}`);
  const before = cpu();
  await run(lab, rounds(ROUNDS));
  const runs = cpu() - before;

  lab.first.fs.mkdirAll('/root/app');
  lab.first.fs.writeFile('/root/app/Dockerfile', dockerfile.join('\n'));
  const again = 'docker build -q -t thirty /root/app';
  await run(lab, `${again}; ${again}; ${again}`);
  const warm = cpu();
  for (let round = 0; round < 5; round++) await run(lab, again);
  const build = (cpu() - warm) / 5;

  const clean = heap();
  await run(lab, rounds(ROUNDS));
  const empty = heap();
  const left = (empty - clean) / ROUNDS;
  await run(lab, `for i in $(seq ${ROUNDS}); do docker run -d busybox sleep 100000 >/dev/null || exit 1; done`);
  const idle = (heap() - empty) / ROUNDS;
  return { runs, left, build, idle };
}
