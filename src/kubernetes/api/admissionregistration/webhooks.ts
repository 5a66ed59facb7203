import type { LabelSelector } from '../../apimachinery/object';
import { bytes, int32, list, listMap, named, need, ptr, str, struct, type ListSchema } from '../../apimachinery/schema';
import { labelSelector } from '../meta/schema';
import { matchConditions, ruleWithOperations, withScope, type MatchCondition, type RuleWithOperations } from './rules';

export interface WebhookClientConfig {
  readonly url?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly path?: string;
    readonly port?: number;
  };
  readonly caBundle?: string;
}

/** A webhook of either kind of configuration; only mutating ones are invoked again. */
export interface Webhook {
  readonly name: string;
  readonly clientConfig: WebhookClientConfig;
  readonly rules?: readonly RuleWithOperations[];
  readonly failurePolicy?: string;
  readonly matchPolicy?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly sideEffects: string | null;
  readonly timeoutSeconds?: number;
  readonly admissionReviewVersions: readonly string[];
  readonly reinvocationPolicy?: string;
  readonly matchConditions?: readonly MatchCondition[];
}

const clientConfig = struct('WebhookClientConfig', {
  url: ptr(str),
  service: ptr(struct('ServiceReference', { namespace: need(str), name: need(str), path: ptr(str), port: ptr(int32) })),
  caBundle: bytes,
});

/** The list of `MutatingWebhook`s or `ValidatingWebhook`s. */
export const webhookList = (name: 'MutatingWebhook' | 'ValidatingWebhook'): ListSchema =>
  listMap(
    struct(name, {
      name: need(str),
      clientConfig: need(clientConfig),
      rules: list(ruleWithOperations),
      failurePolicy: ptr(named('FailurePolicyType')),
      matchPolicy: ptr(named('MatchPolicyType')),
      namespaceSelector: ptr(labelSelector),
      objectSelector: ptr(labelSelector),
      sideEffects: { ...ptr(named('SideEffectClass')), always: true },
      timeoutSeconds: ptr(int32),
      admissionReviewVersions: need(list(str)),
      ...(name === 'MutatingWebhook' ? { reinvocationPolicy: ptr(named('ReinvocationPolicyType')) } : {}),
      matchConditions,
    }),
    'name',
  );

/** SetDefaults_ValidatingWebhook, SetDefaults_MutatingWebhook, SetDefaults_ServiceReference. */
export function withWebhookDefaults(given: Webhook, mutating: boolean): Webhook {
  const { clientConfig: client = {}, rules } = given;
  return {
    ...given,
    clientConfig:
      client.service === undefined
        ? client
        : { ...client, service: { ...client.service, port: client.service.port ?? 443 } },
    ...(rules === undefined ? {} : { rules: rules.map(withScope) }),
    failurePolicy: given.failurePolicy ?? 'Fail',
    matchPolicy: given.matchPolicy ?? 'Equivalent',
    namespaceSelector: given.namespaceSelector ?? {},
    objectSelector: given.objectSelector ?? {},
    timeoutSeconds: given.timeoutSeconds ?? 10,
    ...(mutating ? { reinvocationPolicy: given.reinvocationPolicy ?? 'Never' } : {}),
  };
}
