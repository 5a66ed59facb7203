import { patches, Refused } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { define } from './definitions';
import { anything, version } from './objects';

const QUERY = 'fieldManager=field_validation_mgr&fieldValidation=Strict';

const port = { type: 'integer', format: 'int32' };
const text = { type: 'string' };
/** What a spec of the tests may say. */
const fields = {
  foo: text,
  cronSpec: { type: 'string', pattern: '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$' },
  ports: {
    type: 'array',
    'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
    'x-kubernetes-list-type': 'map',
    items: {
      type: 'object',
      properties: { containerPort: port, hostIP: text, hostPort: port, name: text, protocol: text },
      required: ['containerPort', 'protocol'],
    },
  },
};
const schemaOf = (spec: object): object => ({
  type: 'object',
  properties: {
    spec: { type: 'object', ...spec, properties: { ...fields, ...(spec as { properties?: object }).properties } },
  },
});

const GROUP = 'mygroup.example.com';
const PORTS = `  cronSpec: "* * * * */5"
  ports:
  - name: x
    containerPort: 80
    protocol: TCP`;

/** Applies a text, strictly, to a kind of this schema; what the server says to it. */
async function apply(f: Framework, schema: object, rest: string): Promise<string> {
  const plural = `noxus${f.namespace.replace(/\W/g, '')}`;
  const kind = `Noxu${f.namespace.replace(/\W/g, '')}`;
  await define(f, {
    group: GROUP,
    kind,
    plural,
    scope: 'Cluster',
    versions: [version('v1beta1', schema), version('v1', schema, false)],
  });
  try {
    await f.api.call(
      'PATCH',
      `/apis/${GROUP}/v1beta1/${plural}/mytest?${QUERY}`,
      `\napiVersion: ${GROUP}/v1beta1\nkind: ${kind}\nmetadata:\n  name: mytest\n${rest}\n${PORTS}`,
      { type: patches.apply },
    );
    return '';
  } catch (error) {
    if (error instanceof Refused) return JSON.stringify(error.status);
    throw error;
  }
}

async function says(f: Framework, schema: object, rest: string, ...parts: readonly string[]): Promise<void> {
  const said = await apply(f, schema, rest);
  if (!parts.some((part) => said.includes(part))) throw new Error(`no “${parts.join('” or “')}” in “${said}”`);
}

const deployment = (metadata: string, spec: string): string => `{
  "apiVersion": "apps/v1", "kind": "Deployment",
  "metadata": {"name": "my-dep", ${metadata} "labels": {"app": "nginx"}},
  "spec": {${spec} "selector": {"matchLabels": {"app": "nginx"}},
    "template": {"metadata": {"labels": {"app": "nginx"}}, "spec": {"containers": [{"name": "nginx", "image": "nginx:latest"}]}}}
}`;

const typed = (f: Framework, body: string, part: string): Promise<unknown> =>
  f.refused(f.api.create(`${f.at('apps/v1/deployments')}?${QUERY}`, body), 400, part);

export const fieldValidation: Behaviours = area('[sig-api-machinery] FieldValidation', {
  'should detect unknown and duplicate fields of a typed object': async (f) => {
    await typed(
      f,
      deployment('', '"unknownField": "foo", "replicas": 2, "replicas": 3,'),
      'strict decoding error: unknown field "spec.unknownField", duplicate field "spec.replicas"',
    );
  },

  'should detect unknown metadata fields of a typed object': async (f) => {
    await typed(
      f,
      deployment('"unknownMeta": "foo",', ''),
      'strict decoding error: unknown field "metadata.unknownMeta"',
    );
  },

  'should create/apply a valid CR for CRD with validation schema': (f) =>
    says(f, schemaOf({}), 'spec:\n  foo: foo1', ''),

  'should create/apply a CR with unknown fields for CRD with no validation schema': async (f) =>
    f.equal(await apply(f, anything, 'spec:\n  unknown: uk1'), '', 'what is wrong'),

  'should create/apply an invalid CR with extra properties for CRD with validation schema': (f) =>
    says(f, schemaOf({}), 'unknownField: unknown\nspec:\n  foo: foo1', '.unknownField: field not declared in schema'),

  'should detect unknown metadata fields in both the root and embedded object of a CR': (f) =>
    says(
      f,
      schemaOf({
        'x-kubernetes-preserve-unknown-fields': true,
        properties: {
          template: {
            type: 'object',
            'x-kubernetes-embedded-resource': true,
            properties: { metadata: { type: 'object', properties: { name: text } }, spec: { type: 'object' } },
          },
        },
      }),
      `  unknownMeta: unknown
spec:
  template:
    apiversion: foo/v1
    kind: Sub
    metadata:
        unknownSubMeta: unknown
        name: subobject
        namespace: ${f.namespace}
  foo: foo1`,
      '.spec.template.metadata.unknownSubMeta: field not declared in schema',
      '.metadata.unknownMeta: field not declared in schema',
    ),

  'should detect duplicates in a CR when preserving unknown fields': (f) =>
    says(
      f,
      schemaOf({ 'x-kubernetes-preserve-unknown-fields': true }),
      'spec:\n  unknown: uk1\n  foo: foo1\n  foo: foo2',
      'line 9: key \\"foo\\" already set in map',
      'line 9: key \\\\\\"foo\\\\\\" already set in map',
    ),
});
