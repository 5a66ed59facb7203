import { err, ok, type Result } from '../../sim/result';
import { configMap } from '../api/core/configmap';
import type { Pod } from '../api/core/pod';
import type { Container, EnvVar, ObjectFieldSelector, ResourceFieldSelector } from '../api/core/pod-spec';
import { secret } from '../api/core/secret';
import { service, type Service } from '../api/core/service';
import type { RegistryReader } from '../apiserver/registry';
import { amount } from '../scheduler/resources';
import { decodeBase64 } from './base64';

export interface Variable {
  readonly key: string;
  readonly value: string;
}

export interface EnvironmentInput {
  readonly reader: RegistryReader;
  readonly pod: Pod;
  readonly container: Container;
  readonly podIP: string;
  readonly nodeName: string;
  readonly nodeIP: string;
  readonly allocatable: { readonly cpu: number; readonly memory: number };
  readonly services: ServiceVariables;
}

/** A container's environment, with what it refers to resolved. Upstream: kubelet_pods.go makeEnvironmentVariables */
export function environmentOf(input: EnvironmentInput): Result<readonly Variable[], string> {
  const { reader, pod, container, services } = input;
  const { namespace } = pod.metadata;
  const links = services.of(namespace, pod.spec.enableServiceLinks !== false);
  if (container.env === undefined && container.envFrom === undefined) return ok(links.list);
  const set = new Map<string, string>();

  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    if (configMapRef !== undefined) {
      const { name = '', optional } = configMapRef;
      const found = reader.get(configMap, namespace, name);
      if (found === undefined && optional !== true) return err(`configmap "${name}" not found`);
      for (const [key, value] of Object.entries(found?.data ?? {})) set.set(prefix + key, value);
    }
    if (secretRef !== undefined) {
      const { name = '', optional } = secretRef;
      const found = reader.get(secret, namespace, name);
      if (found === undefined && optional !== true) return err(`secret "${name}" not found`);
      for (const [key, value] of Object.entries(found?.data ?? {})) set.set(prefix + key, decodeBase64(value));
    }
  }

  for (const variable of container.env ?? []) {
    const value = valueOf(variable, input, (name) => set.get(name) ?? links.map.get(name));
    if (!value.ok) return value;
    if (value.value !== undefined) set.set(variable.name, value.value);
  }
  const list: Variable[] = [];
  for (const [key, value] of set) list.push({ key, value });
  for (const link of links.list) if (!set.has(link.key)) list.push(link);
  return ok(list);
}

function valueOf(
  { value = '', valueFrom }: EnvVar,
  input: EnvironmentInput,
  lookup: (name: string) => string | undefined,
): Result<string | undefined, string> {
  const { reader, pod } = input;
  const { namespace } = pod.metadata;
  if (valueFrom === undefined) return ok(expand(value, lookup));
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef !== undefined) return ok(fieldOf(fieldRef, input));
  if (resourceFieldRef !== undefined) return ok(resourceOf(resourceFieldRef, pod, input.container, input.allocatable));
  if (configMapKeyRef !== undefined) {
    const { name = '', key, optional } = configMapKeyRef;
    const found = reader.get(configMap, namespace, name);
    if (found === undefined) return optional === true ? ok(undefined) : err(`configmap "${name}" not found`);
    const held = found.data?.[key];
    if (held !== undefined || optional === true) return ok(held);
    return err(`couldn't find key ${key} in ConfigMap ${namespace}/${name}`);
  }
  if (secretKeyRef !== undefined) {
    const { name = '', key, optional } = secretKeyRef;
    const found = reader.get(secret, namespace, name);
    if (found === undefined) return optional === true ? ok(undefined) : err(`secret "${name}" not found`);
    const held = found.data?.[key];
    if (held !== undefined) return ok(decodeBase64(held));
    return optional === true ? ok(undefined) : err(`couldn't find key ${key} in Secret ${namespace}/${name}`);
  }
  return ok('');
}

/** The downward API's fields (podFieldSelectorRuntimeValue, fieldpath.ExtractFieldPathAsString). */
export function fieldOf(
  { fieldPath }: ObjectFieldSelector,
  input: Pick<EnvironmentInput, 'pod' | 'podIP' | 'nodeName' | 'nodeIP'>,
): string {
  const { metadata, spec } = input.pod;
  switch (fieldPath) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace;
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return formatMap(metadata.labels);
    case 'metadata.annotations':
      return formatMap(metadata.annotations);
    case 'spec.nodeName':
      return input.nodeName;
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return input.nodeIP;
    case 'status.podIP':
    case 'status.podIPs':
      return input.podIP;
  }
  const [, which, key = ''] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath) ?? [];
  return (which === 'labels' ? metadata.labels?.[key] : metadata.annotations?.[key]) ?? '';
}

const formatMap = (map: Readonly<Record<string, string>> = {}): string =>
  Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');

/** resource.ExtractContainerResourceValue: limits that are not set are the node's. */
export function resourceOf(
  { containerName, resource, divisor = '0' }: ResourceFieldSelector,
  pod: Pod,
  own: Container | undefined,
  allocatable: { readonly cpu: number; readonly memory: number },
): string {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const container = containerName === undefined ? own : all.find(({ name }) => name === containerName);
  const [which = '', name = ''] = resource.split('.');
  const { limits, requests } = container?.resources ?? {};
  const value =
    (which === 'limits' ? limits?.[name] : requests?.[name]) ?? (which === 'requests' ? limits?.[name] : undefined);
  const fallback = name === 'cpu' ? allocatable.cpu : name === 'memory' ? allocatable.memory : 0;
  const held = value === undefined ? (which === 'limits' ? fallback : 0) : amount(value);
  const unit = amount(divisor) || 1;
  return String(Math.ceil(Number((held / unit).toPrecision(15))));
}

/** k8s.io/kubernetes/third_party/forked/golang/expansion: `$(NAME)`, `$$` is `$`; unknown names stay. */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  if (!text.includes('$')) return text;
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, kind: string, name: string | undefined) => {
    if (kind === '$') return '$';
    return name === undefined ? whole : (lookup(name) ?? whole);
  });
}

interface Links {
  readonly list: readonly Variable[];
  readonly map: ReadonlyMap<string, string>;
}

/** The variables that tell of Services (docker links), computed once per namespace until Services change. */
export class ServiceVariables {
  readonly #known = new Map<string, Links>();

  constructor(readonly reader: RegistryReader) {}

  changed(): void {
    this.#known.clear();
  }

  /** Without `links` only the API server is told of. */
  of(namespace: string, links: boolean): Links {
    const key = `${links} ${namespace}`;
    let known = this.#known.get(key);
    if (known === undefined) {
      const list = this.#list(namespace, links);
      known = { list, map: new Map(list.map(({ key: name, value }) => [name, value])) };
      this.#known.set(key, known);
    }
    return known;
  }

  #list(namespace: string, links: boolean): readonly Variable[] {
    const master = this.reader.get(service, 'default', 'kubernetes');
    const own = links ? this.reader.list(service, { namespace }) : [];
    const shown = new Map<string, Service>();
    if (master !== undefined) shown.set('kubernetes', master);
    for (const each of own) shown.set(each.metadata.name, each);
    return [...shown.values()].flatMap(serviceVariables);
  }
}

/** pkg/kubelet/envvars/envvars.go FromServices */
function serviceVariables({ metadata: { name }, spec }: Service): readonly Variable[] {
  const { clusterIP = '', ports = [] } = spec;
  const [first] = ports;
  if (clusterIP === '' || clusterIP === 'None' || first === undefined) return [];
  const upper = (text: string): string => text.toUpperCase().replaceAll('-', '_');
  const prefix = upper(name);
  const variables: Variable[] = [
    { key: `${prefix}_SERVICE_HOST`, value: clusterIP },
    { key: `${prefix}_SERVICE_PORT`, value: String(first.port) },
  ];
  for (const { name: portName, port } of ports) {
    if (portName === undefined || portName === '') continue;
    variables.push({ key: `${prefix}_SERVICE_PORT_${upper(portName)}`, value: String(port) });
  }
  ports.forEach(({ port, protocol }, index) => {
    const lower = protocol.toLowerCase();
    const url = `${lower}://${clusterIP}:${port}`;
    const portPrefix = `${prefix}_PORT_${port}_${protocol}`;
    if (index === 0) variables.push({ key: `${prefix}_PORT`, value: url });
    variables.push(
      { key: portPrefix, value: url },
      { key: `${portPrefix}_PROTO`, value: lower },
      { key: `${portPrefix}_PORT`, value: String(port) },
      { key: `${portPrefix}_ADDR`, value: clusterIP },
    );
  });
  return variables;
}
