import { err, ok, type Result } from '../../../sim/result';
import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import type { JobSpec, PodFailurePolicy, PodFailurePolicyRule } from '../batch/job';
import { nonNegative, oneOf, qualifiedName } from './common';

const mostRules = 20;
const mostExitCodes = 255;
const longestIndexes = 64 * 1024;
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const truths = ['False', 'True', 'Unknown'];
const validValues = (values: readonly string[]): string => `valid values: [${values.map(goQuote).join(' ')}]`;

/** pkg/apis/batch/validation: validatePodFailurePolicy. */
export function validatePodFailurePolicy(spec: JobSpec, { rules: given }: PodFailurePolicy, errors: FieldErrors): void {
  const rules = given ?? [];
  const at = errors.at('rules');
  if (rules.length > mostRules) at.tooMany(rules.length, mostRules);
  const { containers = [], initContainers = [] } = spec.template.spec;
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  rules.forEach((rule, index) => validateRule(spec, rule, names, at.index(index)));
}

function validateRule(
  spec: JobSpec,
  { action, onExitCodes, onPodConditions = [] }: PodFailurePolicyRule,
  containers: ReadonlySet<string>,
  errors: FieldErrors,
): void {
  const at = errors.at('action');
  if (String(action ?? '') === '') at.required(validValues(actions));
  else if (action === 'FailIndex') {
    if (spec.backoffLimitPerIndex === undefined) at.invalid(action, 'requires the backoffLimitPerIndex to be set');
  } else oneOf(action, actions, at);
  if (onExitCodes !== undefined) validateExitCodes(onExitCodes, containers, errors.at('onExitCodes'));
  const conditions = errors.at('onPodConditions');
  if (onPodConditions.length > mostRules) conditions.tooMany(onPodConditions.length, mostRules);
  onPodConditions.forEach(({ type, status }, index) => {
    qualifiedName(type ?? '', conditions.index(index).at('type'));
    const truth = conditions.index(index).at('status');
    if ((status ?? '') === '') truth.required(validValues(truths));
    else oneOf(status, truths, truth);
  });
  if (onExitCodes !== undefined && onPodConditions.length > 0)
    errors.invalidWhole('specifying both OnExitCodes and OnPodConditions is not supported');
  if (onExitCodes === undefined && onPodConditions.length === 0)
    errors.invalidWhole('specifying one of OnExitCodes and OnPodConditions is required');
}

function validateExitCodes(
  { operator, containerName, values: given }: NonNullable<PodFailurePolicyRule['onExitCodes']>,
  containers: ReadonlySet<string>,
  errors: FieldErrors,
): void {
  const values = given ?? [];
  if (String(operator ?? '') === '') errors.at('operator').required(validValues(operators));
  else oneOf(operator, operators, errors.at('operator'));
  if (containerName !== undefined && !containers.has(containerName))
    errors
      .at('containerName')
      .invalid(containerName, 'must be one of the container or initContainer names in the pod template');
  const at = errors.at('values');
  if (values.length === 0) at.invalid(goNumbers(given), 'at least one value is required');
  else if (values.length > mostExitCodes) at.tooMany(values.length, mostExitCodes);
  values.forEach((value, index) => {
    if (operator === 'In' && value === 0) at.index(index).invalid(value, 'must not be 0 for the In operator');
    if (values.indexOf(value) < index) at.index(index).duplicate(value);
  });
  if (values.some((value, index) => index > 0 && (values[index - 1] ?? 0) > value))
    at.invalid(goNumbers(values), 'must be ordered');
}

/** validateSuccessPolicy; only Indexed jobs may have one. */
export function validateSuccessPolicy(
  spec: JobSpec,
  policy: NonNullable<JobSpec['successPolicy']>,
  errors: FieldErrors,
): void {
  if (spec.completionMode !== 'Indexed')
    return errors.invalid(goSuccessPolicy(policy), 'requires indexed completion mode');
  const rules = policy.rules ?? [];
  const at = errors.at('rules');
  if (rules.length === 0) at.required('at least one rules must be specified when the successPolicy is specified');
  if (rules.length > mostRules) at.tooMany(rules.length, mostRules);
  const { completions = 0 } = spec;
  rules.forEach(({ succeededCount, succeededIndexes }, index) => {
    const rule = at.index(index);
    if (succeededCount === undefined && succeededIndexes === undefined)
      rule.required('at least one of succeededCount or succeededIndexes must be specified');
    let total = 0;
    if (succeededIndexes !== undefined) {
      if (succeededIndexes.length > longestIndexes) rule.at('succeededIndexes').tooLong(longestIndexes);
      const parsed = parseIndexes(succeededIndexes, completions);
      if (parsed.ok) total = parsed.value;
      else rule.at('succeededIndexes').invalid(succeededIndexes, `error parsing succeededIndexes: ${parsed.error}`);
    }
    if (succeededCount === undefined) return;
    const count = rule.at('succeededCount');
    nonNegative(succeededCount, count);
    const bounded = (limit: number, what: string): void => {
      if (succeededCount > limit) count.invalid(succeededCount, `must be less than or equal to ${limit} (${what})`);
    };
    bounded(completions, 'the number of specified completions');
    if (succeededIndexes !== undefined) bounded(total, 'the number of indexes in the specified succeededIndexes field');
  });
}

/** validateIndexesFormat: how many indexes `0,2-4` names. */
export function parseIndexes(text: string, completions: number): Result<number, string> {
  if (text === '') return ok(0);
  let last: number | undefined;
  let total = 0;
  for (const part of text.split(',')) {
    const limits = part.split('-');
    if (limits.length > 2)
      return err(
        `the fragment ${goQuote(part)} violates the requirement that an index interval can have at most two parts separated by '-'`,
      );
    const numbers: number[] = [];
    for (const limit of limits) {
      if (!/^[+-]?\d{1,15}$/.test(limit)) return err(`cannot convert string to integer for index: ${goQuote(limit)}`);
      if (Number(limit) >= completions) return err(`too large index: ${goQuote(limit)}`);
      numbers.push(Number(limit));
    }
    const [from = 0, to = from] = numbers;
    if (numbers.length > 1 && from >= to) return err(`non-increasing order, previous: ${from}, current: ${to}`);
    if (last !== undefined && last >= from) return err(`non-increasing order, previous: ${last}, current: ${from}`);
    total += to - from + 1;
    last = to;
  }
  return ok(total);
}

const goNumbers = (values: readonly number[] | undefined | null): GoText =>
  new GoText(values === undefined || values === null ? '[]int32(nil)' : `[]int32{${values.join(', ')}}`);

const pointer = (type: string, value: unknown): string => `(*${type})(${value === undefined ? 'nil' : '0xc000000000'})`;

const slice = (type: string, items: readonly string[] | undefined): string =>
  `[]${type}${items === undefined ? '(nil)' : `{${items.join(', ')}}`}`;

/** `%#v` of the policies. */
export function goSuccessPolicy(policy: JobSpec['successPolicy']): GoText {
  if (policy === undefined) return new GoText('"null"');
  const rules = policy.rules?.map(
    ({ succeededCount, succeededIndexes }) =>
      `batch.SuccessPolicyRule{SucceededIndexes:${pointer('string', succeededIndexes)}, SucceededCount:${pointer('int32', succeededCount)}}`,
  );
  return new GoText(`batch.SuccessPolicy{Rules:${slice('batch.SuccessPolicyRule', rules)}}`);
}

export function goFailurePolicy(policy: PodFailurePolicy | undefined): GoText {
  if (policy === undefined) return new GoText('"null"');
  const rules = policy.rules?.map(({ action, onExitCodes, onPodConditions }) => {
    const patterns = onPodConditions?.map(
      ({ type, status }) =>
        `batch.PodFailurePolicyOnPodConditionsPattern{Type:${goQuote(type)}, Status:${goQuote(status)}}`,
    );
    return `batch.PodFailurePolicyRule{Action:${goQuote(action)}, OnExitCodes:${pointer('batch.PodFailurePolicyOnExitCodesRequirement', onExitCodes)}, OnPodConditions:${slice('batch.PodFailurePolicyOnPodConditionsPattern', patterns)}}`;
  });
  return new GoText(`batch.PodFailurePolicy{Rules:${slice('batch.PodFailurePolicyRule', rules)}}`);
}
