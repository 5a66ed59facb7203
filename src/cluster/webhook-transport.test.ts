import { expect, test } from 'vitest';
import type { RegistryReader } from '../kubernetes/apiserver/registry';
import { decode } from '../linux/io/bytes';
import { readBody } from '../linux/net/http/codec';
import { MemoryNet } from '../linux/net/http/memory-net';
import { serve, textResponse } from '../linux/net/http/server';
import { certificatePem, createCa, issue } from '../linux/net/tls/certificate';
import { serverTls } from '../linux/net/tls/connection';
import type { Process } from '../linux/process/types';
import { Clock } from '../sim/clock';
import { Random } from '../sim/random';
import { Trace } from '../sim/trace';
import { serverNetwork } from './server-network';
import { webhookTransport } from './webhook-transport';

/** A host where the service `guard` in `hooks` has the address 10.96.0.9; it answers after `delay`. */
function world(delay: number) {
  const trace = new Trace();
  const clock = new Clock({
    start: Date.UTC(2026, 0, 1),
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    trace,
  });
  const random = new Random(7);
  const net = new MemoryNet(clock);
  const fs = { readText: () => ({ ok: false, error: {} }) };
  const thread = (work: () => Promise<unknown>) => void work();
  const process = { clock, trace, span: 0, net, fs, thread, random } as unknown as Process;
  const now = clock.now;
  const ca = createCa({ subject: { commonName: 'ca' }, random, now });
  const server = issue({ subject: { commonName: 'guard' }, sans: ['guard.hooks.svc'], issuer: ca, random, now });
  const listener = net.listen(process, { address: '10.96.0.9', port: 443 });
  if (!listener.ok) throw new Error(listener.error.message);
  void serve(
    process,
    listener.value,
    async (asked) => {
      if (delay > 0) await clock.sleep(delay);
      return textResponse(200, `${asked.method} ${asked.url} ${decode(await readBody(asked.body))}`);
    },
    { tls: serverTls(server, () => clock.now) },
  );
  const spec = { clusterIP: '10.96.0.9', ports: [{ port: 443 }] };
  const objects = {
    get: (_kind: unknown, _namespace: string, name: string) => (name === 'guard' ? { spec } : undefined),
  };
  const transport = webhookTransport(serverNetwork(() => process, objects as unknown as RegistryReader));
  return async (name: string, caBundle = btoa(certificatePem(ca.certificate)), port = 443) => {
    let answer: unknown;
    void transport
      .post({
        url: `https://${name}.hooks.svc:443/check?timeout=2s`,
        service: { name, namespace: 'hooks', path: '/check', port },
        caBundle,
        body: '{}',
        timeout: 2000,
      })
      .then((value) => (answer = value));
    clock.wake();
    await clock.runUntil(() => answer !== undefined, { limit: 60_000 });
    return answer;
  };
}

test('a service is called at its cluster address, under its name', async () => {
  const call = world(0);
  expect(await call('guard')).toStrictEqual({ ok: true, value: { status: 200, body: 'POST /check?timeout=2s {}' } });
  expect(await call('nobody')).toStrictEqual({ ok: false, error: 'service "nobody" not found' });
  expect(await call('guard', undefined, 8443)).toStrictEqual({
    ok: false,
    error: 'no service port 8443 found for service "guard"',
  });
  expect(await call('guard', '')).toStrictEqual({
    ok: false,
    error: 'tls: failed to verify certificate: x509: certificate signed by unknown authority',
  });
});

test('one that takes too long has failed', async () => {
  expect(await world(3000)('guard')).toStrictEqual({ ok: false, error: 'context deadline exceeded' });
});
