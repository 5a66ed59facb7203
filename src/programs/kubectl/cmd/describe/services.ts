import { at, flagged, isObject, list, number, text, texts, type JsonObject } from '../../json';
import { describeEvents, eventsOf, formatLabels, plain, type Describing } from './context';
import { annotationsMultiline, DescribeWriter, head, labelsMultiline, orNone } from './writer';

const serviceNameLabel = 'kubernetes.io/service-name';

/** The slices of a service. */
export const slicesOf = (d: Describing, service: string): Promise<readonly JsonObject[]> =>
  d.listOnce(`/apis/discovery.k8s.io/v1/namespaces/${d.namespace}/endpointslices`, {
    labelSelector: `${serviceNameLabel}=${service}`,
  });

const shownEndpoints = 3;

/** The first ready endpoints of a port and how many more there are. Source: describe.go, formatEndpointSlices. */
export function endpointsText(slices: readonly JsonObject[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const shown: string[] = [];
  let more = false;
  let count = 0;
  const take = (endpoint: unknown, port: string): void => {
    if (shown.length === shownEndpoints) more = true;
    if (at(endpoint, 'conditions', 'ready') === false) return;
    const address = text(endpoint, 'addresses', 0);
    const host = address.includes(':') && port !== '' ? `[${address}]` : address;
    if (!more) shown.push(port === '' ? host : `${host}:${port}`);
    count++;
  };
  for (const slice of slices) {
    const ports = list(slice, 'ports');
    const endpoints = list(slice, 'endpoints');
    if (ports.length === 0) for (const endpoint of endpoints) take(endpoint, '');
    for (const port of ports) {
      if (text(port, 'name') !== portName) continue;
      for (const endpoint of endpoints) take(endpoint, text(port, 'port'));
    }
  }
  return more ? `${shown.join(',')} + ${count - shownEndpoints} more...` : shown.join(',');
}

export async function describeService(d: Describing, service: JsonObject): Promise<string> {
  let slices: readonly JsonObject[] = [];
  try {
    slices = await slicesOf(d, d.name);
  } catch {
    // Without slices no endpoints are shown.
  }
  const events = await eventsOf(d, service);
  const w = new DescribeWriter();
  const spec = at(service, 'spec');
  const joined = (field: string): string => list(spec, field).map(String).join(',');
  const optional = (title: string, value: string): void => {
    if (value !== '') w.field(0, title, value);
  };
  head(w, service);
  w.field(0, 'Selector', formatLabels(spec, 'selector'));
  w.field(0, 'Type', text(spec, 'type'));
  optional('IP Family Policy', text(spec, 'ipFamilyPolicy'));
  w.field(0, 'IP Families', orNone(joined('ipFamilies')));
  w.field(0, 'IP', text(spec, 'clusterIP'));
  w.field(0, 'IPs', orNone(joined('clusterIPs')));
  optional('External IPs', joined('externalIPs'));
  optional('Desired LoadBalancer IP', text(spec, 'loadBalancerIP'));
  optional('External Name', text(spec, 'externalName'));
  optional('LoadBalancer Ingress', list(service, 'status', 'loadBalancer', 'ingress').map(ingressText).join(', '));
  for (const port of list(spec, 'ports')) {
    const [name, protocol] = [text(port, 'name') || '<unset>', text(port, 'protocol')];
    w.write(0, `Port:\t${name}\t${number(port, 'port')}/${protocol}\n`);
    w.field(0, 'TargetPort', `${text(port, 'targetPort') || '0'}/${protocol}`);
    if (number(port, 'nodePort') !== 0) w.write(0, `NodePort:\t${name}\t${number(port, 'nodePort')}/${protocol}\n`);
    w.field(0, 'Endpoints', endpointsText(slices, text(port, 'name')));
  }
  w.field(0, 'Session Affinity', text(spec, 'sessionAffinity'));
  optional('External Traffic Policy', text(spec, 'externalTrafficPolicy'));
  optional('Internal Traffic Policy', text(spec, 'internalTrafficPolicy'));
  if (number(spec, 'healthCheckNodePort') !== 0)
    w.field(0, 'HealthCheck NodePort', number(spec, 'healthCheckNodePort'));
  optional('LoadBalancer Source Ranges', joined('loadBalancerSourceRanges'));
  if (events !== undefined) describeEvents(w, d, events);
  return w.text;
}

function ingressText(ingress: unknown): string {
  const ip = text(ingress, 'ip');
  if (ip === '') return text(ingress, 'hostname');
  const mode = text(ingress, 'ipMode');
  return mode === '' ? ip : `${ip} (${mode})`;
}

export const describeEndpoints = plain((w, endpoints) => {
  head(w, endpoints);
  w.write(0, 'Subsets:\n');
  for (const subset of list(endpoints, 'subsets')) {
    const addresses = (field: string): string =>
      orNone(
        list(subset, field)
          .map((each) => text(each, 'ip'))
          .join(','),
      );
    w.field(1, 'Addresses', addresses('addresses'));
    w.field(1, 'NotReadyAddresses', addresses('notReadyAddresses'));
    const ports = list(subset, 'ports');
    if (ports.length > 0) {
      w.write(1, 'Ports:\n');
      w.write(2, 'Name\tPort\tProtocol\n');
      w.write(2, '----\t----\t--------\n');
    }
    for (const port of ports)
      w.write(2, `${text(port, 'name') || '<unset>'}\t${number(port, 'port')}\t${text(port, 'protocol')}\n`);
    w.write(0, '\n');
  }
});

export const describeEndpointSlice = plain((w, slice) => {
  head(w, slice);
  w.field(0, 'AddressType', text(slice, 'addressType'));
  const ports = list(slice, 'ports');
  if (ports.length === 0) w.write(0, 'Ports: <unset>\n');
  else {
    w.write(0, 'Ports:\n');
    w.write(1, 'Name\tPort\tProtocol\n');
    w.write(1, '----\t----\t--------\n');
  }
  for (const port of ports)
    w.write(1, `${text(port, 'name') || '<unset>'}\t${text(port, 'port') || '<unset>'}\t${text(port, 'protocol')}\n`);
  const endpoints = list(slice, 'endpoints');
  w.write(0, endpoints.length === 0 ? 'Endpoints: <none>\n' : 'Endpoints:\n');
  for (const endpoint of endpoints) {
    const ready = at(endpoint, 'conditions', 'ready');
    const target = at(endpoint, 'targetRef');
    w.field(1, '- Addresses', orNone(list(endpoint, 'addresses').map(String).join(', ')));
    w.write(2, 'Conditions:\n');
    w.field(3, 'Ready', ready === undefined ? '<unset>' : String(flagged(ready)));
    w.field(2, 'Hostname', text(endpoint, 'hostname') || '<unset>');
    if (isObject(target)) w.field(2, 'TargetRef', `${text(target, 'kind')}/${text(target, 'name')}`);
    w.field(2, 'NodeName', text(endpoint, 'nodeName') || '<unset>');
    w.field(2, 'Zone', text(endpoint, 'zone') || '<unset>');
  }
});

/** Ingresses ask for the endpoints behind each path. */
export const describeIngress = plain(async (w, ingress, d) => {
  const spec = at(ingress, 'spec');
  w.field(0, 'Name', text(ingress, 'metadata', 'name'));
  labelsMultiline(w, 'Labels', texts(ingress, 'metadata', 'labels'));
  w.field(0, 'Namespace', text(ingress, 'metadata', 'namespace'));
  const addresses = list(ingress, 'status', 'loadBalancer', 'ingress').map(
    (each) => text(each, 'ip') || text(each, 'hostname'),
  );
  w.field(
    0,
    'Address',
    [...new Set(addresses)]
      .filter((each) => each !== '')
      .sort()
      .join(','),
  );
  w.field(0, 'Ingress Class', orNone(text(spec, 'ingressClassName')));
  const fallback = at(spec, 'defaultBackend');
  const shown = fallback === undefined ? '<default>' : await backendText(d, fallback);
  w.field(0, 'Default backend', shown);
  const tls = list(spec, 'tls');
  if (tls.length > 0) w.write(0, 'TLS:\n');
  for (const each of tls) {
    const secret = text(each, 'secretName');
    const hosts = list(each, 'hosts').map(String).join(',');
    w.write(1, secret === '' ? `SNI routes ${hosts}\n` : `${secret} terminates ${hosts}\n`);
  }
  w.write(0, 'Rules:\n  Host\tPath\tBackends\n');
  w.write(1, '----\t----\t--------\n');
  const rules = list(spec, 'rules').filter((rule) => at(rule, 'http') !== undefined);
  for (const rule of rules) {
    w.write(1, `${text(rule, 'host') || '*'}\t\n`);
    for (const path of list(rule, 'http', 'paths'))
      w.write(2, `\t${text(path, 'path')} \t${await backendText(d, at(path, 'backend'))}\n`);
  }
  if (rules.length === 0) w.write(1, `*\t*\t${shown}\n`);
  annotationsMultiline(w, 'Annotations', texts(ingress, 'metadata', 'annotations'));
});

async function backendText(d: Describing, backend: unknown): Promise<string> {
  const service = at(backend, 'service');
  const resource = at(backend, 'resource');
  if (service === undefined) {
    if (resource === undefined) return '';
    return `APIGroup: ${orNone(text(resource, 'apiGroup'))}, Kind: ${text(resource, 'kind')}, Name: ${text(resource, 'name')}`;
  }
  const name = text(service, 'name');
  const [portNumber, portName] = [number(service, 'port', 'number'), text(service, 'port', 'name')];
  const words = `${name}:${portNumber === 0 ? portName : portNumber}`;
  try {
    const slices = await slicesOf(d, name);
    const found = await d.get(`/api/v1/namespaces/${d.namespace}/services/${name}`);
    const port = list(found, 'spec', 'ports').findLast((each) =>
      portNumber === 0 ? portName !== '' && text(each, 'name') === portName : number(each, 'port') === portNumber,
    );
    return `${words} (${endpointsText(slices, text(port, 'name'))})`;
  } catch (reason) {
    return `${words} (<error: ${reason instanceof Error ? reason.message : String(reason)}>)`;
  }
}

export const describeIngressClass = plain((w, ingressClass) => {
  head(w, ingressClass, { namespaced: false });
  w.field(0, 'Controller', text(ingressClass, 'spec', 'controller'));
  const parameters = at(ingressClass, 'spec', 'parameters');
  if (parameters === undefined) return;
  w.write(0, 'Parameters:\n');
  if (at(parameters, 'apiGroup') !== undefined) w.field(1, 'APIGroup', text(parameters, 'apiGroup'));
  w.field(1, 'Kind', text(parameters, 'kind'));
  w.field(1, 'Name', text(parameters, 'name'));
});
