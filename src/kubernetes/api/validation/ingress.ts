import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { wasGivenEmpty } from '../../apimachinery/decode';
import { isDns1035Label, isPathSegment } from '../../apimachinery/names';
import { parseAddress } from '../networking/ip';
import type { Ingress, IngressBackend, IngressClass, IngressSpec } from '../networking/ingress';
import { domainPrefixedPath, label, portNameProblems, portRange, subdomain } from './common';
import { legacyIp } from './ip';

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

/** pkg/apis/networking/validation: ValidateIngressSpec. */
export function validateIngressSpec(spec: IngressSpec, errors: FieldErrors): void {
  const { rules = [], defaultBackend, tls = [] } = spec;
  if (rules.length === 0 && defaultBackend === undefined)
    errors.invalid(
      new GoText(`[]networking.IngressRule${wasGivenEmpty(spec, 'rules') ? '{}' : '(nil)'}`),
      'either `defaultBackend` or `rules` must be specified',
    );
  if (defaultBackend !== undefined) validateBackend(defaultBackend, errors.at('defaultBackend'));
  rules.forEach(({ host = '', http }, index) => {
    const at = errors.at('rules').index(index);
    if (host !== '') {
      if (parseAddress(host) !== undefined) at.at('host').invalid(host, 'must be a DNS name, not an IP address');
      validateHost(host, at.at('host'));
    }
    if (http === undefined) return;
    const paths = at.at('http').at('paths');
    if ((http.paths ?? []).length === 0) paths.required('');
    http.paths?.forEach(({ path = '', pathType, backend }, each) => {
      const here = paths.index(each);
      if (pathType === undefined) return here.at('pathType').required('pathType must be specified');
      if (!pathTypes.includes(pathType)) here.at('pathType').notSupported(pathType, pathTypes);
      else if (pathType !== 'ImplementationSpecific' || path !== '') validatePath(path, pathType, here.at('path'));
      validateBackend(backend ?? {}, here.at('backend'));
    });
  });
  tls.forEach(({ hosts = [], secretName = '' }, index) => {
    const at = errors.at('tls').index(index);
    hosts.forEach((host, each) => validateHost(host, at.at('hosts').index(each)));
    if (secretName !== '') subdomain(secretName, at.at('secretName'));
  });
  if (spec.ingressClassName !== undefined) subdomain(spec.ingressClassName, errors.at('ingressClassName'));
}

/** ValidateIngressLoadBalancerStatus. */
export function validateIngressStatus({ loadBalancer }: Ingress['status'], errors: FieldErrors): void {
  loadBalancer?.ingress?.forEach(({ ip = '', hostname = '' }, index) => {
    const at = errors.at('loadBalancer').at('ingress').index(index);
    if (ip !== '') legacyIp(ip, at.at('ip'));
    if (hostname === '') return;
    subdomain(hostname, at.at('hostname'));
    if (parseAddress(hostname) !== undefined)
      at.at('hostname').invalid(hostname, 'must be a DNS name, not an IP address');
  });
}

function validateHost(host: string, errors: FieldErrors): void {
  if (!host.includes('*')) return subdomain(host, errors);
  if (!/^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(host))
    errors.invalid(
      host,
      "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    );
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
  if (resource !== undefined) return validateReference(resource, errors.at('resource'));
  if (service === undefined) return errors.invalid('', 'resource or service backend is required');
  const at = errors.at('service');
  if ((service.name ?? '') === '') at.at('name').required('');
  else for (const text of isDns1035Label(service.name)) at.at('name').invalid(service.name, text);
  const { name = '', number = 0 } = service.port ?? {};
  const port = at.at('port');
  if (name !== '' && number !== 0) errors.invalid('', 'cannot set both port name & port number');
  else if (name !== '') for (const text of portNameProblems(name)) port.at('name').invalid(name, text);
  else if (number === 0) errors.required('port name or number is required');
  else if (number < 1 || number > 65535) port.at('number').invalid(number, portRange);
}

/** validateIngressTypedLocalObjectReference. */
function validateReference(
  { apiGroup, kind = '', name = '' }: { readonly apiGroup?: string; readonly kind?: string; readonly name?: string },
  errors: FieldErrors,
): void {
  if (apiGroup !== undefined && apiGroup !== null) subdomain(apiGroup, errors.at('apiGroup'));
  if (kind === '') errors.at('kind').required('kind is required');
  else for (const text of isPathSegment(kind)) errors.at('kind').invalid(kind, text);
  if (name === '') errors.at('name').required('name is required');
  else for (const text of isPathSegment(name)) errors.at('name').invalid(name, text);
}

const longestController = 250;

/** validateIngressClassSpec. */
export function validateIngressClass({ controller = '', parameters }: IngressClass['spec'], errors: FieldErrors): void {
  const at = errors.at('controller');
  if (controller.length > longestController) at.tooLong(longestController);
  domainPrefixedPath(controller, at);
  if (parameters === undefined) return;
  const place = errors.at('parameters');
  validateReference(parameters, place);
  const { scope, namespace } = parameters;
  if (scope === undefined) return place.at('scope').required('');
  if (scope !== 'Cluster' && scope !== 'Namespace')
    return place.at('scope').notSupported(scope, ['Cluster', 'Namespace']);
  if (scope === 'Cluster') {
    if (namespace !== undefined) place.at('namespace').forbidden("`parameters.scope` is set to 'Cluster'");
  } else if (namespace === undefined) place.at('namespace').required("`parameters.scope` is set to 'Namespace'");
  else label(namespace, place.at('namespace'));
}
