/** Builders of manifests: each gives one YAML document. */

export const documents = (...parts: readonly string[]): string => parts.join('---\n');

const indent = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));
const list = (values: readonly string[]): string => `[${values.map((each) => JSON.stringify(each)).join(', ')}]`;

interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const labelsOf = ({ name, labels = { app: name } }: Meta): Readonly<Record<string, string>> => labels;
const map = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}: ${/^[\d.]+$|^(true|false)$|[:#{}*]/.test(value) ? `"${value}"` : value}\n`)
    .join('');

const metadata = (meta: Meta, extra = ''): string =>
  `metadata:\n  name: ${meta.name}\n` +
  (meta.namespace === undefined ? '' : `  namespace: ${meta.namespace}\n`) +
  `  labels:\n${indent(map(labelsOf(meta)), 4)}${extra}`;

const head = (apiVersion: string, kind: string, meta: Meta): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\n${metadata(meta)}`;

/** One without labels: `kind` and a name, then what else there is to say. */
export const plain = (apiVersion: string, kind: string, name: string, rest = '', namespace?: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n` +
  (namespace === undefined ? '' : `  namespace: ${namespace}\n`) +
  rest;

export interface ContainerPlan {
  readonly name?: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  /** CPU and memory requested. */
  readonly requests?: readonly [string, string];
  readonly limits?: readonly [string, string];
  /** Volume name → path. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Further lines of the container. */
  readonly more?: string;
}

export interface PodPlan {
  readonly containers: readonly ContainerPlan[];
  readonly serviceAccount?: string;
  readonly restartPolicy?: string;
  readonly hostNetwork?: boolean;
  /** Further lines of the pod's spec (volumes, tolerations). */
  readonly more?: string;
}

function containerText(plan: ContainerPlan, fallback: string): string {
  const resources = (kind: string, pair: readonly [string, string] | undefined): string =>
    pair === undefined ? '' : `    ${kind}:\n      cpu: ${pair[0]}\n      memory: ${pair[1]}\n`;
  const limits = resources('limits', plan.limits) + resources('requests', plan.requests);
  const lines = [
    `- name: ${plan.name ?? fallback}\n  image: ${plan.image}\n`,
    plan.command === undefined ? '' : `  command: ${list(plan.command)}\n`,
    plan.args === undefined ? '' : `  args:\n${plan.args.map((arg) => `  - ${arg}\n`).join('')}`,
    plan.env === undefined
      ? ''
      : `  env:\n${Object.entries(plan.env)
          .map(([name, value]) => `  - name: ${name}\n    value: "${value}"\n`)
          .join('')}`,
    plan.ports === undefined ? '' : `  ports:\n${plan.ports.map((port) => `  - containerPort: ${port}\n`).join('')}`,
    limits === '' ? '' : `  resources:\n${limits}`,
    plan.mounts === undefined
      ? ''
      : `  volumeMounts:\n${Object.entries(plan.mounts)
          .map(([name, path]) => `  - name: ${name}\n    mountPath: ${path}\n`)
          .join('')}`,
    plan.more === undefined ? '' : indent(plan.more, 2),
  ];
  return lines.join('');
}

function podSpec(plan: PodPlan, name: string): string {
  return (
    (plan.serviceAccount === undefined ? '' : `serviceAccountName: ${plan.serviceAccount}\n`) +
    (plan.hostNetwork === true ? 'hostNetwork: true\n' : '') +
    (plan.restartPolicy === undefined ? '' : `restartPolicy: ${plan.restartPolicy}\n`) +
    `containers:\n${plan.containers.map((each) => containerText(each, name)).join('')}` +
    (plan.more ?? '')
  );
}

const template = (meta: Meta, plan: PodPlan): string =>
  `template:\n  metadata:\n    labels:\n${indent(map(labelsOf(meta)), 6)}  spec:\n${indent(podSpec(plan, meta.name), 4)}`;
const selector = (meta: Meta): string => `selector:\n  matchLabels:\n${indent(map(labelsOf(meta)), 4)}`;

export const pod = (meta: Meta, plan: PodPlan): string =>
  `${head('v1', 'Pod', meta)}spec:\n${indent(podSpec(plan, meta.name), 2)}`;

export const deployment = (meta: Meta, plan: PodPlan & { readonly replicas?: number }): string =>
  `${head('apps/v1', 'Deployment', meta)}spec:\n  replicas: ${plan.replicas ?? 1}\n${indent(selector(meta), 2)}${indent(template(meta, plan), 2)}`;

export const daemonSet = (meta: Meta, plan: PodPlan): string =>
  `${head('apps/v1', 'DaemonSet', meta)}spec:\n${indent(selector(meta), 2)}${indent(template(meta, plan), 2)}`;

export const statefulSet = (
  meta: Meta,
  plan: PodPlan & { readonly replicas?: number; readonly service?: string; readonly claims?: string },
): string =>
  `${head('apps/v1', 'StatefulSet', meta)}spec:\n  serviceName: ${plan.service ?? meta.name}\n  replicas: ${plan.replicas ?? 1}\n` +
  `${indent(selector(meta), 2)}${indent(template(meta, plan), 2)}${indent(plan.claims ?? '', 2)}`;

export const job = (meta: Meta, plan: PodPlan & { readonly spec?: string }): string =>
  `${head('batch/v1', 'Job', meta)}spec:\n${indent(plan.spec ?? '', 2)}` +
  `  template:\n    metadata:\n      labels:\n${indent(map(labelsOf(meta)), 8)}    spec:\n` +
  indent(podSpec({ restartPolicy: 'Never', ...plan }, meta.name), 6);

export const cronJob = (meta: Meta, schedule: string, plan: PodPlan): string =>
  `${head('batch/v1', 'CronJob', meta)}spec:\n  schedule: "${schedule}"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n` +
  indent(podSpec({ restartPolicy: 'OnFailure', ...plan }, meta.name), 10);

export interface PortPlan {
  readonly name?: string;
  readonly port: number;
  readonly target?: number | string;
  readonly node?: number;
  readonly protocol?: string;
}

export const service = (
  meta: Meta & { readonly selector?: Readonly<Record<string, string>> },
  ports: readonly PortPlan[],
  { type, more = '' }: { readonly type?: string; readonly more?: string } = {},
): string =>
  `${head('v1', 'Service', meta)}spec:\n` +
  (type === undefined ? '' : `  type: ${type}\n`) +
  indent(more, 2) +
  `  selector:\n${indent(map(meta.selector ?? labelsOf(meta)), 4)}  ports:\n` +
  ports
    .map(
      ({ name, port, target, node, protocol = 'TCP' }) =>
        `  - port: ${port}\n` +
        (name === undefined ? '' : `    name: ${name}\n`) +
        `    targetPort: ${target ?? port}\n` +
        (node === undefined ? '' : `    nodePort: ${node}\n`) +
        `    protocol: ${protocol}\n`,
    )
    .join('');

export const namespace = (name: string, labels: Readonly<Record<string, string>> = {}): string =>
  Object.keys(labels).length === 0 ? plain('v1', 'Namespace', name) : head('v1', 'Namespace', { name, labels });

export const serviceAccount = (name: string, within: string): string => plain('v1', 'ServiceAccount', name, '', within);

export interface RulePlan {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** A ClusterRole and its binding to a service account. */
export const clusterRole = (name: string, account: readonly [string, string], rules: readonly RulePlan[]): string =>
  documents(
    plain(
      'rbac.authorization.k8s.io/v1',
      'ClusterRole',
      name,
      `rules:\n${rules
        .map(
          ({ groups, resources, verbs }) =>
            `- apiGroups: ${list(groups)}\n  resources: ${list(resources)}\n  verbs: ${list(verbs)}\n`,
        )
        .join('')}`,
    ),
    clusterRoleBinding(name, name, account),
  );

export const clusterRoleBinding = (
  name: string,
  role: string,
  [accountName, within]: readonly [string, string],
): string =>
  plain(
    'rbac.authorization.k8s.io/v1',
    'ClusterRoleBinding',
    name,
    `roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: ${role}\n` +
      `subjects:\n- kind: ServiceAccount\n  name: ${accountName}\n  namespace: ${within}\n`,
  );

export const configMap = (name: string, data: Readonly<Record<string, string>>, within?: string): string =>
  plain(
    'v1',
    'ConfigMap',
    name,
    `data:\n${Object.entries(data)
      .map(([key, value]) => (value.includes('\n') ? `  ${key}: |\n${indent(value, 4)}` : `  ${key}: "${value}"\n`))
      .join('')}`,
    within,
  );

export interface CrdPlan {
  readonly group: string;
  readonly kind: string;
  readonly plural?: string;
  readonly version?: string;
  readonly scope?: 'Namespaced' | 'Cluster';
  readonly short?: readonly string[];
}

/** A CustomResourceDefinition whose objects may hold anything under spec and status. */
export function crd({
  group,
  kind,
  plural = `${kind.toLowerCase()}s`,
  version = 'v1',
  scope = 'Namespaced',
  short,
}: CrdPlan): string {
  const open = 'type: object\n              x-kubernetes-preserve-unknown-fields: true';
  return plain(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    `${plural}.${group}`,
    `spec:
  group: ${group}
  names:
    kind: ${kind}
    listKind: ${kind}List
    plural: ${plural}
    singular: ${kind.toLowerCase()}
${short === undefined ? '' : `    shortNames: ${list(short)}\n`}  scope: ${scope}
  versions:
    - name: ${version}
      served: true
      storage: true
      subresources:
        status: {}
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              ${open}
            status:
              ${open}
`,
  );
}
