import { expect, it } from 'vitest';
import { encodeOpenapiV2 } from './openapi-v2';
import { fieldsOf } from './wire';

/** Fields by their paths of numbers, so that a whole message can be read at a glance. */
function told(bytes: Uint8Array, nested: ReadonlySet<string>, path = ''): readonly string[] {
  return [...fieldsOf(bytes)].flatMap(({ number, value }) => {
    const at = path === '' ? String(number) : `${path}.${number}`;
    if (!(value instanceof Uint8Array)) return [`${at}: ${value}`];
    return nested.has(at) ? told(value, nested, at) : [`${at}: ${Buffer.from(value).toString()}`];
  });
}

it('encodes the definitions of a document as gnostic does', () => {
  const document = {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: 'v1.33.13' },
    paths: {},
    definitions: {
      'example.v1.Boat': {
        type: 'object',
        required: ['spec'],
        properties: { names: { type: 'array', items: { type: 'string', maxLength: 12 } } },
        'x-kubernetes-group-version-kind': [{ group: 'example', kind: 'Boat', version: 'v1' }],
      },
    },
  };
  const nested = ['2', '9', '9.1', '9.1.2', '9.1.2.22', '9.1.2.25', '9.1.2.25.1', '9.1.2.25.1.2', '9.1.2.25.1.2.22'];
  const items = ['9.1.2.25.1.2.23', '9.1.2.25.1.2.23.1', '9.1.2.25.1.2.23.1.22', '9.1.2.31', '9.1.2.31.2'];
  expect(told(encodeOpenapiV2(document), new Set([...nested, ...items]))).toEqual([
    '1: 2.0',
    '2.1: Kubernetes',
    '2.2: v1.33.13',
    '8: ',
    '9.1.1: example.v1.Boat',
    '9.1.2.19: spec',
    '9.1.2.22.1: object',
    '9.1.2.25.1.1: names',
    '9.1.2.25.1.2.22.1: array',
    '9.1.2.25.1.2.23.1.11: 12',
    '9.1.2.25.1.2.23.1.22.1: string',
    '9.1.2.31.1: x-kubernetes-group-version-kind',
    '9.1.2.31.2.2: [{"group":"example","kind":"Boat","version":"v1"}]\n',
  ]);
});
