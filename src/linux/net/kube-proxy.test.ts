import { describe, expect, it } from 'vitest';
import { decode, encode } from '../io/bytes';
import type { Stack } from './stack';
import { lab, request, serve, type Lab } from './testing';

/*
 * A node with three endpoints, a client pod and a client outside, and kube-proxy's rules; what happens was measured on a
 * real kernel with the same wiring (47 cases). Names and addresses are those of the measurement.
 */
interface World extends Lab {
  readonly node: Stack;
  readonly client: Stack;
  readonly ext: Stack;
  readonly pods: readonly Stack[];
  many(from: Stack, address: string, port: number, count: number, timeout?: number): Promise<Record<string, number>>;
}

const endpoints = ['10.244.1.11', '10.244.1.12', '10.244.1.13'];

const rules = (addresses: readonly string[]): string => `*filter
:KUBE-SERVICES - [0:0]
:KUBE-FORWARD - [0:0]
-A KUBE-SERVICES -m comment --comment "default/empty has no endpoints" -m tcp -p tcp -d 10.96.0.99/32 --dport 80 -j REJECT
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
COMMIT
*nat
:KUBE-SERVICES - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-EXT-WEB - [0:0]
:KUBE-SVC-WEB - [0:0]
${addresses.map((address) => `:KUBE-SEP-${address} - [0:0]\n`).join('')}-A KUBE-SERVICES -m comment --comment "default/web cluster IP" -m tcp -p tcp -d 10.96.0.80/32 --dport 80 -j KUBE-SVC-WEB
-A KUBE-SERVICES -m comment --comment "must be the last rule" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-NODEPORTS -m comment --comment default/web -m tcp -p tcp --dport 30080 -j KUBE-EXT-WEB
-A KUBE-EXT-WEB -m comment --comment "masquerade traffic" -j KUBE-MARK-MASQ
-A KUBE-EXT-WEB -j KUBE-SVC-WEB
-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000
-A KUBE-POSTROUTING -j MASQUERADE --random-fully
-A KUBE-SVC-WEB -m tcp -p tcp -d 10.96.0.80/32 --dport 80 ! -s 10.244.0.0/16 -j KUBE-MARK-MASQ
${addresses
  .map((address, index) => {
    const left = addresses.length - index;
    const chance = left === 1 ? '' : `-m statistic --mode random --probability ${(1 / left).toFixed(10)} `;
    return (
      `-A KUBE-SVC-WEB ${chance}-j KUBE-SEP-${address}\n` +
      `-A KUBE-SEP-${address} -s ${address}/32 -j KUBE-MARK-MASQ\n` +
      `-A KUBE-SEP-${address} -m tcp -p tcp -j DNAT --to-destination ${address}:8080\n`
    );
  })
  .join('')}COMMIT
`;

const jumps = [
  ['filter', 'FORWARD', 'KUBE-FORWARD'],
  ['filter', 'FORWARD', 'KUBE-SERVICES', '-m', 'conntrack', '--ctstate', 'NEW'],
  ['filter', 'OUTPUT', 'KUBE-SERVICES', '-m', 'conntrack', '--ctstate', 'NEW'],
  ['nat', 'PREROUTING', 'KUBE-SERVICES'],
  ['nat', 'OUTPUT', 'KUBE-SERVICES'],
  ['nat', 'POSTROUTING', 'KUBE-POSTROUTING'],
] as const;

function world(seed = 1): World {
  const world = lab(seed);
  const node = world.namespace('node');
  const ext = world.namespace('ext');
  world.card(node, 'eth0', '192.168.50.10/24');
  world.card(ext, 'eth0', '192.168.50.100/24');
  node.addBridge('cni0');
  node.addAddress('cni0', '10.244.1.1/24');
  node.setUp('cni0', true);
  node.setSysctl('net.ipv4.ip_forward', '1');
  node.addRoute({ destination: 'default', via: '192.168.50.1', device: 'eth0' });
  for (const destination of ['10.96.0.0/12', '10.244.0.0/16']) {
    ext.addRoute({ destination, via: '192.168.50.10', device: 'eth0' });
  }
  const pod = (name: string, address: string): Stack => {
    const made = world.pod(node, 'cni0', name, `${address}/24`, '10.244.1.1');
    node.setHairpin(`veth${name}`, true);
    return made;
  };
  const pods = endpoints.map((address, index) => pod(`pod${index + 1}`, address));
  const client = pod('client', '10.244.1.50');
  pods.forEach((stack, index) => serve(stack, 8080, `pod${index + 1}`));
  expect(node.netfilter.restore(rules(endpoints), { noflush: true })).toEqual({ ok: true });
  for (const [table, from, to, ...options] of jumps) {
    expect(node.netfilter.command(['-t', table, '-A', from, ...options, '-j', to]).code).toBe(0);
  }
  return {
    ...world,
    node,
    client,
    ext,
    pods,
    async many(from, address, port, count, timeout = 2000) {
      const answers: Record<string, number> = {};
      for (let index = 0; index < count; index++) {
        const answer = await world.run(request(from, address, port, { timeout }));
        answers[answer] = (answers[answer] ?? 0) + 1;
      }
      return answers;
    },
  };
}

describe('a service', () => {
  it('spreads requests evenly, and its counters count them', async () => {
    const { node, client, many } = world();
    const answers = await many(client, '10.96.0.80', 80, 300);
    expect(Object.keys(answers).sort()).toEqual(['pod1 10.244.1.50', 'pod2 10.244.1.50', 'pod3 10.244.1.50']);
    for (const count of Object.values(answers)) expect(count).toBeGreaterThan(75);
    const counts = node.netfilter
      .save({ table: 'nat', counters: true })
      .split('\n')
      .flatMap(
        (line) => /^\[(\d+):(\d+)\] -A KUBE-SVC-WEB .*-j KUBE-SEP-(.*)$/.exec(line)?.slice(1, 3).map(Number) ?? [],
      );
    const [one, two, three] = ['pod1', 'pod2', 'pod3'].map((name) => answers[`${name} 10.244.1.50`] ?? 0);
    expect(counts).toEqual([one, (one ?? 0) * 60, two, (two ?? 0) * 60, three, (three ?? 0) * 60]);
  });

  it('shows clients from elsewhere with the address of the bridge', async () => {
    const { node, client, ext, many } = world();
    for (const [from, address, port] of [
      [node, '10.96.0.80', 80],
      [ext, '192.168.50.10', 30080],
      [client, '192.168.50.10', 30080],
      [node, '192.168.50.10', 30080],
      [ext, '10.96.0.80', 80],
    ] as const) {
      const answers = await many(from, address, port, 12);
      expect(Object.keys(answers).filter((answer) => !/^pod[123] 10\.244\.1\.1$/.test(answer))).toEqual([]);
    }
    await node.clock.advance(10);
    expect(node.netfilter.conntrack().at(-1)).toMatch(
      /^tcp {6}6 119 TIME_WAIT src=192\.168\.50\.100 dst=10\.96\.0\.80 sport=\d+ dport=80 src=10\.244\.1\.1[123] dst=10\.244\.1\.1 sport=8080 dport=\d+ \[ASSURED\] mark=0 use=1$/,
    );
  });

  it('reaches its own endpoint only through a hairpin port and with masquerading', async () => {
    const { node, pods, many } = world();
    const [pod1] = pods;
    if (pod1 === undefined) throw new Error('pod1');
    expect(Object.keys(await many(pod1, '10.96.0.80', 80, 30)).sort()).toEqual([
      'pod1 10.244.1.1',
      'pod2 10.244.1.11',
      'pod3 10.244.1.11',
    ]);
    node.setHairpin('vethpod1', false);
    expect(Object.keys(await many(pod1, '10.96.0.80', 80, 12)).sort()).toEqual([
      'ETIMEDOUT',
      'pod2 10.244.1.11',
      'pod3 10.244.1.11',
    ]);
    node.setHairpin('vethpod1', true);
    node.netfilter.command(['-t', 'nat', '-D', 'KUBE-SEP-10.244.1.11', '1']);
    expect(Object.keys(await many(pod1, '10.96.0.80', 80, 12)).sort()).toContain('ETIMEDOUT');
  });

  it('needs bridge-nf-call-iptables for neighbours on one bridge', async () => {
    const { node, client, many } = world();
    node.setSysctl('net.bridge.bridge-nf-call-iptables', '0');
    expect(await many(client, '10.96.0.80', 80, 6)).toEqual({ ETIMEDOUT: 6 });
  });

  it('answers on 127.0.0.1 of its node if route_localnet says so', async () => {
    const { node, many } = world();
    expect(await many(node, '127.0.0.1', 30080, 2)).toEqual({ ETIMEDOUT: 2 });
    node.setSysctl('net.ipv4.conf.all.route_localnet', '1');
    const answers = await many(node, '127.0.0.1', 30080, 12);
    expect(Object.keys(answers).filter((answer) => !/^pod[123] 10\.244\.1\.1$/.test(answer))).toEqual([]);
  });

  it('without endpoints refuses, by ICMP: six at once, then one a second', async () => {
    const { node, client, many, clock } = world();
    const waits: number[] = [];
    for (let index = 0; index < 9; index++) {
      const before = clock.now;
      expect(await many(client, '10.96.0.99', 80, 1, 8000)).toEqual({ ECONNREFUSED: 1 });
      waits.push(Math.round(clock.now - before));
    }
    expect(waits).toEqual([0, 0, 0, 0, 0, 0, 1000, 1000, 1000]);
    expect(await many(node, '10.96.0.99', 80, 1)).toEqual({ ECONNREFUSED: 1 });
    node.netfilter.command(['-F', 'KUBE-SERVICES']);
    expect(await many(client, '10.96.0.99', 80, 1)).toEqual({ ETIMEDOUT: 1 });
  });

  it('is unreachable, not refused, where there is no route', async () => {
    const { node, client, many, run, process } = world();
    expect(await many(client, '10.96.0.80', 81, 1)).toEqual({ ETIMEDOUT: 1 });
    expect(await run(client.echo(process(), '10.96.0.80'))).toMatchObject({ ok: false, error: { code: 'ETIMEDOUT' } });
    node.deleteRoute('default');
    expect(await many(node, '10.96.0.80', 80, 1)).toEqual({ ENETUNREACH: 1 });
    expect(await many(client, '10.96.0.99', 80, 1)).toEqual({ ENETUNREACH: 1 });
  });

  it('keeps open connections on their endpoint when it is removed, and leads new ones elsewhere', async () => {
    const { node, client, pods, run, process, many } = world();
    const socket = await run(client.connect(process(), { address: '10.96.0.80', port: 80 }));
    if (!socket.ok) throw new Error('connect');
    const flow = node.netfilter.conntrack().at(-1) ?? '';
    const chosen = /src=(10\.244\.1\.1[123]) /.exec(flow)?.[1] ?? '';
    const kept = endpoints.filter((address) => address !== chosen);
    const deleted = `*nat\n:KUBE-SEP-${chosen} - [0:0]\n-X KUBE-SEP-${chosen}\nCOMMIT\n`;
    expect(node.netfilter.restore(rules(kept), { noflush: true })).toEqual({ ok: true });
    expect(node.netfilter.restore(deleted, { noflush: true })).toEqual({ ok: true });
    await run(socket.value.write(encode('still there?')));
    const answer = await run(socket.value.read());
    expect(answer.ok && answer.value !== undefined && decode(answer.value)).toBe(
      `pod${endpoints.indexOf(chosen) + 1} 10.244.1.50`,
    );
    expect(Object.keys(await many(client, '10.96.0.80', 80, 12))).toHaveLength(2);
    expect(pods).toHaveLength(3);
  });

  it('lets UDP stick to a dead endpoint until its flow is forgotten', async () => {
    const { node, client, pods, run, process } = world();
    pods.forEach((pod, index) => {
      const server = process();
      const socket = pod.datagram(server, { address: '0.0.0.0', port: 5353 });
      if (!socket.ok) throw new Error('bind');
      void (async () => {
        for (;;) {
          const asked = await socket.value.receive();
          if (!asked.ok) return;
          socket.value.send(asked.value.from, encode(`pod${index + 1}`));
        }
      })();
    });
    const lead = (to: string): unknown =>
      node.netfilter.restore(
        `*nat\n:DNS - [0:0]\n-A DNS -d 10.96.0.53/32 -p udp -m udp --dport 53 -j DNAT --to-destination ${to}:5353\nCOMMIT\n`,
        { noflush: true },
      );
    lead('10.244.1.11');
    node.netfilter.command(['-t', 'nat', '-I', 'PREROUTING', '-j', 'DNS']);
    const socket = client.datagram(process(), { address: '10.244.1.50', port: 33333 });
    if (!socket.ok) throw new Error('bind');
    const ask = async (): Promise<string> => {
      socket.value.send({ address: '10.96.0.53', port: 53 }, encode('q'));
      const answer = await socket.value.receive({ timeout: 1000 });
      return answer.ok
        ? `${decode(answer.value.bytes)} ${answer.value.from.address}:${answer.value.from.port}`
        : answer.error.code;
    };
    expect(await run(ask())).toBe('pod1 10.96.0.53:53');
    lead('10.244.1.12');
    expect(await run(ask())).toBe('pod1 10.96.0.53:53');
    expect(node.netfilter.conntrack()).toEqual([
      'udp      17 29 src=10.244.1.50 dst=10.96.0.53 sport=33333 dport=53 src=10.244.1.11 dst=10.244.1.50 sport=5353 dport=33333 mark=0 use=1',
    ]);
    const dns = { protocol: 'udp', destination: '10.96.0.53' };
    expect(
      node.netfilter.deleteConntrack((flow) => flow.protocol === dns.protocol && flow.destination === dns.destination),
    ).toBe(1);
    expect(await run(ask())).toBe('pod2 10.96.0.53:53');
  });

  it('keeps a client on its endpoint by affinity, over changes of the rules, until it was silent for long', async () => {
    const { node, client, many, clock } = world();
    const sticky = `*nat
:KUBE-SVC-WEB - [0:0]
${endpoints.map((address) => `:KUBE-SEP-${address} - [0:0]\n`).join('')}${endpoints
      .map(
        (address) =>
          `-A KUBE-SVC-WEB -m recent --name S-${address} --rcheck --seconds 10 --reap -j KUBE-SEP-${address}\n`,
      )
      .join('')}-A KUBE-SVC-WEB -m statistic --mode random --probability 0.3333333333 -j KUBE-SEP-10.244.1.11
-A KUBE-SVC-WEB -m statistic --mode random --probability 0.5000000000 -j KUBE-SEP-10.244.1.12
-A KUBE-SVC-WEB -j KUBE-SEP-10.244.1.13
${endpoints
  .map(
    (address) =>
      `-A KUBE-SEP-${address} -m recent --name S-${address} --set -m tcp -p tcp -j DNAT --to-destination ${address}:8080\n`,
  )
  .join('')}COMMIT
`;
    const seen = new Set<string>();
    for (let round = 0; round < 8; round++) {
      expect(node.netfilter.restore(sticky, { noflush: true })).toEqual({ ok: true });
      const answers = Object.keys(await many(client, '10.96.0.80', 80, 10));
      expect(answers).toHaveLength(1);
      seen.add(answers.join());
      await clock.advance(11_000);
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it('tells the trace how a packet went, once for each flow', async () => {
    const { client, many, trace } = world();
    const before = trace.last;
    await many(client, '10.96.0.80', 80, 1);
    const spans = trace
      .since(before)
      .map(
        ({ actor, verb, subject, detail }) =>
          `${actor} ${verb} ${subject} ${String(detail?.['packet']).replace(/:\d{5}/, ':x')}`,
      );
    const backend = /DNAT nat\/KUBE-SEP-(\S+)/.exec(spans.join('\n'))?.[1] ?? '';
    expect(spans).toEqual([
      'ip transmit eth0 tcp 10.244.1.50:x → 10.96.0.80:80',
      `netfilter DNAT nat/KUBE-SEP-${backend} tcp 10.244.1.50:x → 10.96.0.80:80`,
      `ip transmit cni0 tcp 10.244.1.50:x → ${backend}:8080`,
      `ip deliver eth0 tcp 10.244.1.50:x → ${backend}:8080`,
      `ip transmit eth0 tcp ${backend}:8080 → 10.244.1.50:x`,
      `netfilter ACCEPT filter/KUBE-FORWARD tcp ${backend}:8080 → 10.244.1.50:x`,
      'ip deliver eth0 tcp 10.96.0.80:80 → 10.244.1.50:x',
    ]);
  });
});
