import { describe, expect, it } from 'vitest';
import { lab, serve, request, type Lab } from './testing';
import { decode, encode } from '../io/bytes';

/** Two containers on docker0 of a host, and a client beside the host in the LAN. */
async function dockerHost(): Promise<
  Lab & { host: ReturnType<Lab['namespace']>; web: ReturnType<Lab['namespace']>; client: ReturnType<Lab['namespace']> }
> {
  const it = lab();
  const host = it.namespace('host');
  const client = it.namespace('client');
  it.card(host, 'eth0', '172.30.0.10/16');
  it.card(client, 'eth0', '172.30.0.99/16');
  host.addBridge('docker0');
  host.addAddress('docker0', '172.17.0.1/16');
  host.setUp('docker0', true);
  host.setSysctl('net.ipv4.ip_forward', '1');
  const web = it.pod(host, 'docker0', 'web', '172.17.0.2/16', '172.17.0.1');
  return { ...it, host, web, client };
}

const dockerRules = `*raw
-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-BRIDGE - [0:0]
:DOCKER-CT - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
COMMIT
*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
`;

describe('a container behind docker0', () => {
  it('answers through a published port, and the client keeps its address', async () => {
    const { host, web, client, run, clock } = await dockerHost();
    expect(host.netfilter.restore(dockerRules)).toEqual({ ok: true });
    serve(web, 80, 'web');
    expect(await run(request(client, '172.30.0.10', 8080))).toBe('web 172.30.0.99');
    await clock.advance(10);
    expect(host.netfilter.conntrack()).toEqual([
      expect.stringMatching(
        /^tcp {6}6 \d+ TIME_WAIT src=172\.30\.0\.99 dst=172\.30\.0\.10 sport=(\d+) dport=8080 src=172\.17\.0\.2 dst=172\.30\.0\.99 sport=80 dport=\1 \[ASSURED\] mark=0 use=1$/,
      ),
    ]);
    const filter = host.netfilter.save({ table: 'filter', counters: true });
    expect(filter).toContain(
      '[1:60] -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT',
    );
    expect(host.netfilter.save({ table: 'nat', counters: true })).toContain(
      '[1:60] -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80',
    );
  });

  it('reaches the LAN with the address of its host', async () => {
    const { host, web, client, run } = await dockerHost();
    host.netfilter.restore(dockerRules);
    serve(client, 80, 'outside');
    expect(await run(request(web, '172.30.0.99', 80))).toBe('outside 172.30.0.10');
  });

  it('is not reached at its own address from the LAN', async () => {
    const { host, web, client, run } = await dockerHost();
    host.netfilter.restore(dockerRules);
    serve(web, 80, 'web');
    client.addRoute({ destination: '172.17.0.0/16', via: '172.30.0.10', device: 'eth0' });
    expect(await run(request(client, '172.17.0.2', 80, { timeout: 5000 }))).toBe('ETIMEDOUT');
  });

  it('answers pings, and says so when it is gone', async () => {
    const { host, web, run, process } = await dockerHost();
    const pinged = await run(host.echo(process(), '172.17.0.2'));
    expect(pinged).toEqual({
      ok: true,
      value: { kind: 'reply', code: 0, from: '172.17.0.2', ttl: 64, bytes: 64, time: expect.closeTo(0.04, 2) },
    });
    web.destroy();
    expect(await run(host.echo(process(), '172.17.0.2', { timeout: 10_000 }))).toMatchObject({
      ok: true,
      value: { kind: 'unreachable', code: 1, from: '172.17.0.1', time: expect.closeTo(3000, 0) },
    });
  });
});

describe('sockets', () => {
  it('fail as in Linux', async () => {
    const { host, web, client, run } = await dockerHost();
    expect(await run(request(host, '172.17.0.2', 81))).toBe('ECONNREFUSED');
    expect(await run(request(host, '8.8.8.8', 81))).toBe('ENETUNREACH');
    expect(await run(request(host, '172.17.0.77', 81))).toBe('EHOSTUNREACH');
    host.netfilter.command(['-P', 'FORWARD', 'DROP']);
    const { clock } = client;
    const before = clock.now;
    web.addRoute({ destination: '172.30.0.0/16', via: '172.17.0.1', device: 'eth0' });
    expect(await run(request(web, '172.30.0.99', 81))).toBe('ETIMEDOUT');
    expect((clock.now - before) / 1000).toBe(131);
  });

  it('carry bytes in order with back-pressure, and stall while a rule drops them', async () => {
    const { host, web, run, process, clock } = await dockerHost();
    const server = process();
    const listener = web.listen(server, { address: '0.0.0.0', port: 9 });
    if (!listener.ok) throw new Error('listen');
    let received = 0;
    const reading = (async () => {
      const socket = await listener.value.accept();
      if (!socket.ok) throw new Error('accept');
      await server.sleep(50);
      for (;;) {
        const chunk = await socket.value.read(10_000);
        if (!chunk.ok || chunk.value === undefined) return chunk.ok;
        received += chunk.value.length;
      }
    })();
    const sender = process();
    const sending = (async () => {
      const socket = await host.connect(sender, { address: '172.17.0.2', port: 9 });
      if (!socket.ok) throw new Error('connect');
      await socket.value.write(new Uint8Array(1_000_000));
      const done = clock.now;
      await sender.sleep(100);
      host.netfilter.command(['-A', 'OUTPUT', '-p', 'tcp', '--dport', '9', '-j', 'DROP']);
      await socket.value.write(encode('last words'));
      socket.value.shutdown();
      await sender.sleep(1000);
      expect(received).toBe(1_000_000);
      host.netfilter.command(['-F', 'OUTPUT']);
      await sender.sleep(2000);
      return done;
    })();
    const started = clock.now;
    expect((await run(sending)) - started).toBeGreaterThan(50);
    expect(await run(reading)).toBe(true);
    expect(received).toBe(1_000_010);
  });

  it('speak UDP, and learn of refusals where they are connected', async () => {
    const { host, web, run, process } = await dockerHost();
    const there = web.datagram(process(), { address: '0.0.0.0', port: 53 });
    const here = host.datagram(process());
    if (!there.ok || !here.ok) throw new Error('bind');
    here.value.send({ address: '172.17.0.2', port: 53 }, encode('who?'));
    const asked = await run(there.value.receive());
    if (!asked.ok) throw new Error('receive');
    expect(asked.value.from).toEqual({ address: '172.17.0.1', port: here.value.local.port });
    there.value.send(asked.value.from, encode('me'));
    const answer = await run(here.value.receive({ timeout: 100 }));
    expect(answer.ok && decode(answer.value.bytes)).toBe('me');
    expect(await run(here.value.receive({ timeout: 100 }))).toMatchObject({ ok: false, error: { code: 'EAGAIN' } });
    const connected = host.datagram(process(), undefined, { remote: { address: '172.17.0.2', port: 54 } });
    if (!connected.ok) throw new Error('connect');
    connected.value.send({ address: '172.17.0.2', port: 54 }, encode('anybody?'));
    expect(await run(connected.value.receive())).toMatchObject({ ok: false, error: { code: 'ECONNREFUSED' } });
  });

  it('of a process end with it', async () => {
    const { host, run, process } = await dockerHost();
    const server = process();
    const listener = host.listen(server, { address: '127.0.0.1', port: 80 });
    if (!listener.ok) throw new Error('listen');
    expect(host.listen(process(), { address: '0.0.0.0', port: 80 })).toMatchObject({ error: { code: 'EADDRINUSE' } });
    expect(host.sockets().map(({ state, local }) => [state, local])).toEqual([
      ['LISTEN', { address: '127.0.0.1', port: 80 }],
    ]);
    const client = process();
    const connected = await run(host.connect(client, { address: '127.0.0.1', port: 80 }));
    server.end();
    if (!connected.ok) throw new Error('connect');
    expect(await run(connected.value.read())).toMatchObject({ error: { code: 'ECONNRESET' } });
    expect(host.sockets()).toEqual([]);
    expect(await run(request(host, '127.0.0.1', 80))).toBe('ECONNREFUSED');
  });
});

describe('routes', () => {
  it('are listed as ip route does', async () => {
    const { host, web } = await dockerHost();
    expect(web.routes()).toEqual([
      { destination: 'default', via: '172.17.0.1', device: 'eth0', protocol: 'boot' },
      { destination: '172.17.0.0/16', device: 'eth0', protocol: 'kernel', scope: 'link', source: '172.17.0.2' },
    ]);
    expect(host.links().map(({ name, running, master }) => [name, running, master])).toEqual([
      ['lo', true, undefined],
      ['eth0', true, undefined],
      ['docker0', true, undefined],
      ['vethweb', true, 'docker0'],
    ]);
    expect(host.addRoute({ destination: '10.0.0.0/8', via: '9.9.9.9', device: 'eth0' })).toMatchObject({
      error: { code: 'ENETUNREACH' },
    });
    expect(host.routeTo('172.17.0.2')).toEqual({ device: 'docker0', source: '172.17.0.1' });
  });
});
