import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, Time } from '../../apimachinery/object';
import { bool, bytes, int32, listMap, named, need, ptr, str, struct, time } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';

export interface ApiService extends ApiObject {
  readonly spec: {
    readonly service?: { readonly namespace?: string; readonly name?: string; readonly port?: number };
    readonly group?: string;
    readonly version?: string;
    readonly insecureSkipTLSVerify?: boolean;
    readonly caBundle?: string;
    readonly groupPriorityMinimum: number;
    readonly versionPriority: number;
  };
  readonly status: { readonly conditions?: readonly (Condition & { readonly lastTransitionTime?: Time })[] };
}

export const apiService = defineKind<ApiService>({
  names: {
    group: 'apiregistration.k8s.io',
    version: 'v1',
    kind: 'APIService',
    plural: 'apiservices',
    categories: ['api-extensions'],
  },
  scope: 'Cluster',
  schema: object('APIService', {
    spec: struct('APIServiceSpec', {
      service: ptr(struct('ServiceReference', { namespace: str, name: str, port: ptr(int32) })),
      group: str,
      version: str,
      insecureSkipTLSVerify: bool,
      caBundle: bytes,
      groupPriorityMinimum: need(int32),
      versionPriority: need(int32),
    }),
    status: struct('APIServiceStatus', {
      conditions: listMap(
        struct('APIServiceCondition', {
          type: need(named('APIServiceConditionType')),
          status: need(named('ConditionStatus')),
          lastTransitionTime: time,
          reason: str,
          message: str,
        }),
        'type',
      ),
    }),
  }),
  subresources: { status: true },
  defaults: (given) => ({
    ...given,
    spec:
      given.spec?.service === undefined
        ? given.spec
        : { ...given.spec, service: { ...given.spec.service, port: given.spec.service.port ?? 443 } },
  }),
  validate: ({ metadata, spec }, errors) => {
    const wanted = `${spec.version ?? ''}.${spec.group ?? ''}`;
    if (metadata.name !== wanted && spec.version !== undefined)
      errors
        .at('metadata')
        .at('name')
        .invalid(metadata.name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`);
  },
  columns: [
    nameColumn,
    column('Service', ({ spec }) =>
      spec.service === undefined ? 'Local' : `${spec.service.namespace ?? ''}/${spec.service.name ?? ''}`,
    ),
    column('Available', ({ status }) => {
      const found = (status?.conditions ?? []).find(({ type }) => type === 'Available');
      if (found === undefined) return 'Unknown';
      return found.status === 'True' ? 'True' : `${found.status} (${found.reason ?? ''})`;
    }),
    ageColumn,
  ],
});
