import type { Webhook } from '../../../api/admissionregistration/webhooks';
import type { ApiObject } from '../../../apimachinery/object';
import type { Kind } from '../../../apimachinery/kind';
import { internalError, type Status } from '../../../apimachinery/status';
import { Budget, conditionsBudget } from '../../../cel/index';
import { err, ok, type Result } from '../../../../sim/result';
import type { Storage } from '../../storage';
import type { Attributes, Initializer } from '../admission';
import { deny } from '../deny';
import { compileConditions, conditionsHold, type CompiledPolicy } from '../policy/compiled';
import { isExempt, matchesRule, matchesSelectors, namespaceOf } from '../policy/matching';
import { RequestValues } from '../policy/request';

interface Configuration extends ApiObject {
  readonly webhooks?: readonly Webhook[];
}

/** A webhook of a configuration; its uid tells it from others of the same name. */
export interface Hook {
  readonly uid: string;
  readonly webhook: Webhook;
}

/** All webhooks of a kind of configuration: by the configurations' names, then in their order. */
export function hooksOf(kind: Kind<Configuration>, of: Attributes, storage: Storage): readonly Hook[] {
  if (storage.count(kind) === 0 || isExempt(of)) return [];
  return [...storage.served(kind).cacher.list()]
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .flatMap(({ metadata, webhooks = [] }) =>
      webhooks.map((webhook, index) => ({ uid: `${metadata.name}/${index}/${webhook.name}`, webhook })),
    );
}

const conditions = new WeakMap<Webhook, CompiledPolicy['conditions']>();

/** generic.Webhook.ShouldCallHook: rules, selectors, match conditions. */
export function shouldCall(
  { webhook }: Hook,
  of: Attributes,
  storage: Storage,
  { authorizer }: Initializer,
): Result<boolean, Status> {
  const { rules = [], namespaceSelector, objectSelector, matchConditions = [] } = webhook;
  if (!rules.some((rule) => matchesRule(rule, of))) return ok(false);
  if (!matchesSelectors(namespaceSelector, objectSelector, of, storage)) return ok(false);
  if (matchConditions.length === 0) return ok(true);
  let compiled = conditions.get(webhook);
  if (compiled === undefined) conditions.set(webhook, (compiled = compileConditions(matchConditions)));
  const values = new RequestValues(of, namespaceOf(of, storage), authorizer);
  const holds = conditionsHold(compiled, (name) => values.get(name), new Budget(conditionsBudget));
  if (holds.ok) return holds;
  return webhook.failurePolicy === 'Ignore' ? ok(false) : err(deny(of, holds.error));
}

/** A call that failed: what its failurePolicy makes of it. */
export function failedCall({ name, failurePolicy }: Webhook, why: string): Status | undefined {
  return failurePolicy === 'Ignore' ? undefined : internalError(`failed calling webhook "${name}": ${why}`);
}
