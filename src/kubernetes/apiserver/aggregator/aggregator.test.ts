import { expect, test } from 'vitest';
import { decode, encode, noBytes } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { err, ok } from '../../../sim/result';
import { apiService } from '../../api/apiregistration/apiservice';
import { endpoints } from '../../api/core/endpoints';
import { service } from '../../api/core/service';
import type { OutgoingRequest } from '../network';
import { serve } from '../testing';

function world() {
  const asked: OutgoingRequest[] = [];
  let isUp = true;
  const resources = [{ name: 'jobs', singularName: '', namespaced: true, kind: 'Job', verbs: ['list'] }];
  const { clock, registry, handler } = serve({
    network: {
      up: () => true,
      request: (request) => {
        asked.push(request);
        if (!isUp) return Promise.resolve(err('dial tcp 10.96.0.9:443: connect: connection refused'));
        const paths = { 'apis/example.com/v1': { serverRelativeURL: '/openapi/v3/apis/example.com/v1' } };
        const told = request.url.endsWith('/openapi/v3') ? { paths } : { resources };
        const body = encode(request.service === undefined ? JSON.stringify(told) : 'theirs');
        return Promise.resolve(ok({ status: 200, headers: new Headers({ 'X-Whose': 'theirs' }), body }));
      },
    },
  });
  const admin = registry.as({ user: 'admin', groups: ['system:masters'], agent: 'test' });
  const get = async (url: string, accept = '') => {
    const peer = { commonName: 'jane', organizations: ['system:masters'] };
    const headers = new Headers({ Accept: accept, Authorization: 'Bearer x', 'X-Remote-User': 'root' });
    const { status, body } = await handler({ method: 'GET', url, headers, body: noBytes }, { remote: '::1', peer });
    return { status, text: decode(body as Uint8Array) };
  };
  const groups = async (): Promise<readonly string[]> =>
    (JSON.parse((await get('/apis')).text) as { groups: { name: string }[] }).groups.map(({ name }) => name);
  const condition = () =>
    registry
      .get(apiService, undefined, 'v1.example.com')
      ?.status.conditions?.map(({ status, reason, message }) => `${status} ${reason}: ${message}`)[0];
  return { clock, admin, get, groups, condition, asked, setUp: (value: boolean) => void (isUp = value) };
}

const spec = { selector: {}, clusterIP: '10.96.0.9', ports: [{ name: 'https', port: 443 }] };
const meta = { name: 'theirs', namespace: 'default' };

test('a group that a service serves: its condition, what discovery says of it, and who answers', async () => {
  const { clock, admin, get, groups, condition, asked, setUp } = world();
  const before = await groups();
  admin.create(apiService, {
    metadata: { name: 'v1.example.com' },
    spec: { group: 'example.com', version: 'v1', service: meta, groupPriorityMinimum: 17_775, versionPriority: 1 },
    status: {},
  });
  await clock.advance(10);
  expect(condition()).toBe('False ServiceNotFound: service/theirs in "default" is not present');
  expect(await get('/apis/example.com/v1/jobs')).toEqual({ status: 503, text: 'service unavailable\n' });
  // By its priority behind apps and before events.
  expect(await groups()).toEqual(before.toSpliced(before.indexOf('apps') + 1, 0, 'example.com'));

  admin.create(service, { metadata: meta, spec: spec as never });
  await clock.advance(10);
  expect(condition()).toBe('False EndpointsNotFound: cannot find endpoints for service/theirs in "default"');
  setUp(false);
  admin.create(endpoints, {
    metadata: meta,
    subsets: [{ addresses: [{ ip: '10.244.1.7' }], ports: [{ name: 'https', port: 8443, protocol: 'TCP' }] }],
  });
  await clock.advance(10);
  expect(condition()).toBe(
    'False FailedDiscoveryCheck: failing or missing response from https://10.96.0.9:443/apis/example.com/v1: Get "https://10.96.0.9:443/apis/example.com/v1": dial tcp 10.96.0.9:443: connect: connection refused',
  );
  setUp(true);
  await clock.advance(31_000);
  expect(condition()).toBe('True Passed: all checks passed');
  const aggregated = await get('/apis', 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
  const { items } = JSON.parse(aggregated.text) as { items: { metadata: { name: string }; versions: unknown }[] };
  expect(items.find(({ metadata }) => metadata.name === 'example.com')?.versions).toEqual([
    {
      version: 'v1',
      resources: [
        {
          resource: 'jobs',
          responseKind: { group: 'example.com', version: 'v1', kind: 'Job' },
          scope: 'Namespaced',
          singularResource: '',
          verbs: ['list'],
        },
      ],
      freshness: 'Current',
    },
  ]);

  const index = JSON.parse((await get('/openapi/v3')).text) as { paths: Record<string, unknown> };
  expect(index.paths['apis/example.com/v1']).toEqual({ serverRelativeURL: '/openapi/v3/apis/example.com/v1' });
  expect(await get('/openapi/v3/apis/example.com/v1')).toEqual({ status: 200, text: 'theirs' });

  expect(await get('/apis/example.com/v1/jobs?limit=5')).toEqual({ status: 200, text: 'theirs' });
  const { url, service: at, as, headers } = asked.at(-1) as OutgoingRequest;
  expect({ url, at, as, fields: [...headers] }).toEqual({
    url: 'https://theirs.default.svc:443/apis/example.com/v1/jobs?limit=5',
    at: { ...meta, port: 443 },
    as: 'front-proxy',
    fields: [
      ['X-Remote-User', 'jane'],
      ['X-Remote-Group', 'system:masters'],
      ['X-Remote-Group', 'system:authenticated'],
      ['Accept', ''],
      ['X-Forwarded-For', '::1'],
      ['X-Forwarded-Proto', 'https'],
    ],
  });

  admin.delete(apiService, undefined, 'v1.example.com');
  await clock.advance(10);
  expect(await groups()).toEqual(before);
  expect((await get('/apis/example.com/v1/jobs')).status).toBe(404);
});
