import { expect, test } from 'vitest';
import { decode, encode } from '../../linux/io/bytes';
import { makeBench } from './testing';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('curl: pages, failures in its own words, exit codes', async () => {
  const { run } = await makeBench(settle);
  const say = async (command: string) => {
    const { out, err, status } = await run(command);
    return [status, out + err];
  };
  expect(await say('curl -s http://web/')).toEqual([0, 'hello\n']);
  expect(await say('curl -s -d a=1 -d b=2 web/echo')).toEqual([0, 'POST application/x-www-form-urlencoded a=1&b=2\n']);
  expect(await say('curl -sX PUT --json {} web/echo')).toEqual([0, 'PUT application/json {}\n']);
  expect(await say('curl -s -o /dev/null -w %{http_code} web/missing')).toEqual([0, '404']);
  expect(await say('curl -sSf web/missing')).toEqual([22, 'curl: (22) The requested URL returned error: 404\n']);
  expect(await say('curl -sL web/moved')).toEqual([0, 'hello\n']);
  expect(await say('curl -sI 10.0.0.2/moved')).toEqual([
    0,
    'HTTP/1.1 302 Found\r\nLocation: /\r\nDate: Fri, 20 Nov 2026 20:40:09 GMT\r\nContent-Length: 6\r\n\r\n',
  ]);
  expect(await say('curl -sS http://nope')).toEqual([6, 'curl: (6) Could not resolve host: nope\n']);
  expect(await say('curl -sS localhost:8080')).toEqual([
    7,
    'curl: (7) Failed to connect to localhost port 8080 after 0 ms: Could not connect to server\n',
  ]);
  expect(await say('curl -sS -m 2 web/hang')).toEqual([
    28,
    'curl: (28) Operation timed out after 2001 milliseconds with 0 bytes received\n',
  ]);
  expect((await say('curl -sS https://web/'))[1]).toMatch(
    /^curl: \(60\) SSL certificate problem: unable to get local issuer certificate\nMore details/,
  );
  expect(await say('curl -sS --cacert /etc/ssl/ca.crt https://web/')).toEqual([0, 'hello\n']);
  expect(await say('curl -sSk https://10.0.0.2/')).toEqual([0, 'hello\n']);
  expect(await say('curl -sS https://web:80/')).toEqual([
    35,
    'curl: (35) TLS connect error: error:0A00010B:SSL routines::wrong version number\n',
  ]);
  expect(await say('curl -s http://web:443/')).toEqual([0, 'Client sent an HTTP request to an HTTPS server.\n']);
});

test('curl -v and the progress meter', async () => {
  const { run } = await makeBench(settle);
  const { out, err } = await run('curl -sv http://web/');
  expect(out).toBe('hello\n');
  expect(err).toBe(
    [
      ...['* Host web:80 was resolved.', '* IPv6: (none)', '* IPv4: 10.0.0.2', '*   Trying 10.0.0.2:80...'],
      ...['* Connected to web (10.0.0.2) port 80', '* using HTTP/1.x', '> GET / HTTP/1.1', '> Host: web'],
      ...['> User-Agent: curl/8.14.1', '> Accept: */*', '> ', '* Request completely sent off', '< HTTP/1.1 200 OK'],
      ...['< Content-Type: text/html', '< Date: Fri, 20 Nov 2026 20:40:09 GMT', '< Content-Length: 6', '< '],
      ...['{ [6 bytes data]', '* Connection #0 to host web left intact', ''],
    ].join('\n'),
  );
  const meter = await run('curl -o /tmp/page http://web/');
  expect(meter.err).toContain('\r100     6  100     6    0     0   ');
  expect(meter.err.split('\n')[0]).toBe(
    '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current',
  );
});

test('wget of both families', async () => {
  const { run, client } = await makeBench(settle);
  expect(await run('busybox-wget -qO- http://web/')).toEqual({ out: 'hello\n', err: '', status: 0 });
  expect((await run('busybox-wget -qO- http://nope/')).err).toBe("wget: bad address 'nope'\n");
  expect((await run('busybox-wget web/missing')).err).toBe(
    'Connecting to web (10.0.0.2:80)\nwget: server returned error: HTTP/1.1 404 Not Found\n',
  );
  expect((await run('busybox-wget -q -T 1 web:81')).err).toBe(
    "wget: can't connect to remote host (10.0.0.2): Connection refused\n",
  );
  const { err, status } = await run('wget http://web/');
  expect(status).toBe(0);
  expect(err.split('\n').slice(0, 6)).toEqual([
    '--2026-11-20 20:40:09--  http://web/',
    'Resolving web (web)... 10.0.0.2',
    'Connecting to web (web)|10.0.0.2|:80... connected.',
    'HTTP request sent, awaiting response... 200 OK',
    'Length: 6 [text/html]',
    'Saving to: ‘index.html’',
  ]);
  expect(client.fs.readText('/tmp/index.html')).toEqual({ ok: true, value: 'hello\n' });
});

test('names: the search list, nslookup of both families, dig', async () => {
  const { run, client } = await makeBench(settle);
  client.fs.writeFile('/etc/hosts', '127.0.0.1 localhost\n');
  expect((await run('curl -s http://web/')).out).toBe('hello\n');
  expect((await run('nslookup web')).out).toBe(
    'Server:\t\t10.0.0.2\nAddress:\t10.0.0.2#53\n\nName:\tweb.default.svc.cluster.local\nAddress: 10.0.0.2\n\n',
  );
  expect(await run('nslookup nope')).toEqual({
    out: "Server:\t\t10.0.0.2\nAddress:\t10.0.0.2#53\n\n** server can't find nope: NXDOMAIN\n\n",
    err: '',
    status: 1,
  });
  expect((await run('busybox-nslookup web')).out).toBe(
    'Server:\t\t10.0.0.2\nAddress:\t10.0.0.2:53\n\nName:\tweb.default.svc.cluster.local\nAddress: 10.0.0.2\n\n\n' +
      "** server can't find web.svc.cluster.local: NXDOMAIN\n\n** server can't find web.svc.cluster.local: NXDOMAIN\n\n",
  );
  expect((await run('dig +short web.default.svc.cluster.local')).out).toBe('10.0.0.2\n');
  expect((await run('dig @10.0.0.1 x +tries=1')).out).toBe(
    '\n; <<>> DiG 9.18.39 <<>> @10.0.0.1 x +tries=1\n;; global options: +cmd\n' +
      ';; communications error to 10.0.0.1#53: connection refused\n;; no servers could be reached\n',
  );
});

test('ip: a namespace, a veth pair into it, addresses, a ping across', async () => {
  const { run } = await makeBench(settle);
  for (const command of [
    'ip netns add red',
    'ip link add veth0 type veth peer name veth1',
    'ip link set veth1 netns red',
    'ip addr add 10.1.1.1/24 dev veth0',
    'ip link set veth0 up',
    'ip netns exec red ip addr add 10.1.1.2/24 dev veth1',
    'ip netns exec red ip link set veth1 up',
    'ip -n red link set lo up',
    'ip -n red route add default via 10.1.1.1',
  ]) {
    expect([command, await run(command)]).toEqual([command, { out: '', err: '', status: 0 }]);
  }
  expect((await run('ip netns')).out).toBe('red\n');
  expect((await run('ip netns exec red ip route')).out).toBe(
    'default via 10.1.1.1 dev veth1 \n10.1.1.0/24 dev veth1 proto kernel scope link src 10.1.1.2 \n',
  );
  expect((await run('ip -br addr')).out.replace(/ +/g, ' ').replace(/@if\d/, '@ifN')).toBe(
    'lo UNKNOWN 127.0.0.1/8 ::1/128 \neth0 UP 10.0.0.1/24 \nveth0@ifN UP 10.1.1.1/24 \n',
  );
  expect((await run('ip -4 -o addr show eth0')).out).toBe(
    '2: eth0    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0\\       valid_lft forever preferred_lft forever\n',
  );
  const { out, status } = await run('ping -c 2 10.1.1.2');
  expect(status).toBe(0);
  expect(out.replace(/time=[\d.]+/g, 'time=T').replace(/= [\d./]+ ms/, '= T ms')).toBe(
    'PING 10.1.1.2 (10.1.1.2) 56(84) bytes of data.\n' +
      '64 bytes from 10.1.1.2: icmp_seq=1 ttl=64 time=T ms\n64 bytes from 10.1.1.2: icmp_seq=2 ttl=64 time=T ms\n\n' +
      '--- 10.1.1.2 ping statistics ---\n2 packets transmitted, 2 received, 0% packet loss, time 1000ms\n' +
      'rtt min/avg/max/mdev = T ms\n',
  );
  expect((await run('ip addr add 10.1.1.1/24 dev veth0')).err).toBe('Error: ipv4: Address already assigned.\n');
  expect((await run('ip link show nope')).err).toBe('Device "nope" does not exist.\n');
  expect((await run('busybox-ping -c 1 nope')).err).toBe("ping: bad address 'nope'\n");
});

test('ss and nc see a listener; iptables refuses it', async () => {
  const { run, server } = await makeBench(settle);
  expect((await run('ss -tln', { on: server })).out).toBe(
    'State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n' +
      'LISTEN 0      4096         0.0.0.0:80        0.0.0.0:*    \n' +
      'LISTEN 0      4096         0.0.0.0:443       0.0.0.0:*    \n',
  );
  expect((await run('nc -zv web 80')).err).toBe('Connection to web (10.0.0.2) 80 port [tcp/*] succeeded!\n');
  expect((await run('nc -zv web 81')).err).toBe(
    'nc: connect to web (10.0.0.2) port 81 (tcp) failed: Connection refused\n',
  );
  expect((await run('iptables -A INPUT -p tcp --dport 80 -j REJECT', { on: server })).status).toBe(0);
  expect((await run('curl -sS web')).err).toContain('curl: (7)');
  expect((await run('iptables-save -t filter', { on: server })).out).toContain(
    '-A INPUT -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable\n',
  );
});

test('ssh: a command with its streams and status, and a shell on a terminal', async () => {
  const { run, start, server, client, clock } = await makeBench(settle);
  expect(await run('ssh web true')).toEqual({
    out: '',
    err: 'ssh: connect to host web port 22: Connection refused\n',
    status: 255,
  });
  await start(server, 'sshd -D');
  expect(await run('ssh web uptime now')).toEqual({
    out: 'uptime now by root in /root from 10.0.0.1\n',
    err: '',
    status: 0,
  });
  expect(await run('ssh root@web cat', { input: 'over there\n' })).toEqual({ out: 'over there\n', err: '', status: 0 });
  expect(await run('ssh -o StrictHostKeyChecking=no 10.0.0.2 fail')).toEqual({ out: '', err: 'failed\n', status: 3 });
  expect((await run('ssh who@web true')).err).toBe('who@web: Permission denied (publickey).\n');

  const terminal = client.openPty({ rows: 30, columns: 100 });
  let shown = '';
  terminal.onOutput((bytes) => (shown += decode(bytes)));
  const shell = client.spawn({
    file: '/bin/ssh',
    argv: ['ssh', 'web'],
    env: new Map(Object.entries({ HOME: '/root', TERM: 'xterm' })),
    fds: new Map([0, 1, 2].map((fd) => [fd, terminal.tty.open()])),
    newSession: true,
    controllingTty: terminal.tty,
    foreground: true,
  });
  if (!shell.ok) throw new Error(shell.error.message);
  await clock.advance(1000);
  terminal.input(encode('hello\r'));
  await clock.advance(1000);
  expect(terminal.tty.termios.echo).toBe(false);
  terminal.input(encode('exit\r'));
  await clock.advance(1000);
  expect(shown).toBe(
    '-bash on /dev/pts/0 100x30 xterm\r\nhello\r\nyou said hello\r\nexit\r\nConnection to web closed.\r\n',
  );
  expect(shell.value.process.status).toEqual({ kind: 'exited', code: 7 });
  expect(terminal.tty.termios.echo).toBe(true);
});

test('openssl makes what TLS believes: a CA, a request, a certificate with names', async () => {
  const { run, client } = await makeBench(settle);
  const steps = [
    'openssl genrsa -out ca.key 2048',
    'openssl req -x509 -new -nodes -key ca.key -subj /CN=my-ca -days 3650 -out ca.crt',
    'openssl genrsa -out jane.key 2048',
    'openssl req -new -key jane.key -subj /CN=jane/O=dev -addext subjectAltName=DNS:jane.example,IP:10.0.0.1 -out jane.csr',
    'openssl x509 -req -in jane.csr -CA ca.crt -CAkey ca.key -CAcreateserial -copy_extensions copy -days 10 -out jane.crt',
  ];
  for (const step of steps) expect([step, (await run(step)).status]).toEqual([step, 0]);
  expect((await run('openssl verify -CAfile ca.crt jane.crt')).out).toBe('jane.crt: OK\n');
  expect((await run('openssl x509 -in jane.crt -noout -subject -issuer -dates -ext subjectAltName')).out).toBe(
    'subject=O = dev, CN = jane\nissuer=CN = my-ca\nnotBefore=Nov 20 20:40:09 2026 GMT\nnotAfter=Nov 30 20:40:09 2026 GMT\n' +
      'X509v3 Subject Alternative Name: \n    DNS:jane.example, IP Address:10.0.0.1\n',
  );
  const [key, certificate] = [
    await run('openssl rsa -noout -modulus -in jane.key'),
    await run('openssl x509 -noout -modulus -in jane.crt'),
  ];
  expect(key.out).toBe(certificate.out);
  expect((await run('openssl x509 -in jane.crt -noout -checkend 864001')).status).toBe(1);
  expect(client.fs.readText('/tmp/jane.crt')).toMatchObject({
    value: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\nMII/),
  });
  expect((await run('openssl s_client -connect web:443 -CAfile /etc/ssl/ca.crt')).out).toContain(
    'Verify return code: 0 (ok)\n',
  );
});
