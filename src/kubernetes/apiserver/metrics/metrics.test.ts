import { expect, test } from 'vitest';
import { decode } from '../../../linux/io/bytes';
import { serve } from '../testing';

function server(etcdUp = true): (url: string) => Promise<{ readonly status: number; readonly text: string }> {
  const { send } = serve({ etcdUp: () => etcdUp });
  return async (url) => {
    const { status, body } = await send('GET', url);
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
