import {
  any,
  bool,
  int64,
  list,
  listMap,
  mergedSet,
  named,
  need,
  nullable,
  ptr,
  str,
  strings,
  struct,
  time,
  type StructSchema,
} from '../../apimachinery/schema';

const uidType = { type: 'string', go: 'types.UID' } as const;

export const ownerReference = struct(
  'OwnerReference',
  {
    apiVersion: need(str),
    kind: need(str),
    name: need(str),
    uid: need(uidType),
    controller: ptr(bool),
    blockOwnerDeletion: ptr(bool),
  },
  { atomic: true },
);

/** k8s.io/apimachinery/pkg/apis/meta/v1 ObjectMeta. */
export const objectMeta = struct('ObjectMeta', {
  name: str,
  generateName: str,
  namespace: str,
  selfLink: str,
  uid: uidType,
  resourceVersion: str,
  generation: int64,
  creationTimestamp: time,
  deletionTimestamp: ptr(time),
  deletionGracePeriodSeconds: ptr(int64),
  labels: strings,
  annotations: strings,
  ownerReferences: listMap(ownerReference, 'uid'),
  finalizers: mergedSet(str),
  managedFields: list(
    struct('ManagedFieldsEntry', {
      manager: str,
      operation: named('ManagedFieldsOperationType'),
      apiVersion: str,
      time: ptr(time),
      fieldsType: str,
      fieldsV1: ptr(any),
      subresource: str,
    }),
  ),
});

export const labelSelector = struct(
  'LabelSelector',
  {
    matchLabels: strings,
    matchExpressions: list(
      struct('LabelSelectorRequirement', { key: str, operator: named('LabelSelectorOperator'), values: list(str) }),
    ),
  },
  { atomic: true },
);

export const condition = struct('Condition', {
  type: need(str),
  status: need(named('ConditionStatus')),
  observedGeneration: int64,
  lastTransitionTime: nullable(time),
  reason: need(str),
  message: need(str),
});

/** The conditions of a kind that has a Go type of its own for them; `when`: what it tells of time besides. */
export const conditionOf = (
  kind: string,
  when?: 'lastProbeTime' | 'lastUpdateTime' | 'lastHeartbeatTime',
): StructSchema =>
  struct(`${kind}Condition`, {
    type: need(named(`${kind}ConditionType`)),
    status: need(named('ConditionStatus')),
    ...(when === undefined ? {} : { [when]: time }),
    lastTransitionTime: time,
    reason: str,
    message: str,
  });

/** A kind's whole object: the type, the metadata and what is its own. */
export const object = (name: string, fields: Parameters<typeof struct>[1]): StructSchema =>
  struct(name, { kind: str, apiVersion: str, metadata: objectMeta, ...fields });
