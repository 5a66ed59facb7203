import type { FieldErrors } from '../../apimachinery/field-errors';
import { goQuote, GoText } from '../../apimachinery/field-errors';
import { givenText } from '../../apimachinery/decode';
import { parseQuantity, quantityMilli } from '../../apimachinery/quantity';
import type { Quantities } from '../../apimachinery/object';
import type { ResourceQuota, ScopeRequirement } from '../core/resourcequota';
import { goQuantity, notNegative } from './common';
import { isExtended, isHugePages, validateTypedResourceName } from './resource-names';

const compute = ['cpu', 'memory', 'ephemeral-storage'];
/** These are counted one by one. */
const integers: ReadonlySet<string> = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);
/** helper.IsStandardQuotaResourceName. */
const standard: ReadonlySet<string> = new Set([
  ...integers,
  ...compute,
  ...compute.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  'requests.storage',
]);

/** ValidateResourceQuotaSpec. */
export function validateResourceQuotaSpec(spec: ResourceQuota['spec'], errors: FieldErrors): void {
  validateAmounts(spec.hard, errors.at('hard'));
  validateScopes(spec, errors.at('scopes'));
  validateScopeSelector(spec, errors.at('scopeSelector'));
}

/** ValidateResourceQuotaStatus: what is limited and what is used. */
export function validateAmounts(amounts: Quantities = {}, errors: FieldErrors): void {
  for (const name of Object.keys(amounts).sort()) {
    const at = errors.key(name);
    validateTypedResourceName(name, at);
    if (!name.includes('/') && !standard.has(name) && !isHugePages(name) && !name.startsWith('requests.hugepages-'))
      at.invalid(new GoText(name), 'must be a standard resource for quota');
    validateAmount(name, givenText(amounts, name) ?? amounts[name] ?? '', at);
  }
}

/** ValidateResourceQuantityValue. */
function validateAmount(name: string, text: string, errors: FieldErrors): void {
  const parsed = parseQuantity(text);
  if (!parsed.ok) return;
  if (parsed.value.unscaled < 0n) errors.invalid(text, notNegative);
  if (!integers.has(name) && !isExtended(name)) return;
  if (quantityMilli(parsed.value) % 1000n !== 0n) errors.invalid(goQuantity(text, false), 'must be an integer');
}

const known = [
  'BestEffort',
  'NotBestEffort',
  'Terminating',
  'NotTerminating',
  'PriorityClass',
  'CrossNamespacePodAffinity',
];
const podsCompute: ReadonlySet<string> = new Set([
  'pods',
  ...compute,
  ...compute.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
]);

/** helper.IsResourceQuotaScopeValidForResource. */
function isScopeFor(scope: string, resource: string): boolean {
  if (scope === 'BestEffort') return resource === 'pods';
  return podsCompute.has(resource);
}

const pairs = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

const goScopes = (scopes: readonly string[]): GoText =>
  new GoText(`[]core.ResourceQuotaScope{${scopes.map(goQuote).join(', ')}}`);

/** validateResourceQuotaScopes. */
function validateScopes({ scopes = [], hard = {} }: ResourceQuota['spec'], errors: FieldErrors): void {
  if (scopes.length === 0) return;
  for (const scope of scopes) {
    if (!known.includes(scope)) errors.invalid(goScopes(scopes), 'unsupported scope');
    for (const resource of Object.keys(hard).sort())
      if (isOfQuota(resource) && known.includes(scope) && !isScopeFor(scope, resource))
        errors.invalid(goScopes(scopes), 'unsupported scope applied to resource');
  }
  for (const pair of pairs)
    if (pair.every((scope) => scopes.includes(scope))) errors.invalid(goScopes(scopes), 'conflicting scopes');
}

const isOfQuota = (resource: string): boolean =>
  standard.has(resource) || isHugePages(resource) || resource.startsWith('requests.hugepages-');

const existsOnly =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

/** validateScopedResourceSelectorRequirement. */
function validateScopeSelector({ scopeSelector, hard = {} }: ResourceQuota['spec'], errors: FieldErrors): void {
  const requirements = scopeSelector?.matchExpressions ?? [];
  const at = errors.at('matchExpressions');
  const scopes = requirements.map(({ scopeName }) => scopeName);
  for (const requirement of requirements) {
    const { scopeName = '' } = requirement;
    if (!known.includes(scopeName)) at.at('scopeName').invalid(scopeName, 'unsupported scope');
    for (const resource of Object.keys(hard).sort())
      if (isOfQuota(resource) && known.includes(scopeName) && !isScopeFor(scopeName, resource))
        at.invalid(goRequirements(requirements), 'unsupported scope applied to resource');
    validateOperator(requirement, at);
  }
  for (const pair of pairs)
    if (pair.every((scope) => scopes.includes(scope))) at.invalid(goRequirements(requirements), 'conflicting scopes');
}

function validateOperator({ scopeName = '', operator, values = [] }: ScopeRequirement, at: FieldErrors): void {
  const only = known.includes(scopeName) && scopeName !== 'PriorityClass';
  const operatorText: string = operator ?? '';
  if (only && operatorText !== 'Exists') at.at('operator').invalid(operatorText, existsOnly);
  switch (operatorText) {
    case 'In':
    case 'NotIn':
      if (values.length === 0)
        at.at('values').required("must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0)
        at.at('values').invalid(
          new GoText(`[]string{${values.map(goQuote).join(', ')}}`),
          "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
        );
      break;
    default:
      at.at('operator').invalid(operatorText, 'not a valid selector operator');
  }
}

const goRequirements = (requirements: readonly ScopeRequirement[]): GoText =>
  new GoText(
    `[]core.ScopedResourceSelectorRequirement{${requirements
      .map(
        ({ scopeName, operator, values }) =>
          `core.ScopedResourceSelectorRequirement{ScopeName:${goQuote(scopeName)}, Operator:${goQuote(operator)}, Values:[]string${values === undefined ? '(nil)' : `{${values.map(goQuote).join(', ')}}`}}`,
      )
      .join(', ')}}`,
  );

/** ValidateResourceQuotaUpdate. */
export function validateQuotaUpdate({ spec }: ResourceQuota, { spec: old }: ResourceQuota, errors: FieldErrors): void {
  const [now, before] = [[...(spec.scopes ?? [])].sort(), [...(old.scopes ?? [])].sort()];
  if (now.length !== before.length || now.some((scope, index) => scope !== before[index]))
    errors
      .at('spec')
      .at('scopes')
      .invalid(goScopes(spec.scopes ?? []), 'field is immutable');
}
