import { expect, test } from 'vitest';
import { decode } from '../../../linux/io/bytes';
import { serve } from '../testing';

type Json = Record<string, unknown>;

async function world() {
  const { clock, send } = serve();
  const ask = async (method: string, url: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await send(method, url, body, headers);
    const text = decode(response.body as Uint8Array);
    const json = text.startsWith('{') ? (JSON.parse(text) as Json) : { text };
    const warnings = [...response.headers]
      .filter(([name]) => name.toLowerCase() === 'warning')
      .map(([, value]) => value);
    return { ...json, ...(warnings.length > 0 ? { warnings } : {}) } as Json;
  };
  return { clock, ask };
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const foos = '/apis/x.example.com/v1/namespaces/default/foos';

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 5 },
        color: { type: 'string', default: 'red', enum: ['red', 'blue'] },
        replicas: { type: 'integer' },
        port: { 'x-kubernetes-int-or-string': true },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, n: { type: 'integer' } },
          },
        },
      },
      'x-kubernetes-validations': [{ rule: 'self.size >= oldSelf.size', message: 'may not shrink' }],
    },
    status: { type: 'object', properties: { replicas: { type: 'integer' } } },
  },
};

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'foos.x.example.com' },
  spec: {
    group: 'x.example.com',
    scope: 'Namespaced',
    names: { plural: 'foos', kind: 'Foo', shortNames: ['fo'], categories: ['all'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        selectableFields: [{ jsonPath: '.spec.color' }],
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'First', type: 'string', jsonPath: '.spec.ports[?(@.name=="a")].n', priority: 1 },
        ],
      },
      { name: 'v2', served: true, storage: false, schema: { openAPIV3Schema: { ...schema, description: 'two' } } },
    ],
  },
};

const short = (answer: Json): string => String(answer['message'] ?? JSON.stringify(answer['spec'] ?? answer));

test('a definition is accepted, its resources are served, and cleaned up with it', async () => {
  const { ask, clock } = await world();
  await ask('POST', definitions, definition);
  expect(await ask('GET', foos)).toMatchObject({ text: '404 page not found\n' });
  await clock.advance(100);
  const crd = (await ask('GET', `${definitions}/foos.x.example.com`)) as { status: Json };
  expect(crd.status).toMatchInlineSnapshot(`
    {
      "acceptedNames": {
        "categories": [
          "all",
        ],
        "kind": "Foo",
        "listKind": "FooList",
        "plural": "foos",
        "shortNames": [
          "fo",
        ],
        "singular": "foo",
      },
      "conditions": [
        {
          "lastTransitionTime": "2026-01-01T00:00:00Z",
          "message": "no conflicts found",
          "reason": "NoConflicts",
          "status": "True",
          "type": "NamesAccepted",
        },
        {
          "lastTransitionTime": "2026-01-01T00:00:00Z",
          "message": "the initial names have been accepted",
          "reason": "InitialNamesAccepted",
          "status": "True",
          "type": "Established",
        },
      ],
      "storedVersions": [
        "v1",
      ],
    }
  `);

  const foo = (name: string, spec: Json): Json => ({
    apiVersion: 'x.example.com/v1',
    kind: 'Foo',
    metadata: { name },
    spec,
  });
  const said: string[] = [];
  const say = async (...args: Parameters<typeof ask>) => said.push(short(await ask(...args)));
  const strict = `${foos}?fieldValidation=Strict`;
  await say('POST', foos, foo('a', { size: 2, free: { x: { y: 1 } }, gone: 1, ports: [{ name: 'a', n: 1 }] }));
  await say('POST', strict, foo('b', { size: 2, gone: 1 }));
  await say('POST', foos, foo('b', {}));
  await say('POST', foos, foo('b', { size: 'x' }));
  await say('POST', foos, foo('b', { size: 9, color: 'green' }));
  await say('POST', foos, foo('b', { size: 1, port: true }));
  await say('POST', foos, foo('b', { size: 1, ports: [{ name: 'a' }, { name: 'a' }] }));
  await say('POST', foos, { ...foo('b', { size: 1 }), apiVersion: 'x.example.com/v2' });
  const merge = { 'Content-Type': 'application/merge-patch+json' };
  await say('PATCH', `${foos}/a`, { spec: { size: 1 } }, merge);
  await say('PATCH', `${foos}/a`, { spec: { size: 3 }, status: { replicas: 7 } }, merge);
  await say('PATCH', `${foos}/a/status`, { spec: { size: 4 }, status: { replicas: 7 } }, merge);
  await say('PATCH', `${foos}/a`, {}, { 'Content-Type': 'application/strategic-merge-patch+json' });
  await say('PATCH', `${foos}/a/scale`, { spec: { replicas: 4 } }, merge);
  const apply = { 'Content-Type': 'application/apply-patch+yaml' };
  await say('PATCH', `${foos}/a?fieldManager=m`, foo('a', { size: 3, ports: [{ name: 'b', n: 2 }] }), apply);
  await say('GET', '/apis/x.example.com/v2/namespaces/default/foos/a');
  const selected = await ask('GET', `${foos}?fieldSelector=spec.color%3Dblue`);
  said.push(String((selected['items'] as Json[]).length));
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "{"size":2,"free":{"x":{"y":1}},"ports":[{"name":"a","n":1}],"color":"red"}
    Foo in version "v1" cannot be handled as a Foo: strict decoding error: unknown field "spec.gone"
    Foo.x.example.com "b" is invalid: [spec.size: Required value, <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]
    Foo.x.example.com "b" is invalid: [spec.size: Invalid value: "string": spec.size in body must be of type integer: "string", <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]
    Foo.x.example.com "b" is invalid: [spec.color: Unsupported value: "green": supported values: "red", "blue", spec.size: Invalid value: 9: spec.size in body should be less than or equal to 5, <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]
    Foo.x.example.com "b" is invalid: [spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean", <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]
    Foo.x.example.com "b" is invalid: spec.ports[1]: Duplicate value: {"name":"a"}
    the API version in the data (x.example.com/v2) does not match the expected API version (x.example.com/v1)
    Foo.x.example.com "a" is invalid: spec: Invalid value: "object": may not shrink
    {"size":3,"free":{"x":{"y":1}},"ports":[{"name":"a","n":1}],"color":"red"}
    {"size":3,"free":{"x":{"y":1}},"ports":[{"name":"a","n":1}],"color":"red"}
    the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml
    {"replicas":4}
    {"size":3,"free":{"x":{"y":1}},"ports":[{"name":"a","n":1},{"name":"b","n":2}],"color":"red","replicas":4}
    {"size":3,"free":{"x":{"y":1}},"ports":[{"name":"a","n":1},{"name":"b","n":2}],"color":"red","replicas":4}
    0"
  `);

  const table = await ask('GET', foos, undefined, { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
  expect([
    (table['columnDefinitions'] as Json[]).map(({ name, type, priority }) => [name, type, priority]),
    (table['rows'] as Json[]).map(({ cells }) => cells),
  ]).toMatchInlineSnapshot(`
    [
      [
        [
          "Name",
          "string",
          0,
        ],
        [
          "Size",
          "integer",
          0,
        ],
        [
          "First",
          "string",
          1,
        ],
      ],
      [
        [
          "a",
          3,
          "1",
        ],
      ],
    ]
  `);
  expect([await ask('GET', '/apis/x.example.com'), await ask('GET', '/apis/x.example.com/v1')]).toMatchInlineSnapshot(`
    [
      {
        "apiVersion": "v1",
        "kind": "APIGroup",
        "name": "x.example.com",
        "preferredVersion": {
          "groupVersion": "x.example.com/v2",
          "version": "v2",
        },
        "versions": [
          {
            "groupVersion": "x.example.com/v2",
            "version": "v2",
          },
          {
            "groupVersion": "x.example.com/v1",
            "version": "v1",
          },
        ],
      },
      {
        "apiVersion": "v1",
        "groupVersion": "x.example.com/v1",
        "kind": "APIResourceList",
        "resources": [
          {
            "categories": [
              "all",
            ],
            "kind": "Foo",
            "name": "foos",
            "namespaced": true,
            "shortNames": [
              "fo",
            ],
            "singularName": "foo",
            "storageVersionHash": "2C1PBj/X6hk=",
            "verbs": [
              "create",
              "delete",
              "deletecollection",
              "get",
              "list",
              "patch",
              "update",
              "watch",
            ],
          },
          {
            "group": "autoscaling",
            "kind": "Scale",
            "name": "foos/scale",
            "namespaced": true,
            "singularName": "",
            "verbs": [
              "get",
              "patch",
              "update",
            ],
            "version": "v1",
          },
          {
            "kind": "Foo",
            "name": "foos/status",
            "namespaced": true,
            "singularName": "",
            "verbs": [
              "get",
              "patch",
              "update",
            ],
          },
        ],
      },
    ]
  `);

  const openapi = (await ask('GET', '/openapi/v3/apis/x.example.com/v1')) as { components: { schemas: Json } };
  expect(openapi.components.schemas['com.example.x.v1.Foo']).toMatchObject({
    properties: { ...schema.properties, metadata: { allOf: [{ $ref: expect.any(String) as string }] } },
    'x-kubernetes-group-version-kind': [{ group: 'x.example.com', version: 'v1', kind: 'Foo' }],
  });

  await ask('DELETE', `${definitions}/foos.x.example.com`);
  await clock.advance(100);
  expect([short(await ask('GET', foos)), short(await ask('GET', `${definitions}/foos.x.example.com`))]).toEqual([
    '{"text":"404 page not found\\n"}',
    'customresourcedefinitions.apiextensions.k8s.io "foos.x.example.com" not found',
  ]);
});

test('definitions in the groups of the project say who approved them', async () => {
  const { ask, clock } = await world();
  const approved = (value: string) => ({
    ...definition,
    metadata: { name: 'foos.x.k8s.io', annotations: { 'api-approved.kubernetes.io': value } },
    spec: { ...definition.spec, group: 'x.k8s.io' },
  });
  expect((await ask('POST', definitions, approved('somebody')))['message']).toMatch(/must have approval annotation/);
  await ask('POST', definitions, approved('https://example.com/1'));
  await clock.advance(100);
  const { status } = (await ask('GET', `${definitions}/foos.x.k8s.io`)) as { status: { conditions: Json[] } };
  expect(
    status.conditions.map(({ type, status: is, message }) => `${String(type)} ${String(is)}: ${String(message)}`),
  ).toEqual([
    'KubernetesAPIApprovalPolicyConformant True: approved in https://example.com/1',
    'NamesAccepted True: no conflicts found',
    'Established True: the initial names have been accepted',
  ]);
});
