import { nodeSchema } from './node-schema';
import { ageColumn, column, nameColumn, wide } from '../columns';
import { validateNode, validateNodeUpdate } from '../validation/node';
import { cidrWarnings } from '../validation/ip';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, Quantities, Time } from '../../apimachinery/object';

export interface Node extends ApiObject {
  readonly spec: NodeSpec;
  readonly status: NodeStatus;
}

export interface NodeSpec {
  readonly podCIDR?: string;
  readonly podCIDRs?: readonly string[];
  readonly providerID?: string;
  readonly externalID?: string;
  readonly unschedulable?: boolean;
  readonly taints?: readonly Taint[];
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  readonly timeAdded?: Time;
}

export interface NodeStatus {
  readonly capacity?: Quantities;
  readonly allocatable?: Quantities;
  readonly conditions?: readonly NodeCondition[];
  readonly addresses?: readonly NodeAddress[];
  readonly daemonEndpoints?: { readonly kubeletEndpoint?: { readonly Port: number } };
  readonly nodeInfo?: NodeSystemInfo;
  readonly images?: readonly { readonly names?: readonly string[]; readonly sizeBytes?: number }[];
  readonly volumesInUse?: readonly string[];
  readonly volumesAttached?: readonly { readonly name: string; readonly devicePath: string }[];
  readonly runtimeHandlers?: readonly {
    readonly name?: string;
    readonly features?: Readonly<Record<string, boolean>>;
  }[];
  readonly features?: Readonly<Record<string, boolean>>;
}

export interface NodeCondition extends Condition {
  readonly lastHeartbeatTime?: Time | null;
  readonly lastTransitionTime?: Time | null;
}

export interface NodeAddress {
  readonly type: 'InternalIP' | 'ExternalIP' | 'Hostname' | 'InternalDNS' | 'ExternalDNS';
  readonly address: string;
}

export interface NodeSystemInfo {
  readonly machineID: string;
  readonly systemUUID: string;
  readonly bootID: string;
  readonly kernelVersion: string;
  readonly osImage: string;
  readonly containerRuntimeVersion: string;
  readonly kubeletVersion: string;
  readonly kubeProxyVersion: string;
  readonly operatingSystem: string;
  readonly architecture: string;
}

const unknownSystem: NodeSystemInfo = {
  machineID: '',
  systemUUID: '',
  bootID: '',
  kernelVersion: '',
  osImage: '',
  containerRuntimeVersion: '',
  kubeletVersion: '',
  kubeProxyVersion: '',
  operatingSystem: '',
  architecture: '',
};

export const node = defineKind<Node>({
  names: { group: '', version: 'v1', kind: 'Node', plural: 'nodes', short: ['no'] },
  scope: 'Cluster',
  updateValidation: ['meta', 'validate', 'metaUpdate', 'update'],
  schema: nodeSchema,
  storage: 'minions',
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(spec.unschedulable ?? false) },
  subresources: { status: true },

  // SetDefaults_NodeStatus: what can be allocated is the capacity where nobody said less.
  defaults: (object) => ({
    ...object,
    spec: withCidrs(object.spec ?? {}),
    status: {
      ...(object.status?.capacity === undefined ? {} : { allocatable: object.status.capacity }),
      daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
      ...object.status,
      nodeInfo: { ...unknownSystem, ...object.status?.nodeInfo },
    },
  }),

  // dropDisabledFields: where a kubelet had its configuration from is no longer kept.
  prepareForCreate: withoutConfigSource,
  prepareForUpdate: (given, old) => ('configSource' in old.spec ? given : withoutConfigSource(given)),
  validate: validateNode,
  validateUpdate: validateNodeUpdate,

  warnings: ({ spec }, old) => [
    ...(old !== undefined && 'configSource' in spec && 'configSource' in old.spec
      ? ['spec.configSource: the feature is removed']
      : []),
    ...('externalID' in spec ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
    ...(spec.podCIDRs ?? []).flatMap((cidr, index) => cidrWarnings(`spec.podCIDRs[${index}]`, cidr)),
  ],
  columns: [
    nameColumn,
    column('Status', statusText, 'The status of the node'),
    column('Roles', rolesText, 'The roles of the node'),
    ageColumn,
    column('Version', ({ status }) => status.nodeInfo?.kubeletVersion ?? '', 'Kubelet Version reported by the node.'),
    wide('Internal-IP', (object) => addressOf(object, 'InternalIP')),
    wide('External-IP', (object) => addressOf(object, 'ExternalIP')),
    wide('OS-Image', ({ status }) => orUnknown(status.nodeInfo?.osImage)),
    wide('Kernel-Version', ({ status }) => orUnknown(status.nodeInfo?.kernelVersion)),
    wide('Container-Runtime', ({ status }) => orUnknown(status.nodeInfo?.containerRuntimeVersion)),
  ],
});

function withoutConfigSource(given: Node): Node {
  const { configSource: _source, ...spec } = given.spec as Node['spec'] & { readonly configSource?: unknown };
  return _source === undefined ? given : { ...given, spec };
}

/** printNode: Ready or NotReady, and whether it takes pods. */
function statusText({ spec, status }: Node): string {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const words = [ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'];
  if (spec.unschedulable === true) words.push('SchedulingDisabled');
  return words.join(',');
}

const rolePrefix = 'node-role.kubernetes.io/';

/** findNodeRoles. */
function rolesText({ metadata: { labels = {} } }: Node): string {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(labels)) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length));
    else if (key === 'kubernetes.io/role' && value !== '') roles.add(value);
  }
  return roles.size === 0 ? '<none>' : [...roles].sort().join(',');
}

const addressOf = ({ status }: Node, wanted: NodeAddress['type']): string =>
  status.addresses?.find(({ type }) => type === wanted)?.address ?? '<none>';

const orUnknown = (text: string | undefined): string => (text === undefined || text === '' ? '<unknown>' : text);

/** The two fields are one: the first network stands in both (Convert_v1_NodeSpec_To_core_NodeSpec). */
function withCidrs(spec: NodeSpec): NodeSpec {
  const { podCIDR = '', podCIDRs = [] } = spec;
  if (podCIDR === '' && podCIDRs.length === 0) return spec;
  if (podCIDR === podCIDRs[0]) return spec;
  return podCIDR === '' ? { ...spec, podCIDR: podCIDRs[0] ?? '' } : { ...spec, podCIDRs: [podCIDR] };
}
