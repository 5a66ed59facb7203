import { latencies } from '../../sim/latencies';
import type { Program } from '../../linux/process/types';
import { completeCommands } from '../cobra/directives';
import { community, debian, type ClientBuild } from './cli/build';
import { runCli } from './cli/run-cli';
import { root } from './commands';
import { complete } from './complete/complete';

const dockerOf =
  (build: ClientBuild): Program =>
  async (process) => {
    await process.sleep(latencies.dockerClient);
    return completeCommands.includes(process.args[0] ?? '') ? complete(process, root) : runCli(process, root, build);
  };

/** The docker command line. */
export const docker = dockerOf(community);

/** `docker.io` is Debian's build of it, by the name of its package. */
export const programs: Readonly<Record<string, Program>> = { docker, 'docker.io': dockerOf(debian) };
