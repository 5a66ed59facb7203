import { equal } from '../../apimachinery/equal';
import { defineKind } from '../../apimachinery/kind';
import { isDns1123Subdomain } from '../../apimachinery/names';
import type { ApiObject, LabelSelector, Quantity } from '../../apimachinery/object';
import { quantityValue } from '../../apimachinery/quantity';
import { need, ptr, quantity, str } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { labelSelector, object } from '../meta/schema';
import type { FieldErrors } from '../../apimachinery/field-errors';

export interface CsiStorageCapacity extends ApiObject {
  readonly nodeTopology?: LabelSelector;
  readonly storageClassName: string;
  readonly capacity?: Quantity;
  readonly maximumVolumeSize?: Quantity;
}

function notNegative(value: Quantity | undefined, errors: FieldErrors): void {
  if (value !== undefined && quantityValue(value) < 0) errors.invalid(value, 'must be greater than or equal to 0');
}

/** How much room a CSI driver has for a class, in a part of the cluster. */
export const csiStorageCapacity = defineKind<CsiStorageCapacity>({
  names: { group: 'storage.k8s.io', version: 'v1', kind: 'CSIStorageCapacity', plural: 'csistoragecapacities' },
  scope: 'Namespaced',
  schema: object('CSIStorageCapacity', {
    nodeTopology: ptr(labelSelector),
    storageClassName: need(str),
    capacity: ptr(quantity),
    maximumVolumeSize: ptr(quantity),
  }),
  validate: (given, errors) => {
    for (const text of isDns1123Subdomain(given.storageClassName ?? ''))
      errors.at('storageClassName').invalid(given.storageClassName ?? '', text);
    notNegative(given.capacity, errors.at('capacity'));
    notNegative(given.maximumVolumeSize, errors.at('maximumVolumeSize'));
  },
  validateUpdate: (given, old, errors) => {
    if (!equal(given.nodeTopology, old.nodeTopology))
      errors.at('nodeTopology').invalid(given.nodeTopology, 'field is immutable');
    if (given.storageClassName !== old.storageClassName)
      errors.at('storageClassName').invalid(given.storageClassName, 'field is immutable');
  },
  columns: [
    nameColumn,
    {
      ...column<CsiStorageCapacity>('Created At', ({ metadata }) => metadata.creationTimestamp),
      description: ageColumn.description,
      type: 'date',
    },
  ],
});
