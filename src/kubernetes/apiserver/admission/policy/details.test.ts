import { expect, test } from 'vitest';
import { decode, encode, noBytes } from '../../../../linux/io/bytes';
import { Headers } from '../../../../linux/net/http/message';
import { Clock } from '../../../../sim/clock';
import { Random } from '../../../../sim/random';
import { Trace } from '../../../../sim/trace';
import { createApiserver } from '../../apiserver';
import { bootstrap } from '../../bootstrap';
import { createRegistry } from '../../create-registry';

type Answer = Readonly<Record<string, unknown>>;
const group = '/apis/admissionregistration.k8s.io/v1';
const configMaps = '/api/v1/namespaces/default/configmaps';
const rule = (apiGroups: string[], apiVersions: string[], resources: string[]) => ({
  apiGroups,
  apiVersions,
  operations: ['*'],
  resources,
});
const ofConfigMaps = { resourceRules: [rule([''], ['v1'], ['configmaps'])] };

/** A server with one policy and its binding. */
async function world(spec: object, binding: object = {}) {
  const trace = new Trace();
  const clock = new Clock({ start: Date.UTC(2026, 0, 1), trace, settle: () => Promise.resolve() });
  const random = new Random(1);
  const registry = createRegistry({ clock, random, trace });
  bootstrap(registry, { advertiseAddress: '172.30.1.2' });
  const handler = createApiserver({ registry, clock, random, trace });
  const peer = { commonName: 'admin', organizations: ['system:masters'] };
  const ask = async (method: string, url: string, body?: object) => {
    const given = body === undefined ? noBytes : encode(JSON.stringify(body));
    const headers = new Headers({ 'Content-Type': 'application/json' });
    const response = await handler({ method, url, headers, body: given }, { remote: '172.30.0.10', peer });
    return JSON.parse(decode(response.body as Uint8Array)) as Answer;
  };
  const policy = { matchConstraints: ofConfigMaps, ...spec };
  const made = await ask('POST', `${group}/validatingadmissionpolicies`, { metadata: { name: 'p' }, spec: policy });
  if (made['status'] === 'Failure') throw new Error(String(made['message']));
  const bound = { policyName: 'p', validationActions: ['Deny'], ...binding };
  const tied = await ask('POST', `${group}/validatingadmissionpolicybindings`, {
    metadata: { name: 'b' },
    spec: bound,
  });
  if (tied['status'] === 'Failure') throw new Error(String(tied['message']));
  /** What is said to a write: nothing, or the policy's words. */
  const write = async (url: string, body: object) => {
    const { message, status } = await ask('POST', url, body);
    return status === 'Failure' ? String(message).replace(/^.* denied request: /s, '') : undefined;
  };
  const create = (data: object, name = 'c') => write(configMaps, { metadata: { name }, data });
  const serves = async (api: string, plural: string) => {
    clock.wake();
    await clock.runUntil(() => registry.storage.kindOf(api, plural) !== undefined, { limit: 1000 });
  };
  return { ask, write, create, serves };
}

const scaler = (api: string, name: string) => ({
  apiVersion: `autoscaling/${api}`,
  kind: 'HorizontalPodAutoscaler',
  metadata: { name },
  spec: {
    maxReplicas: 3,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
    ...(api === 'v1' ? { targetCPUUtilizationPercentage: 50 } : {}),
  },
});
const scalers = (api: string): string => `/apis/autoscaling/${api}/namespaces/default/horizontalpodautoscalers`;

test('matchPolicy Equivalent: the object is seen as the version that the rules name', async () => {
  const validations = [
    {
      expression:
        "object.apiVersion != 'autoscaling/v1' || object.spec.targetCPUUtilizationPercentage < 50 || request.kind.version != 'v1'",
      messageExpression: "request.kind.version + ' ' + string(object.spec.targetCPUUtilizationPercentage)",
    },
  ];
  const resourceRules = [rule(['autoscaling'], ['v1'], ['horizontalpodautoscalers'])];
  const equivalent = await world({ matchConstraints: { resourceRules }, validations });
  expect(await equivalent.write(scalers('v1'), scaler('v1', 'a'))).toBe('v1 50');
  const exact = await world({ matchConstraints: { resourceRules, matchPolicy: 'Exact' }, validations });
  expect(await exact.write(scalers('v2'), scaler('v2', 'a'))).toBe(undefined);
});

test('params of a custom kind, by selector, each on its own', async () => {
  const { ask, create, serves } = await world(
    {
      paramKind: { apiVersion: 'x.io/v1', kind: 'Limit' },
      validations: [
        {
          expression: 'size(object.data) <= params.spec.most',
          messageExpression: "'at most ' + string(params.spec.most)",
        },
      ],
    },
    { paramRef: { selector: { matchLabels: { use: 'yes' } }, parameterNotFoundAction: 'Deny' } },
  );
  expect(await create({})).toBe(
    "failed to configure policy: failed to find resource referenced by paramKind: 'x.io/v1, Kind=Limit'",
  );
  await ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'limits.x.io' },
    spec: {
      group: 'x.io',
      scope: 'Namespaced',
      names: { plural: 'limits', kind: 'Limit' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { most: { type: 'integer' } } } },
            },
          },
        },
      ],
    },
  });
  await serves('x.io/v1', 'limits');
  expect(await create({})).toBe(
    'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
  );
  const limit = (name: string, most: number, use: string) =>
    ask('POST', '/apis/x.io/v1/namespaces/default/limits', {
      apiVersion: 'x.io/v1',
      kind: 'Limit',
      metadata: { name, labels: { use } },
      spec: { most },
    });
  await limit('a', 0, 'no');
  await limit('b', 2, 'yes');
  expect(await create({ a: '1', b: '2' }, 'c1')).toBe(undefined);
  await limit('d', 1, 'yes');
  expect(await create({ a: '1', b: '2' }, 'c2')).toBe('at most 1');
});

test('params of ConfigMaps: none where nothing is found and that is allowed', async () => {
  const spec = {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    validations: [{ expression: "params.data.want == object.data.want && params.kind == 'ConfigMap'" }],
  };
  const paramRef = { name: 'wanted', namespace: 'kube-system', parameterNotFoundAction: 'Allow' };
  const { ask, create } = await world(spec, { paramRef });
  expect(await create({ want: 'x' }, 'c1')).toBe(undefined);
  await ask('POST', '/api/v1/namespaces/kube-system/configmaps', { metadata: { name: 'wanted' }, data: { want: 'y' } });
  expect(await create({ want: 'x' }, 'c2')).toMatch(/^failed expression: params/);
  expect(await create({ want: 'y' }, 'c3')).toBe(undefined);
});

test('a namespace is looked at with the params that are in it', async () => {
  const { write } = await world(
    {
      matchConstraints: { resourceRules: [rule([''], ['v1'], ['namespaces'])] },
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: 'namespaceObject == null && request.namespace == object.metadata.name' }],
    },
    { paramRef: { name: 'none', parameterNotFoundAction: 'Deny' } },
  );
  expect(await write('/api/v1/namespaces', { metadata: { name: 'n' } })).toBe(
    'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
  );
});

test('variables are composed, lazily; matchConditions come before', async () => {
  const { create } = await world({
    matchConditions: [{ name: 'unless', expression: "!has(object.data.skip) && request.userInfo.username == 'admin'" }],
    variables: [
      { name: 'broken', expression: 'object.data.nothing' },
      { name: 'first', expression: 'object.data.a' },
      { name: 'both', expression: "variables.first + '-' + object.data.b" },
    ],
    validations: [
      { expression: "variables.both == 'x-y'", messageExpression: 'variables.both' },
      { expression: "object.data.a == 'x' || variables.broken == ''" },
    ],
  });
  expect(await create({ skip: '' }, 'c1')).toBe(undefined);
  expect(await create({ a: 'x', b: 'y' }, 'c2')).toBe(undefined);
  expect(await create({ a: 'x', b: 'z' }, 'c3')).toBe('x-z');
  expect(await create({ a: 'z', b: 'y' }, 'c4')).toBe('z-y');
});

test('the authorizer and the namespace can be asked', async () => {
  const { create } = await world({
    validations: [
      {
        expression:
          "authorizer.group('apps').resource('deployments').namespace('default').check('create').allowed() && authorizer.requestResource.check('create').allowed() && namespaceObject.metadata.name == 'default'",
      },
      {
        expression:
          "authorizer.serviceAccount('default', 'default').group('').resource('secrets').check('get').allowed()",
        message: 'no secrets',
      },
    ],
  });
  expect(await create({})).toBe('no secrets');
});

test('a budget holds for all validations: once it is spent nothing else is said', async () => {
  const many = `[${Array.from({ length: 40 }, () => '1').join()}]`;
  const costly = { expression: `${many}.all(x, ('x' + object.data.a) != '')` };
  const validations = [{ expression: 'false', message: 'first' }, ...Array.from({ length: 14 }, () => costly)];
  const { create } = await world({ validations });
  expect(await create({ a: 'a'.repeat(50_000) })).toBe('first');
  expect(await create({ a: 'a'.repeat(200_000) })).toBe(
    'validation failed due to running out of cost budget, no further validation rules will be run',
  );
});
