/**
 * How lists and maps of built-in kinds are merged (the patchStrategy and patchMergeKey tags of the API types). A field is
 * known by its name and the field it stands in; the few names that mean something else elsewhere name the kind.
 */
export interface PatchMeta {
  /** Lists: merged item by item, or value by value where there is no key. */
  readonly merge: boolean;
  readonly key: string | undefined;
  readonly replace: boolean;
  readonly retainKeys: boolean;
}

const none: PatchMeta = { merge: false, key: undefined, replace: false, retainKeys: false };
const byKey = (key: string, retainKeys = false): PatchMeta => ({ merge: true, key, replace: false, retainKeys });

const containers: Readonly<Record<string, PatchMeta>> = {
  env: byKey('name'),
  ports: byKey('containerPort'),
  volumeMounts: byKey('mountPath'),
  volumeDevices: byKey('devicePath'),
};

/** By the field that holds the struct, then by field. */
const table: Readonly<Record<string, Readonly<Record<string, PatchMeta>>>> = {
  metadata: { finalizers: { ...none, merge: true }, ownerReferences: byKey('uid') },
  spec: {
    containers: byKey('name'),
    initContainers: byKey('name'),
    ephemeralContainers: byKey('name'),
    volumes: byKey('name', true),
    imagePullSecrets: byKey('name'),
    hostAliases: byKey('ip'),
    topologySpreadConstraints: byKey('topologyKey'),
    schedulingGates: byKey('name'),
    resourceClaims: byKey('name', true),
    podCIDRs: { ...none, merge: true },
    matchConditions: byKey('name'),
    variables: byKey('name'),
    drivers: byKey('name'),
  },
  status: {
    conditions: byKey('type'),
    podIPs: byKey('ip'),
    hostIPs: byKey('ip'),
    resourceClaimStatuses: byKey('name', true),
    reservedFor: byKey('uid'),
  },
  containers,
  initContainers: containers,
  ephemeralContainers: containers,
  webhooks: { matchConditions: byKey('name') },
};

const ofKind: Readonly<Record<string, Readonly<Record<string, PatchMeta>>>> = {
  Service: { 'spec ports': byKey('port') },
  Node: { 'status addresses': byKey('type') },
  Deployment: { 'spec strategy': { ...none, retainKeys: true } },
  PodDisruptionBudget: { 'spec selector': { ...none, replace: true } },
  ServiceAccount: { ' secrets': byKey('name'), ' imagePullSecrets': none },
  MutatingWebhookConfiguration: { ' webhooks': byKey('name') },
  ValidatingWebhookConfiguration: { ' webhooks': byKey('name') },
};

/** Where a map stands: of which kind, and in which field. */
export interface Place {
  readonly kind: string;
  readonly field: string;
}

export const metaOf = ({ kind, field }: Place, key: string): PatchMeta =>
  ofKind[kind]?.[`${field} ${key}`] ?? table[field]?.[key] ?? none;

/** Groups whose kinds have such tags; others (custom resources) take merge patches only. */
const builtIn = new Set([
  '',
  'apps',
  'batch',
  'autoscaling',
  'policy',
  'extensions',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'certificates.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'resource.k8s.io',
  'internal.apiserver.k8s.io',
]);
export const isBuiltIn = (group: string): boolean => builtIn.has(group);
