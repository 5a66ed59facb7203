import { expect, test } from 'vitest';
import { decode } from '../../linux/io/bytes';
import type { NetworkAdmin } from '../../linux/net/types';
import type { Program } from '../../linux/process/types';
import { registries } from '../images/catalogue';
import { Registries } from '../images/registry';
import { lab } from '../testing/lab';
import { ok } from '../../sim/result';
import type { ContainerConfig, CriRuntime, PodSandboxConfig } from './cri';
import { createCri } from './cri-runtime';

const pause: Program = async (process) => {
  await process.block(() => () => undefined);
  return 0;
};
/** A busybox of three applets. */
const busybox: Program = async (process) => {
  const [name = '', ...args] = process.argv;
  switch (name.split('/').at(-1)) {
    case 'echo':
      await process.stdout.write(`${args.join(' ')}\n`);
      return 0;
    case 'sleep':
      await process.sleep(Number(args[0]) * 1000);
      return 0;
    case 'env':
      for (const [key, value] of process.env) await process.stdout.write(`${key}=${value}\n`);
      return 0;
    // As `tail /dev/zero`, which keeps what might be its last line.
    case 'tail':
      while (process.memory.allocate(2 ** 20).ok) await process.sleep(1);
      return 1;
    case 'sh': {
      const child = process.spawn({ file: busybox, argv: ['tail', '/dev/zero'] });
      return child.ok && (await child.value.wait()).kind === 'signaled' ? 3 : 0;
    }
    case 'ls': {
      const listed = process.fs.readdir(args[0] ?? '.');
      await process.stdout.write(listed.ok ? listed.value.map((entry) => entry.name).join(' ') : listed.error.message);
      return 3;
    }
    case 'ps':
      for (const { pid, argv } of process.host.processes(process))
        await process.stdout.write(`${pid} ${argv.join(' ')}\n`);
      return 0;
    default:
      return 127;
  }
};

const sandboxConfig: PodSandboxConfig = {
  metadata: { name: 'web', uid: 'u-1', namespace: 'default', attempt: 0 },
  hostname: 'web',
  logDirectory: '/var/log/pods/default_web_u-1',
  dnsConfig: { servers: ['10.96.0.10'], searches: ['default.svc.cluster.local'], options: ['ndots:5'] },
  labels: {},
  annotations: {},
  cgroupParent: '/kubepods/besteffort/podu-1',
};

const container = (command: readonly string[]): ContainerConfig => ({
  metadata: { name: 'c', attempt: 0 },
  image: { image: 'busybox' },
  command,
  envs: [{ key: 'A', value: 'b' }],
  mounts: [],
  labels: {},
  annotations: {},
  logPath: 'c/0.log',
});

function world() {
  const { host, clock, random, trace } = lab({ pause, busybox });
  const cni = { add: () => ok({ ip: '10.244.1.2' }), del: () => ok(undefined) };
  const cri = createCri({ host, clock, random, trace, cni, registries: new Registries(registries) });
  const call = async <T>(act: (done: (result: T) => void) => void): Promise<T> => {
    let result: T | undefined;
    act((value) => (result = value));
    await clock.runUntil(() => result !== undefined, { limit: 600_000 });
    return result as T;
  };
  return { host, clock, cri, call };
}

type Made<T> = { ok: true; value: T } | { ok: false; error: unknown };
const value = <T>(result: Made<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

async function run(
  { cri, call }: { cri: CriRuntime; call: ReturnType<typeof world>['call'] },
  sandbox: string,
  command: readonly string[],
) {
  const id = value(await call<Made<string>>((done) => cri.createContainer(sandbox, container(command), done)));
  const started = await call<Made<void>>((done) => cri.startContainer(id, done));
  return { id, started };
}

test('a pod lives: sandbox, container, log, exec, stop', async () => {
  const lab = world();
  const { cri, call, clock, host } = lab;
  value(await call<Made<string>>((done) => cri.pullImage({ image: 'busybox' }, {}, done)));
  const sandbox = value(await call<Made<string>>((done) => cri.runPodSandbox(sandboxConfig, done)));
  expect(value(cri.podSandboxStatus(sandbox))).toMatchObject({ state: 'SANDBOX_READY', ip: '10.244.1.2' });

  const network = cri.sandboxNetwork(sandbox) as NetworkAdmin | undefined;
  expect(network?.link('lo')?.up).toBe(true);

  const echo = await run(lab, sandbox, ['echo', 'hello']);
  expect(echo.started).toEqual(ok(undefined));
  await clock.advance(1000);
  expect(value(cri.containerStatus(echo.id))).toMatchObject({
    state: 'CONTAINER_EXITED',
    exitCode: 0,
    reason: 'Completed',
  });
  expect(value(host.fs.readText('/var/log/pods/default_web_u-1/c/0.log'))).toMatch(
    /^2025-11-21T09:\S+Z stdout F hello\n$/,
  );

  const { id } = await run(lab, sandbox, ['sleep', '100']);
  const sync = async (...command: string[]) => {
    const result = value(
      await call<Made<{ stdout: Uint8Array; exitCode: number }>>((done) => cri.execSync(id, command, 0, done)),
    );
    return [result.exitCode, decode(result.stdout)];
  };
  expect(await sync('env')).toEqual([
    0,
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nHOSTNAME=web\nA=b\nHOME=/root\n',
  ]);
  expect(await sync('ls', '/')).toEqual([3, 'proc dev sys etc root var home tmp lib usr bin']);
  expect(await sync('ls', '/dev')).toEqual([3, expect.stringContaining('null')]);
  expect(await sync('ps')).toEqual([0, expect.stringMatching(/^1 sleep 100\n\d+ ps\n$/)]);
  const missing = await call<Made<unknown>>((done) => cri.execSync(id, ['nope'], 0, done));
  expect(missing).toMatchObject({
    error: {
      code: 'Unknown',
      message: expect.stringMatching(
        /^failed to exec in container: failed to start exec "\w{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "nope": executable file not found in \$PATH$/,
      ),
    },
  });

  expect((await run(lab, sandbox, ['nope'])).started).toEqual({
    ok: false,
    error: {
      code: 'Unknown',
      message:
        'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "nope": executable file not found in $PATH',
    },
  });
  const before = clock.now;
  await call<Made<void>>((done) => cri.stopContainer(id, 10, done));
  expect(clock.now - before).toBe(10_000);
  expect(value(cri.containerStatus(id))).toMatchObject({ exitCode: 137, reason: 'Error', signal: 'SIGKILL' });

  await call<Made<void>>((done) => cri.removePodSandbox(sandbox, done));
  expect(cri.listPodSandbox()).toEqual([]);
  expect(cri.listContainers()).toEqual([]);
  await clock.advance(1000);
  expect(host.processes(host.init).map(({ argv }) => argv[0])).toEqual(['/sbin/init']);
  expect(host.fs.mounts().filter(({ type }) => type === 'overlay')).toEqual([]);
  expect(network?.links().filter(({ up }) => up)).toEqual([]);
  const groups = host.fs.readdir('/sys/fs/cgroup/kubepods/besteffort/podu-1');
  expect(groups.ok && groups.value.filter(({ type }) => type === 'directory')).toEqual([]);
});

test('a container whose memory runs out is OOMKilled, also where only a child of its command was', async () => {
  const lab = world();
  const { cri, call, clock, host } = lab;
  value(await call<Made<string>>((done) => cri.pullImage({ image: 'busybox' }, {}, done)));
  const sandbox = value(await call<Made<string>>((done) => cri.runPodSandbox(sandboxConfig, done)));
  const ended = async (command: readonly string[]): Promise<unknown> => {
    const config = { ...container(command), resources: { memoryLimitInBytes: 16 * 2 ** 20 } };
    const id = value(await call<Made<string>>((done) => cri.createContainer(sandbox, config, done)));
    value(await call<Made<void>>((done) => cri.startContainer(id, done)));
    await clock.advance(1000);
    const { state, exitCode, reason } = value(cri.containerStatus(id));
    return [state, exitCode, reason];
  };
  expect(await ended(['tail', '/dev/zero'])).toEqual(['CONTAINER_EXITED', 137, 'OOMKilled']);
  expect(await ended(['sh', '-c', 'tail /dev/zero; exit 3'])).toEqual(['CONTAINER_EXITED', 3, 'OOMKilled']);
  expect(host.fs.readText('/proc/kmsg')).toMatchObject({
    value: expect.stringMatching(/oom_memcg=\/kubepods\/.*Killed process/s),
  });
});
