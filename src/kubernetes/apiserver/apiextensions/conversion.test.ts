import { expect, test } from 'vitest';
import { decode } from '../../../linux/io/bytes';
import { type BodyStream } from '../../../linux/net/http/message';
import { err, ok } from '../../../sim/result';
import type { WebhookRequest } from '../admission/webhook/transport';
import { serve } from '../testing';

interface Json {
  readonly [key: string]: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}
interface Review {
  readonly request: { readonly uid: string; readonly desiredAPIVersion: string; readonly objects: readonly Json[] };
}
type Hook = (review: Review) => object | string;

/** v1 has a host and a port, v2 one address. v1 is stored. */
const converter: Hook = ({ request: { uid, desiredAPIVersion, objects } }) => ({
  kind: 'ConversionReview',
  apiVersion: 'apiextensions.k8s.io/v1',
  response: {
    uid,
    result: { status: 'Success' },
    convertedObjects: objects.map(({ spec, ...object }) => {
      const [host, port] = String(spec.address).split(':');
      const next = desiredAPIVersion.endsWith('v2') ? { address: `${spec.host}:${spec.port}` } : { host, port };
      return { ...object, apiVersion: desiredAPIVersion, spec: next };
    }),
  },
});

const text = { type: 'string' };
const version = (name: string, properties: object, more: object = {}) => ({
  name,
  served: true,
  storage: name === 'v1',
  subresources: { status: {} },
  schema: {
    openAPIV3Schema: {
      type: 'object',
      properties: { spec: { type: 'object', properties }, status: { type: 'object', properties: { ready: text } } },
    },
  },
  ...more,
});

async function world(hook: Hook = converter) {
  const sent: { readonly url: string; readonly review: Json }[] = [];
  let now = hook;
  const post = ({ url, body }: WebhookRequest) => {
    const review = JSON.parse(body) as Review;
    sent.push({ url, review });
    const answer = now(review);
    return Promise.resolve(
      typeof answer === 'string' ? err(answer) : ok({ status: 200, body: JSON.stringify(answer) }),
    );
  };
  const { clock, registry, send } = serve({ webhooks: { post } });
  const respond = (method: string, url: string, body?: object, type = 'application/json') =>
    send(method, url, body, { 'Content-Type': type, ...(url.includes('table') ? { Accept: table } : {}) });
  const ask = async (method: string, url: string, body?: object, type?: string) =>
    JSON.parse(decode((await respond(method, url, body, type)).body as Uint8Array)) as Json;
  await ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'links.x.io' },
    spec: {
      group: 'x.io',
      scope: 'Namespaced',
      names: { plural: 'links', singular: 'link', kind: 'Link', listKind: 'LinkList' },
      versions: [
        version('v1', { host: text, port: text }),
        version(
          'v2',
          { address: { ...text, pattern: ':' }, note: { ...text, default: 'none' } },
          { additionalPrinterColumns: [{ name: 'Address', type: 'string', jsonPath: '.spec.address' }] },
        ),
      ],
      conversion: {
        strategy: 'Webhook',
        webhook: {
          clientConfig: { service: { name: 'convert', namespace: 'hooks', path: '/convert' } },
          conversionReviewVersions: ['v1'],
        },
      },
    },
  });
  clock.wake();
  await clock.runUntil(() => registry.storage.kindOf('x.io/v2', 'links') !== undefined, { limit: 1000 });
  const set = (next: Hook): void => {
    now = next;
  };
  return { ask, respond, sent, set, registry, clock };
}

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const links = (api: string, rest = ''): string => `/apis/x.io/${api}/namespaces/default/links${rest}`;
const link = (api: string, name: string, spec: object): object => ({
  apiVersion: `x.io/${api}`,
  kind: 'Link',
  metadata: { name },
  spec,
});

test('what is written in one version is stored and read in the others', async () => {
  const { ask, sent, registry } = await world();
  const made = await ask('POST', links('v2'), link('v2', 'a', { address: 'h:80' }));
  expect([made['apiVersion'], made['spec']]).toEqual(['x.io/v2', { address: 'h:80', note: 'none' }]);
  expect(sent.map(({ url, review }) => [url, review['apiVersion'], review['request'].desiredAPIVersion])).toEqual([
    ['https://convert.hooks.svc:443/convert?timeout=30s', 'apiextensions.k8s.io/v1', 'x.io/v1'],
    ['https://convert.hooks.svc:443/convert?timeout=30s', 'apiextensions.k8s.io/v1', 'x.io/v2'],
  ]);
  expect(sent[1]?.review['request'].objects[0].metadata.uid).toBe(made['metadata'].uid);
  const { value } = registry.storage.store.get('/registry/x.io/links/default/a') as { value: Json };
  expect([value['apiVersion'], value['spec']]).toEqual(['x.io/v1', { host: 'h', port: '80' }]);

  expect((await ask('GET', links('v1', '/a')))['spec']).toEqual({ host: 'h', port: '80' });
  // What was converted is remembered.
  expect((await ask('GET', links('v2', '/a')))['spec']).toEqual({ address: 'h:80', note: 'none' });
  expect(sent.length).toBe(2);
});

test('lists, tables, updates, patches, the status and deletions are converted, too', async () => {
  const { ask } = await world();
  await ask('POST', links('v1'), link('v1', 'a', { host: 'h', port: '1' }));
  await ask('POST', links('v1'), link('v1', 'b', { host: 'i', port: '2' }));
  const list = await ask('GET', links('v2'));
  expect([list['apiVersion'], list['items'].map(({ spec }: Json) => spec.address)]).toEqual([
    'x.io/v2',
    ['h:1', 'i:2'],
  ]);
  const rows = await ask('GET', links('v2', '?table'));
  expect(rows['rows'].map(({ cells }: Json) => cells)).toEqual([
    ['a', 'h:1'],
    ['b', 'i:2'],
  ]);
  const patched = await ask('PATCH', links('v2', '/a'), { spec: { address: 'z:9' } }, 'application/merge-patch+json');
  expect(patched['spec']).toEqual({ address: 'z:9', note: 'none' });
  expect((await ask('GET', links('v1', '/a')))['spec']).toEqual({ host: 'z', port: '9' });
  const put = await ask('PUT', links('v2', '/a/status'), { ...patched, status: { ready: 'yes' } });
  expect([put['status'], put['spec']]).toEqual([{ ready: 'yes' }, { address: 'z:9', note: 'none' }]);
  const again = await ask('PUT', links('v2', '/a'), { ...put, spec: { address: 'y:8' } });
  expect([again['metadata'].generation, again['spec'].address]).toEqual([3, 'y:8']);
  expect((await ask('DELETE', links('v2', '/a')))['status']).toBe('Success');
  expect((await ask('DELETE', links('v2')))['items'].length).toBe(1);
  expect((await ask('GET', links('v1')))['items']).toEqual([]);
});

test('the version that is sent is validated by its own schema', async () => {
  const { ask, sent } = await world();
  const refused = await ask('POST', links('v2'), link('v2', 'a', { address: 'nowhere' }));
  expect([refused['code'], refused['message'], sent.length]).toEqual([
    422,
    `Link.x.io "a" is invalid: spec.address: Invalid value: "nowhere": spec.address in body should match ':'`,
    0,
  ]);
});

test('failures are told in the words of the server', async () => {
  const { ask, set } = await world();
  await ask('POST', links('v1'), link('v1', 'a', { host: 'h', port: '1' }));
  const answers = (change: (response: Json, object: Json) => object): Hook => {
    return (review) => {
      const answer = converter(review) as Json;
      return { ...answer, response: change(answer['response'], answer['response'].convertedObjects[0]) };
    };
  };
  const one = (object: unknown) => answers((response) => ({ ...response, convertedObjects: [object] }));
  const cases: readonly (readonly [Hook, string])[] = [
    [
      () => 'dial tcp 10.96.0.9:443: connect: connection refused',
      'conversion webhook for x.io/v1, Kind=Link failed: Post "https://convert.hooks.svc:443/convert?timeout=30s": dial tcp 10.96.0.9:443: connect: connection refused',
    ],
    [
      () => ({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1' }),
      'conversion webhook for x.io/v1, Kind=Link failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got admission.k8s.io/v1, Kind=AdmissionReview',
    ],
    [
      (review) => ({ ...(converter(review) as object), response: null }),
      'conversion webhook for x.io/v1, Kind=Link failed: no response provided',
    ],
    [
      answers((response) => ({ ...response, result: { status: 'Failure', message: 'no way' } })),
      'conversion webhook for x.io/v1, Kind=Link failed: no way',
    ],
    [
      answers((response) => ({ ...response, result: {} })),
      "conversion webhook for x.io/v1, Kind=Link failed: response.result.status was '', not 'Success'",
    ],
    [
      answers((response) => ({ ...response, convertedObjects: [] })),
      'conversion webhook for x.io/v1, Kind=Link returned 0 objects, expected 1',
    ],
    [
      one({ apiVersion: 'x.io/v3', kind: 'Link' }),
      'conversion webhook for x.io/v1, Kind=Link returned invalid object at index 0: invalid groupVersion (expected x.io/v2, received x.io/v3)',
    ],
    [
      one({ apiVersion: 'x.io/v2', kind: 'Lnk' }),
      'conversion webhook for x.io/v1, Kind=Link returned invalid object at index 0: invalid kind (expected Link, received Lnk)',
    ],
    [
      one({ apiVersion: 'x.io/v2', kind: 'Link', metadata: { name: 'b' } }),
      'conversion webhook for x.io/v1, Kind=Link returned invalid object: must have the same name: a != b',
    ],
    [
      answers((response, { metadata, ...rest }) => ({
        ...response,
        convertedObjects: [{ ...rest, metadata: { ...metadata, labels: { a: 1 } } }],
      })),
      'conversion webhook for x.io/v1, Kind=Link returned invalid metadata: metadata.labels[a] must be a string, but is int64 in converted object',
    ],
  ];
  for (const [hook, message] of cases) {
    set(hook);
    expect(await ask('GET', links('v2', '/a'))).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      code: 500,
    });
    expect((await ask('GET', links('v2')))['message']).toBe(message);
  }
  expect((await ask('GET', links('v1', '/a')))['spec']).toEqual({ host: 'h', port: '1' });
});

test('a webhook may set labels and annotations, and no other metadata', async () => {
  const { ask, set } = await world();
  await ask('POST', links('v1'), link('v1', 'a', { host: 'h', port: '1' }));
  set((review) => {
    const answer = converter(review) as Json;
    const [object] = answer['response'].convertedObjects;
    const metadata = { ...object.metadata, labels: { seen: 'yes' }, finalizers: ['x.io/f'], generation: 7 };
    return { ...answer, response: { ...answer['response'], convertedObjects: [{ ...object, metadata }] } };
  });
  const { metadata } = await ask('GET', links('v2', '/a'));
  expect([metadata.labels, metadata.finalizers, metadata.generation]).toEqual([{ seen: 'yes' }, undefined, 1]);
});

test('watches see converted objects in order, and end where a conversion fails', async () => {
  const { ask, respond, set, clock } = await world();
  await ask('POST', links('v1'), link('v1', 'a', { host: 'h', port: '1' }));
  const stream = (await respond('GET', links('v2', '?watch=true'))).body as BodyStream;
  const next = async () => {
    let read: { readonly lines: Uint8Array | undefined } | undefined;
    void stream.read().then((lines) => (read = { lines }));
    for (let turns = 0; read === undefined && turns < 10; turns++) {
      clock.wake();
      await clock.runUntil(() => read !== undefined, { limit: 10 });
    }
    const lines = read?.lines;
    return lines === undefined
      ? undefined
      : decode(lines)
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Json)
          .map(({ type, object }) => [type, object.spec.address]);
  };
  expect(await next()).toEqual([['ADDED', 'h:1']]);
  await ask('POST', links('v2'), link('v2', 'b', { address: 'i:2' }));
  expect(await next()).toEqual([['ADDED', 'i:2']]);
  await ask('DELETE', links('v1', '/a'));
  expect(await next()).toEqual([['DELETED', 'h:1']]);
  set(() => 'connection refused');
  await ask('POST', links('v1'), link('v1', 'c', { host: 'h', port: '1' }));
  expect(await next()).toBe(undefined);
});
