import { err, ok, type Result } from '../../../sim/result';
import { latencies } from '../../../sim/latencies';
import { decode } from '../../../linux/io/bytes';
import type { FileSystem } from '../../../linux/fs/types';
import type { OpenFile } from '../../../linux/io/open-file';
import type { Child, Process } from '../../../linux/process/types';
import { signalNumber } from '../../../linux/process/signals';
import type { Engine } from '../../dockerd/engine';
import type { Endpoint } from '../../dockerd/network/network';
import { defaultMounts, type ContainerSpec, type SpecMount } from '../../runc/spec';
import { removeCgroup } from '../../runc/cgroups';
import { runContainer } from '../../runc/run';
import { resolveUser } from '../../runc/user';
import { Output, OutputFile } from '../../shim/output';
import { BuildFailure } from '../dockerfile/source';
import { writeSandboxFiles } from './sandbox-files';
import type { ExecOp } from './types';

export interface ExecOptions {
  readonly engine: Engine;
  readonly op: ExecOp;
  /** Where the root file system is mounted. */
  readonly root: string;
  readonly mounts: readonly SpecMount[];
  /** Variables that secrets give. */
  readonly env: readonly (readonly [string, string])[];
  readonly log: (stream: 1 | 2, text: string) => void;
  /** Hands out how to end it early. */
  readonly running: (kill: () => void) => () => void;
}

/** The process of a RUN, in a container of its own (buildkit executor/runcexecutor). Throws what went wrong. */
export async function execute(options: ExecOptions): Promise<void> {
  const { op } = options;
  const failure = await run(options);
  if (failure === undefined) return;
  throw new BuildFailure(`process ${JSON.stringify(op.args.join(' '))} did not complete successfully: ${failure}`);
}

async function run({ engine, op, root, mounts, env, log, running }: ExecOptions): Promise<string | undefined> {
  const { host, clock, random, dockerd, trace } = engine.options;
  await clock.sleep(latencies.runcCreate + (op.network === 'host' || op.network === 'none' ? 0 : latencies.cni));
  const user = resolveUser(host.fs, root, op.user);
  if (!user.ok) return user.error;
  const id = random.string(25, '0123456789abcdefghijklmnopqrstuvwxyz');
  const files = writeSandboxFiles(engine, id, op);
  const stubs = stubsOf(host.fs, root, [...defaultMounts, ...files.mounts, ...mounts]);
  const variables = new Map([...op.proxy, ...op.env, ...env]);
  if (!variables.has('HOME')) variables.set('HOME', user.value.home);
  const spec: ContainerSpec = {
    process: { args: op.args, env: variables, cwd: op.cwd, user: user.value, terminal: false },
    root: { path: root },
    hostname: 'buildkitsandbox',
    mounts: [...defaultMounts, ...files.mounts, ...mounts],
    cgroupsPath: `/system.slice/docker.service/buildkit/${id}`,
    namespaces: {
      mnt: 'new',
      pid: 'new',
      ipc: 'new',
      uts: 'new',
      cgroup: 'new',
      ...(op.network === 'host' ? {} : { net: 'new' }),
    },
  };
  let endpoint: Endpoint | undefined;
  const plug = (child: Process): Result<void, string> => {
    if (op.network === 'host') return ok(undefined);
    child.net.setUp('lo', true);
    if (op.network === 'none') return ok(undefined);
    const network = engine.networks.find(op.network);
    if (network === undefined) return err(`network mode ${JSON.stringify(op.network)} not supported by buildkit`);
    const { endpoints } = engine.networks;
    const connected = endpoints.connect(network, { id, name: 'buildkitsandbox' }, child.net);
    if (!connected.ok) return connected;
    endpoint = connected.value;
    endpoints.updateGateway([endpoint], child.net, []);
    return ok(undefined);
  };
  const outputs = ([1, 2] as const).map((stream) => {
    const output = new Output(clock);
    output.listen((bytes) => log(stream, decode(bytes)));
    return [stream, new OutputFile(`pipe:[${id}]`, output)] as const;
  });
  const fds = new Map<number, OpenFile>(outputs);
  const zero = host.fs.open('/dev/null', { read: true });
  if (zero.ok) fds.set(0, zero.value);
  trace.record(`runc@${host.name}`, 'run', `build step ${id}`, { args: op.args });
  const spawn = (given: Parameters<Process['spawn']>[0]) => dockerd.spawn(given);
  const started = runContainer(spawn, spec, { fds }, plug);
  let status: string | undefined;
  if (started.ok) {
    const { child, namespaces } = started.value;
    const ended = running(() => dockerd.kill(child.pid, 'SIGKILL'));
    status = await exitOf(child);
    ended();
    await clock.sleep(latencies.taskDelete);
    if (endpoint !== undefined) engine.networks.endpoints.disconnect(endpoint, namespaces.net);
    if (op.network !== 'host') namespaces.net.destroy();
  } else {
    if (endpoint !== undefined) engine.networks.endpoints.disconnect(endpoint);
    // runc itself says it, on the step's stderr.
    log(2, `runc run failed: ${started.error.replace(/^runc create failed: /, '')}\n`);
    status = 'exit code: 1';
  }
  removeCgroup(host.fs, spec.cgroupsPath);
  files.release();
  for (const path of stubs) removeStub(host.fs, path);
  return status;
}

async function exitOf(child: Child): Promise<string | undefined> {
  const status = await child.wait();
  if (status.kind === 'exited') return status.code === 0 ? undefined : `exit code: ${status.code}`;
  const code = 128 + signalNumber(status.kind === 'continued' ? 'SIGCONT' : status.signal);
  if (status.kind === 'signaled' && status.oom === true) return `cannot allocate memory`;
  return `exit code: ${code}`;
}

/** What is only made so that something can be mounted on it does not belong to the layer; deepest first. */
function stubsOf(fs: FileSystem, root: string, mounts: readonly SpecMount[]): readonly string[] {
  const stubs = new Set<string>();
  for (const { destination } of mounts) {
    let path = destination.replace(/\/+$/, '');
    while (path !== '' && !fs.lstat(root + path).ok) {
      stubs.add(root + path);
      path = path.slice(0, path.lastIndexOf('/'));
    }
  }
  return [...stubs].sort((a, b) => b.length - a.length);
}

function removeStub(fs: FileSystem, path: string): void {
  const stat = fs.lstat(path);
  if (!stat.ok) return;
  if (stat.value.type === 'directory') fs.rmdir(path);
  else if (stat.value.size === 0) fs.unlink(path);
}
