import { expect, test } from 'vitest';
import { decode, noBytes } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { Clock } from '../../../sim/clock';
import { Random } from '../../../sim/random';
import { Trace } from '../../../sim/trace';
import { createApiserver } from '../apiserver';
import { createRegistry } from '../create-registry';

type Json = Record<string, never>;

function server() {
  const trace = new Trace();
  const clock = new Clock({
    start: Date.UTC(2026, 0, 1),
    trace,
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const random = new Random(1);
  const registry = createRegistry({ clock, random, trace });
  const handler = createApiserver({ registry, clock, random, trace });
  const peer = { commonName: 'kubernetes-admin', organizations: ['system:masters'] };
  return async (url: string, headers: Record<string, string> = {}) => {
    const request = { method: 'GET', url, headers: new Headers(headers), body: noBytes };
    const { status, body, headers: sent } = await handler(request, { remote: '172.30.0.10', peer });
    const told = Object.fromEntries([...sent].map(([name, value]) => [name.toLowerCase(), value]));
    return { status, text: decode(body as Uint8Array), headers: told };
  };
}

test('documents are found by their hash, which stands for their content', async () => {
  const get = server();
  const index = JSON.parse((await get('/openapi/v3')).text) as { paths: Record<string, { serverRelativeURL: string }> };
  const url = index.paths['apis/scheduling.k8s.io/v1']?.serverRelativeURL ?? '';
  expect(url).toMatch(/^\/openapi\/v3\/apis\/scheduling\.k8s\.io\/v1\?hash=[0-9A-F]{128}$/);
  const etag = `"${url.replace(/.*=/, '')}"`;

  const { status, headers, text } = await get(url);
  expect({ status, headers }).toMatchObject({
    status: 200,
    headers: {
      'cache-control': 'public, immutable',
      'content-type': 'application/json',
      etag,
      expires: 'Fri, 01 Jan 2027 00:00:00 UTC',
      vary: 'Accept',
    },
  });
  const { components, paths } = JSON.parse(text) as { components: { schemas: Json }; paths: Json };
  expect(components.schemas['io.k8s.api.scheduling.v1.PriorityClass']).toMatchObject({
    type: 'object',
    required: ['value'],
    'x-kubernetes-group-version-kind': [{ group: 'scheduling.k8s.io', kind: 'PriorityClass', version: 'v1' }],
    properties: { value: { type: 'integer', format: 'int32', default: 0 }, globalDefault: { type: 'boolean' } },
  });
  expect(Object.keys(paths)).toEqual([
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    '/apis/scheduling.k8s.io/v1/priorityclasses/{name}',
  ]);

  expect(await get(url, { 'If-None-Match': etag })).toMatchObject({ status: 304, text: '' });
  const path = url.replace(/\?.*/, '');
  expect(await get(path)).toMatchObject({ status: 200, text, headers: { 'cache-control': 'no-cache, private' } });
  expect(await get(`${path}?hash=OLD`)).toMatchObject({ status: 301, text: '', headers: { location: url } });
  expect(await get(path, { Accept: 'application/xml' })).toMatchObject({ status: 406, text: '' });
  expect(await get('/openapi/v3/apis/nope/v1')).toMatchObject({ status: 200, text: '' });
});

test('what lists groups and versions has documents of its own', async () => {
  const get = server();
  const { paths } = JSON.parse((await get('/openapi/v3')).text) as { paths: Json };
  const listed = ['.well-known/openid-configuration', 'api', 'apis', 'apis/apps', 'openid/v1/jwks', 'version'];
  expect(listed.filter((path) => !(path in paths))).toEqual([]);
  const { components, ...document } = JSON.parse((await get('/openapi/v3/apis/rbac.authorization.k8s.io')).text) as {
    components: { schemas: Json };
  };
  expect(Object.keys(components.schemas)).toContain('io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup');
  expect(document).toMatchObject({
    paths: {
      '/apis/rbac.authorization.k8s.io/': {
        get: { operationId: 'getRbacAuthorizationAPIGroup', tags: ['rbacAuthorization'] },
      },
    },
  });
  expect(Object.keys((JSON.parse((await get('/openapi/v3/version')).text) as { paths: Json }).paths)).toEqual([
    '/version/',
  ]);
});

test('the older document knows less', async () => {
  const get = server();
  expect(
    await get('/openapi/v2', { Accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' }),
  ).toMatchObject({ status: 406 });
  const { definitions, paths } = JSON.parse((await get('/openapi/v2')).text) as { definitions: Json; paths: Json };
  expect(definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString']).toMatchObject({
    type: 'string',
    format: 'int-or-string',
  });
  expect(definitions['io.k8s.api.core.v1.ContainerPort']).toMatchObject({
    required: ['containerPort'],
    properties: { protocol: { type: 'string', enum: ['SCTP', 'TCP', 'UDP'] } },
  });
  expect(paths['/api/v1/namespaces/{namespace}/pods/{name}/binding']).toMatchObject({
    post: {
      operationId: 'createCoreV1NamespacedPodBinding',
      parameters: [{ in: 'body', schema: { $ref: '#/definitions/io.k8s.api.core.v1.Binding' } }, {}, {}, {}],
    },
  });
});
