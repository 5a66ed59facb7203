import { expect, test } from 'vitest';
import { decode, noBytes } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { Clock } from '../../../sim/clock';
import { Random } from '../../../sim/random';
import { Trace } from '../../../sim/trace';
import { createApiserver } from '../apiserver';
import { bootstrap } from '../bootstrap';
import { createRegistry } from '../create-registry';

function server(etcdUp = true): (url: string) => Promise<{ readonly status: number; readonly text: string }> {
  const trace = new Trace();
  const clock = new Clock({ start: 0, trace, settle: () => Promise.resolve() });
  const random = new Random(1);
  const registry = createRegistry({ clock, random, trace });
  bootstrap(registry, { advertiseAddress: '172.30.1.2' });
  const handler = createApiserver({ registry, clock, random, trace, etcdUp: () => etcdUp });
  const peer = { commonName: 'kubernetes-admin', organizations: ['system:masters'] };
  return async (url) => {
    const request = { method: 'GET', url, headers: new Headers({}), body: noBytes };
    const { status, body } = await handler(request, { remote: '127.0.0.1', peer });
    return { status, text: decode(body as Uint8Array) };
  };
}

test('requests are counted by what they asked and how they were answered', async () => {
  const get = server();
  await get('/api/v1/namespaces');
  await get('/api/v1/namespaces/default');
  await get('/api/v1/namespaces/nope');
  const { text } = await get('/metrics');
  const lines = text.split('\n');
  const labels = (verb: string, scope: string): string =>
    `component="apiserver",dry_run="",group="",resource="namespaces",scope="${scope}",subresource="",verb="${verb}",version="v1"`;
  expect(lines.filter((line) => line.startsWith('apiserver_request_total'))).toEqual([
    `apiserver_request_total{code="200",${labels('LIST', 'cluster')}} 1`,
    `apiserver_request_total{code="200",${labels('GET', 'resource')}} 1`,
    `apiserver_request_total{code="404",${labels('GET', 'resource')}} 1`,
  ]);
  expect(lines).toContain('apiserver_current_inflight_requests{request_kind="readOnly"} 1');
  expect(lines).toContain('apiserver_storage_objects{resource="namespaces"} 4');
  expect(lines).toContain(`apiserver_request_duration_seconds_count{${labels('GET', 'resource')}} 2`);
});

test('health, its checks, and what of them is left out', async () => {
  const get = server();
  expect(await get('/readyz')).toEqual({ status: 200, text: 'ok' });
  expect(await get('/livez/etcd')).toEqual({ status: 200, text: 'ok' });
  expect((await get('/readyz/etcd')).status).toBe(404);
  const { text } = await get('/livez?verbose&exclude=etcd&exclude=nope');
  expect(text.split('\n').filter((line) => !line.includes('poststarthook'))).toEqual([
    '[+]ping ok',
    '[+]log ok',
    '[+]etcd excluded: ok',
    '[+]autoregister-completion ok',
    'warn: some health checks cannot be excluded: no matches for "nope"',
    'livez check passed',
    '',
  ]);
});

test('without etcd it is not alive, but ready as far as that goes', async () => {
  const get = server(false);
  const { status, text } = await get('/livez');
  expect([status, text.split('\n').filter((line) => !line.startsWith('[+]'))]).toEqual([
    500,
    ['[-]etcd failed: reason withheld', 'livez check failed', ''],
  ]);
  expect((await get('/livez/etcd')).status).toBe(500);
  expect([await get('/livez?exclude=etcd'), await get('/readyz')]).toEqual([
    { status: 200, text: 'ok' },
    { status: 200, text: 'ok' },
  ]);
});
