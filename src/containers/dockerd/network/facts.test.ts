import { beforeAll, describe, expect, it } from 'vitest';
import { linesAt, type Lines } from '../../../world/testing/lines';

/** The facts about networks of ../shared/facts/docker-and-netfilter.md, by their numbers. */
describe('facts measured on Docker 28.5.2', () => {
  let lines: Lines;
  const run = (line: string): Promise<string> => lines.run(line);

  beforeAll(async () => {
    lines = await linesAt('docker');
    await run('docker pull nginx; docker pull busybox');
    await run(
      [
        'ip netns add lan; ip link add lan0 type veth peer name far; ip link set far netns lan',
        'ip addr add 192.168.50.1/24 dev lan0; ip link set lan0 up',
        'ip netns exec lan ip addr add 192.168.50.2/24 dev far; ip netns exec lan ip link set far up',
        'ip netns exec lan ip route add default via 192.168.50.1',
      ].join('; '),
    );
  }, 60_000);

  it('24: docker0 is down until the first container; none and host take -p', async () => {
    expect(await run('ip -o link show docker0')).toMatch(/<NO-CARRIER,BROADCAST,MULTICAST,UP>.* state DOWN /);
    expect(await run('docker run --rm --net none -p 8080:80 busybox echo fine')).toBe('fine\n');
    expect(await run('docker run --rm --net host -p 8080:80 busybox echo fine')).toBe(
      'WARNING: Published ports are discarded when using host network mode\nfine\n',
    );
    await run('docker run -d --name web -p 8080:80 nginx');
    expect(await run('ip -o link show docker0')).toMatch(/<BROADCAST,MULTICAST,UP,LOWER_UP>.* state UP /);
  });

  it('21: what comes from elsewhere for a container dies in raw, before the isolation chains', async () => {
    expect(await run('iptables -S FORWARD; iptables -S DOCKER-FORWARD')).toBe(
      `-P FORWARD DROP
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-N DOCKER-FORWARD
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
`,
    );
    expect(await run('ip netns exec lan curl -sS -m 1 http://172.17.0.2/')).toMatch(/^curl: \(28\)/);
    expect(await run('iptables -t raw -L PREROUTING -vn | tail -1')).toMatch(
      /^ +1 +\d+ DROP +(?:all|0) +-- +!docker0 \* +0\.0\.0\.0\/0 +172\.17\.0\.2/,
    );
    expect(await run('iptables -L DOCKER-ISOLATION-STAGE-2 -vn | tail -1')).toMatch(/^ +0 +0 DROP/);
    expect(await run('iptables -t nat -S POSTROUTING')).not.toContain('--dport 80');
  });

  it('22: the address is guarded, the port is led on, then it is let through; proxies of both families follow', async () => {
    const steps = lines.lab.trace.since(0).map(({ subject }) => subject);
    const rule = /^-t (raw -A|nat -A DOCKER|filter -I DOCKER) .*172\.17\.0\.2/;
    const met = steps.flatMap((text) => rule.exec(text)?.slice(1) ?? []);
    expect(met).toEqual(['raw -A', 'nat -A DOCKER', 'filter -I DOCKER']);
    const pids = (await run('pgrep docker-proxy; docker inspect -f "{{.State.Pid}}" web')).trim().split('\n');
    expect(pids.length).toBe(3);
  });

  it('23: who the server sees', async () => {
    await run('curl -s http://127.0.0.1:8080/; curl -s http://172.30.0.10:8080/');
    await run('ip netns exec lan curl -s http://192.168.50.1:8080/; docker exec web curl -s http://172.30.0.10:8080/');
    const log = await run('docker logs web 2>/dev/null');
    expect([...log.matchAll(/^([\d.]+) - /gm)].map(([, client]) => client)).toEqual([
      '172.17.0.1',
      '172.30.0.10',
      '192.168.50.2',
      '172.17.0.1',
    ]);
  });

  it('8: a port that docker gave out, and one that somebody else holds', async () => {
    const said = await run('docker run -d --name two -p 8080:80 nginx 2>&1 >/dev/null; docker rm two >/dev/null');
    expect(said).toMatch(/Bind for 0\.0\.0\.0:8080 failed: port is already allocated/);
    expect(
      await run(
        'nc -l -p 8099 & sleep 1; docker run -d --name two -p 8099:80 nginx 2>&1 >/dev/null; docker rm two; kill %1',
      ),
    ).toMatch(/failed to bind host port for 0\.0\.0\.0:8099:172\.17\.0\.\d+:80\/tcp: address already in use/);
    expect(await run('docker inspect -f "{{.State.ExitCode}}" two 2>&1')).toMatch(/No such object: two/);
  });

  it('25: names, aliases, short ids and PTR by the resolver inside; stopped containers vanish', async () => {
    await run('docker network create appnet');
    await run('docker run -d --name cli --network appnet busybox sleep 10000');
    for (const name of ['r1', 'r2'])
      await run(`docker run -d --name ${name} --network appnet --network-alias api busybox sleep 10000`);
    const ask = (name: string): Promise<string> => run(`docker exec cli nslookup ${name}`);
    const addresses = (text: string): readonly string[] =>
      [...text.matchAll(/^Address: (172\S+)$/gm)].map(([, address = '']) => address).sort();
    expect(addresses(await ask('r1'))).toEqual(['172.18.0.3']);
    expect(addresses(await ask('api'))).toEqual(['172.18.0.3', '172.18.0.4']);
    expect(addresses(await ask('$(docker ps -q -f name=r2)'))).toEqual(['172.18.0.4']);
    expect(await ask('172.18.0.3')).toContain('3.0.18.172.in-addr.arpa\tname = r1.appnet');
    await run('docker stop -t 0 r2');
    expect(addresses(await ask('api'))).toEqual(['172.18.0.3']);
    expect(await ask('r2')).toContain("can't find r2: NXDOMAIN");
    expect(await run('docker run --rm busybox ping -c1 cli')).toBe("ping: bad address 'cli'\n");
    expect(await run('docker exec cli cat /etc/resolv.conf')).toContain('nameserver 127.0.0.11\n');
  });

  it('25: a stopped container whose network is gone does not start, and the message has the id', async () => {
    const id = (await run('docker network create n9')).trim();
    await run('docker run --name st9 --network n9 busybox true; docker network rm n9');
    expect(await run('docker start st9')).toBe(
      `Error response from daemon: failed to set up container networking: network ${id} not found\nError: failed to start containers: st9\n`,
    );
  });

  it('11: addresses are the first free ones in the order of starting; hardware addresses are new each time', async () => {
    const show = (): Promise<string> =>
      run(
        'docker inspect -f "{{.NetworkSettings.Networks.appnet.IPAddress}} {{.NetworkSettings.Networks.appnet.MacAddress}}" cli r1',
      );
    const before = await show();
    await run('docker stop -t 0 cli r1; docker start r1 cli');
    const after = await show();
    const column = (text: string, index: number): readonly string[] =>
      text
        .split('\n')
        .flatMap((line) => line.split(' ')[index] ?? [])
        .slice(0, 2);
    expect([column(before, 0), column(after, 0)]).toEqual([
      ['172.18.0.2', '172.18.0.3'],
      ['172.18.0.3', '172.18.0.2'],
    ]);
    for (const mac of column(after, 1)) expect(column(before, 1)).not.toContain(mac);
  });

  it('26: subnets in their order, --ip where the subnet is chosen, random IPv6 networks', async () => {
    await run('docker network create p1; docker network create p2');
    expect(await run('docker network inspect -f "{{(index .IPAM.Config 0).Subnet}}" p1 p2')).toBe(
      '172.19.0.0/16\n172.20.0.0/16\n',
    );
    expect(await run('docker run --rm --network p1 --ip 172.19.0.9 busybox true')).toContain(
      'user specified IP address is supported only when connecting to networks with user configured subnets',
    );
    await run('docker network create --subnet 10.77.0.0/24 sub');
    expect(await run('docker run --rm --network sub --ip 10.77.0.9 busybox hostname -i')).toBe('10.77.0.9\n');
    await run('docker network create --ipv6 six');
    expect(await run('docker network inspect -f "{{json .IPAM.Config}}" six')).toMatch(
      /\{"Subnet":"(fd[0-9a-f:]+::)\/64","Gateway":"\1(:?)1"\}/,
    );
  });

  it('5: network rm says its own exit status', async () => {
    expect(await run('docker network rm nope; echo $?')).toBe(
      'Error response from daemon: network nope not found\nexit status 1\n1\n',
    );
  });
});
