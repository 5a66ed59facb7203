import { expect, test } from 'vitest';
import { decode } from '../../../../linux/io/bytes';
import { err, ok } from '../../../../sim/result';
import { configMap } from '../../../api/core/configmap';
import { createControllerManager } from '../../../controllers/manager';
import { rootCaPublisher } from '../../../controllers/namespace-content';
import type { WebhookRequest } from './transport';
import { serve } from '../../testing';

interface Review {
  readonly request: Readonly<Record<string, unknown>> & {
    readonly uid: string;
    readonly object: { readonly metadata: { readonly name: string; readonly uid: string }; readonly data?: object };
  };
}
type Hook = (request: Review['request']) => object | string;

/** A server whose webhooks are functions, by host. */
function world(hooks: Readonly<Record<string, Hook>>) {
  const sent: { readonly url: string; readonly review: Review }[] = [];
  const post = ({ url, body }: WebhookRequest) => {
    const review = JSON.parse(body) as Review;
    sent.push({ url, review });
    const answer = hooks[new URL(url).hostname]?.(review.request) ?? 'dial tcp: no such host';
    if (typeof answer === 'string') return Promise.resolve(err(answer));
    const response = {
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      response: { uid: review.request.uid, ...answer },
    };
    return Promise.resolve(ok({ status: 200, body: JSON.stringify(response) }));
  };
  const { trace, clock, random, registry, send } = serve({ webhooks: { post } });
  const ask = async (method: string, url: string, body?: object) => {
    const response = await send(method, url, body, { 'Content-Type': 'application/json' });
    const warning = response.headers.get('Warning');
    const answer = JSON.parse(decode(response.body as Uint8Array)) as Record<string, unknown>;
    return warning === undefined ? answer : { ...answer, warning };
  };
  const configure = (plural: string, names: readonly string[], more: object = {}) =>
    ask('POST', `/apis/admissionregistration.k8s.io/v1/${plural}`, {
      metadata: { name: plural },
      webhooks: names.map((name) => ({
        name: `${name}.example.com`,
        clientConfig: { service: { name, namespace: 'hooks', path: '/check' } },
        rules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...more,
      })),
    });
  const create = (data: object = {}, query = '') =>
    ask('POST', `/api/v1/namespaces/default/configmaps${query}`, { metadata: { name: 'c' }, data });
  return { ask, configure, create, sent, registry, clock, random, trace };
}

const patch = (...operations: readonly object[]) => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: btoa(JSON.stringify(operations)),
});
const adds = (key: string, value: string) => patch({ op: 'add', path: `/data/${key}`, value });

test('a validating webhook is told all and may refuse', async () => {
  const { configure, create, sent } = world({
    'guard.hooks.svc': ({ object }) =>
      object.data !== undefined
        ? { allowed: true, warnings: ['careful'] }
        : { allowed: false, status: { code: 403, message: 'no data' } },
  });
  await configure('validatingwebhookconfigurations', ['guard']);
  expect(await create()).toStrictEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'admission webhook "guard.example.com" denied the request: no data',
    code: 403,
  });
  expect(sent).toMatchObject([
    {
      url: 'https://guard.hooks.svc:443/check?timeout=10s',
      review: {
        kind: 'AdmissionReview',
        apiVersion: 'admission.k8s.io/v1',
        request: {
          kind: { group: '', version: 'v1', kind: 'ConfigMap' },
          resource: { group: '', version: 'v1', resource: 'configmaps' },
          requestKind: { group: '', version: 'v1', kind: 'ConfigMap' },
          requestResource: { group: '', version: 'v1', resource: 'configmaps' },
          name: 'c',
          namespace: 'default',
          operation: 'CREATE',
          userInfo: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
          object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'c', namespace: 'default' } },
          oldObject: null,
          dryRun: false,
          options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
        },
      },
    },
  ]);
  expect(await create({ a: '1' })).toMatchObject({ kind: 'ConfigMap', warning: '299 - "careful"' });
});

test('mutating webhooks see what those before them changed; validating ones see what is stored', async () => {
  const seen: unknown[] = [];
  const { configure, create, ask } = world({
    'one.hooks.svc': ({ object }) => (seen.push(['one', object.data]), adds('one', '1')),
    'two.hooks.svc': ({ object }) => (seen.push(['two', object.data]), adds('two', '2')),
    'last.hooks.svc': ({ object }) => (seen.push(['last', object.data, object.metadata.uid]), { allowed: true }),
  });
  await configure('mutatingwebhookconfigurations', ['one', 'two'], { reinvocationPolicy: 'IfNeeded' });
  await configure('validatingwebhookconfigurations', ['last']);
  const made = (await create({ a: '0' })) as { data: object; metadata: { uid: string } };
  expect(made.data).toStrictEqual({ a: '0', one: '1', two: '2' });
  expect(seen).toStrictEqual([
    ['one', { a: '0' }],
    ['two', { a: '0', one: '1' }],
    ['one', { a: '0', one: '1', two: '2' }],
    ['last', { a: '0', one: '1', two: '2' }, made.metadata.uid],
  ]);
  expect(await ask('GET', '/api/v1/namespaces/default/configmaps/c')).toMatchObject({ data: made.data });
});

test('what cannot be called fails the request, or is ignored', async () => {
  const broken = world({ 'down.hooks.svc': () => 'dial tcp 10.96.0.7:443: connect: connection refused' });
  await broken.configure('validatingwebhookconfigurations', ['down']);
  const words =
    'failed calling webhook "down.example.com": failed to call webhook: Post "https://down.hooks.svc:443/check?timeout=10s": dial tcp 10.96.0.7:443: connect: connection refused';
  expect(await broken.create()).toStrictEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${words}`,
    reason: 'InternalError',
    details: { causes: [{ message: words }] },
    code: 500,
  });
  const lenient = world({ 'down.hooks.svc': () => 'context deadline exceeded' });
  await lenient.configure('validatingwebhookconfigurations', ['down'], { failurePolicy: 'Ignore' });
  expect(await lenient.create()).toMatchObject({ kind: 'ConfigMap' });
});

test('answers that are none', async () => {
  const { configure, create } = world({ 'odd.hooks.svc': () => ({ uid: 'x', allowed: true }) });
  await configure('validatingwebhookconfigurations', ['odd']);
  expect(await create()).toMatchObject({
    message: expect.stringMatching(
      /^Internal error occurred: failed calling webhook "odd.example.com": received invalid webhook response: expected response.uid="[-0-9a-f]{36}", got "x"$/,
    ) as string,
  });
});

test('match conditions, dry runs, updates and deletions', async () => {
  const { ask, configure, create, sent } = world({ 'guard.hooks.svc': () => ({ allowed: false }) });
  await create({ a: '1' });
  await configure('validatingwebhookconfigurations', ['guard'], {
    matchConditions: [{ name: 'kept', expression: 'request.operation != "UPDATE" || object.data.a == "no"' }],
  });
  const path = '/api/v1/namespaces/default/configmaps/c';
  const put = (a: string) => ask('PUT', `${path}?dryRun=All`, { metadata: { name: 'c' }, data: { a } });
  expect(await put('yes')).toMatchObject({ data: { a: 'yes' } });
  expect(await put('no')).toMatchObject({
    message: 'admission webhook "guard.example.com" denied the request without explanation',
    code: 400,
  });
  expect(await ask('DELETE', path)).toMatchObject({ code: 400 });
  expect(
    sent.map(({ review: { request } }) => [request['operation'], request['dryRun'], request.object === null]),
  ).toStrictEqual([
    ['UPDATE', true, false],
    ['DELETE', false, true],
  ]);
  // Its own configuration can always be taken away.
  expect(
    await ask(
      'DELETE',
      '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/validatingwebhookconfigurations',
    ),
  ).toMatchObject({ status: 'Success' });
});

test('what components write without HTTP meets webhooks, too: it succeeds when it is tried again', async () => {
  const { configure, sent, registry, clock, random, trace } = world({
    'guard.hooks.svc': ({ object }) =>
      object.metadata.name === 'bad' ? { allowed: false, status: { message: 'bad' } } : { allowed: true },
    'adds.hooks.svc': () => adds('by', 'webhook'),
  });
  await configure('validatingwebhookconfigurations', ['guard']);
  await configure('mutatingwebhookconfigurations', ['adds'], {
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
  });
  const client = registry.as({ user: 'system:kube-controller-manager', agent: 'test' });
  const said: string[] = [];
  const write = (name: string) => {
    const made = client.create(configMap, { metadata: { name, namespace: 'default' }, data: {} });
    said.push(made.ok ? `${name} ${JSON.stringify(made.value.data)}` : `${name} ${made.error.message ?? ''}`);
  };
  for (let round = 0; round < 3; round++) {
    write('good');
    write('bad');
    await clock.advance(10);
  }
  expect(said).toEqual([
    'good a webhook has not answered yet',
    'bad a webhook has not answered yet',
    'good a webhook has not answered yet',
    'bad a webhook has not answered yet',
    'good {"by":"webhook"}',
    'bad admission webhook "guard.example.com" denied the request: bad',
  ]);
  expect(sent.length).toBe(4);
  createControllerManager({ registry, clock, random, trace, controllers: [rootCaPublisher('PEM')] });
  await clock.advance(1000);
  expect(registry.get(configMap, 'default', 'kube-root-ca.crt')?.data).toEqual({ 'ca.crt': 'PEM', by: 'webhook' });
});
