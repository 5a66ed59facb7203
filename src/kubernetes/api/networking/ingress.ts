import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, ObjectMeta } from '../../apimachinery/object';
import { int32, list, named, need, nullable, ptr, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { validateIngressClass, validateIngressSpec, validateIngressStatus } from '../validation/ingress';

export interface IngressBackend {
  readonly service?: { readonly name: string; readonly port?: { readonly name?: string; readonly number?: number } };
  readonly resource?: { readonly apiGroup?: string; readonly kind: string; readonly name: string };
}

export interface Ingress extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: IngressSpec;
  readonly status: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
  };
}

export interface IngressSpec {
  readonly ingressClassName?: string;
  readonly defaultBackend?: IngressBackend;
  readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
  readonly rules?: readonly IngressRule[];
}

export interface IngressRule {
  readonly host?: string;
  readonly http?: {
    readonly paths: readonly { readonly path?: string; readonly pathType?: string; readonly backend: IngressBackend }[];
  };
}

const typedReference = struct(
  'TypedLocalObjectReference',
  { apiGroup: nullable(str), kind: need(str), name: need(str) },
  { atomic: true },
);
const backend = struct('IngressBackend', {
  service: ptr(
    struct('IngressServiceBackend', {
      name: need(str),
      port: struct('ServiceBackendPort', { name: str, number: int32 }, { atomic: true }),
    }),
  ),
  resource: ptr(typedReference),
});

const classAnnotation = 'kubernetes.io/ingress.class';

export const ingress = defineKind<Ingress>({
  names: { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress', plural: 'ingresses', short: ['ing'] },
  scope: 'Namespaced',
  schema: object('Ingress', {
    spec: struct('IngressSpec', {
      ingressClassName: ptr(str),
      defaultBackend: ptr(backend),
      tls: list(struct('IngressTLS', { hosts: list(str), secretName: str })),
      rules: list(
        struct('IngressRule', {
          host: str,
          http: ptr(
            struct('HTTPIngressRuleValue', {
              paths: need(
                list(
                  struct('HTTPIngressPath', {
                    path: str,
                    pathType: { ...ptr(named('PathType')), always: true },
                    backend: need(backend),
                  }),
                ),
              ),
            }),
          ),
        }),
      ),
    }),
    status: struct('IngressStatus', {
      loadBalancer: struct('IngressLoadBalancerStatus', {
        ingress: list(
          struct('IngressLoadBalancerIngress', {
            ip: str,
            hostname: str,
            ports: list(
              struct('IngressPortStatus', { port: need(int32), protocol: need(named('Protocol')), error: ptr(str) }),
            ),
          }),
        ),
      }),
    }),
  }),
  storage: 'ingress',
  subresources: { status: true },
  generation: ({ spec }) => spec,

  defaults: (given) => ({ ...given, spec: given.spec ?? {} }),
  prepareForCreate: (given) => ({ ...given, status: { loadBalancer: {} } }),
  validate: ({ spec }, errors) => validateIngressSpec(spec, errors.at('spec')),
  validateStatusUpdate: ({ status }, _old, errors) => validateIngressStatus(status, errors.at('status')),
  validateCreate: ({ metadata, spec }, errors) => {
    const old = metadata.annotations?.[classAnnotation];
    if (old !== undefined && spec.ingressClassName !== undefined && old !== spec.ingressClassName)
      errors
        .at('annotations')
        .at(classAnnotation)
        .invalid(old, 'must match `ingressClassName` when both are specified');
  },

  // Of new ones only, as upstream.
  warnings: ({ metadata, spec }, old) =>
    old !== undefined || spec.ingressClassName !== undefined || metadata.annotations?.[classAnnotation] === undefined
      ? []
      : ['annotation "kubernetes.io/ingress.class" is deprecated, please use \'spec.ingressClassName\' instead'],
  columns: [
    nameColumn,
    column('Class', ({ spec }) => spec.ingressClassName ?? '<none>'),
    column('Hosts', hosts),
    column('Address', ({ status }) =>
      (status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '').join(','),
    ),
    column('Ports', ({ spec }) => ((spec.tls ?? []).length > 0 ? '80, 443' : '80')),
    ageColumn,
  ],
});

/** formatHosts: three, then how many more. */
function hosts({ spec }: Ingress): string {
  const named = (spec.rules ?? []).map(({ host = '' }) => host).filter((host) => host !== '');
  if (named.length === 0) return '*';
  const shown = named.slice(0, 3).join(',');
  return named.length > 3 ? `${shown} + ${named.length - 3} more...` : shown;
}

export interface IngressClass extends ApiObject {
  readonly spec: {
    readonly controller?: string;
    readonly parameters?: {
      readonly apiGroup?: string;
      readonly kind: string;
      readonly name: string;
      readonly scope?: string;
      readonly namespace?: string;
    };
  };
}

export const ingressClass = defineKind<IngressClass>({
  names: { group: 'networking.k8s.io', version: 'v1', kind: 'IngressClass', plural: 'ingressclasses' },
  scope: 'Cluster',
  updateValidation: ['metaUpdate', 'update', 'meta', 'validate'],
  schema: object('IngressClass', {
    spec: struct('IngressClassSpec', {
      controller: str,
      parameters: ptr(
        struct('IngressClassParametersReference', {
          apiGroup: ptr(str),
          kind: need(str),
          name: need(str),
          scope: { ...ptr(str), always: true },
          namespace: ptr(str),
        }),
      ),
    }),
  }),
  generation: ({ spec }) => spec,
  defaults: (given) => ({
    ...given,
    spec: {
      ...given.spec,
      ...(given.spec?.parameters === undefined
        ? {}
        : { parameters: { ...given.spec.parameters, scope: given.spec.parameters.scope ?? 'Cluster' } }),
    },
  }),
  validate: ({ spec }, errors) => validateIngressClass(spec, errors.at('spec')),
  validateUpdate: ({ spec }, old, errors) => {
    if (spec.controller !== old.spec.controller)
      errors.at('spec').at('controller').invalid(spec.controller, 'field is immutable');
  },
  columns: [
    nameColumn,
    column('Controller', ({ spec }) => spec.controller ?? ''),
    column('Parameters', ({ spec }) => {
      const { parameters } = spec;
      if (parameters === undefined) return '<none>';
      return `${parameters.kind}${parameters.apiGroup === undefined ? '' : `.${parameters.apiGroup}`}/${parameters.name}`;
    }),
    ageColumn,
  ],
});
