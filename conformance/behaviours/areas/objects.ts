const IMAGE = 'registry.k8s.io/pause:3.10';

/** A pod that does nothing. */
export const pausePod = (name: string, spec: object = {}, labels: Readonly<Record<string, string>> = {}) => ({
  metadata: { name, labels },
  spec: { containers: [{ name: 'nginx', image: IMAGE }], terminationGracePeriodSeconds: 0, ...spec },
});

/** A template of such pods. */
export const template = (labels: Readonly<Record<string, string>>) => ({
  metadata: { labels },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'nginx', image: IMAGE }] },
});

/** A Deployment, or a ReplicaSet: they are written alike. */
export const deployment = (
  name: string,
  replicas: number,
  labels: Readonly<Record<string, string>> = { app: name },
) => ({
  metadata: { name },
  spec: { replicas, selector: { matchLabels: labels }, template: template(labels) },
});

export const configMap = (name: string, data: Readonly<Record<string, string>> = {}, labels = {}) => ({
  metadata: { name, labels },
  data,
});

/** A definition of `plural.group` with these versions. */
export interface Definition {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly versions: readonly object[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly more?: object;
}

export const crd = ({ group, kind, plural, scope, versions, labels = {}, more = {} }: Definition) => ({
  metadata: { name: `${plural}.${group}`, labels },
  spec: {
    group,
    scope,
    names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
    versions,
    ...more,
  },
});

/** A version of a definition whose objects may say anything. */
export const openVersion = (name: string, storage = true) => version(name, anything, storage);
export const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
export const version = (name: string, openAPIV3Schema: object, storage = true, more: object = {}) => ({
  name,
  served: true,
  storage,
  schema: { openAPIV3Schema },
  ...more,
});
