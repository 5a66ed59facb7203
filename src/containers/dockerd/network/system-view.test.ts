import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { linesAt, type Lines } from '../../../world/testing/lines';

/**
 * The same situations as in ../shared/ground-truth/docker/system-view (Docker 28.5.2 on a real kernel), brought about in
 * a lab: rules, interfaces, routes and the addresses that servers see are the same.
 */
const shared = process.env['BOTTLESHIP_SHARED'] ?? new URL('../../../../../shared', import.meta.url).pathname;
const folder = `${shared}/ground-truth/docker/system-view`;
const recorded = (name: string): string => readFileSync(`${folder}/${name}.txt`, 'utf8');

/** Rules without counters and times; networks' bridges in the order of their first mention. */
function rules(text: string, names: Map<string, string> = new Map()): string {
  const bridge = (name: string): string => {
    if (!names.has(name)) names.set(name, `br-${names.size + 1}`);
    return names.get(name) ?? name;
  };
  return text
    .split('\n')
    .filter((line) => /^(\*|:|-A|COMMIT)/.test(line))
    .map((line) => line.replace(/ \[\d+:\d+\]$/, '').replace(/br-[0-9a-f]{12}/g, bridge))
    .join('\n');
}

/** Tables in the order of their names: the kernel lists them by when they were first used. */
const byTable = (text: string): Record<string, readonly string[]> =>
  Object.fromEntries(
    rules(text)
      .split('\nCOMMIT')
      .map((table) => table.trim().split('\n'))
      .filter(([name = '']) => name.startsWith('*'))
      .map(([name = '', ...lines]) => [name, lines]),
  );

describe.skipIf(!existsSync(folder))('what docker makes of a host, beside the recorded one', () => {
  let lines: Lines;
  const save = async (): Promise<Record<string, readonly string[]>> => {
    const tables = byTable(await lines.run('iptables-save'));
    // Hosts of the lab have no addresses of 192.168.50.0/24, and mangle may have been looked at.
    delete tables['*mangle'];
    return tables;
  };

  beforeAll(async () => {
    lines = await linesAt('docker');
    await lines.run('docker pull nginx');
  }, 60_000);

  it('before the first container (01)', async () => {
    const before = await save();
    expect({ '*raw': [':PREROUTING ACCEPT', ':OUTPUT ACCEPT'], ...before }).toEqual(
      byTable(recorded('01-before-iptables-save')),
    );
    expect(await lines.run('ip -br addr show docker0')).toMatch(/^docker0 +DOWN +172\.17\.0\.1\/16/);
  });

  it('docker run -d -p 8080:80 (25, 30, 23, 20)', async () => {
    await lines.run('docker run -d --name web -p 8080:80 nginx');
    expect(await save()).toEqual(byTable(recorded('25-after-iptables-save')));
    const route = recorded('30-after-ip-route').match(/^172\.17.*docker0.*$/m)?.[0];
    expect(await lines.run('ip route show dev docker0 | head -1; ip route | grep docker0')).toContain(route?.trim());
    expect(await lines.run('ss -lnt')).toMatch(/0\.0\.0\.0:8080[^]*\[::\]:8080/);
    const proxies = [...recorded('24-diff-ps').matchAll(/docker-proxy( .*)$/gm)].map(([, words = '']) => words);
    const ours = await lines.run('ps -eo args | grep docker-proxy | grep -v grep');
    expect([...ours.matchAll(/docker-proxy( .*)$/gm)].map(([, words = '']) => words.trimEnd())).toEqual(proxies);
  });

  it('the iptables commands of that run, in their order (16)', () => {
    const executed = [...recorded('16-run-dockerd-execve').matchAll(/"--wait", (.*?)\]/g)]
      .map(([, words = '']) => words.replaceAll(/[",]/g, ''))
      .filter((words) => !words.includes(' -C '));
    const noted = lines.lab.trace
      .since(0)
      .filter(({ verb, actor }) => verb === 'iptables' && actor.startsWith('netfilter@'))
      .map(({ subject }) => subject);
    expect(noted.slice(-executed.length)).toEqual(executed);
  });

  it('who the server sees, and what conntrack holds, by the way of a request (48 to 55)', async () => {
    await lines.run(
      [
        'ip netns add lan; ip link add lan0 type veth peer name far; ip link set far netns lan',
        'ip addr add 192.168.50.1/24 dev lan0; ip link set lan0 up',
        'ip netns exec lan ip addr add 192.168.50.2/24 dev far; ip netns exec lan ip link set far up',
        'ip netns exec lan ip route add default via 192.168.50.1; docker pull busybox',
      ].join('; '),
    );
    /** Tracked connections to the two ports, without what differs between runs. */
    const flows = (text: string): readonly string[] =>
      [...text.matchAll(/^tcp .*$/gm)]
        .map(([line]) => line.replace(/ \d+ (TIME_WAIT)/, ' $1').replace(/port=\d{5}/g, 'port=N'))
        .map((line) => line.replaceAll('10.0.2.15', '172.30.0.10').replace(/\s+/g, ' '))
        .sort();
    const busybox = (command: string): string => `docker run --rm busybox ${command}`;
    const requests: readonly (readonly [string, string])[] = [
      ['48-req-localhost', 'curl -s http://127.0.0.1:8080/'],
      ['49-req-hostip', 'curl -s http://172.30.0.10:8080/'],
      ['50-req-from-lan', 'ip netns exec lan curl -s http://192.168.50.1:8080/'],
      ['52-req-from-container-via-hostip', busybox('wget -qO- http://172.30.0.10:8080/')],
      ['53-req-hairpin-self', 'docker exec web curl -s http://172.30.0.10:8080/'],
    ];
    for (const [name, request] of requests) {
      const answer = await lines.run(
        `conntrack -F 2>/dev/null; ${request}; sleep 1; conntrack -L 2>/dev/null | grep 80`,
      );
      expect([name, answer.includes('Welcome to nginx!'), flows(answer)]).toEqual([name, true, flows(recorded(name))]);
    }
    await lines.run(busybox('wget -qO- http://172.17.0.1:8080/'));
    await lines.run(busybox('wget -qO- http://172.17.0.2/'));
    // From the LAN the container's own address is out of reach (51).
    expect(await lines.run('ip netns exec lan curl -sS -m 3 http://172.17.0.2/')).toMatch(
      /\(28\) Connection timed out/,
    );
    const clients = [...recorded('55-req-container-log-client-ips').matchAll(/^\[::ffff:([\d.]+)\]/gm)]
      .map(([, client = '']) => client.replace('10.0.2.15', '172.30.0.10'))
      // The recorded session asked itself once more at the end.
      .slice(0, 7);
    const seen = [...(await lines.run('docker logs web 2>/dev/null')).matchAll(/^([\d.]+) - .*GET/gm)];
    const order = [0, 1, 2, 3, 6, 4, 5];
    expect(seen.map(([, client = '']) => client)).toEqual(order.map((index) => clients[index]));
  });

  it("out of a container: by the bridge's address of that side (54)", async () => {
    const printed = await lines.run(
      'conntrack -F 2>/dev/null; docker run --rm busybox ping -c1 -W2 192.168.50.2; conntrack -L -p icmp 2>/dev/null',
    );
    const flow = /^icmp +1 \d+ (src=.*)$/m;
    const plain = (text: string): string | undefined =>
      flow
        .exec(text)?.[1]
        ?.replace(/id=\d+/g, 'id=N')
        .replace(/172\.17\.0\.\d+/g, 'CONTAINER');
    expect(printed).toContain('64 bytes from 192.168.50.2: seq=0 ttl=63');
    expect(plain(printed)).toBe(plain(recorded('54-req-egress-snat')));
  });

  it('user networks and containers in them (71 to 74)', async () => {
    await lines.run('docker rm -f web');
    await lines.run('docker network create appnet');
    expect(await save()).toEqual(byTable(recorded('71-usernet-create')));
    await lines.run(
      'docker run -d --name aa --network appnet -p 8081:80 nginx; docker run -d --name bb --network appnet nginx',
    );
    expect(await save()).toEqual(byTable(recorded('72-usernet-run')));
    await lines.run('docker network create net2; docker run -d --name cc --network net2 nginx');
    await lines.run('docker run -d --name dd -p 127.0.0.1:8083:80 nginx');
    expect(await save()).toEqual(byTable(recorded('73-usernet-second')));
  });

  it('the resolver inside (75)', async () => {
    const pid = (await lines.run('docker inspect -f "{{.State.Pid}}" bb')).trim();
    const ports = (text: string): Record<string, readonly string[]> =>
      byTable(text.replace(/(127\.0\.0\.11:|--sport )\d{5}/g, '$1PORT'));
    expect(ports(await lines.run(`nsenter -t ${pid} -n iptables-save`))).toEqual(
      ports(recorded('75-usernet-dns-netns')),
    );
    expect(await lines.run(`nsenter -t ${pid} -n ss -lntup`)).toMatch(
      /udp +UNCONN .*127\.0\.0\.11:\d+ .*dockerd[^]*tcp +LISTEN .*127\.0\.0\.11:\d+ .*dockerd/,
    );
  });

  it('an internal network, icc=false, a routed one (76 to 78)', async () => {
    await lines.run('docker network create --internal inet1; docker run -d --name ee --network inet1 nginx');
    expect(await save()).toEqual(byTable(recorded('76-usernet-internal')));
    const grep = async (name: string): Promise<string> => {
      const id = await lines.run(`docker network inspect -f "{{slice .Id 0 12}}" ${name}`);
      return rules(await lines.run(`iptables-save | grep -E "${id.trim()}"`));
    };
    // The tables' order is that of their first use; here it does not count.
    const sorted = (text: string): readonly string[] => text.split('\n').sort();
    await lines.run('docker network create -o com.docker.network.bridge.enable_icc=false noicc');
    expect(sorted(await grep('noicc'))).toEqual(sorted(rules(recorded('77-usernet-icc-false'))));
    await lines.run('docker network create -o com.docker.network.bridge.gateway_mode_ipv4=routed routed');
    await lines.run('docker run -d --name ff --network routed -p 8084:80 nginx');
    expect(sorted(await grep('routed'))).toEqual(sorted(rules(recorded('78-usernet-gateway-mode-routed'))));
  });

  it('all gone again (80)', async () => {
    await lines.run('docker rm -f $(docker ps -aq)');
    expect((await lines.run('docker network prune -f')).split('\n').sort()).toEqual(
      ['Deleted Networks:', 'appnet', 'inet1', 'net2', 'noicc', 'routed', '', ''].sort(),
    );
    expect(await save()).toEqual(byTable(recorded('80-usernet-rm-all')));
    expect(await lines.run('ip -br link | grep -E "veth|br-"')).toBe('');
  });
});
