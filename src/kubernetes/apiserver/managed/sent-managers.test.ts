import { expect, test } from 'vitest';
import { propertyWorld } from '../properties/testing';

test('a writer may take all owners away, or say who they are; an empty list says nothing', async () => {
  const { json } = propertyWorld(1);
  const url = '/api/v1/namespaces/a/configmaps';
  await json('POST', `${url}?fieldManager=m1`, { metadata: { name: 'c' }, data: { k: '1' } });
  const patch = async (managedFields: readonly object[]) => {
    const { body } = await json('PATCH', `${url}/c`, { metadata: { managedFields } }, 'application/merge-patch+json');
    return (body as { metadata: { managedFields?: object[] } }).metadata.managedFields;
  };
  const entry = {
    manager: 'kubectl',
    operation: 'Apply',
    apiVersion: 'v1',
    time: '2026-01-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:data': { 'f:k': {} } },
  };
  expect(await patch([])).toMatchObject([{ manager: 'm1', operation: 'Update' }]);
  expect(await patch([entry])).toEqual([entry]);
  expect(await patch([{}])).toBeUndefined();
});
