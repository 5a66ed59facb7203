import { expect, test } from 'vitest';
import { decode, encode, noBytes } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { configMap } from '../../api/core/configmap';
import { serve } from '../testing';

function server() {
  const { clock, registry, handler } = serve();
  const client = registry.as({ user: 'test', agent: 'test' });
  for (const name of ['one', 'two']) client.create(configMap, { metadata: { name, namespace: 'default' } });
  const ask = (method: string, url: string, commonName = 'kubernetes-admin', body = noBytes) => {
    const peer = { commonName, organizations: commonName === 'kubernetes-admin' ? ['system:masters'] : [] };
    return handler({ method, url, headers: new Headers({}), body }, { remote: '127.0.0.1', peer });
  };
  return { clock, ask };
}

test('watches by their old paths', async () => {
  const { clock, ask } = server();
  const begun = async (url: string): Promise<readonly string[]> => {
    const { body } = await ask('GET', url);
    if (body instanceof Uint8Array) return [decode(body)];
    await clock.advance(100);
    const reading = body.read();
    await clock.advance(100);
    const lines = decode((await reading) ?? noBytes).trimEnd();
    body.cancel();
    return lines.split('\n').map((line) => {
      const { type, object } = JSON.parse(line) as { type: string; object: { metadata: { name: string } } };
      return `${type} ${object.metadata.name}`;
    });
  };
  const base = '/api/v1/watch';
  expect(await begun(`${base}/namespaces/default/configmaps`)).toEqual(['ADDED one', 'ADDED two']);
  expect(await begun(`${base}/namespaces/default/configmaps/two`)).toEqual(['ADDED two']);
  expect(await begun(`${base}/namespaces/default`)).toEqual(['ADDED default']);
  const refused = async (method: string, url: string, who?: string): Promise<string> => {
    const { status, body } = await ask(method, url, who);
    const text = decode(body as Uint8Array);
    return `${status} ${text.startsWith('{') ? (JSON.parse(text) as { message: string }).message : text.trim()}`;
  };
  expect([
    await refused('POST', `${base}/configmaps`),
    await refused('GET', `${base}/namespaces/default/configmaps/two/status`),
    await refused('GET', `${base}/configmaps/two`),
    await refused('GET', `${base}/namespaces/default/configmaps/two?fieldSelector=metadata.name%3Done`),
    await refused('GET', base),
    await refused('GET', '/api/v1/proxy/nodes/node1'),
    await refused('GET', `${base}/namespaces/default/configmaps/two`, 'jane'),
  ]).toEqual([
    '405 the server does not allow this method on the requested resource',
    '404 the server could not find the requested resource',
    '404 the server could not find the requested resource',
    "400 fieldSelector metadata.name doesn't match requested name",
    '500 Internal Server Error: "/api/v1/watch": failed to create RequestInfo: unable to determine kind and namespace from url, /api/v1/watch',
    '404 the server could not find the requested resource',
    '403 configmaps "two" is forbidden: User "jane" cannot watch resource "configmaps" in API group "" in the namespace "default"',
  ]);
});

test('what can be looked at of a running server', async () => {
  const { ask } = server();
  const text = async (method: string, url: string, body?: Uint8Array): Promise<string> => {
    const answer = await ask(method, url, undefined, body);
    return `${answer.status} ${decode(answer.body as Uint8Array)}`;
  };
  await ask('GET', '/livez');
  expect((await text('GET', '/metrics/slis')).split('\n').filter((line) => line.includes('"etcd"'))).toEqual([
    'kubernetes_healthcheck{name="etcd",type="livez"} 1',
    'kubernetes_healthchecks_total{name="etcd",status="success",type="livez"} 1',
  ]);
  expect([
    await text('GET', '/debug/flags/v'),
    await text('PUT', '/debug/flags/v', encode('4')),
    await text('PUT', '/debug/flags/v', encode('loud')),
    await text('GET', '/debug/pprof/'),
  ]).toEqual([
    '406 unsupported http method\n',
    '200 successfully set klog.logging.verbosity to 4\n',
    '400 strconv.ParseUint: parsing "loud": invalid syntax\n',
    '404 404 page not found\n',
  ]);
  expect((await text('GET', '/debug/api_priority_and_fairness/dump_priority_levels')).split('\n').slice(0, 3))
    .toMatchInlineSnapshot(`
    [
      "200 PriorityLevelName, ActiveQueues, IsIdle, IsQuiescing, WaitingRequests, ExecutingRequests, DispatchedRequests, RejectedRequests, TimedoutRequests, CancelledRequests",
      "catch-all,         0,            true,   false,       0,               0,                 0,                  0,                0,                0",
      "exempt,            0,            false,  false,       0,               1,                 7,                  0,                0,                0",
    ]
  `);
});
