import {
  validatingAdmissionPolicy as policyKind,
  type ValidatingAdmissionPolicy,
  type Validation,
} from '../../../api/admissionregistration/validatingadmissionpolicy';
import {
  validatingAdmissionPolicyBinding as bindingKind,
  type ValidatingAdmissionPolicyBinding,
} from '../../../api/admissionregistration/validatingadmissionpolicybinding';
import type { ApiObject } from '../../../apimachinery/object';
import type { Status, StatusReason } from '../../../apimachinery/status';
import { Budget, celTypes, conditionsBudget, fromJson, runtimeBudget, type Value } from '../../../cel/index';
import type { Storage } from '../../storage';
import type { AdmissionPlugin, Attributes, Initializer } from '../admission';
import { deny } from '../deny';
import { compiledPolicy, conditionsHold, evaluate, outOfBudget, variablesObject, type Compiled } from './compiled';
import { isExempt, matchedAs, namespaceNameOf, namespaceOf } from './matching';
import { collectParams, configurationError } from './params';
import { RequestValues } from './request';

interface Decision {
  readonly message: string;
  readonly reason?: StatusReason;
  /** Of the validation; for audit. */
  readonly index: number;
}
interface Denied extends Decision {
  readonly policy: string;
  readonly binding?: string;
}
interface Outcome {
  readonly denials: readonly Decision[];
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
  readonly annotationErrors: readonly string[];
}

const longestMessage = 5 * 1024;
const longestAnnotation = 10 * 1024;
const codes: Readonly<Partial<Record<StatusReason, number>>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
};

/** ValidatingAdmissionPolicy: validating.dispatcher.Dispatch. */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  validate(attributes, storage, server): Status | undefined {
    if (storage.count(policyKind) === 0 || storage.count(bindingKind) === 0 || isExempt(attributes)) return undefined;
    const policies = storage.served(policyKind).cacher.list();
    const denied: Denied[] = [];
    for (const policy of policies) dispatch(policy, attributes, storage, server, denied);
    const [first] = denied;
    return first === undefined ? undefined : refusal(attributes, first);
  },
};

function dispatch(
  policy: ValidatingAdmissionPolicy,
  of: Attributes,
  storage: Storage,
  server: Initializer,
  denied: Denied[],
): void {
  const { name } = policy.metadata;
  const bindings = storage.served(bindingKind).cacher.byIndex('policyName', name);
  const matched = bindings.length === 0 ? undefined : matchedAs(policy.spec.matchConstraints, of, storage);
  if (matched === undefined) return;
  const annotations = new Map<string, Set<string>>();
  const fail = (binding: string | undefined, message: string): void => {
    if (policy.spec.failurePolicy === 'Ignore') return;
    denied.push({ policy: name, ...(binding === undefined ? {} : { binding }), message, index: 0 });
  };
  const unusable = configurationError(policy.spec.paramKind, storage);
  if (unusable !== undefined) return fail(undefined, unusable);
  const namespace = namespaceNameOf(of);
  for (const binding of [...bindings].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    const { paramRef, matchResources } = binding.spec;
    if (matchedAs(matchResources, of, storage) === undefined) continue;
    const params = collectParams(policy.spec.paramKind, paramRef, namespace, storage);
    if (!params.ok) {
      fail(binding.metadata.name, `failed to configure binding: ${params.error}`);
      continue;
    }
    for (const param of params.value) {
      const outcome = validate(policy, matched, param, storage, server);
      for (const decision of outcome.denials) act(binding, name, decision, of, denied);
      for (const message of outcome.annotationErrors)
        denied.push({ policy: name, binding: binding.metadata.name, message, index: 0 });
      for (const { key, value } of outcome.annotations) {
        const values = annotations.get(key) ?? new Set();
        annotations.set(key, values.add(value.slice(0, longestAnnotation)));
      }
    }
  }
  for (const [key, values] of annotations) of.actor.audit?.(`${name}/${key}`, [...values].join(', '));
}

/** What a binding does about a denial. */
function act(
  { metadata, spec }: ValidatingAdmissionPolicyBinding,
  policy: string,
  decision: Decision,
  { actor }: Attributes,
  denied: Denied[],
): void {
  const { message, index } = decision;
  const { validationActions = [] } = spec;
  for (const action of validationActions) {
    if (action === 'Deny') denied.push({ ...decision, policy, binding: metadata.name });
    else if (action === 'Warn')
      actor.warn?.(
        `Validation failed for ValidatingAdmissionPolicy '${policy}' with binding '${metadata.name}': ${message}`,
      );
    else
      actor.audit?.(
        'validation.policy.admission.k8s.io/validation_failure',
        JSON.stringify([{ message, policy, binding: metadata.name, expressionIndex: index, validationActions }]),
      );
  }
}

/** validator.Validate: one policy with one param. */
function validate(
  policy: ValidatingAdmissionPolicy,
  of: Attributes,
  param: ApiObject | null,
  storage: Storage,
  { authorizer }: Initializer,
): Outcome {
  const { spec } = policy;
  const compiled = compiledPolicy(spec);
  const strict = spec.failurePolicy !== 'Ignore';
  const budget = new Budget(runtimeBudget);
  const namespace = of.kind.resource === 'namespaces' ? undefined : namespaceOf(of, storage);
  const request = new RequestValues(of, namespace, authorizer);
  const plain = (name: string): Value | undefined =>
    name === 'params' ? (param === null ? null : fromJson(param, celTypes.dyn)) : request.get(name);
  let variables: Value | undefined;
  const values = (name: string): Value | undefined =>
    name === 'variables' ? (variables ??= variablesObject(compiled.variables, plain, budget)) : plain(name);

  /** Annotations get no authorizer. */
  const unauthorized = (name: string): Value | undefined => (name.startsWith('authorizer') ? undefined : values(name));
  const nothing: Outcome = { denials: [], annotations: [], annotationErrors: [] };
  const conditions = conditionsHold(compiled.conditions, plain, new Budget(conditionsBudget));
  if (!conditions.ok) return strict ? { ...nothing, denials: [{ message: conditions.error, index: 0 }] } : nothing;
  if (!conditions.value) return nothing;

  const denials: Decision[] = [];
  let spent = false;
  compiled.validations.forEach(({ check, message }, index) => {
    if (spent) return;
    const result = evaluate(check, values, budget);
    // Nothing counts once the budget is spent.
    if (!result.ok && result.error === outOfBudget) {
      spent = true;
      denials.length = 0;
      if (strict) denials.push({ message: outOfBudget, index: 0 });
    } else if (!result.ok) {
      if (strict) denials.push({ message: result.error, index });
    } else if (result.value !== true) {
      const validation = spec.validations?.[index];
      if (validation === undefined) return;
      const { reason = 'Invalid' } = validation;
      denials.push({ message: messageOf(validation, message, values, budget), reason, index });
    }
  });

  const annotations: { key: string; value: string }[] = [];
  const annotationErrors: string[] = [];
  if (spent) return { denials, annotations, annotationErrors };
  const ownBudget = new Budget(runtimeBudget);
  for (const annotation of compiled.annotations) {
    const result = evaluate(annotation, unauthorized, ownBudget);
    if (!result.ok) {
      if (strict) annotationErrors.push(result.error);
    } else if (typeof result.value === 'string' && result.value.trim() !== '')
      annotations.push({ key: annotation.key, value: result.value.trim() });
  }
  return { denials, annotations, annotationErrors };
}

/** The message of an expression if it gives a good one; else the fixed one; else the expression. */
function messageOf(
  { message = '', expression }: Validation,
  compiled: Compiled | undefined,
  values: (name: string) => Value | undefined,
  budget: Budget,
): string {
  const result = compiled === undefined ? undefined : evaluate(compiled, values, budget);
  if (result?.ok === true && typeof result.value === 'string') {
    const text = result.value.trim();
    if (text !== '' && text.length <= longestMessage && !text.includes('\n')) return text;
  }
  return message === '' ? `failed expression: ${expression.trim()}` : message.trim();
}

/** NewForbidden with the reason of the policy. */
function refusal(attributes: Attributes, { policy, binding, message, reason = 'Invalid' }: Denied): Status {
  const text = `ValidatingAdmissionPolicy '${policy}' ${binding === undefined ? '' : `with binding '${binding}' `}denied request: ${message}`;
  const status = deny(attributes, text);
  const { details } = status;
  return { ...status, reason, code: codes[reason] ?? 422, details: { ...details, causes: [{ message: text }] } };
}
