import { expect, test } from 'vitest';
import { decode } from '../../linux/io/bytes';
import { Headers } from '../../linux/net/http/message';
import { loadYaml } from '../apimachinery/yaml';
import { bytesOf, serve } from './testing';

const admin = { commonName: 'kubernetes-admin', organizations: ['system:masters'] };
const jane = { commonName: 'jane', organizations: ['developers'] };

async function world() {
  await loadYaml();
  const { clock, registry, handler } = serve();
  const ask = async (
    method: string,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
    peer: typeof admin | null = admin,
  ) => {
    const response = await handler(
      { method, url, headers: new Headers(headers), body: bytesOf(body) },
      { remote: '172.30.0.10', ...(peer === null ? {} : { peer }) },
    );
    const answer: unknown = JSON.parse(decode(response.body as Uint8Array));
    return answer as Record<string, never>;
  };
  return { ask, clock, registry };
}

const maps = '/api/v1/namespaces/default/configmaps';
const map = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});
const said = ({ code, reason, message }: { code?: number; reason?: string; message?: string }) =>
  `${code} ${reason ?? ''}: ${message?.slice(0, 150)}`;

test('every sort of refusal, and nothing of it is stored', async () => {
  const { ask, registry } = await world();
  await ask('POST', maps, map('one', { a: 'b' }));
  const { revision } = registry.storage.store;
  const whole = await ask('POST', maps, map('Bad_Name'));
  expect(whole).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: expect.stringContaining('ConfigMap "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name"'),
    reason: 'Invalid',
    details: {
      name: 'Bad_Name',
      kind: 'ConfigMap',
      causes: [
        {
          reason: 'FieldValueInvalid',
          message: expect.stringContaining('a lowercase RFC 1123 subdomain'),
          field: 'metadata.name',
        },
      ],
    },
    code: 422,
  });
  const big = 'x'.repeat(3 * 1024 * 1024);
  const json = { 'Content-Type': 'application/json' };
  const answers = [
    await ask('POST', maps, '{"kind":', json),
    await ask('GET', maps, undefined, { Authorization: 'Bearer nobody' }, null),
    await ask('GET', maps, undefined, {}, jane),
    await ask('GET', `${maps}/none`),
    await ask('POST', `${maps}/one`, map('one')),
    await ask('GET', maps, undefined, { Accept: 'image/png' }),
    await ask('POST', maps, map('one')),
    await ask('PUT', `${maps}/one`, { ...map('one'), metadata: { name: 'one', resourceVersion: '1' } }),
    await ask('GET', `${maps}?resourceVersion=99999999999999999999999`),
    await ask('GET', `${maps}?limit=1&continue=forged`),
    await ask('POST', maps, map('big', { big }), json),
    await ask('POST', maps, 'a: b', { 'Content-Type': 'text/plain' }),
    await ask('PATCH', `${maps}/one`, '{}', { 'Content-Type': 'text/plain' }),
    await ask('POST', '/apis/batch/v1/namespaces/default/jobs', {
      metadata: { name: 'huge', annotations: { a: 'x'.repeat(300_000) } },
    }),
    await ask('GET', `${maps}?labelSelector=${encodeURIComponent('a in (')}`),
    await ask('GET', `${maps}?fieldSelector=${encodeURIComponent('spec.x=1')}`),
  ].map(said);
  registry.storage.store.compact(revision);
  answers.push(said(await ask('GET', `${maps}?resourceVersion=2&resourceVersionMatch=Exact`)));
  expect(answers).toMatchInlineSnapshot(`
    [
      "400 BadRequest: the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input ({"kind":)",
      "401 Unauthorized: Unauthorized",
      "403 Forbidden: configmaps is forbidden: User "jane" cannot list resource "configmaps" in API group "" in the namespace "default"",
      "404 NotFound: configmaps "none" not found",
      "405 MethodNotAllowed: the server does not allow this method on the requested resource",
      "406 NotAcceptable: 406: Not Acceptable

    Available representations: application/json, application/yaml, application/vnd.kubernetes.protobuf",
      "409 AlreadyExists: configmaps "one" already exists",
      "409 Conflict: Operation cannot be fulfilled on configmaps "one": the object has been modified; please apply your changes to the latest version and try again",
      "400 BadRequest: invalid resource version: resourceVersion: Invalid value: "99999999999999999999999": strconv.ParseUint: parsing "99999999999999999999999": value out o",
      "400 BadRequest: invalid continue token: continue key is not valid: invalid character '~' looking for beginning of value",
      "413 RequestEntityTooLarge: Request entity too large: limit is 3145728",
      "415 UnsupportedMediaType: the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protob",
      "415 UnsupportedMediaType: 415: Unsupported Media Type",
      "422 Invalid: Job.batch "huge" is invalid: [metadata.annotations: Too long: may not be more than 262144 bytes, spec.template.spec.containers: Required value, spec.t",
      "400 BadRequest: unable to parse requirement: found '', expected: ',', ')' or identifier",
      "400 BadRequest: "spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"",
      "410 Expired: The resourceVersion for the provided list is too old.",
    ]
  `);
  expect(registry.storage.store.revision).toBe(revision);
});

test('keys that mean something to JavaScript are keys like others', async () => {
  const { ask } = await world();
  const text = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"odd","labels":{"constructor":"x"}},"data":{"__proto__":"p","constructor":"c","toString":"t"}}`;
  const made = await ask('POST', maps, text, { 'Content-Type': 'application/json' });
  expect(Object.keys(made['data'] ?? {}).sort()).toEqual(['__proto__', 'constructor', 'toString']);
  const patches: readonly (readonly [string, string])[] = [
    ['application/merge-patch+json', '{"data":{"__proto__":"m"},"metadata":{"labels":{"__proto__":null}}}'],
    ['application/strategic-merge-patch+json', '{"data":{"constructor":"s","__proto__":"s"}}'],
    ['application/json-patch+json', '[{"op":"add","path":"/data/__proto__","value":"j"}]'],
  ];
  for (const [type, patch] of patches) await ask('PATCH', `${maps}/odd`, patch, { 'Content-Type': type });
  const got = await ask('GET', `${maps}/odd`);
  expect(Object.fromEntries(Object.entries(got['data'] ?? {}))).toEqual(
    Object.fromEntries([
      ['constructor', 's'],
      ['toString', 't'],
      ['__proto__', 'j'],
    ]),
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('what is deep, long or repeats itself ends soon', async () => {
  const { ask, registry } = await world();
  const { revision } = registry.storage.store;
  const began = performance.now();
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
    .concat(
      [...'bcdefghi'].map(
        (name, index) => `${name}: &${name} [${Array<string>(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`,
      ),
    )
    .join('\n');
  const answers = [
    await ask('POST', maps, deep, { 'Content-Type': 'application/json' }),
    await ask('POST', maps, `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n${bomb}`, {
      'Content-Type': 'application/yaml',
    }),
    await ask('GET', `${maps}?labelSelector=${'a'.repeat(100_000)}`),
    await ask('GET', `${maps}?labelSelector=a+in+(${'b,'.repeat(50_000)}c)`),
    await ask('GET', `${maps}?fieldSelector=${encodeURIComponent('metadata.name=' + 'a,'.repeat(20_000))}`),
  ].map(said);
  expect(answers).toMatchInlineSnapshot(`
    [
      "400 BadRequest: the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: exceeded max depth ({"a":{"a":{"a":{"a":",
      "400 BadRequest: the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: Excessive alias count indicates a resour",
      "400 BadRequest: unable to parse requirement: <nil>: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "undefined : undefined",
      "400 BadRequest: invalid selector: 'metadata.name=a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a",
    ]
  `);
  expect(performance.now() - began).toBeLessThan(5000);
  expect(registry.storage.store.revision).toBe(revision);
});

test('every code with its whole Status', async () => {
  const { ask, registry } = await world();
  await ask('POST', maps, map('one', { a: 'b' }));
  const json = { 'Content-Type': 'application/json' };
  const pod = (name: string) => ({
    metadata: { name, labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  });
  const pods = '/api/v1/namespaces/default/pods';
  await ask('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  await ask('POST', pods, pod('p'));
  const merge = { 'Content-Type': 'application/merge-patch+json' };
  const conditions = [{ type: 'Ready', status: 'True' }];
  await ask('PATCH', `${pods}/p/status`, { status: { phase: 'Running', conditions } }, merge);
  const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
  await ask('POST', budgets, {
    metadata: { name: 'web' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
  });
  const counts = {
    observedGeneration: 1,
    disruptionsAllowed: 0,
    currentHealthy: 1,
    desiredHealthy: 1,
    expectedPods: 1,
  };
  await ask('PATCH', `${budgets}/web/status`, { status: counts }, merge);

  const { revision } = registry.storage.store;
  const answers = [
    await ask('POST', pods, { ...pod('q'), spec: { containers: 'c' } }),
    await ask('GET', pods, undefined, { Authorization: 'Bearer nobody' }, null),
    await ask('DELETE', `${pods}/p`, undefined, {}, jane),
    await ask('GET', '/apis/apps/v1/namespaces/default/deployments/web'),
    await ask('PATCH', maps, {}, merge),
    await ask('GET', maps, undefined, { Accept: 'image/png' }),
    await ask('PUT', `${maps}/one`, { ...map('one'), metadata: { name: 'one', resourceVersion: '1' } }),
    await ask('POST', maps, { ...map('big'), data: { big: 'x'.repeat(3 * 1024 * 1024) } }, json),
    await ask('POST', maps, 'a: b', { 'Content-Type': 'text/plain' }),
    await ask('POST', '/apis/apps/v1/namespaces/default/deployments', {
      metadata: { name: 'web' },
      spec: { replicas: -1, selector: { matchLabels: { app: 'a' } }, template: { metadata: { labels: { app: 'b' } } } },
    }),
    await ask('POST', `${pods}/p/eviction`, { metadata: { name: 'p' } }),
  ];
  registry.storage.store.compact(revision);
  answers.push(await ask('GET', `${maps}?resourceVersion=2&resourceVersionMatch=Exact`));
  expect(answers).toMatchInlineSnapshot(`
    [
      {
        "apiVersion": "v1",
        "code": 400,
        "kind": "Status",
        "message": "Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container",
        "metadata": {},
        "reason": "BadRequest",
        "status": "Failure",
      },
      {
        "apiVersion": "v1",
        "code": 401,
        "kind": "Status",
        "message": "Unauthorized",
        "metadata": {},
        "reason": "Unauthorized",
        "status": "Failure",
      },
      {
        "apiVersion": "v1",
        "code": 403,
        "details": {
          "kind": "pods",
          "name": "p",
        },
        "kind": "Status",
        "message": "pods "p" is forbidden: User "jane" cannot delete resource "pods" in API group "" in the namespace "default"",
        "metadata": {},
        "reason": "Forbidden",
        "status": "Failure",
      },
      {
        "apiVersion": "v1",
        "code": 404,
        "details": {
          "group": "apps",
          "kind": "deployments",
          "name": "web",
        },
        "kind": "Status",
        "message": "deployments.apps "web" not found",
        "metadata": {},
        "reason": "NotFound",
        "status": "Failure",
      },
      {
        "apiVersion": "v1",
        "code": 405,
        "details": {},
        "kind": "Status",
        "message": "the server does not allow this method on the requested resource",
        "metadata": {},
        "reason": "MethodNotAllowed",
        "status": "Failure",
      },
      {
        "apiVersion": "v1",
        "code": 406,
        "details": {},
        "kind": "Status",
        "message": "406: Not Acceptable

    Available representations: application/json, application/yaml, application/vnd.kubernetes.protobuf",
        "metadata": {},
        "reason": "NotAcceptable",
        "status": "Failure",
      },
      {
        "apiVersion": "v1",
        "code": 409,
        "details": {
          "kind": "configmaps",
          "name": "one",
        },
        "kind": "Status",
        "message": "Operation cannot be fulfilled on configmaps "one": the object has been modified; please apply your changes to the latest version and try again",
        "metadata": {},
        "reason": "Conflict",
        "status": "Failure",
      },
      {
        "apiVersion": "v1",
        "code": 413,
        "kind": "Status",
        "message": "Request entity too large: limit is 3145728",
        "metadata": {},
        "reason": "RequestEntityTooLarge",
        "status": "Failure",
      },
      {
        "apiVersion": "v1",
        "code": 415,
        "kind": "Status",
        "message": "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
        "metadata": {},
        "reason": "UnsupportedMediaType",
        "status": "Failure",
      },
      {
        "apiVersion": "v1",
        "code": 422,
        "details": {
          "causes": [
            {
              "field": "spec.replicas",
              "message": "Invalid value: -1: must be greater than or equal to 0",
              "reason": "FieldValueInvalid",
            },
            {
              "field": "spec.template.metadata.labels",
              "message": "Invalid value: map[string]string{"app":"b"}: \`selector\` does not match template \`labels\`",
              "reason": "FieldValueInvalid",
            },
            {
              "field": "spec.template.spec.containers",
              "message": "Required value",
              "reason": "FieldValueRequired",
            },
          ],
          "group": "apps",
          "kind": "Deployment",
          "name": "web",
        },
        "kind": "Status",
        "message": "Deployment.apps "web" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.template.metadata.labels: Invalid value: map[string]string{"app":"b"}: \`selector\` does not match template \`labels\`, spec.template.spec.containers: Required value]",
        "metadata": {},
        "reason": "Invalid",
        "status": "Failure",
      },
      {
        "apiVersion": "v1",
        "code": 429,
        "details": {
          "causes": [
            {
              "message": "The disruption budget web needs 1 healthy pods and has 1 currently",
              "reason": "DisruptionBudget",
            },
          ],
        },
        "kind": "Status",
        "message": "Cannot evict pod as it would violate the pod's disruption budget.",
        "metadata": {},
        "reason": "TooManyRequests",
        "status": "Failure",
      },
      {
        "apiVersion": "v1",
        "code": 410,
        "kind": "Status",
        "message": "The resourceVersion for the provided list is too old.",
        "metadata": {},
        "reason": "Expired",
        "status": "Failure",
      },
    ]
  `);
  expect(registry.storage.store.revision).toBe(revision);
});

test('what grows by many small patches ends where etcd ends', async () => {
  const { ask, registry } = await world();
  const templates = '/api/v1/namespaces/default/podtemplates';
  const spec = { containers: [{ name: 'c', image: 'nginx' }] };
  await ask('POST', templates, { metadata: { name: 't' }, template: { spec } });
  const grow = (index: number, type: string) =>
    ask(
      'PATCH',
      `${templates}/t${type === 'apply-patch+yaml' ? `?fieldManager=m${index}` : ''}`,
      {
        ...(type === 'apply-patch+yaml' ? { apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 't' } } : {}),
        template: { spec: { containers: [{ name: 'c', env: [{ name: `E${index}`, value: 'x'.repeat(100_000) }] }] } },
      },
      { 'Content-Type': `application/${type}` },
    );
  let steps = 0;
  let last: Record<string, unknown> = {};
  while (steps < 30 && last['code'] === undefined) last = await grow(steps++, 'strategic-merge-patch+json');
  const { revision } = registry.storage.store;
  const applied = await grow(steps, 'apply-patch+yaml');
  const whole = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 500 };
  expect([steps, last, applied]).toEqual([
    16,
    { ...whole, message: 'etcdserver: request is too large' },
    { ...whole, message: 'etcdserver: request is too large' },
  ]);
  expect(registry.storage.store.revision).toBe(revision);
});

test('expressions and patterns that would take for ever are refused or stopped', async () => {
  const { ask, clock } = await world();
  const began = performance.now();
  const definition = (props: object) => ({
    metadata: { name: 'foos.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'foos', singular: 'foo', kind: 'Foo', listKind: 'FooList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: props } } } },
        },
      ],
    },
  });
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const strings = { type: 'array', items: { type: 'string' } };
  const rule = 'self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d != ""))))';
  const costly = await ask('POST', crds, definition({ l: { ...strings, 'x-kubernetes-validations': [{ rule }] } }));
  const made = await ask('POST', crds, definition({ s: { type: 'string', pattern: '^(([a-z])+.)+[A-Z]([a-z])+$' } }));
  await clock.advance(100);
  const foos = '/apis/example.com/v1/namespaces/default/foos';
  const slow = await ask('POST', foos, {
    apiVersion: 'example.com/v1',
    kind: 'Foo',
    metadata: { name: 'f' },
    spec: { s: 'a'.repeat(50_000) },
  });
  expect([costly, made, slow].map(said)).toMatchInlineSnapshot(`
    [
      "422 Invalid: CustomResourceDefinition.apiextensions.k8s.io "foos.example.com" is invalid: [spec.validation.openAPIV3Schema.properties[spec].properties[l].x-kuberne",
      "undefined : undefined",
      "422 Invalid: Foo.example.com "f" is invalid: spec.s: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ]
  `);
  expect(performance.now() - began).toBeLessThan(5000);
});
