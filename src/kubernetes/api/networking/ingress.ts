import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, ObjectMeta } from '../../apimachinery/object';
import { int32, list, named, need, nullable, ptr, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { isIp, portRange, subdomain } from '../validation/common';
import { isDns1035Label } from '../../apimachinery/names';

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
  validate: ({ spec }, errors) => validateSpec(spec, errors.at('spec')),
  validateCreate: ({ metadata, spec }, errors) => {
    const old = metadata.annotations?.['kubernetes.io/ingress.class'];
    if (old !== undefined && spec.ingressClassName !== undefined)
      errors
        .at('annotations')
        .key('kubernetes.io/ingress.class')
        .invalid(old, 'can not be set when the class field is also set');
  },

  warnings: ({ metadata }) =>
    metadata.annotations?.['kubernetes.io/ingress.class'] === undefined
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

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

/** ValidateIngressSpec. */
function validateSpec(spec: IngressSpec, errors: FieldErrors): void {
  const { rules = [], defaultBackend, tls = [] } = spec;
  if (rules.length === 0 && defaultBackend === undefined)
    errors.invalid(goSpec(spec), 'either `defaultBackend` or `rules` must be specified');
  if (defaultBackend !== undefined) validateBackend(defaultBackend, errors.at('defaultBackend'));
  rules.forEach((rule, index) => {
    const at = errors.at('rules').index(index);
    const host = rule.host ?? '';
    if (host !== '') validateHost(host, at.at('host'));
    if (rule.http === undefined) return;
    const paths = at.at('http').at('paths');
    if ((rule.http.paths ?? []).length === 0) paths.required('');
    (rule.http.paths ?? []).forEach(({ path = '', pathType, backend: to }, each) => {
      const here = paths.index(each);
      if (pathType === undefined) here.at('pathType').required('pathType must be specified');
      else if (!pathTypes.includes(pathType)) here.at('pathType').notSupported(pathType, pathTypes);
      else if (pathType !== 'ImplementationSpecific' || path !== '') validatePath(path, pathType, here.at('path'));
      validateBackend(to ?? {}, here.at('backend'));
    });
  });
  tls.forEach(({ hosts: names = [] }, index) =>
    names.forEach((host, each) => validateHost(host, errors.at('tls').index(index).at('hosts').index(each))),
  );
  if (spec.ingressClassName !== undefined) subdomain(spec.ingressClassName, errors.at('ingressClassName'));
}

function validateHost(host: string, errors: FieldErrors): void {
  if (isIp(host)) errors.invalid(host, 'must be a DNS name, not an IP address');
  if (host.startsWith('*')) {
    if (!/^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(host))
      errors.invalid(
        host,
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      );
  } else subdomain(host, errors);
}

function validatePath(path: string, type: string, errors: FieldErrors): void {
  if (!path.startsWith('/')) errors.invalid(path, 'must be an absolute path');
  if (type === 'ImplementationSpecific') return;
  for (const bad of ['//', '/./', '/../', '%2f', '%2F'])
    if (path.includes(bad)) errors.invalid(path, `must not contain '${bad}'`);
  for (const bad of ['/..', '/.']) if (path.endsWith(bad)) errors.invalid(path, `cannot end with '${bad}'`);
}

function validateBackend({ service, resource }: IngressBackend, errors: FieldErrors): void {
  if (service !== undefined && resource !== undefined)
    return errors.invalid('', 'cannot set both resource and service backends');
  if (resource !== undefined) return;
  if (service === undefined) return errors.required('resource or service backend is required');
  const at = errors.at('service');
  if ((service.name ?? '') === '') at.at('name').required('');
  else for (const text of isDns1035Label(service.name)) at.at('name').invalid(service.name, text);
  const { name = '', number = 0 } = service.port ?? {};
  if (name !== '' && number !== 0) at.required('cannot set both port name & port number');
  else if (name === '' && number === 0) errors.required('port name or number is required');
  else if (name === '' && (number < 1 || number > 65535)) at.at('port').at('number').invalid(number, portRange);
}

const goSpec = (spec: IngressSpec): GoText =>
  new GoText(
    `networking.IngressSpec{IngressClassName:(*string)(${spec.ingressClassName === undefined ? 'nil' : '0x0'}), DefaultBackend:(*networking.IngressBackend)(nil), TLS:[]networking.IngressTLS(nil), Rules:[]networking.IngressRule(nil)}`,
  );

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
  validate: ({ spec }, errors) => {
    const { controller = '' } = spec;
    const at = errors.at('spec').at('controller');
    if (controller === '') at.required('');
    else if (controller.length > 250) at.tooLong(250);
    else if (!controller.includes('/'))
      at.invalid(controller, 'must be a domain-prefixed path (such as "acme.io/foo")');
  },
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
