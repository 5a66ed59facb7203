import {
  flowSchema,
  type FlowSchemaSpec,
  type FlowSubject,
  type ResourcePolicyRule,
} from '../api/flowcontrol/flowschema';
import {
  everybody,
  everywhere,
  group,
  mandatoryFlowSchemas,
  mandatoryPriorityLevels,
  user,
} from '../api/flowcontrol/mandatory';
import {
  priorityLevelConfiguration,
  type PriorityLevelConfigurationSpec,
  type Queuing,
} from '../api/flowcontrol/prioritylevelconfiguration';
import { timeOf } from '../apimachinery/time';
import type { RegistryClient } from './registry';

/** What k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap suggests, beside what is mandatory. */
const queued = (
  shares: number,
  lendable: number,
  queues: number,
  handSize: number,
): PriorityLevelConfigurationSpec => ({
  type: 'Limited',
  limited: {
    nominalConcurrencyShares: shares,
    limitResponse: { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: 50 } satisfies Queuing },
    lendablePercent: lendable,
  },
});

const levels: ReadonlyMap<string, PriorityLevelConfigurationSpec> = new Map([
  ...mandatoryPriorityLevels,
  ['system', queued(30, 33, 64, 6)],
  ['node-high', queued(40, 25, 64, 6)],
  ['leader-election', queued(10, 0, 16, 4)],
  ['workload-high', queued(40, 50, 128, 6)],
  ['workload-low', queued(100, 90, 128, 6)],
  ['global-default', queued(20, 50, 128, 6)],
]);

const serviceAccount = (name: string): FlowSubject => ({
  kind: 'ServiceAccount',
  serviceAccount: { namespace: 'kube-system', name },
});
const managers = [user('system:kube-controller-manager'), user('system:kube-scheduler')];
const resources = (
  apiGroup: string,
  names: readonly string[],
  verbs: readonly string[] = ['get', 'create', 'update'],
  clusterScope = false,
): ResourcePolicyRule => ({
  verbs,
  apiGroups: [apiGroup],
  resources: names,
  ...(clusterScope ? { clusterScope } : {}),
  namespaces: ['*'],
});
const leases = resources('coordination.k8s.io', ['leases']);

const schema = (
  level: string,
  precedence: number,
  method: 'ByUser' | 'ByNamespace' | undefined,
  rule: NonNullable<FlowSchemaSpec['rules']>[number],
): FlowSchemaSpec => ({
  priorityLevelConfiguration: { name: level },
  matchingPrecedence: precedence,
  ...(method === undefined ? {} : { distinguisherMethod: { type: method } }),
  rules: [rule],
});

const schemas: ReadonlyMap<string, FlowSchemaSpec> = new Map([
  ...mandatoryFlowSchemas,
  [
    'probes',
    schema('exempt', 2, undefined, {
      subjects: everybody,
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
    }),
  ],
  [
    'system-leader-election',
    schema('leader-election', 100, 'ByUser', {
      subjects: [...managers, serviceAccount('*')],
      resourceRules: [leases],
    }),
  ],
  [
    'endpoint-controller',
    schema('workload-high', 150, 'ByUser', {
      subjects: [
        user('system:kube-controller-manager'),
        serviceAccount('endpoint-controller'),
        serviceAccount('endpointslicemirroring-controller'),
      ],
      resourceRules: [resources('', ['endpoints'])],
    }),
  ],
  [
    'workload-leader-election',
    schema('leader-election', 200, 'ByUser', {
      subjects: [serviceAccount('*')],
      resourceRules: [resources('', ['endpoints', 'configmaps']), leases],
    }),
  ],
  [
    'system-node-high',
    schema('node-high', 400, 'ByUser', {
      subjects: [group('system:nodes')],
      resourceRules: [
        resources('', ['nodes', 'nodes/status'], ['*'], true),
        resources('coordination.k8s.io', ['leases'], ['*']),
      ],
    }),
  ],
  ['system-nodes', schema('system', 500, 'ByUser', { subjects: [group('system:nodes')], ...everywhere })],
  [
    'kube-controller-manager',
    schema('workload-high', 800, 'ByNamespace', { subjects: managers.slice(0, 1), ...everywhere }),
  ],
  ['kube-scheduler', schema('workload-high', 800, 'ByNamespace', { subjects: managers.slice(1), ...everywhere })],
  [
    'kube-system-service-accounts',
    schema('workload-high', 900, 'ByNamespace', { subjects: [serviceAccount('*')], ...everywhere }),
  ],
  [
    'service-accounts',
    schema('workload-low', 9000, 'ByUser', { subjects: [group('system:serviceaccounts')], ...everywhere }),
  ],
  ['global-default', schema('global-default', 9900, 'ByUser', { subjects: everybody, ...everywhere })],
]);

const annotations = { 'apf.kubernetes.io/autoupdate-spec': 'true' };

/** priority-and-fairness-config-producer, and the consumer's word on each schema. */
export function bootstrapFlowControl(server: RegistryClient, now: number): void {
  for (const [name, spec] of levels)
    if (server.get(priorityLevelConfiguration, undefined, name) === undefined)
      server.create(priorityLevelConfiguration, { metadata: { name, annotations }, spec });
  for (const [name, spec] of schemas) {
    if (server.get(flowSchema, undefined, name) !== undefined) continue;
    server.create(flowSchema, { metadata: { name, annotations }, spec });
    const level = spec.priorityLevelConfiguration.name;
    server.mutateStatus(flowSchema, undefined, name, (current) => ({
      ...current,
      status: {
        conditions: [
          {
            type: 'Dangling' as const,
            status: 'False' as const,
            lastTransitionTime: timeOf(now),
            reason: 'Found',
            message: `This FlowSchema references the PriorityLevelConfiguration object named "${level}" and it exists`,
          },
        ],
      },
    }));
  }
}
