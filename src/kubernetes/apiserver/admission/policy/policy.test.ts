import { expect, test } from 'vitest';
import { decode } from '../../../../linux/io/bytes';
import { serve } from '../../testing';

function world() {
  const { send } = serve();
  return async (method: string, url: string, body?: object) => {
    const response = await send(method, url, body, { 'Content-Type': 'application/json' });
    const answer = JSON.parse(decode(response.body as Uint8Array)) as object;
    const warning = response.headers.get('Warning');
    return warning === undefined ? answer : { ...answer, warning };
  };
}

const group = '/apis/admissionregistration.k8s.io/v1';
const configMaps = '/api/v1/namespaces/default/configmaps';
const rules = [
  { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['configmaps'] },
];

async function policed(spec: object, binding: object = { validationActions: ['Deny'] }) {
  const ask = world();
  await ask('POST', `${group}/validatingadmissionpolicies`, {
    metadata: { name: 'small' },
    spec: { matchConstraints: { resourceRules: rules }, ...spec },
  });
  await ask('POST', `${group}/validatingadmissionpolicybindings`, {
    metadata: { name: 'small-everywhere' },
    spec: { policyName: 'small', ...binding },
  });
  const create = (data?: object, metadata: object = {}) =>
    ask('POST', configMaps, { metadata: { name: 'c', ...metadata }, data });
  return { ask, create };
}

const denied = (message: string, more: object = {}) => {
  const text = `ValidatingAdmissionPolicy 'small' with binding 'small-everywhere' denied request: ${message}`;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `configmaps "c" is forbidden: ${text}`,
    reason: 'Invalid',
    details: { name: 'c', kind: 'configmaps', causes: [{ message: text }] },
    code: 422,
    ...more,
  };
};

test('an expression that is false denies, in the words of the policy', async () => {
  const { create } = await policed({ validations: [{ expression: 'has(object.data) && size(object.data) < 3' }] });
  expect(await create()).toStrictEqual(denied('failed expression: has(object.data) && size(object.data) < 3'));
  expect(await create({ a: '1' })).toMatchObject({ kind: 'ConfigMap', data: { a: '1' } });
});

test('messages, reasons, variables, errors', async () => {
  const { create } = await policed({
    variables: [
      { name: 'keys', expression: 'object.data.map(k, k)' },
      { name: 'many', expression: 'size(variables.keys) > 1' },
    ],
    validations: [
      {
        expression: '!variables.many',
        messageExpression: '"too many: " + variables.keys.join(", ")',
        reason: 'Forbidden',
      },
      { expression: 'object.data.a != "no"', message: ' a must not be no ' },
    ],
  });
  expect(await create({ a: '1', b: '2' })).toStrictEqual(denied('too many: a, b', { reason: 'Forbidden', code: 403 }));
  expect(await create({ a: 'no' })).toStrictEqual(denied('a must not be no'));
  expect(await create({ b: 'x' })).toStrictEqual(
    denied(`expression 'object.data.a != "no"' resulted in error: no such key: a`),
  );
  expect(await create()).toStrictEqual(
    denied(
      `expression '!variables.many' resulted in error: composited variable "many" fails to evaluate: composited variable "keys" fails to evaluate: no such key: data`,
    ),
  );
});

test('failurePolicy Ignore lets errors pass, but not what is false', async () => {
  const { create } = await policed({ failurePolicy: 'Ignore', validations: [{ expression: 'object.data.a == "1"' }] });
  expect(await create({ a: '2' })).toStrictEqual(denied('failed expression: object.data.a == "1"'));
  expect(await create({ b: '2' })).toMatchObject({ kind: 'ConfigMap' });
});

test('Warn warns', async () => {
  const { create } = await policed(
    { validations: [{ expression: 'false', message: 'so' }] },
    { validationActions: ['Warn', 'Audit'] },
  );
  expect(await create()).toMatchObject({
    kind: 'ConfigMap',
    warning: `299 - "Validation failed for ValidatingAdmissionPolicy 'small' with binding 'small-everywhere': so"`,
  });
});

test('match conditions and selectors choose what is meant; deletions have an oldObject', async () => {
  const { ask, create } = await policed(
    {
      matchConditions: [{ name: 'not-by-scheduler', expression: '"system:masters" in request.userInfo.groups' }],
      validations: [{ expression: 'request.operation != "DELETE" || oldObject.data.a != "keep"' }],
    },
    { validationActions: ['Deny'], matchResources: { objectSelector: { matchLabels: { guarded: 'yes' } } } },
  );
  await create({ a: 'keep' }, { labels: { guarded: 'yes' } });
  expect(await ask('DELETE', `${configMaps}/c`)).toMatchObject({ code: 422 });
  await ask('PUT', `${configMaps}/c`, { metadata: { name: 'c' }, data: { a: 'keep' } });
  expect(await ask('DELETE', `${configMaps}/c`)).toMatchObject({ status: 'Success' });
});

test('params come from the binding', async () => {
  const { ask, create } = await policed(
    {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      matchConditions: [{ name: 'no-params', expression: 'request.name != "limits"' }],
      validations: [
        {
          expression: 'size(object.data) <= int(params.data.most)',
          messageExpression: '"at most " + params.data.most',
        },
      ],
    },
    {
      validationActions: ['Deny'],
      paramRef: { name: 'limits', namespace: 'default', parameterNotFoundAction: 'Deny' },
    },
  );
  expect(await create({ a: '1' })).toStrictEqual(
    denied('failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction'),
  );
  await ask('DELETE', `${group}/validatingadmissionpolicybindings/small-everywhere`);
  await ask('POST', configMaps, { metadata: { name: 'limits' }, data: { most: '1' } });
  await ask('POST', `${group}/validatingadmissionpolicybindings`, {
    metadata: { name: 'small-everywhere' },
    spec: {
      policyName: 'small',
      validationActions: ['Deny'],
      paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' },
    },
  });
  expect(await create({ a: '1', b: '2' })).toStrictEqual(denied('at most 1'));
  expect(await create({ a: '1' })).toMatchObject({ kind: 'ConfigMap' });
});

test('an expression that would take for ever is stopped', async () => {
  const { create } = await policed({
    variables: [
      { name: 'l', expression: '[1,2,3,4,5,6,7,8,9,10]' },
      { name: 'm', expression: 'variables.l.map(a, variables.l.map(b, variables.l))' },
    ],
    validations: [
      {
        expression:
          'variables.l.all(a, variables.l.all(b, variables.l.all(c, variables.l.all(d, variables.l.all(e, variables.l.all(f, variables.m.size() > 0))))))',
      },
    ],
  });
  expect(await create()).toStrictEqual(
    denied(
      `expression 'variables.l.all(a, variables.l.all(b, variables.l.all(c, variables.l.all(d, variables.l.all(e, variables.l.all(f, variables.m.size() > 0))))))' resulted in error: operation cancelled: actual cost limit exceeded`,
    ),
  );
});
