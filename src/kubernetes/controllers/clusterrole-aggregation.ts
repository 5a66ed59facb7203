import { clusterRole, type ClusterRole, type PolicyRule } from '../api/rbac/rbac';
import { equal } from '../apimachinery/equal';
import { selectorMatches } from '../apimachinery/selector';
import type { RegistryClient } from '../apiserver/registry';
import { defineController, every } from './controller';

/**
 * Fills roles like `admin` and `view` with the rules of those that their selectors find. Upstream:
 * pkg/controller/clusterroleaggregation
 */
export const clusterRoleAggregationController = defineController(
  'clusterrole-aggregation-controller',
  ({ client }) => ({
    // Any role may be part of any aggregated one, and those are few.
    watches: [every(clusterRole, () => aggregated(client).map(({ metadata }) => metadata.name))],
    sync(name) {
      const shared = client.get(clusterRole, undefined, name);
      if (shared?.aggregationRule === undefined) return;
      const rules = collect(client, shared);
      if (equal(rules, shared.rules ?? [])) return;
      client.mutate(clusterRole, undefined, name, (now) => ({ ...now, rules }));
    },
  }),
);

const aggregated = (client: RegistryClient): readonly ClusterRole[] =>
  client.list(clusterRole, { matches: ({ aggregationRule }) => aggregationRule !== undefined });

function collect(client: RegistryClient, { metadata, aggregationRule }: ClusterRole): readonly PolicyRule[] {
  const rules: PolicyRule[] = [];
  for (const selector of aggregationRule?.clusterRoleSelectors ?? []) {
    const found = client.list(clusterRole, {
      matches: (each) => each.metadata.name !== metadata.name && selectorMatches(selector, each.metadata.labels),
    });
    const sorted = [...found].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    for (const each of sorted)
      for (const rule of each.rules ?? []) if (!rules.some((known) => equal(known, rule))) rules.push(rule);
  }
  return rules;
}
