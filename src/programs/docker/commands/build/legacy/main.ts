import { ProcessEnded } from '../../../../../linux/process/process-ended';
import type { Process } from '../../../../../linux/process/types';
import { Api, filtersParam, query } from '../../../cli/api';
import { CommandError, type Command, type Group, type Invocation } from '../../../cli/command';
import { flags, parseFlags } from '../../../cli/flags';
import { humanSize } from '../../../cli/format';
import { commandHelp, groupHelp, helpWidth, usageLine } from '../../../cli/help';
import type { Session } from '../../../cli/session';
import { parseSize } from '../../../cli/sizes';
import { legacyBuild } from './build';

const banner = `DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
            environment-variable.

`;

const build: Command = {
  use: 'build [OPTIONS] PATH | URL | -',
  short: 'Build an image from a Dockerfile',
  aliases: ['docker image build', 'docker build', 'docker builder build'],
  flags: flags(`
    --add-host list | Add a custom host-to-IP mapping ("host:ip")
    --build-arg list | Set build-time variables
    --cache-from strings | Images to consider as cache sources
    --cgroup-parent string | Set the parent cgroup for the "RUN" instructions during build
    --compress | Compress the build context using gzip
    --cpu-period int | Limit the CPU CFS (Completely Fair Scheduler) period
    --cpu-quota int | Limit the CPU CFS (Completely Fair Scheduler) quota
    -c, --cpu-shares int | CPU shares (relative weight)
    --cpuset-cpus string | CPUs in which to allow execution (0-3, 0,1)
    --cpuset-mems string | MEMs in which to allow execution (0-3, 0,1)
    --disable-content-trust | Skip image verification (default true)
    -f, --file string | Name of the Dockerfile (Default is "PATH/Dockerfile")
    --force-rm | Always remove intermediate containers
    --iidfile string | Write the image ID to the file
    --isolation string | Container isolation technology
    --label list | Set metadata for an image
    -m, --memory bytes | Memory limit
    --memory-swap bytes | Swap limit equal to memory plus swap: -1 to enable unlimited swap
    --network string | Set the networking mode for the RUN instructions during build (default "default")
    --no-cache | Do not use cache when building the image
    --platform string | Set platform if server is multi-platform capable
    --pull | Always attempt to pull a newer version of the image
    -q, --quiet | Suppress the build output and print image ID on success
    --rm | Remove intermediate containers after a successful build (default true)
    --security-opt strings | Security options
    --shm-size bytes | Size of "/dev/shm"
    --squash | Squash newly built layers into a single new layer
    -t, --tag list | Name and optionally a tag in the "name:tag" format
    --target string | Set the target build stage to build.
    --ulimit ulimit | Ulimit options (default [])
  `),
  operands: [1, 1],
  run: legacyBuild,
};

const prune: Command = {
  use: 'prune',
  short: 'Remove build cache',
  flags: flags(`
    -a, --all | Remove all unused build cache, not just dangling ones
    --filter filter | Provide filter values (e.g. "until=24h")
    -f, --force | Do not prompt for confirmation
    --keep-storage bytes | Amount of disk space to keep for cache
  `),
  operands: [0, 0],
  run: legacyPrune,
};

const builder: Group = { name: 'builder', short: 'Manage builds', commands: [build, prune] };

/** `docker build`, `docker image build` and `docker builder …` where DOCKER_BUILDKIT is 0 (docker/cli's own commands). */
export async function runLegacy(process: Process, session: Session, words: readonly string[]): Promise<number> {
  const error = (text: string) => process.stderr.write(text);
  await error(banner);
  const seen = { swarm: undefined, width: helpWidth(process) };
  const [group, name] = words;
  const inGroup = group === 'builder';
  const command = !inGroup || name === 'build' ? build : name === 'prune' ? prune : undefined;
  if (command === undefined) {
    if (name === undefined || name.startsWith('-')) {
      await (name === undefined ? process.stderr : process.stdout).write(groupHelp(builder, 'docker builder', seen));
      return 0;
    }
    await error(
      `docker: unknown command: docker builder ${name}\n\nUsage:  docker builder\n\nRun 'docker builder --help' for more information\n`,
    );
    return 1;
  }
  const depth = group === 'build' ? 1 : 2;
  const path = `docker ${words.slice(0, depth).join(' ')}`;
  const usage = `Usage:  ${usageLine(command, path)}\n\nRun '${path} --help' for more information\n`;
  const parsed = parseFlags(words.slice(depth), command.flags ?? [], true);
  if (parsed.ok === 'help') {
    await process.stdout.write(commandHelp(command, path, seen));
    return 0;
  }
  if (!parsed.ok) {
    await error(`${parsed.error}\n\n${usage}`);
    return 125;
  }
  const [, most] = command.operands;
  if (parsed.args.length !== most) {
    const problem = most === 0 ? 'accepts no arguments' : 'requires 1 argument';
    await error(`docker: '${path}' ${problem}\n\n${usage}`);
    return 1;
  }
  const api = new Api(process, session);
  try {
    await api.greet();
    return await command.run({
      process,
      api,
      session,
      flags: parsed.values,
      args: parsed.args,
      path,
      out: (text) => process.stdout.write(text),
      error,
    });
  } catch (thrown) {
    if (thrown instanceof ProcessEnded || !(thrown instanceof CommandError)) throw thrown;
    if (thrown.message !== '') await error(`${thrown.message}\n`);
    return thrown.status;
  }
}

async function legacyPrune({ api, flags: given, out, process }: Invocation): Promise<number> {
  const all = given.on('all');
  if (!given.on('force')) {
    const what = all ? 'all build cache' : 'all dangling build cache';
    await out(`WARNING! This will remove ${what}. Are you sure you want to continue? [y/N] `);
    if (!/^y(es)?$/i.test(((await process.stdin.readLine()) ?? '').trim())) return 0;
  }
  const keep = given.last('keep-storage');
  const size = keep === undefined ? undefined : parseSize(keep);
  const params = query({
    all: all ? '1' : undefined,
    filters: filtersParam(given.all('filter')),
    'keep-storage': size?.ok === true ? String(size.value) : undefined,
  });
  const { CachesDeleted, SpaceReclaimed } = (await api.send('POST', `/build/prune${params}`)).json<{
    CachesDeleted: readonly string[] | null;
    SpaceReclaimed: number;
  }>();
  const deleted = CachesDeleted ?? [];
  if (deleted.length > 0) await out(`Deleted build cache objects:\n${deleted.map((id) => `${id}\n`).join('')}\n`);
  await out(`Total reclaimed space: ${humanSize(SpaceReclaimed, 4)}\n`);
  return 0;
}
