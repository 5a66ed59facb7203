import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { useBridge } from './testing';

// What Headlamp 0.30 and k9s 0.50 ask a cluster when they open it, told from their sources: Headlamp's frontend
// (lib/k8s/api/v1, lib/k8s/api/v2, testClusterHealth, useClustersConf) through its backend's proxy, which passes requests on;
// k9s's internal/client (connection check, access, discovery) and internal/watch (dynamic informers), internal/dao/table.

const tested = useBridge();

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What stands in the answer's JSON, or in the first event of a watch. */
  readonly wanted?: object;
  readonly status?: number;
}

interface Said {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** An answer; of a watch, its first event. */
function ask(
  { method = 'GET', path, accept = 'application/json', headers = {}, body }: Asked,
  token = tested.bridge.token,
) {
  return new Promise<Said>((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const asked = request(
      `${tested.bridge.server}${path}`,
      {
        method,
        ca: tested.bridge.authority,
        headers: {
          Accept: accept,
          ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
          ...(text === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
      },
      (message) => {
        let said = '';
        const done = (): void => resolve({ status: message.statusCode ?? 0, headers: message.headers, text: said });
        message.setEncoding('utf8').on('data', (chunk: string) => {
          said += chunk;
          if (!path.includes('watch=') || !said.includes('\n')) return;
          said = said.slice(0, said.indexOf('\n'));
          done();
          asked.destroy();
        });
        message.on('end', done);
        message.on('error', () => undefined);
      },
    );
    asked.on('error', reject);
    asked.end(text);
  });
}

const review = (attributes: object) => ({
  kind: 'SelfSubjectAccessReview',
  apiVersion: 'authorization.k8s.io/v1',
  spec: { resourceAttributes: attributes },
});
const access = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const list = (kind: string) => ({ kind, metadata: { resourceVersion: expect.any(String) as string } });
const table =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
const metadata = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const aggregated = `application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json`;

const headlamp: readonly Asked[] = [
  { path: '/healthz' },
  { path: '/version', wanted: { major: '1', minor: '33' } },
  {
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    body: { kind: 'SelfSubjectRulesReview', apiVersion: 'authorization.k8s.io/v1', spec: { namespace: 'default' } },
    wanted: { status: { incomplete: false, resourceRules: [{ verbs: ['*'] }, {}, {}] } },
  },
  {
    method: 'POST',
    path: access,
    body: review({ resource: 'pods', verb: 'list', group: '', version: 'v1' }),
    wanted: { status: { allowed: true } },
  },
  { path: '/api/v1/namespaces', wanted: list('NamespaceList') },
  { path: '/api/v1/nodes', wanted: list('NodeList') },
  { path: '/api/v1/pods?limit=1000', wanted: list('PodList') },
  { path: '/api/v1/events?limit=2000', wanted: list('EventList') },
  { path: '/apis/apps/v1/deployments', wanted: list('DeploymentList') },
  { path: '/apis/apps/v1/daemonsets', wanted: list('DaemonSetList') },
  { path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', wanted: list('CustomResourceDefinitionList') },
  { path: '/apis', wanted: { kind: 'APIGroupList' } },
  { path: '/api/v1', wanted: { kind: 'APIResourceList', groupVersion: 'v1' } },
  { path: '/openapi/v3', wanted: { paths: { 'api/v1': { serverRelativeURL: expect.any(String) as string } } } },
  {
    path: '/api/v1/pods?watch=1&allowWatchBookmarks=true&resourceVersion=0',
    wanted: { type: 'ADDED', object: { kind: 'Pod' } },
  },
  { path: '/apis/metrics.k8s.io/v1beta1/nodes', status: 404 },
  { path: '/apis/gateway.networking.k8s.io/v1/gateways', status: 404 },
];

const k9s: readonly Asked[] = [
  { path: '/version?timeout=15s', wanted: { gitVersion: expect.stringMatching(/^v1\.33\./) as string } },
  { path: '/api?timeout=15s', accept: aggregated, wanted: { kind: 'APIGroupDiscoveryList' } },
  { path: '/apis?timeout=15s', accept: aggregated, wanted: { kind: 'APIGroupDiscoveryList' } },
  {
    method: 'POST',
    path: access,
    body: review({ verb: 'list', resource: 'namespaces' }),
    wanted: { status: { allowed: true } },
  },
  {
    method: 'POST',
    path: access,
    body: review({ namespace: 'default', verb: 'watch', group: '', resource: 'pods', version: 'v1' }),
    wanted: { status: { allowed: true } },
  },
  { path: '/api/v1/namespaces?limit=500&resourceVersion=0', wanted: list('NamespaceList') },
  { path: '/api/v1/namespaces/default/pods?limit=500&resourceVersion=0', wanted: list('PodList') },
  {
    path: '/api/v1/namespaces/kube-system/pods',
    accept: table,
    wanted: { kind: 'Table', apiVersion: 'meta.k8s.io/v1', columnDefinitions: expect.any(Array) as unknown[] },
  },
  {
    path: '/api/v1/namespaces/kube-system/pods?includeObject=Object&labelSelector=tier%3Dcontrol-plane',
    accept: table,
    wanted: { rows: [{ object: { kind: 'Pod' } }, {}, {}, {}] },
  },
  // The WatchList feature is off by default in 1.33; client-go falls back to a list and a watch.
  {
    path: '/api/v1/pods?allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&watch=true',
    status: 422,
  },
  {
    path: '/api/v1/pods?allowWatchBookmarks=true&resourceVersion=0&timeoutSeconds=500&watch=true',
    wanted: { type: 'ADDED', object: { kind: 'Pod' } },
  },
  { path: '/apis/apps/v1/deployments?limit=1', accept: metadata, wanted: { kind: 'PartialObjectMetadataList' } },
  { path: '/api/v1/nodes?limit=500&resourceVersion=0', wanted: list('NodeList') },
  { path: '/apis/metrics.k8s.io/v1beta1/pods', status: 404 },
  { path: '/apis/metrics.k8s.io', status: 404 },
];

describe.each([
  ['Headlamp', headlamp],
  ['k9s', k9s],
] as const)('the opening of %s', (_, requests) => {
  it.each(requests.map((asked) => [`${asked.method ?? 'GET'} ${asked.path}`, asked] as const))(
    '%s',
    async (_, asked) => {
      const { status, text } = await ask(asked);
      expect(status, text).toBe(asked.status ?? (asked.method === 'POST' ? 201 : 200));
      if (asked.wanted !== undefined) expect(JSON.parse(text)).toMatchObject(asked.wanted);
    },
  );
});

describe('a browser', () => {
  const Origin = 'https://headlamp.example';
  const preflight = {
    method: 'OPTIONS',
    path: '/api/v1/pods',
    headers: { Origin, 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization' },
  };

  it('is not told that other origins may ask: no --cors-allowed-origins', async () => {
    // A preflight has no token: nobody in particular asks, and may not.
    const { status, headers, text } = await ask(preflight, '');
    expect([status, headers['access-control-allow-origin']]).toEqual([403, undefined]);
    expect((JSON.parse(text) as { message: string }).message).toBe(
      'pods is forbidden: User "system:anonymous" cannot  resource "pods" in API group "" at the cluster scope',
    );
    const asked = await ask({ path: '/api/v1/pods?limit=1', headers: { Origin } });
    expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });
});

describe('the door', () => {
  it('is on loopback only', async () => {
    const { port, hostname } = new URL(tested.bridge.server ?? '');
    expect(hostname).toBe('127.0.0.1');
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((each) => each !== undefined && !each.internal && each.family === 'IPv4');
    for (const each of others) {
      const opened = await new Promise<boolean>((resolve) => {
        const socket = createConnection({ host: each?.address ?? '', port: Number(port) }, () => resolve(true));
        socket.on('error', () => resolve(false));
      });
      expect(opened, each?.address).toBe(false);
    }
  });

  it('opens to a token: nobody sees a thing without', async () => {
    for (const path of ['/api/v1/pods', '/api/v1/namespaces/default/secrets', '/apis', '/metrics', '/openapi/v2'])
      expect((await ask({ path }, '')).status, path).toBe(403);
    for (const path of ['/version', '/api/v1/pods', '/healthz'])
      expect((await ask({ path }, 'guessed')).status, path).toBe(401);
    // What a load balancer must see.
    for (const path of ['/version', '/healthz', '/livez', '/readyz'])
      expect((await ask({ path }, '')).status).toBe(200);
  });

  it('has another token each time', async () => {
    expect(tested.bridge.token).toMatch(/^[0-9a-f]{32}$/);
  });
});
