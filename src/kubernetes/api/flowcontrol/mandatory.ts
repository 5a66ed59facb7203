import type { FlowSchemaSpec, FlowSubject, ResourcePolicyRule } from './flowschema';
import type { PriorityLevelConfigurationSpec } from './prioritylevelconfiguration';

/** What every server has, and nobody may change: k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap. */
export const group = (name: string): FlowSubject => ({ kind: 'Group', group: { name } });
export const user = (name: string): FlowSubject => ({ kind: 'User', user: { name } });

export const everyResource: ResourcePolicyRule = {
  verbs: ['*'],
  apiGroups: ['*'],
  resources: ['*'],
  clusterScope: true,
  namespaces: ['*'],
};
export const everywhere = {
  resourceRules: [everyResource],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};
export const everybody = [group('system:unauthenticated'), group('system:authenticated')];

export const mandatoryFlowSchemas: ReadonlyMap<string, FlowSchemaSpec> = new Map<string, FlowSchemaSpec>([
  [
    'exempt',
    {
      priorityLevelConfiguration: { name: 'exempt' },
      matchingPrecedence: 1,
      rules: [{ subjects: [group('system:masters')], ...everywhere }],
    },
  ],
  [
    'catch-all',
    {
      priorityLevelConfiguration: { name: 'catch-all' },
      matchingPrecedence: 10_000,
      distinguisherMethod: { type: 'ByUser' },
      rules: [{ subjects: everybody, ...everywhere }],
    },
  ],
]);

export const mandatoryPriorityLevels: ReadonlyMap<string, PriorityLevelConfigurationSpec> = new Map<
  string,
  PriorityLevelConfigurationSpec
>([
  [
    'catch-all',
    {
      type: 'Limited',
      limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' }, lendablePercent: 0 },
    },
  ],
  ['exempt', { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }],
]);
