import { parseReference } from '../../../containers/images/reference';
import { carryEmpties } from '../../apimachinery/decode';
import { withDefaults } from '../../apimachinery/defaults';
import type { ObjectMeta } from '../../apimachinery/object';
import { defaultClaimSpec, defaultSources } from './volume-defaults';
import type {
  Container,
  ContainerPort,
  EnvVar,
  PodSpec,
  PodTemplateSpec,
  Probe,
  ProbeHandler,
  Volume,
} from './pod-spec';

/** Shared by all that say nothing. */
const nothing = Object.freeze({});

/** pkg/apis/core/v1/defaults.go and zz_generated.defaults.go: what a pod spec says where its author said nothing. */
export function defaultPodSpec(given: PodSpec): PodSpec {
  const spec = withoutGated(given);
  const full = {
    ...withDefaults(spec, {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
    }),
    securityContext: spec.securityContext ?? nothing,
    containers: (spec.containers ?? []).map(defaultContainer),
  };
  return {
    ...full,
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(defaultContainer) }),
    ...(spec.ephemeralContainers === undefined
      ? {}
      : { ephemeralContainers: spec.ephemeralContainers.map(defaultContainer) }),
    ...(spec.volumes === undefined ? {} : { volumes: spec.volumes.map(defaultVolume) }),
    // The old name of the field follows the new one (conversion.go).
    ...serviceAccountNames(spec),
  };
}

/** Fields of features that are off: ContainerStopSignals, DynamicResourceAllocation, ImageVolume, PodLevelResources (dropDisabledFields). */
function withoutGated(spec: PodSpec): PodSpec {
  const { resourceClaims, resources: ofPod, ...rest } = spec as PodSpec & { readonly resourceClaims?: unknown };
  const images = new Set(
    (spec.volumes ?? []).filter((volume) => Object.hasOwn(volume, 'image')).map(({ name }) => name),
  );
  const claims = (container: Container): boolean =>
    (container.resources as { readonly claims?: unknown } | undefined)?.claims !== undefined;
  const stops = ({ lifecycle }: Container): boolean =>
    lifecycle !== undefined && Object.hasOwn(lifecycle, 'stopSignal');
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
  if (resourceClaims === undefined && ofPod === undefined && images.size === 0)
    if (!containers.some((each) => claims(each) || stops(each))) return spec;
  const mend = <C extends Container>(given: C): C => {
    const container = stops(given) ? withoutStopSignal(given) : given;
    const { claims: _claims, ...resources } = (container.resources ?? {}) as Container['resources'] & {
      readonly claims?: unknown;
    };
    const { volumeMounts } = container;
    return {
      ...container,
      resources,
      ...(volumeMounts === undefined ? {} : { volumeMounts: volumeMounts.filter(({ name }) => !images.has(name)) }),
    };
  };
  return {
    ...rest,
    ...((spec.containers ?? undefined) === undefined ? {} : { containers: spec.containers.map(mend) }),
    ...(spec.ephemeralContainers === undefined ? {} : { ephemeralContainers: spec.ephemeralContainers.map(mend) }),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(mend) }),
    ...(spec.volumes === undefined ? {} : { volumes: spec.volumes.filter(({ name }) => !images.has(name)) }),
  } as PodSpec;
}

function withoutStopSignal<C extends Container>(container: C): C {
  const { lifecycle, ...rest } = container;
  const { stopSignal: _signal, ...left } = (lifecycle ?? {}) as NonNullable<Container['lifecycle']>;
  return { ...rest, ...(Object.keys(left).length === 0 ? {} : { lifecycle: left }) } as unknown as C;
}

/** Pods only: SetDefaults_Pod. */
export function defaultPodOnly(spec: PodSpec): PodSpec {
  const full = { ...withHostPorts(spec), enableServiceLinks: spec.enableServiceLinks ?? true };
  // Nothing to copy where no container has limits, as most have none.
  if (![...spec.containers, ...(spec.initContainers ?? [])].some(({ resources }) => resources.limits !== undefined))
    return full;
  return {
    ...full,
    containers: full.containers.map(requestsFromLimits),
    ...(full.initContainers === undefined ? {} : { initContainers: full.initContainers.map(requestsFromLimits) }),
  };
}

/** defaultHostNetworkPorts: of pods, no longer of templates (DefaultHostNetworkHostPortsInPodTemplates is off). */
function withHostPorts(spec: PodSpec): PodSpec {
  if (spec.hostNetwork !== true) return spec;
  const withPorts = <C extends Container>(container: C): C =>
    container.ports === undefined
      ? container
      : {
          ...container,
          ports: container.ports.map((port) =>
            (port.hostPort ?? 0) === 0 ? { ...port, hostPort: port.containerPort } : port,
          ),
        };
  return {
    ...spec,
    containers: spec.containers.map(withPorts),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withPorts) }),
  };
}

export const defaultPodTemplate = (template: PodTemplateSpec): PodTemplateSpec => ({
  ...template,
  // The server's types print it whatever was sent.
  metadata: carryEmpties(template.metadata, {
    creationTimestamp: null as unknown as string,
    ...withoutInitAnnotations(template.metadata),
  }),
  spec: defaultPodSpec(template.spec ?? { containers: [] }),
});

/** Where init containers were before they were fields; they must not come back (dropInitContainerAnnotations). */
const initAnnotations = [
  'pod.beta.kubernetes.io/init-containers',
  'pod.alpha.kubernetes.io/init-containers',
  'pod.beta.kubernetes.io/init-container-statuses',
  'pod.alpha.kubernetes.io/init-container-statuses',
];

export function withoutInitAnnotations<M extends Pick<ObjectMeta, 'annotations'>>(
  metadata: M | undefined,
): M | undefined {
  const annotations = metadata?.annotations;
  if (annotations === undefined || !initAnnotations.some((key) => Object.hasOwn(annotations, key))) return metadata;
  const kept = Object.fromEntries(Object.entries(annotations).filter(([key]) => !initAnnotations.includes(key)));
  const { annotations: _all, ...rest } = metadata as M;
  return (Object.keys(kept).length === 0 ? rest : { ...rest, annotations: kept }) as M;
}

function serviceAccountNames({ serviceAccountName, serviceAccount }: PodSpec): Partial<PodSpec> {
  const name = serviceAccountName === undefined || serviceAccountName === '' ? serviceAccount : serviceAccountName;
  return name === undefined || name === '' ? {} : { serviceAccountName: name, serviceAccount: name };
}

function requestsFromLimits<C extends Container>(container: C): C {
  const { limits, requests } = container.resources;
  if (limits === undefined) return container;
  const missing = Object.keys(limits).filter((name) => requests?.[name] === undefined);
  if (missing.length === 0) return container;
  const filled: Record<string, string> = { ...requests };
  for (const name of missing) filled[name] = limits[name] ?? '';
  return { ...container, resources: { ...container.resources, requests: filled } };
}

function defaultContainer<C extends Container | Omit<Container, 'restartPolicy'>>(container: C): C {
  const { ports, livenessProbe, readinessProbe, startupProbe, lifecycle, env } = container;
  return {
    ...withDefaults<Omit<Container, 'restartPolicy'>>(container, {
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: pullPolicy(container.image ?? ''),
    }),
    resources: container.resources ?? nothing,
    ...(ports === undefined ? {} : { ports: ports.map(defaultPort) }),
    ...(env?.some(({ valueFrom }) => valueFrom !== undefined) === true ? { env: env.map(defaultEnv) } : {}),
    ...(livenessProbe === undefined ? {} : { livenessProbe: defaultProbe(livenessProbe) }),
    ...(readinessProbe === undefined ? {} : { readinessProbe: defaultProbe(readinessProbe) }),
    ...(startupProbe === undefined ? {} : { startupProbe: defaultProbe(startupProbe) }),
    ...(lifecycle === undefined
      ? {}
      : {
          lifecycle: {
            ...lifecycle,
            ...(lifecycle.postStart === undefined ? {} : { postStart: defaultHandler(lifecycle.postStart) }),
            ...(lifecycle.preStop === undefined ? {} : { preStop: defaultHandler(lifecycle.preStop) }),
          },
        }),
  } as C;
}

/** Few images are in many pods. */
const policies = new Map<string, 'Always' | 'IfNotPresent'>();

/** `Always` for the tag latest, said or meant; parsers.ParseImageName. */
export function pullPolicy(image: string): 'Always' | 'IfNotPresent' {
  const known = policies.get(image);
  if (known !== undefined) return known;
  const parsed = parseReference(image);
  // What is no reference at all gets no tag, so nothing says latest.
  const latest = parsed.ok && (parsed.value.tag ?? (parsed.value.digest === undefined ? 'latest' : '')) === 'latest';
  const policy = latest ? 'Always' : 'IfNotPresent';
  if (policies.size >= 1000) policies.clear();
  policies.set(image, policy);
  return policy;
}

const defaultPort = (port: ContainerPort): ContainerPort => withDefaults(port, { protocol: 'TCP' });

function defaultEnv(variable: EnvVar): EnvVar {
  const { valueFrom } = variable;
  if (valueFrom?.fieldRef !== undefined)
    return {
      ...variable,
      valueFrom: { ...valueFrom, fieldRef: withDefaults(valueFrom.fieldRef, { apiVersion: 'v1' }) },
    };
  if (valueFrom?.resourceFieldRef !== undefined && valueFrom.resourceFieldRef.divisor === undefined)
    return {
      ...variable,
      valueFrom: { ...valueFrom, resourceFieldRef: { ...valueFrom.resourceFieldRef, divisor: '0' } },
    };
  return variable;
}

const defaultProbe = (probe: Probe): Probe =>
  defaultHandler(
    withDefaults(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  );

function defaultHandler<H extends Pick<ProbeHandler, 'httpGet'> & { readonly grpc?: ProbeHandler['grpc'] }>(
  handler: H,
): H {
  const { httpGet, grpc } = handler;
  if (httpGet !== undefined) return { ...handler, httpGet: withDefaults(httpGet, { path: '/', scheme: 'HTTP' }) };
  if (grpc !== undefined) return { ...handler, grpc: { service: '', ...grpc } };
  return handler;
}

function defaultVolume(volume: Volume): Volume {
  const { secret, configMap, downwardAPI, projected, ephemeral } = volume;
  if (secret !== undefined) return { ...volume, secret: withDefaults(secret, { defaultMode: 0o644 }) };
  if (configMap !== undefined) return { ...volume, configMap: withDefaults(configMap, { defaultMode: 0o644 }) };
  if (downwardAPI !== undefined)
    return {
      ...volume,
      downwardAPI: { ...withDefaults(downwardAPI, { defaultMode: 0o644 }), ...fieldRefs(downwardAPI) },
    };
  if (ephemeral?.volumeClaimTemplate !== undefined) {
    const { volumeClaimTemplate } = ephemeral;
    const spec = defaultClaimSpec(volumeClaimTemplate.spec);
    return { ...volume, ephemeral: { ...ephemeral, volumeClaimTemplate: { ...volumeClaimTemplate, spec } } };
  }
  if (projected !== undefined)
    return {
      ...volume,
      projected: {
        ...withDefaults(projected, { defaultMode: 0o644 }),
        ...(projected.sources === undefined || projected.sources === null
          ? {}
          : {
              sources: projected.sources.map((source) => ({
                ...source,
                ...(source.downwardAPI === undefined
                  ? {}
                  : { downwardAPI: { ...source.downwardAPI, ...fieldRefs(source.downwardAPI) } }),
                ...(source.serviceAccountToken === undefined
                  ? {}
                  : { serviceAccountToken: withDefaults(source.serviceAccountToken, { expirationSeconds: 3600 }) }),
              })),
            }),
      },
    };
  return Object.keys(volume).length === 1 ? { ...volume, emptyDir: {} } : defaultSources(volume);
}

function fieldRefs<S extends { readonly items?: NonNullable<Volume['downwardAPI']>['items'] }>({ items }: S) {
  if (items === undefined) return {};
  return {
    items: items.map((item) =>
      item.fieldRef === undefined
        ? item.resourceFieldRef !== undefined && item.resourceFieldRef.divisor === undefined
          ? { ...item, resourceFieldRef: { ...item.resourceFieldRef, divisor: '0' } }
          : item
        : { ...item, fieldRef: withDefaults(item.fieldRef, { apiVersion: 'v1' }) },
    ),
  };
}
