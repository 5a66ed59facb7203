import type { ApiObject, Quantities } from '../../../apimachinery/object';
import type { ScopeRequirement } from '../../../api/core/resourcequota';
import type { Kind } from '../../../apimachinery/kind';
import type { Attributes } from '../admission';
import { one, type Amounts } from '../amounts';

/** Knows what objects of a resource count for (quota.Evaluator). */
export interface Evaluator<T extends ApiObject = ApiObject> {
  /** Whether a write can change what is used. */
  handles(attributes: Pick<Attributes, 'operation' | 'subresource' | 'object' | 'old'>): boolean;
  /** Whether it counts what a quota calls so. */
  counts(name: string): boolean;
  usage(object: T, now: number): Amounts;
  /** What an object must say so that it can be counted. */
  constraints?(object: T, names: ReadonlySet<string>): string | undefined;
  /** Whether an object is in a scope; absent: it is in none. */
  inScope?(object: T, scope: ScopeRequirement): boolean;
}

/** Quotas of these may go by their plain names too (legacyObjectCountAliases). */
const plain: ReadonlySet<string> = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets']);

export const countName = ({ resource }: Kind): string => `count/${resource}`;

/** generic.ObjectCountEvaluator: one is one. */
export function objectCount(kind: Kind): Evaluator {
  const names = [countName(kind), ...(plain.has(kind.resource) ? [kind.resource] : [])];
  const usage: Amounts = new Map(names.map((name) => [name, one]));
  return {
    handles: ({ operation, subresource }) => operation === 'CREATE' && subresource === undefined,
    counts: (name) => names.includes(name),
    usage: () => usage,
  };
}

/** Scopes and scopeSelector of a quota as one list. */
export const scopesOf = ({
  scopes = [],
  scopeSelector,
}: {
  readonly hard?: Quantities;
  readonly scopes?: readonly string[];
  readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] };
}): readonly ScopeRequirement[] => [
  ...scopes.map((scopeName) => ({ scopeName, operator: 'Exists' as const })),
  ...(scopeSelector?.matchExpressions ?? []),
];
