import { expect, test } from 'vitest';
import { Clock } from '../../../sim/clock';
import { Random } from '../../../sim/random';
import { Trace } from '../../../sim/trace';
import { decode, encode } from '../../io/bytes';
import type { Process } from '../../process/types';
import { serveDns } from '../dns/server';
import { createCa, issue } from '../tls/certificate';
import { serverTls } from '../tls/connection';
import { request } from './client';
import { readBody } from './codec';
import { goUrlError } from './go-text';
import { MemoryNet } from './memory-net';
import { Headers, type Handler } from './message';
import { serve, textResponse } from './server';
import { acceptOf, webSocketAnswer, webSocketOver, webSocketRequest } from './websocket';

const at = { address: '10.0.0.2', port: 8080 };
const url = 'http://10.0.0.2:8080';

function world(files: Readonly<Record<string, string>> = {}) {
  const trace = new Trace();
  const clock = new Clock({
    start: Date.UTC(2026, 10, 20, 20, 40, 9),
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    trace,
  });
  const net = new MemoryNet(clock);
  const fs = {
    readText: (path: string) => (path in files ? { ok: true, value: files[path] } : { ok: false, error: {} }),
  };
  const thread = (work: () => Promise<unknown>) => void work();
  const process = { clock, trace, span: 0, net, fs, thread, random: new Random(7) } as unknown as Process;
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let value: { of: T } | undefined;
    void work.then((of) => (value = { of }));
    clock.wake();
    await clock.runUntil(() => value !== undefined, { limit: 60_000 });
    if (!value) throw new Error('nothing came of it');
    return value.of;
  };
  const listening = (handler: Handler, options: Parameters<typeof serve>[3] = {}) => {
    const listener = net.listen(process, at);
    if (!listener.ok) throw new Error(listener.error.message);
    void serve(process, listener.value, handler, options);
  };
  /** What a raw client reads after sending `text`, up to the end. */
  const raw = async (text: string): Promise<string> => {
    const socket = await net.connect(process, at);
    if (!socket.ok) return socket.error.message;
    await socket.value.write(encode(text));
    socket.value.shutdown();
    let all = '';
    for (let read = await socket.value.read(); read.ok && read.value; read = await socket.value.read()) {
      all += decode(read.value);
    }
    return all;
  };
  return { clock, net, process, run, listening, raw };
}

const hello: Handler = async ({ method, url: path, body }) =>
  textResponse(200, `${method} ${path} ${decode(await readBody(body))}\n`, 'text/plain');

test('two requests on one connection, a HEAD without body, then garbage', async () => {
  const { run, listening, raw } = world();
  listening(hello);
  const got = await run(
    raw(
      'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc' +
        'HEAD /b HTTP/1.1\r\nHost: x\r\n\r\n' +
        'POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n' +
        'what is this\r\n\r\n',
    ),
  );
  const date = 'Date: Fri, 20 Nov 2026 20:40:09 GMT';
  expect(got.split('\r\n')).toEqual([
    ...['HTTP/1.1 200 OK', 'Content-Type: text/plain', date, 'Content-Length: 12', ''],
    ...['POST /a abc\nHTTP/1.1 200 OK', 'Content-Type: text/plain', date, 'Content-Length: 9', ''],
    ...['HTTP/1.1 200 OK', 'Content-Type: text/plain', date, 'Content-Length: 14', ''],
    ...['POST /c hello\nHTTP/1.1 400 Bad Request', 'Content-Type: text/plain; charset=utf-8', date],
    ...['Connection: close', 'Content-Length: 15', '', '400 Bad Request'],
  ]);
});

test('a streamed body: the head comes at once, each chunk when it is made, and a reader who goes ends the stream', async () => {
  const { run, listening, process, clock } = world();
  let cancelled = 0;
  listening(async () => {
    let count = 0;
    const body = {
      read: async () => {
        if (count > 0) await clock.sleep(1000);
        return count++ < 100 && !cancelled ? encode(`event ${count}\n`) : undefined;
      },
      cancel: () => void (cancelled = clock.now),
    };
    return { status: 200, headers: new Headers(), body };
  });
  const start = clock.now;
  const seen = await run(
    (async () => {
      const response = await request(process, { url: `${url}/watch` });
      if (!response.ok) return [];
      const log = [[clock.now - start, response.value.headers.get('Transfer-Encoding')]];
      for (let count = 0; count < 2; count++) {
        const chunk = await response.value.body.read();
        log.push([clock.now - start, chunk && decode(chunk)]);
      }
      response.value.close();
      return log;
    })(),
  );
  expect(seen).toEqual([
    [4, 'chunked'],
    [4, 'event 1\n'],
    [1004, 'event 2\n'],
  ]);
  await clock.advance(5000);
  expect(cancelled - start).toBe(1005);
});

test('failures are data, with the texts of Go', async () => {
  const { run, process, listening } = world({
    '/etc/resolv.conf': 'nameserver 10.96.0.10\nsearch default.svc.cluster.local svc.cluster.local\noptions ndots:5\n',
  });
  const asked: string[] = [];
  const dns = serveDns(process, { address: '10.96.0.10', port: 53 }, ({ name }) => {
    asked.push(name);
    return name === 'web.svc.cluster.local'
      ? { code: 'NOERROR', answers: [{ name, type: 'A', ttl: 30, data: '10.0.0.2' }] }
      : { code: 'NXDOMAIN', answers: [] };
  });
  expect(dns.ok).toBe(true);
  const text = async (target: string, timeout?: number) => {
    const got = await run(request(process, { url: target, ...(timeout ? { timeout } : {}) }));
    return got.ok
      ? `${got.value.line} ${decode(await run(readBody(got.value.body)))}`
      : goUrlError('GET', target, got.error);
  };
  expect(await text(url)).toBe('Get "http://10.0.0.2:8080": dial tcp 10.0.0.2:8080: connect: connection refused');
  expect(await text('http://nope')).toBe('Get "http://nope": dial tcp: lookup nope on 10.96.0.10:53: no such host');
  expect(asked).toEqual(['nope.default.svc.cluster.local', 'nope.svc.cluster.local', 'nope']);
  let calls = 0;
  listening(async (one, context) => {
    if (one.url === '/slow') await process.clock.sleep(10_000);
    if (calls++ === 0) throw new Error('a bug');
    return hello(one, context);
  });
  expect(await text('http://web:8080/')).toBe('HTTP/1.1 500 Internal Server Error Internal Server Error\n');
  expect(await text('http://web:8080/x')).toBe('HTTP/1.1 200 OK GET /x \n');
  expect(await text('http://web:8080/slow', 1000)).toBe(
    'Get "http://web:8080/slow": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  );
  expect(await text('https://web:8080/')).toBe(
    'Get "https://web:8080/": http: server gave HTTP response to HTTPS client',
  );
});

test('TLS: chains, names, client certificates, and plain HTTP on its port', async () => {
  const { run, process, listening, raw, clock } = world();
  const random = new Random(1);
  const now = clock.now;
  const ca = createCa({ subject: { commonName: 'kubernetes' }, random, now });
  const stranger = createCa({ subject: { commonName: 'other' }, random, now });
  const server = issue({
    subject: { commonName: 'kube-apiserver' },
    sans: ['kubernetes', '10.0.0.2'],
    issuer: ca,
    random,
    now,
  });
  const admin = issue({
    subject: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
    issuer: ca,
    random,
    now,
  });
  listening(async (_request, { peer }) => textResponse(200, JSON.stringify(peer ?? null)), {
    tls: serverTls(server, () => clock.now, { clientRoots: [ca.certificate] }),
  });
  const get = async (tls: object) => {
    const got = await run(
      request(process, { url: 'https://10.0.0.2:8080/', tls: { roots: [ca.certificate], ...tls } }),
    );
    return got.ok
      ? decode(await run(readBody(got.value.body)))
      : goUrlError('GET', 'https://10.0.0.2:8080/', got.error);
  };
  const failed = 'Get "https://10.0.0.2:8080/": tls: failed to verify certificate: x509: ';
  expect(await get({})).toBe('null');
  // The fingerprint is that of the certificate.
  expect(await get({ identity: { chain: [admin.certificate], key: admin.key } })).toMatch(
    /^\{"commonName":"kubernetes-admin","organizations":\["system:masters"\],"fingerprint":"[0-9a-f]{64}"\}$/,
  );
  expect(await get({ roots: [stranger.certificate] })).toBe(`${failed}certificate signed by unknown authority`);
  expect(await get({ roots: [], insecure: true })).toBe('null');
  expect(await get({ serverName: 'elsewhere' })).toBe(`${failed}certificate is valid for kubernetes, not elsewhere`);
  const forged = { ...admin.certificate, subject: { commonName: 'root' } };
  expect(await get({ identity: { chain: [forged], key: admin.key } })).toBe(
    'Get "https://10.0.0.2:8080/": remote error: tls: bad certificate',
  );
  expect(await run(raw('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))).toBe(
    'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n',
  );
});

test('an upgrade to WebSocket: handshake, protocol, frames both ways, close', async () => {
  expect(acceptOf('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  const { run, process, listening } = world();
  const long = 'x'.repeat(70_000);
  listening(async (asked, context) => {
    const answer = webSocketAnswer(asked, ['v5.channel.k8s.io']);
    if (!answer || !context.upgrade) return textResponse(400, 'no websocket');
    const socket = webSocketOver(context.upgrade(answer.headers));
    for (let got = await socket.receive(); got; got = await socket.receive()) await socket.send(got.bytes);
    return textResponse(200, '');
  });
  const log = await run(
    (async () => {
      const headers = webSocketRequest(process.random, ['v5.channel.k8s.io', 'v4.channel.k8s.io']);
      const got = await request(process, { url: `${url}/exec`, headers });
      if (!got.ok || !got.value.upgrade) return ['no upgrade'];
      const socket = webSocketOver(got.value.upgrade(), process.random);
      const seen: unknown[] = [got.value.line, got.value.headers.get('Sec-WebSocket-Protocol')];
      for (const text of ['one', long]) {
        await socket.send(encode(text));
        const back = await socket.receive();
        seen.push(back && decode(back.bytes) === text);
      }
      await socket.close();
      seen.push(await socket.receive(), socket.closeCode);
      return seen;
    })(),
  );
  expect(log).toEqual(['HTTP/1.1 101 Switching Protocols', 'v5.channel.k8s.io', true, true, undefined, 1000]);
});
