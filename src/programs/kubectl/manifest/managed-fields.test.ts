import { describe, expect, it } from 'vitest';
import { ownersOf, upgradePatch } from './managed-fields';

const entry = (manager: string, operation: string, fieldsV1: object, apiVersion = 'v1') => ({
  manager,
  operation,
  apiVersion,
  fieldsType: 'FieldsV1',
  fieldsV1,
});
const object = (...managedFields: readonly object[]) => ({ metadata: { resourceVersion: '7', managedFields } });
const path = ['metadata', 'annotations', 'a'];

describe('managed fields', () => {
  it('tells who owns a field', () => {
    const leaf = { 'f:metadata': { 'f:annotations': { '.': {}, 'f:a': {} } } };
    const held = object(entry('x', 'Update', leaf), entry('y', 'Apply', leaf), entry('z', 'Update', {}));
    expect(ownersOf(held, 'Update', path)).toEqual(['x']);
    expect(ownersOf(held, 'Apply', path)).toEqual(['y']);
  });

  it('makes the fields of client-side apply those of server-side apply', () => {
    const held = object(
      entry('kubectl', 'Apply', { 'f:data': { 'f:k': {} } }),
      entry('csa', 'Update', { 'f:data': { '.': {}, 'f:l': { 'f:m': {} } }, 'f:k': {} }),
      entry('other', 'Update', { 'f:x': {} }),
    );
    expect(upgradePatch(held, ['csa'], 'kubectl')).toEqual([
      {
        op: 'replace',
        path: '/metadata/managedFields',
        value: [
          entry('kubectl', 'Apply', { 'f:data': { '.': {}, 'f:k': {}, 'f:l': { 'f:m': {} } }, 'f:k': {} }),
          entry('other', 'Update', { 'f:x': {} }),
        ],
      },
      { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
    ]);
  });

  it('renames the manager where none applied on the server, and has nothing to do without one', () => {
    const held = object(entry('csa', 'Update', { 'f:a': {} }), entry('csa', 'Update', { 'f:b': {} }, 'v2'));
    expect(upgradePatch(held, ['csa'], 'kubectl')?.[0]).toMatchObject({
      value: [entry('kubectl', 'Apply', { 'f:a': {} })],
    });
    expect(upgradePatch(held, [], 'kubectl')).toBeUndefined();
    expect(upgradePatch(object(), ['csa'], 'kubectl')).toBeUndefined();
  });
});
