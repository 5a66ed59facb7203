import { defineKind } from '../../apimachinery/kind';
import { bool, bytes, int32, keyedList, list, named, need, ptr, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { conditionOf, object } from '../meta/schema';
import { jsonSchemaProps } from './json-schema-props';
import type { CustomResourceDefinition } from './types';
import { validateCustomResourceDefinition } from './validate-crd';

const names = struct('CustomResourceDefinitionNames', {
  plural: need(str),
  singular: str,
  shortNames: list(str),
  kind: need(str),
  listKind: str,
  categories: list(str),
});

const version = struct('CustomResourceDefinitionVersion', {
  name: need(str),
  served: need(bool),
  storage: need(bool),
  deprecated: bool,
  deprecationWarning: ptr(str),
  schema: ptr(struct('CustomResourceValidation', { openAPIV3Schema: ptr(jsonSchemaProps) })),
  subresources: ptr(
    struct('CustomResourceSubresources', {
      status: ptr(struct('CustomResourceSubresourceStatus', {})),
      scale: ptr(
        struct('CustomResourceSubresourceScale', {
          specReplicasPath: need(str),
          statusReplicasPath: need(str),
          labelSelectorPath: ptr(str),
        }),
      ),
    }),
  ),
  additionalPrinterColumns: list(
    struct('CustomResourceColumnDefinition', {
      name: need(str),
      type: need(str),
      format: str,
      description: str,
      priority: int32,
      jsonPath: need(str),
    }),
  ),
  selectableFields: list(struct('SelectableField', { jsonPath: need(str) })),
});

const webhook = struct('WebhookConversion', {
  clientConfig: ptr(
    struct('WebhookClientConfig', {
      url: ptr(str),
      service: ptr(
        struct('ServiceReference', { namespace: need(str), name: need(str), path: ptr(str), port: ptr(int32) }),
      ),
      caBundle: bytes,
    }),
  ),
  conversionReviewVersions: need(list(str)),
});

const schema = object('CustomResourceDefinition', {
  spec: need(
    struct('CustomResourceDefinitionSpec', {
      group: need(str),
      names: need(names),
      scope: need(named('ResourceScope')),
      versions: need(list(version)),
      conversion: ptr(
        struct('CustomResourceConversion', { strategy: need(named('ConversionStrategyType')), webhook: ptr(webhook) }),
      ),
      preserveUnknownFields: bool,
    }),
  ),
  status: struct('CustomResourceDefinitionStatus', {
    conditions: need(keyedList(conditionOf('CustomResourceDefinition'), 'type')),
    acceptedNames: need(names),
    storedVersions: need(list(str)),
  }),
});

/** SetDefaults_CustomResourceDefinitionSpec. */
function defaults(given: CustomResourceDefinition): CustomResourceDefinition {
  const { spec } = given;
  if (spec === undefined) return given;
  const { kind = '', singular = '', listKind = '' } = spec.names ?? {};
  const service = spec.conversion?.webhook?.clientConfig?.service;
  return {
    ...given,
    spec: {
      ...spec,
      names: {
        ...spec.names,
        ...(singular === '' && kind !== '' ? { singular: kind.toLowerCase() } : {}),
        ...(listKind === '' && kind !== '' ? { listKind: `${kind}List` } : {}),
      },
      conversion:
        spec.conversion === undefined
          ? { strategy: 'None' }
          : service === undefined || service.port !== undefined
            ? spec.conversion
            : {
                ...spec.conversion,
                webhook: {
                  ...spec.conversion.webhook,
                  conversionReviewVersions: spec.conversion.webhook?.conversionReviewVersions ?? null,
                  clientConfig: { ...spec.conversion.webhook?.clientConfig, service: { ...service, port: 443 } },
                },
              },
    },
  };
}

/** The storage version is a stored one from the beginning. */
function withStorageVersion(
  given: CustomResourceDefinition,
  status: CustomResourceDefinition['status'],
): CustomResourceDefinition {
  const stored = status.storedVersions ?? [];
  const storage = given.spec?.versions?.find((each) => each.storage)?.name;
  const known = storage === undefined || stored.includes(storage);
  const storedVersions = known ? status.storedVersions : [...stored, storage];
  return { ...given, status: { ...status, storedVersions } };
}

export const customResourceDefinition = defineKind<CustomResourceDefinition>({
  names: {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    short: ['crd', 'crds'],
    categories: ['api-extensions'],
  },
  scope: 'Cluster',
  schema,
  storage: 'apiextensions.k8s.io/customresourcedefinitions',
  scheme: 'pkg/apiserver/apiserver.go:55',
  subresources: { status: true },
  cleanup: { finalizer: 'customresourcecleanup.apiextensions.k8s.io', mark: terminating },
  unconditionalUpdate: false,
  updateValidation: ['metaUpdate', 'update'],
  generation: ({ spec }) => spec,
  defaults,
  prepareForCreate: (given) =>
    withStorageVersion(given, { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null }),
  prepareForUpdate: (given, old) => withStorageVersion(given, old.status),
  validateCreate: (given, errors) => validateCustomResourceDefinition(given, undefined, errors),
  validateUpdate: (given, old, errors) => validateCustomResourceDefinition(given, old, errors),
  columns: [
    nameColumn,
    {
      ...column<CustomResourceDefinition>('Created At', ({ metadata }) => metadata.creationTimestamp),
      description: ageColumn.description,
      type: 'date',
    },
  ],
});

/** The definition's own deletion begins with a word about it. */
function terminating(crd: CustomResourceDefinition, time: string): CustomResourceDefinition {
  const condition = {
    type: 'Terminating',
    status: 'True',
    lastTransitionTime: time,
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  } as const;
  return { ...crd, status: { ...crd.status, conditions: [...(crd.status.conditions ?? []), condition] } };
}
