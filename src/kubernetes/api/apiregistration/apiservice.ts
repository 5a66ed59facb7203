import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { isDns1035Label, isDns1123Subdomain, isPathSegment } from '../../apimachinery/names';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, Time } from '../../apimachinery/object';
import { atomicBytes, bool, int32, listMap, need, ptr, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { conditionOf, object } from '../meta/schema';

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
  nameRule: 'path',
  schema: object('APIService', {
    spec: struct('APIServiceSpec', {
      service: ptr(struct('ServiceReference', { namespace: str, name: str, port: ptr(int32) })),
      group: str,
      version: str,
      insecureSkipTLSVerify: bool,
      caBundle: atomicBytes,
      groupPriorityMinimum: need(int32),
      versionPriority: need(int32),
    }),
    status: struct('APIServiceStatus', {
      conditions: listMap(conditionOf('APIService'), 'type'),
    }),
  }),
  subresources: { status: true },
  // What needs no service is available at once.
  prepareForCreate: (given) => ({
    ...given,
    status:
      given.spec.service === undefined
        ? {
            conditions: [
              {
                type: 'Available',
                status: 'True',
                lastTransitionTime: given.metadata.creationTimestamp,
                reason: 'Local',
                message: 'Local APIServices are always available',
              },
            ],
          }
        : {},
  }),
  defaults: (given) => ({
    ...given,
    spec:
      given.spec?.service === undefined
        ? given.spec
        : { ...given.spec, service: { ...given.spec.service, port: given.spec.service.port ?? 443 } },
  }),
  scheme: 'pkg/apiserver/scheme/scheme.go:28',
  validate,
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

/** ValidateAPIService of kube-aggregator. */
function validate({ metadata, spec }: ApiService, errors: FieldErrors): void {
  const at = errors.at('spec');
  const {
    group = '',
    version = '',
    service,
    groupPriorityMinimum = 0,
    versionPriority = 0,
    caBundle = '',
  } = spec ?? {};
  const wanted = `${version}.${group}`;
  for (const key of ['generateName', 'name'] as const) {
    const name = metadata[key] ?? '';
    if (name !== '' && name !== wanted && isPathSegment(name).length === 0)
      errors
        .at('metadata')
        .at(key)
        .invalid(name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`);
  }
  if (group === '' && version !== 'v1')
    at.at('group').required('only v1 may have an empty group and it better be legacy kube');
  else if (group !== '') for (const text of isDns1123Subdomain(group)) at.at('group').invalid(group, text);
  for (const text of isDns1035Label(version)) at.at('version').invalid(version, text);
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000)
    at.at('groupPriorityMinimum').invalid(groupPriorityMinimum, 'must be positive and less than 20000');
  if (versionPriority <= 0 || versionPriority > 1000)
    at.at('versionPriority').invalid(versionPriority, 'must be positive and less than 1000');
  const insecure = at.at('insecureSkipTLSVerify');
  if (service === undefined) {
    if (caBundle !== '') at.at('caBundle').invalid(new GoText(caBundle), 'local APIServices may not have a caBundle');
    if (spec?.insecureSkipTLSVerify === true)
      insecure.invalid(true, 'local APIServices may not have insecureSkipTLSVerify');
    return;
  }
  if ((service.namespace ?? '') === '') at.at('service').at('namespace').required('');
  if ((service.name ?? '') === '') at.at('service').at('name').required('');
  const { port = 443 } = service;
  if (port < 1 || port > 65535)
    at.at('service').at('port').invalid(port, 'port is not valid: must be between 1 and 65535, inclusive');
  if (spec?.insecureSkipTLSVerify === true && caBundle !== '')
    insecure.invalid(true, 'may not be true if caBundle is present');
}
