import { err, ok, type Result } from '../../../sim/result';
import { parseManifest } from '../../apimachinery/manifest';
import type { Attributes } from '../authorization/authorizer';

export type Level = 'None' | 'Metadata' | 'Request' | 'RequestResponse';
export type AuditStage = 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic';

interface GroupResources {
  readonly group?: string;
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** audit.k8s.io/v1 PolicyRule. */
export interface AuditRule {
  readonly level: Level;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly GroupResources[];
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly omitStages?: readonly AuditStage[];
  readonly omitManagedFields?: boolean;
}

export interface AuditPolicy {
  readonly rules: readonly AuditRule[];
  readonly omitStages?: readonly AuditStage[];
  readonly omitManagedFields?: boolean;
}

/** What is noted of a request, and at which stages. */
export interface AuditDecision {
  readonly level: Level;
  readonly omitStages: readonly AuditStage[];
  readonly omitManagedFields: boolean;
}

const levels: readonly string[] = ['None', 'Metadata', 'Request', 'RequestResponse'] satisfies readonly Level[];
const stages: readonly string[] = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];
const apiVersion = 'audit.k8s.io/v1';

/** policy.LoadPolicyFromBytes and ValidatePolicy; an error is what the server says before it gives up. */
export function loadPolicy(text: string): Result<AuditPolicy, string> {
  let document: unknown;
  try {
    document = parseManifest(text);
  } catch (error) {
    return err(`failed decoding: ${error instanceof Error ? error.message : 'bad YAML'}`);
  }
  if (typeof document !== 'object' || document === null) return err("failed decoding: Object 'Kind' is missing");
  const policy = document as Partial<AuditPolicy> & { readonly apiVersion?: string; readonly kind?: string };
  if (policy.apiVersion !== apiVersion || policy.kind !== 'Policy')
    return err(`unknown group version field ${policy.apiVersion ?? ''}, Kind=${policy.kind ?? ''} in policy`);
  const { rules = [] } = policy;
  if (!Array.isArray(rules) || rules.length === 0) return err('loaded illegal policy with 0 rules');
  const problems = [
    ...stageProblems(policy.omitStages, 'omitStages'),
    ...rules.flatMap((rule, index) => ruleProblems(rule as AuditRule, `rules[${index}]`)),
  ];
  return problems.length === 0 ? ok({ ...policy, rules }) : err(aggregate(problems));
}

const aggregate = (problems: readonly string[]): string =>
  problems.length === 1 ? `${problems[0]}` : `[${problems.join(', ')}]`;

const stageProblems = (given: readonly string[] = [], path: string): readonly string[] =>
  given
    .filter((stage) => !stages.includes(stage))
    .map((stage, index) =>
      unsupported(
        `${path}[${index}]`,
        stage,
        stages.map((each) => each),
      ),
    );

const unsupported = (path: string, value: string, supported: readonly string[]): string =>
  `${path}: Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((each) => JSON.stringify(each)).join(', ')}`;

function ruleProblems(rule: AuditRule, path: string): readonly string[] {
  const problems: string[] = [];
  const { level, nonResourceURLs = [], resources = [], namespaces = [], omitStages } = rule;
  if ((level as string | undefined) === undefined) problems.push(`${path}.level: Required value`);
  else if (!levels.includes(level)) problems.push(unsupported(`${path}.level`, level, levels));
  if (nonResourceURLs.length > 0 && (resources.length > 0 || namespaces.length > 0))
    problems.push(
      `${path}.nonResourceURLs: Invalid value: [${nonResourceURLs.map((url) => JSON.stringify(url)).join(',')}]: rules cannot apply to both regular resources and non-resource URLs`,
    );
  return [...problems, ...stageProblems(omitStages, `${path}.omitStages`)];
}

const nothing: AuditDecision = { level: 'None', omitStages: [], omitManagedFields: false };

/** policyRuleEvaluator.EvaluatePolicyRule: the first rule that is about the request. */
export function decide(policy: AuditPolicy, attributes: Attributes): AuditDecision {
  const rule = policy.rules.find((each) => matches(each, attributes));
  if (rule === undefined) return nothing;
  return {
    level: rule.level,
    omitStages: [...(policy.omitStages ?? []), ...(rule.omitStages ?? [])],
    omitManagedFields: rule.omitManagedFields ?? policy.omitManagedFields ?? false,
  };
}

function matches(rule: AuditRule, attributes: Attributes): boolean {
  const { users = [], userGroups = [], verbs = [], namespaces = [], resources = [], nonResourceURLs = [] } = rule;
  const { user, verb } = attributes;
  if (users.length > 0 && !users.includes(user.name)) return false;
  if (userGroups.length > 0 && !userGroups.some((group) => user.groups.includes(group))) return false;
  if (verbs.length > 0 && !verbs.includes(verb)) return false;
  if (namespaces.length > 0 || resources.length > 0) return matchesResource(rule, attributes);
  if (nonResourceURLs.length > 0)
    return !attributes.isResource && nonResourceURLs.some((url) => matchesPath(url, attributes.path));
  return true;
}

function matchesResource({ namespaces = [], resources = [] }: AuditRule, attributes: Attributes): boolean {
  const { isResource, namespace, group, resource, subresource, name } = attributes;
  if (!isResource || (namespaces.length > 0 && !namespaces.includes(namespace))) return false;
  if (resources.length === 0) return true;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  return resources.some((each) => {
    if ((each.group ?? '') !== group) return false;
    const { resources: wanted = [], resourceNames = [] } = each;
    if (wanted.length === 0) return true;
    if (resourceNames.length > 0 && !resourceNames.includes(name)) return false;
    return wanted.some(
      (one) =>
        one === '*' || one === whole || one === `${resource}/*` || (subresource !== '' && one === `*/${subresource}`),
    );
  });
}

const matchesPath = (url: string, path: string): boolean =>
  url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));
