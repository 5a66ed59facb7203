import { latencies } from '../../sim/latencies';
import { beforeEach, describe, expect, it } from 'vitest';
import { linesAt, type Lines } from '../../world/testing/lines';

/**
 * The facts about the client, processes and files of ../shared/facts/docker-and-netfilter.md, by their numbers; those
 * about networks are in `containers/dockerd/network/facts.test.ts`.
 */
describe('facts measured on Docker 28.5.2', () => {
  let lines: Lines;
  const run = (line: string): Promise<string> => lines.run(line);
  const state = (name: string, fields = '{{.State.ExitCode}}'): Promise<string> =>
    run(`docker inspect -f '${fields}' ${name}`);

  beforeEach(async () => {
    lines = await linesAt('docker');
    await run('docker pull -q nginx; docker pull -q busybox');
  }, 60_000);

  it('1: an unknown flag is 125; a wrong number of arguments or an unknown command 1', async () => {
    const status = (line: string): Promise<string> => run(`${line} >/dev/null 2>&1; echo $?`);
    for (const command of ['ps', 'run', 'network ls', 'volume create', 'image prune'])
      expect([command, await status(`docker ${command} --bogus`)]).toEqual([command, '125\n']);
    for (const line of ['create', 'ps more', 'volume rm', 'bogus']) expect(await status(`docker ${line}`)).toBe('1\n');
  });

  it('2: a failing run points at its help; start, exec and rm do not', async () => {
    const hint = /\n\nRun 'docker run --help' for more information\n$/;
    for (const args of ['busybox nosuch', '--net nope busybox', '--bogus busybox', 'no/such/image/here'])
      expect(await run(`docker run ${args}`)).toMatch(hint);
    for (const args of ['start nope', 'exec nope true', 'rm nope'])
      expect(await run(`docker ${args}`)).not.toMatch(hint);
  });

  it('3: run -d that fails after create prints the id, and the container stays created with 127, 126 or 128', async () => {
    await run('docker run -d --name web -p 8080:80 nginx');
    for (const [args, status] of [
      ['busybox nosuch', '127'],
      ['busybox /etc', '126'],
      ['-p 8080:80 nginx', '128'],
    ] as const) {
      expect(await run(`docker run -d --name failed ${args} 2>/dev/null`)).toMatch(/^[0-9a-f]{64}\n$/);
      expect(await state('failed', '{{.State.Status}} {{.State.ExitCode}}')).toBe(`created ${status}\n`);
      await run('docker rm failed');
    }
  });

  it('4: what runc refuses to exec is said on stdout, with 127 or 126; a missing user is on stderr, with 1', async () => {
    await run('docker run -d --name web nginx');
    const refused = 'OCI runtime exec failed: exec failed: unable to start container process: exec: ';
    expect(await run('docker exec web nosuch 2>/dev/null; echo $?')).toBe(
      `${refused}"nosuch": executable file not found in $PATH\r\n127\n`,
    );
    expect(await run('docker exec web /etc 2>/dev/null; echo $?')).toBe(
      `${refused}"/etc": is a directory: permission denied\r\n126\n`,
    );
    expect(await run('docker exec -u nosuch web id 2>/dev/null; echo $?')).toBe('1\n');
  });

  it('5: rm -f and volume rm -f of what is not there succeed', async () => {
    expect(await run('docker rm -f nope; echo $?')).toBe('Error response from daemon: No such container: nope\n0\n');
    expect(await run('docker volume rm -f nope; echo $?')).toBe('nope\n0\n');
  });

  it('6: inspect of nothing prints an empty list; a template that does not parse is 64', async () => {
    expect(await run('docker inspect nope 2>/dev/null; echo $?')).toBe('[]\n1\n');
    expect(await run('docker inspect nope 2>&1 >/dev/null')).toBe('Error: No such object: nope\n');
    await run('docker create --name made busybox');
    expect(await run("docker inspect -f '{{.Foo' made; echo $?")).toBe(
      'template parsing error: template: :1: unclosed action\n64\n',
    );
  });

  it('7: a missing volume driver looks like a missing image; any --tail is taken; names of networks may have spaces', async () => {
    const said = await run('docker run --rm --volume-driver nope -v data:/x busybox true; echo $?');
    expect(said).toMatch(/^Unable to find image 'busybox:latest' locally\nlatest: Pulling from library\/busybox\n/);
    expect(said).toMatch(/error looking up volume plugin nope: plugin "nope" not found\n[^]*\n125\n$/);
    await run("docker run --name two busybox sh -c 'echo a; echo b'");
    expect(await run('docker logs --tail foo two')).toBe('a\nb\n');
    await run("docker network create 'a b'");
    expect(await run("docker network ls -f name='a b' --format '[{{.Name}}]'")).toBe('[a b]\n');
  });

  it('9: five ways in which an image is kept, and ps shows the id of one that was removed by force', async () => {
    const id = (await run('docker images -q busybox')).trim();
    const using = async (name: string): Promise<string> => (await run(`docker ps -aq -f name=${name}`)).trim();
    await run('docker run -d --name user busybox sleep 1000');
    const user = await using('user');
    const conflict = 'Error response from daemon: conflict: unable to ';
    const byName = `${conflict}remove repository reference "busybox" (must force) - container ${user} is using its referenced image ${id}\n`;
    expect(await run('docker rmi busybox')).toBe(byName);
    expect(await run(`docker rmi ${id}`)).toBe(
      `${conflict}delete ${id} (cannot be forced) - image is being used by running container ${user}\n`,
    );
    await run('docker stop -t 0 user');
    expect(await run('docker rmi busybox')).toBe(byName);
    expect(await run(`docker rmi ${id}`)).toBe(
      `${conflict}delete ${id} (must be forced) - image is being used by stopped container ${user}\n`,
    );
    await run('docker tag busybox other:2');
    expect(await run(`docker rm user; docker tag other:2 third/one; docker rmi ${id}`)).toBe(
      `user\n${conflict}delete ${id} (must be forced) - image is referenced in multiple repositories\n`,
    );
    await run('docker rmi third/one; docker run -d --name user busybox sleep 1000');
    expect(await run('docker rmi busybox')).toMatch(
      /^Untagged: busybox:latest\nUntagged: busybox@sha256:[0-9a-f]{64}\n$/,
    );
    await run('docker stop -t 0 user; docker rmi -f other:2');
    expect(await run("docker ps -a --format '{{.Image}}'")).toBe(`${id}\n`);
  });

  it('10: logs keep their streams apart; stats --no-stream takes two seconds; top has columns of 20', async () => {
    await run("docker run --name both busybox sh -c 'echo out; echo err >&2'");
    expect(await run('docker logs both 2>/dev/null')).toBe('out\n');
    expect(await run('docker logs both 2>&1 >/dev/null')).toBe('err\n');
    await run('docker run -d --name idle busybox sleep 1000');
    const before = lines.lab.clock.now;
    await run('docker stats --no-stream idle');
    expect(Math.round((lines.lab.clock.now - before) / 1000)).toBe(2);
    expect((await run('docker top idle')).split('\n')[0]).toBe(
      'UID                 PID                 PPID                C                   STIME               TTY                 TIME                CMD',
    );
  });

  it('12: memory brings as much swap; updating memory alone is refused; limits are files of cgroup v2', async () => {
    const id = (await run('docker run -d --name small -m 64m --cpus .5 busybox sleep 1000')).trim();
    const scope = `/sys/fs/cgroup/system.slice/docker-${id}.scope`;
    expect(await state('small', '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}')).toBe('67108864 134217728\n');
    expect(await run(`cat ${scope}/memory.swap.max ${scope}/cpu.max`)).toBe('67108864\n50000 100000\n');
    expect(await run('docker update -m 500m small')).toBe(
      `Error response from daemon: Cannot update container ${id}: Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time\n`,
    );
  });

  it('13: the first process is deaf to signals without a handler; stop waits ten seconds; --init ends at once', async () => {
    expect(await run("docker run --rm busybox sh -c 'kill -9 $$'; echo $?")).toBe('0\n');
    await run('docker run -d --name deaf busybox sleep 1000; docker run -d --init --name init busybox sleep 1000');
    const before = lines.lab.clock.now;
    await run('docker stop deaf');
    expect(Math.round((lines.lab.clock.now - before) / 1000)).toBe(10);
    await run('docker stop init');
    expect([await state('deaf'), await state('init')]).toEqual(['137\n', '143\n']);
  });

  it('14: a paused process is frozen by its cgroup and still sleeps; a connection is made, then hangs; stop works', async () => {
    const id = (await run('docker run -d --name web -p 8080:80 nginx')).trim();
    await run('sleep 1; docker pause web');
    const scope = `/sys/fs/cgroup/system.slice/docker-${id}.scope`;
    expect(await run(`cat ${scope}/cgroup.freeze; grep frozen ${scope}/cgroup.events`)).toBe('1\nfrozen 1\n');
    expect(await run(`ps -o stat= -p $(docker inspect -f '{{.State.Pid}}' web)`)).toMatch(/^S/);
    expect(await run('curl -sS -m 3 http://127.0.0.1:8080/')).toMatch(/^curl: \(28\) Operation timed out/);
    expect(await run('docker stop -t 1 web')).toBe('web\n');
  });

  it('15: restarts wait 100, 200, 400 … ms, and exec is told so', async () => {
    await run("docker run -d --name again --restart always busybox sh -c 'exit 3'; sleep 2.5");
    expect(await run("docker ps -a --format '{{.Status}}'")).toMatch(/^Restarting \(3\) .*\n$/);
    expect(await run('docker exec again true')).toMatch(/is restarting, wait until the container is running\n$/);
    const starts = (await run("docker events --since 5s --until 0s -f event=start --format '{{.TimeNano}}'")).trim();
    const times = starts.split('\n').map((time) => Number(BigInt(time) / 1_000_000n));
    // Besides, a run takes its time to begin and to end.
    const around = latencies.runcCreate + latencies.cni + latencies.taskDelete;
    const waits = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0) - around) / 100) * 100);
    expect(waits.slice(0, 4)).toEqual([100, 200, 400, 800]);
  });

  it('16: who comes back with the daemon', async () => {
    await run('docker run -d --name always --restart always busybox sleep 1000');
    await run('docker run -d --name unless --restart unless-stopped busybox sleep 1000');
    await run('docker run -d --name failure --restart on-failure busybox true');
    await run('docker stop -t 0 always unless; systemctl restart docker; sleep 1');
    expect(await run("docker ps --format '{{.Names}}'")).toBe('always\n');
  });

  it('17: a child that runs out of memory marks the container; so does the first process, with 137; kill does not', async () => {
    await run("docker run --name child -m 16m busybox sh -c 'tail /dev/zero; true'");
    await run('docker run --name first -m 16m busybox tail /dev/zero');
    await run('docker run -d --name killed busybox sleep 100; docker kill killed');
    expect(await state('child first killed', '{{.State.ExitCode}} {{.State.OOMKilled}}')).toBe(
      '0 true\n137 true\n137 false\n',
    );
    await run('sleep 1');
    expect(
      await run("docker events --since 1m --until 0s -f container=first -f type=container --format '{{.Action}}'"),
    ).toBe('create\nattach\nstart\noom\ndie\n');
  });

  it('18: whiteouts are devices 0:0, opaque directories become .wh..wh..opq, parents are listed as changed', async () => {
    await run(
      "docker run --name files busybox sh -c 'rm /bin/wget; rm -rf /var/spool; mkdir /var/spool; touch /t; rm /t; touch /etc/new'",
    );
    expect(await run('docker diff files')).toBe(
      'C /bin\nD /bin/wget\nC /var\nC /var/spool\nD /var/spool/mail\nC /etc\nA /etc/new\n',
    );
    const upper = (await run("docker inspect -f '{{.GraphDriver.Data.UpperDir}}' files")).trim();
    expect(await run(`stat -c '%F %t:%T' ${upper}/bin/wget`)).toBe('character special file 0:0\n');
    await run('docker commit files done; mkdir x; docker save done | tar x -C x');
    expect(await run('for blob in x/blobs/sha256/*; do tar tf $blob 2>/dev/null; done | grep wh[.] | sort')).toBe(
      'bin/.wh.wget\nvar/spool/.wh..wh..opq\n',
    );
  });

  it('19: what the -init layer holds; a named volume is filled once; rm keeps anonymous volumes, rm -v does not', async () => {
    await run('docker create --name made busybox');
    const lower = (await run("docker inspect -f '{{.GraphDriver.Data.LowerDir}}' made")).split(':')[0] ?? '';
    expect(lower).toMatch(/-init\/diff$/);
    expect((await run(`cd ${lower}; find . -not -type d -o -empty | sort`)).trim().split('\n')).toEqual(
      [
        '.dockerenv',
        'dev/console',
        'dev/pts',
        'dev/shm',
        'etc/hostname',
        'etc/hosts',
        'etc/mtab',
        'etc/resolv.conf',
        'proc',
        'sys',
      ].map((path) => `./${path}`),
    );
    await run('docker run --rm -v named:/etc busybox true');
    expect(await run('docker run --rm -v named:/x busybox ls /x')).toContain('passwd\n');
    await run('docker run --rm -v kept:/etc:nocopy busybox true');
    expect(await run('docker run --rm -v kept:/x busybox ls -A /x')).not.toContain('passwd\n');
    const count = (): Promise<string> => run('docker volume ls -q | wc -l');
    await run('docker volume rm named kept; docker run --name anonymous -v /data busybox true; docker rm anonymous');
    expect(await count()).toBe('1\n');
    await run('docker run --name anonymous -v /data busybox true; docker rm -v anonymous');
    expect(await count()).toBe('1\n');
  });

  it('20: BuildKit does not make the directory of a VOLUME, the classic builder does; their statuses differ', async () => {
    const build = (dockerfile: string, buildkit: 0 | 1): Promise<string> =>
      run(
        `mkdir -p b; printf '${dockerfile}' > b/Dockerfile; DOCKER_BUILDKIT=${buildkit} docker build b >out 2>err; echo $?; wc -c < ${buildkit === 1 ? 'out' : 'err'}`,
      );
    const volume = 'FROM busybox\\nVOLUME /v\\nRUN echo > /v/f\\n';
    expect([await build(volume, 1), (await build(volume, 0)).split('\n')[0]]).toEqual(['1\n0\n', '0']);
    for (const [failing, status] of [
      ['RUN exit 3', '3'],
      ['RUN nosuch', '127'],
    ] as const) {
      const dockerfile = `FROM busybox\\n${failing}\\n`;
      expect([await build(dockerfile, 1), (await build(dockerfile, 0)).split('\n')[0]]).toEqual(['1\n0\n', status]);
    }
  });
});
