import { expect, test } from 'vitest';
import { registries } from '../../containers/images/catalogue';
import { Registries } from '../../containers/images/registry';
import { lab } from '../../containers/testing/lab';
import { decode } from '../../linux/io/bytes';
import { Output, OutputFile } from '../../containers/shim/output';
import type { Program } from '../../linux/process/types';
import { elf } from '../../linux/process/executable';
import { dockerd } from '../dockerd/dockerd';
import { docker } from '.';

/** A busybox of a few applets. */
const busybox: Program = async (process) => {
  const [name = '', ...args] = process.argv;
  switch (name.split('/').at(-1)) {
    case 'echo':
      await process.stdout.write(`${args.join(' ')}\n`);
      return 0;
    // As `tail /dev/zero`, which keeps what might be its last line.
    case 'tail':
      while (process.memory.allocate(2 ** 20).ok) await process.sleep(1);
      return 1;
    case 'cat':
      for await (const chunk of process.stdin) await process.stdout.write(chunk);
      return 0;
    case 'false':
      await process.stderr.write('no\n');
      return 3;
    case 'sleep':
      await process.sleep(Number(args[0]) * 1000);
      return 0;
    case 'hostname':
      await process.stdout.write(`${process.namespaces.uts.hostname}\n`);
      return 0;
    case 'ip':
      for (const { name: link, addresses } of process.net.links())
        await process.stdout.write(`${link} ${addresses.join(' ')}\n`);
      return 0;
    case 'httpd': {
      process.signals.handle('SIGTERM', () => process.exit(0));
      const listener = process.net.listen(process, { address: '0.0.0.0', port: 80 });
      if (!listener.ok) return 1;
      for (;;) {
        const accepted = await listener.value.accept();
        if (!accepted.ok) return 1;
        await accepted.value.write(new TextEncoder().encode(`hello ${accepted.value.remote.address}`));
        accepted.value.close();
      }
    }
    default:
      return 127;
  }
};

/** Connects and prints what comes. */
const dial: Program = async (process) => {
  const [address = '', port = '80'] = process.args;
  const socket = await process.net.connect(process, { address, port: Number(port) }, { timeout: 3000 });
  if (!socket.ok) {
    await process.stderr.write(`${socket.error.message}\n`);
    return 1;
  }
  for (;;) {
    const read = await socket.value.read();
    if (!read.ok || read.value === undefined) return 0;
    await process.stdout.write(read.value);
  }
};

async function world() {
  const made: ReturnType<typeof lab> = lab({
    docker,
    dockerd: dockerd({ registries: new Registries(registries), hostOf: () => made.host, running: () => undefined }),
    busybox,
    dial,
  });
  const { host, clock } = made;
  host.fs.mkdirAll('/usr/bin');
  for (const name of ['docker', 'dockerd', 'dial']) host.fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  host.net.setUp('lo', true);
  const spawned = host.spawn({ file: '/usr/bin/dockerd', argv: ['dockerd'] });
  expect(spawned.ok).toBe(true);
  await clock.advance(100);
  const run = async (...argv: string[]) => {
    let [stdout, stderr] = ['', ''];
    const out = new Output(clock);
    const error = new Output(clock);
    out.listen((bytes) => void (stdout += decode(bytes)));
    error.listen((bytes) => void (stderr += decode(bytes)));
    const nothing = host.fs.open('/dev/null', { read: true });
    const child = host.spawn({
      file: `/usr/bin/${argv[0]}`,
      argv,
      fds: new Map([
        ...(nothing.ok ? [[0, nothing.value] as const] : []),
        [1, new OutputFile('out', out)] as const,
        [2, new OutputFile('err', error)] as const,
      ]),
    });
    if (!child.ok) throw new Error(child.error.message);
    let code: number | undefined;
    child.value.process.atExit(() => undefined);
    void child.value.wait().then((status) => (code = status.kind === 'exited' ? status.code : -1));
    await clock.runUntil(() => code !== undefined, { limit: 120_000 });
    return [code, stdout, stderr];
  };
  return { host, clock, run };
}

test('docker run pulls, runs, and tells how it ended', async () => {
  const { run } = await world();
  expect(await run('docker', 'ps')).toEqual([
    0,
    'CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n',
    '',
  ]);
  const [code, stdout, stderr] = await run('docker', 'run', 'busybox', 'echo', 'hi');
  expect([code, stdout]).toEqual([0, 'hi\n']);
  expect(stderr).toMatch(
    /^Unable to find image 'busybox:latest' locally\nlatest: Pulling from library\/busybox\n(\w{12}): Pulling fs layer\n\1: Verifying Checksum\n\1: Download complete\n\1: Pull complete\nDigest: sha256:\w{64}\nStatus: Downloaded newer image for busybox:latest\n$/,
  );
  expect(await run('docker', 'run', '--rm', 'busybox', 'false')).toEqual([3, '', 'no\n']);
  expect(await run('docker', 'run', '--rm', 'busybox', 'nope')).toEqual([
    127,
    '',
    `docker: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "nope": executable file not found in $PATH\n\nRun 'docker run --help' for more information\n`,
  ]);
  expect(await run('docker', 'run', 'nope')).toEqual([
    125,
    '',
    "Unable to find image 'nope:latest' locally\ndocker: Error response from daemon: pull access denied for nope, repository does not exist or may require 'docker login': denied: requested access to the resource is denied\n\nRun 'docker run --help' for more information\n",
  ]);
  const [, listed] = await run('docker', 'ps', '-a');
  expect(listed).toMatch(
    /^CONTAINER ID {3}IMAGE {5}COMMAND {5}CREATED {3,}STATUS {10,}PORTS {5}NAMES\n\w{12} {3}busybox {3}"echo hi" {3}\S.* ago {3}Exited \(0\) .* ago {13}\w+_\w+\n$/,
  );
});

test('a published port is reached from the host, and gone after rm', async () => {
  const { run, host } = await world();
  expect(await run('docker', 'pull', '-q', 'busybox')).toEqual([0, 'docker.io/library/busybox:latest\n', '']);
  const before = host.net.netfilter.save();
  const [code, id] = await run('docker', 'run', '-d', '--name', 'web', '-p', '8080:80', 'busybox', 'httpd');
  expect([code, id]).toEqual([0, expect.stringMatching(/^[0-9a-f]{64}\n$/)]);
  expect(await run('docker', 'port', 'web')).toEqual([0, '80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n', '']);
  expect(await run('dial', '172.17.0.2', '80')).toEqual([0, 'hello 172.17.0.1', '']);
  expect(await run('dial', '127.0.0.1', '8080')).toEqual([0, 'hello 172.17.0.1', '']);
  expect(await run('docker', 'exec', 'web', 'ip')).toEqual([0, 'lo 127.0.0.1/8\neth0 172.17.0.2/16\n', '']);
  expect(await run('docker', 'exec', 'web', 'false')).toEqual([3, '', 'no\n']);
  expect(await run('docker', 'exec', 'web', 'nope')).toEqual([
    127,
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "nope": executable file not found in $PATH\r\n',
    '',
  ]);
  expect(
    host.net.netfilter
      .save()
      .split('\n')
      .filter((line) => line.includes('172.17.0.2')),
  ).toEqual([
    '-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP',
    '-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT',
    '-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80',
  ]);
  const [, , conflict] = await run('docker', 'run', '-d', '--name', 'other', '-p', '8080:80', 'busybox', 'httpd');
  expect(conflict).toMatch(/Bind for 0\.0\.0\.0:8080 failed: port is already allocated/);
  expect(await run('docker', 'rm', '-f', 'web', 'other')).toEqual([0, 'web\nother\n', '']);
  const rules = (text: string) => text.split('\n').filter((line) => line.startsWith('-A'));
  expect(rules(host.net.netfilter.save())).toEqual(rules(before));
  expect(host.net.links().map(({ name }) => name)).toEqual(['lo', 'docker0']);
});

test('logs, inspect, stop, volumes and networks', async () => {
  const { run, clock } = await world();
  await run('docker', 'pull', '-q', 'busybox');
  await run('docker', 'run', '-d', '--name', 'e1', 'busybox', 'echo', 'out');
  await clock.advance(1000);
  expect(await run('docker', 'logs', 'e1')).toEqual([0, 'out\n', '']);
  expect(await run('docker', 'inspect', '-f', '{{.State.Status}} {{json .Config.Cmd}}', 'e1')).toEqual([
    0,
    'exited ["echo","out"]\n',
    '',
  ]);
  expect(await run('docker', 'inspect', 'nope')).toEqual([1, '[]\n', 'Error: No such object: nope\n']);
  await run('docker', 'run', '-d', '--name', 's1', '-v', 'data:/data', 'busybox', 'sleep', '1000');
  const before = clock.now;
  expect(await run('docker', 'stop', '-t', '2', 's1')).toEqual([0, 's1\n', '']);
  expect(clock.now - before).toBeGreaterThanOrEqual(2000);
  expect(await run('docker', 'inspect', '-f', '{{.State.ExitCode}}', 's1')).toEqual([0, '137\n', '']);
  expect(await run('docker', 'volume', 'ls')).toEqual([0, 'DRIVER    VOLUME NAME\nlocal     data\n', '']);
  const [, id] = await run('docker', 'network', 'create', 'app');
  expect(id).toMatch(/^[0-9a-f]{64}\n$/);
  const [, networks] = await run('docker', 'network', 'ls');
  expect(networks).toMatch(
    /^NETWORK ID {5}NAME {6}DRIVER {4}SCOPE\n\w{12} {3}app {7}bridge {4}local\n\w{12} {3}bridge {4}bridge {4}local\n\w{12} {3}host {6}host {6}local\n\w{12} {3}none {6}null {6}local\n$/,
  );
  expect(await run('docker', 'run', '--rm', '--network', 'app', 'busybox', 'ip')).toEqual([
    0,
    'lo 127.0.0.1/8\neth0 172.18.0.2/16\n',
    '',
  ]);
  expect(await run('docker', 'ps', '--bogus')).toEqual([
    125,
    '',
    "unknown flag: --bogus\n\nUsage:  docker ps [OPTIONS]\n\nRun 'docker ps --help' for more information\n",
  ]);
  expect(await run('docker', 'rm')).toEqual([
    1,
    '',
    "docker: 'docker rm' requires at least 1 argument\n\nUsage:  docker rm [OPTIONS] CONTAINER [CONTAINER...]\n\nSee 'docker rm --help' for more information\n",
  ]);
});

test('limits are set in the cgroup, and what cannot be limited does not start', async () => {
  const { run, host } = await world();
  await run('docker', 'pull', '-q', 'busybox');
  const limited = ['-m', '64m', '--cpus', '0.5', 'busybox', 'sleep', '100'];
  const [, id = ''] = await run('docker', 'run', '-d', '--name', 'l1', ...limited);
  const group = `/sys/fs/cgroup/system.slice/docker-${String(id).trim()}.scope`;
  const read = (name: string) => host.fs.readText(`${group}/${name}`);
  expect(['memory.max', 'memory.swap.max', 'cpu.max'].map(read)).toEqual([
    { ok: true, value: '67108864\n' },
    { ok: true, value: '67108864\n' },
    { ok: true, value: '50000 100000\n' },
  ]);
  await run('docker', 'rm', '-f', 'l1');
  host.fs.umount('/sys/fs/cgroup');
  const [code, , stderr] = await run('docker', 'run', '--name', 'l2', ...limited);
  expect([code, stderr]).toEqual([
    127,
    expect.stringMatching(
      /error setting cgroup config for procHooks process: openat2 .*memory\.(max|limit_in_bytes): no such file or directory/,
    ),
  ]);
  expect(await run('docker', 'inspect', '-f', '{{.State.Running}}', 'l2')).toEqual([0, 'false\n', '']);
});

test('a container that wants more memory than it may have is killed, and docker says why', async () => {
  const { run } = await world();
  await run('docker', 'pull', '-q', 'busybox');
  const [code] = await run('docker', 'run', '--name', 'eater', '-m', '16m', 'busybox', 'tail', '/dev/zero');
  expect(code).toBe(137);
  const state = '{{.State.OOMKilled}} {{.State.ExitCode}} {{.State.Status}}';
  expect(await run('docker', 'inspect', '-f', state, 'eater')).toEqual([0, 'true 137 exited\n', '']);
});

test('a swarm of one node runs services, restarts what fails, and leaves nothing', async () => {
  const { run, clock } = await world();
  const outside =
    'Error response from daemon: This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.\n';
  expect(await run('docker', 'service', 'ls')).toEqual([1, '', outside]);
  expect(await run('docker', 'swarm', 'leave')).toEqual([
    1,
    '',
    'Error response from daemon: This node is not part of a swarm\n',
  ]);
  const [code, text] = await run('docker', 'swarm', 'init', '--advertise-addr', '127.0.0.1');
  expect(code).toBe(0);
  expect(text).toMatch(
    /^Swarm initialized: current node \(\w{25}\) is now a manager\.\n\nTo add a worker to this swarm, run the following command:\n\n {4}docker swarm join --token SWMTKN-1-\w{50}-\w{25} 127\.0\.0\.1:2377\n\nTo add a manager/,
  );
  const [, created] = await run(
    'docker',
    'service',
    'create',
    '--name',
    'web',
    '--replicas',
    '2',
    'busybox',
    'sleep',
    '1000',
  );
  expect(created).toMatch(/^\w{25}\noverall progress: 0 out of 2 tasks\n1\/2: {2}\n2\/2: {2}\n/);
  expect(created).toMatch(
    /verify: Waiting 1 seconds to verify that tasks are stable\.\.\.\nverify: Service \w{25} converged\n$/,
  );
  expect((await run('docker', 'service', 'ls', '--format', '{{.Name}} {{.Replicas}}'))[1]).toBe('web 2/2\n');
  const names = String((await run('docker', 'ps', '--format', '{{.Names}}'))[1]);
  expect(names).toMatch(/^web\.2\.\w{25}\nweb\.1\.\w{25}\n$/);
  await run('docker', 'kill', names.split('\n')[0] ?? '');
  await clock.advance(7000);
  expect((await run('docker', 'service', 'ps', 'web', '--format', '{{.Name}} {{.DesiredState}} {{.Error}}'))[1]).toBe(
    'web.1 Running \nweb.2 Running \nweb.2 Shutdown "task: non-zero exit (137)"\n',
  );
  expect(await run('docker', 'swarm', 'leave', '--force')).toEqual([0, 'Node left the swarm.\n', '']);
  await clock.advance(1000);
  expect((await run('docker', 'ps', '-aq'))[1]).toBe('');
});
