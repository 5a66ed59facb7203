import {
  mutatingAdmissionPolicy as policyKind,
  type MutatingAdmissionPolicy,
} from '../../../api/admissionregistration/mutatingadmissionpolicy';
import { mutatingAdmissionPolicyBinding as bindingKind } from '../../../api/admissionregistration/mutatingadmissionpolicybinding';
import { equal } from '../../../apimachinery/equal';
import type { ApiObject } from '../../../apimachinery/object';
import type { Status } from '../../../apimachinery/status';
import { Budget, celTypes, conditionsBudget, fromJson, runtimeBudget, type Value } from '../../../cel/index';
import { err, ok, type Result } from '../../../../sim/result';
import type { Storage } from '../../storage';
import type { AdmissionPlugin, Attributes, Initializer } from '../admission';
import { deny } from '../deny';
import { compiledPolicy, conditionsHold, variablesObject } from './compiled';
import { isExempt, matchedAs, namespaceNameOf, namespaceOf } from './matching';
import { collectParams, configurationError } from './params';
import { mutatorsOf } from './mutators';
import { RequestValues } from './request';

/** One policy with one binding and one param. */
interface Invocation {
  readonly policy: MutatingAdmissionPolicy;
  readonly binding: string;
  readonly param: ApiObject | null;
}

/** MutatingAdmissionPolicy (alpha in 1.33): mutating.dispatcher. */
export const mutatingAdmissionPolicy: AdmissionPlugin = {
  name: 'MutatingAdmissionPolicy',
  mutate<T extends ApiObject>(attributes: Attributes<T>, storage: Storage, server: Initializer): Result<T, Status> {
    const { object, operation } = attributes;
    if (operation === 'DELETE' || storage.count(policyKind) === 0 || storage.count(bindingKind) === 0)
      return ok(object);
    const of = attributes as unknown as Attributes;
    if (isExempt(of)) return ok(object);
    const invocations = invocationsOf(of, storage);
    if (!invocations.ok) return invocations;
    let now: ApiObject = object;
    const left = new Map<Invocation, ApiObject>();
    const again = invocations.value.filter(({ policy }) => policy.spec.reinvocationPolicy === 'IfNeeded');
    for (const [index, invocation] of [...invocations.value, ...again].entries()) {
      // A second time only where others have changed something since.
      if (index >= invocations.value.length && left.get(invocation) === now) continue;
      const result = invoke(invocation, { ...of, object: now }, storage, server);
      if (result.ok) now = result.value;
      else if (invocation.policy.spec.failurePolicy !== 'Ignore')
        return err(refusal(of, invocation.policy.metadata.name, invocation.binding, result.error));
      left.set(invocation, now);
    }
    return ok(now as T);
  },
};

function invocationsOf(of: Attributes, storage: Storage): Result<readonly Invocation[], Status> {
  const found: Invocation[] = [];
  const byName = (a: ApiObject, b: ApiObject): number => (a.metadata.name < b.metadata.name ? -1 : 1);
  for (const policy of [...storage.served(policyKind).cacher.list()].sort(byName)) {
    const { name } = policy.metadata;
    const { matchConstraints, paramKind, failurePolicy } = policy.spec;
    const bindings = storage.served(bindingKind).cacher.byIndex('policyName', name);
    if (bindings.length === 0 || matchedAs(matchConstraints, of, storage) === undefined) continue;
    const unusable = configurationError(paramKind, storage);
    if (unusable !== undefined) {
      if (failurePolicy !== 'Ignore') return err(refusal(of, name, undefined, unusable));
      continue;
    }
    for (const { spec, metadata } of [...bindings].sort(byName)) {
      if (matchedAs(spec.matchResources, of, storage) === undefined) continue;
      const params = collectParams(paramKind, spec.paramRef, namespaceNameOf(of), storage);
      if (params.ok) for (const param of params.value) found.push({ policy, binding: metadata.name, param });
      else if (failurePolicy !== 'Ignore')
        return err(refusal(of, name, metadata.name, `failed to configure binding: ${params.error}`));
    }
  }
  return ok(found);
}

function invoke(
  { policy, param }: Invocation,
  of: Attributes,
  storage: Storage,
  { authorizer }: Initializer,
): Result<ApiObject, string> {
  const { spec } = policy;
  const compiled = compiledPolicy(spec);
  const budget = new Budget(runtimeBudget);
  const namespace = of.kind.resource === 'namespaces' ? undefined : namespaceOf(of, storage);
  let object = of.object;
  for (const [index, mutate] of mutatorsOf(spec, compiled).entries()) {
    const request = new RequestValues({ ...of, object }, namespace, authorizer);
    const plain = (name: string): Value | undefined =>
      name === 'params' ? (param === null ? null : fromJson(param, celTypes.dyn)) : request.get(name);
    if (index === 0) {
      const conditions = conditionsHold(compiled.conditions, plain, new Budget(conditionsBudget));
      if (!conditions.ok) return conditions;
      if (!conditions.value) return ok(object);
    }
    let variables: Value | undefined;
    const values = (name: string): Value | undefined =>
      name === 'variables' ? (variables ??= variablesObject(compiled.variables, plain, budget)) : plain(name);
    const result = mutate(of.kind, object, values, budget);
    if (!result.ok) return result;
    object = equal(result.value, object) ? object : result.value;
  }
  return ok(object);
}

/** PolicyError, as the first one is told. */
function refusal(of: Attributes, policy: string, binding: string | undefined, why: string): Status {
  const who =
    binding === undefined ? `policy ${JSON.stringify(policy)}` : `policy '${policy}' with binding '${binding}'`;
  const message = `${who} denied request: ${why}`;
  const status = deny(of, 'admission request denied by policy');
  return { ...status, message, reason: 'Invalid', code: 422, details: { ...status.details, causes: [{ message }] } };
}
