import { at, list, text, withAt, type JsonObject } from '../../json';

/** What is made: a container within the pod, a copy of the pod, a pod for a node. */
export type Style = 'ephemeral' | 'copy' | 'node';

export interface Kept {
  readonly labels: boolean;
  readonly annotations: boolean;
  readonly liveness: boolean;
  readonly readiness: boolean;
  readonly startup: boolean;
  readonly initContainers: boolean;
}

type Change = (pod: JsonObject) => JsonObject;

const set =
  (keys: readonly string[], value: unknown): Change =>
  (pod) =>
    withAt(pod, keys, value) as JsonObject;

const chain =
  (...changes: readonly Change[]): Change =>
  (pod) =>
    changes.reduce((now, change) => change(now), pod);

const kinds = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/** Changes the container of that name. */
const container =
  (name: string, change: (container: JsonObject) => JsonObject): Change =>
  (pod) => {
    for (const kind of kinds) {
      const index = list(pod, 'spec', kind).findIndex((each) => text(each, 'name') === name);
      if (index < 0) continue;
      const own = at(pod, 'spec', kind, index) as JsonObject;
      return withAt(pod, ['spec', kind, index], change(own)) as JsonObject;
    }
    return pod;
  };

const security = (name: string, keys: readonly string[], value: unknown): Change =>
  container(name, (own) => withAt(own, ['securityContext', ...keys], value) as JsonObject);

const capability = (name: string, ...added: readonly string[]): Change =>
  container(name, (own) => {
    const keys = ['securityContext', 'capabilities', 'add'];
    return withAt(own, keys, [...list(own, ...keys), ...added]) as JsonObject;
  });

const hostNamespaces = chain(
  set(['spec', 'hostNetwork'], true),
  set(['spec', 'hostPID'], true),
  set(['spec', 'hostIPC'], true),
);

const mountRoot = (name: string): Change =>
  chain(
    (pod) =>
      withAt(
        pod,
        ['spec', 'volumes'],
        [...list(pod, 'spec', 'volumes'), { name: 'host-root', hostPath: { path: '/' } }],
      ) as JsonObject,
    container(name, (own) => {
      const mounts = [...list(own, 'volumeMounts'), { mountPath: '/host', name: 'host-root' }];
      return { ...own, volumeMounts: mounts };
    }),
  );

const shareProcesses: Change = (pod) =>
  at(pod, 'spec', 'shareProcessNamespace') === undefined ? set(['spec', 'shareProcessNamespace'], true)(pod) : pod;

/** What a copy does not take over. */
const stripped =
  (kept: Kept): Change =>
  (pod) => {
    let now = pod;
    if (!kept.labels) now = withAt(now, ['metadata', 'labels'], undefined) as JsonObject;
    if (!kept.annotations) now = withAt(now, ['metadata', 'annotations'], undefined) as JsonObject;
    const probes = [
      ['livenessProbe', kept.liveness],
      ['readinessProbe', kept.readiness],
      ['startupProbe', kept.startup],
    ] as const;
    list(now, 'spec', 'containers').forEach((_, index) => {
      for (const [probe, keep] of probes)
        if (!keep) now = withAt(now, ['spec', 'containers', index, probe], undefined) as JsonObject;
    });
    return kept.initContainers ? now : (withAt(now, ['spec', 'initContainers'], undefined) as JsonObject);
  };

const nothing: Change = (pod) => pod;
const when = (condition: boolean, ...changes: readonly Change[]): Change => (condition ? chain(...changes) : nothing);

/** What a profile makes of the pod. Source: kubectl pkg/cmd/debug/profiles.go. Undefined: there is no such profile. */
export function profile(name: string, style: Style, own: string, kept: Kept): Change | undefined {
  const copy = when(style === 'copy', stripped(kept), shareProcesses);
  const node = style === 'node';
  const unsecured = container(own, (each) => ({ ...each, securityContext: undefined }));
  switch (name) {
    case 'legacy':
      return chain(
        when(node, mountRoot(own), hostNamespaces),
        when(style === 'copy', set(['metadata', 'labels'], undefined)),
      );
    case 'general':
      return chain(
        when(node, mountRoot(own), unsecured, hostNamespaces),
        when(style === 'copy', stripped(kept)),
        when(!node, capability(own, 'SYS_PTRACE')),
        when(style === 'copy', shareProcesses),
      );
    case 'baseline':
      return chain(unsecured, copy);
    case 'restricted':
      return chain(
        unsecured,
        security(own, ['runAsNonRoot'], true),
        security(own, ['capabilities'], { drop: ['ALL'] }),
        security(own, ['allowPrivilegeEscalation'], false),
        security(own, ['seccompProfile'], { type: 'RuntimeDefault' }),
        copy,
      );
    case 'netadmin':
      return chain(capability(own, 'NET_ADMIN', 'NET_RAW'), when(node, hostNamespaces), copy);
    case 'sysadmin':
      return chain(security(own, ['privileged'], true), when(node, hostNamespaces, mountRoot(own)), copy);
    default:
      return undefined;
  }
}

export const environment = (pairs: ReadonlyMap<string, string>): readonly JsonObject[] =>
  [...pairs].map(([name, value]) => ({ name, value }));
