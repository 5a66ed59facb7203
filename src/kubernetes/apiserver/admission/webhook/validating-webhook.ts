import { validatingWebhookConfiguration } from '../../../api/admissionregistration/validatingwebhookconfiguration';
import type { Status } from '../../../apimachinery/status';
import type { AdmissionPlugin, Attributes, Initializer } from '../admission';
import type { Storage } from '../../storage';
import { notYet } from './calls';
import { failedCall, hooksOf, shouldCall, type Hook } from './dispatch';
import { writeKey } from './mutating-webhook';
import { reviewRequest, verdictOf } from './review';

/** ValidatingAdmissionWebhook: all at the same time; the first that refuses is heard. */
export const validatingWebhook: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  validate(attributes, storage, server): Status | undefined {
    if (attributes.actor.webhooks === undefined) return undefined;
    const hooks = hooksOf(validatingWebhookConfiguration, attributes, storage);
    if (hooks.length === 0) return undefined;
    const key = `${writeKey(attributes)}@${attributes.old?.metadata.resourceVersion ?? ''}`;
    const refusals = hooks.map((hook) => ask(hook, attributes, storage, server, `validating ${key} ${hook.uid}`));
    return refusals.find((each) => each === notYet) ?? refusals.find((each) => each !== undefined);
  },
};

function ask(hook: Hook, of: Attributes, storage: Storage, server: Initializer, key: string): Status | undefined {
  const { webhook } = hook;
  const { actor } = of;
  const wanted = shouldCall(hook, of, storage, server);
  if (!wanted.ok) return wanted.error;
  if (!wanted.value) return undefined;
  const uid = actor.webhooks?.uid(key) ?? '';
  const answer = actor.webhooks?.answer(key, () => reviewRequest(webhook, of, uid));
  if (answer === undefined) return notYet;
  const verdict = verdictOf(webhook, answer, uid, false);
  if (!verdict.ok) return failedCall(webhook, verdict.error);
  const { denied, warnings, annotations } = verdict.value;
  for (const warning of warnings) actor.warn?.(warning);
  for (const [name, value] of Object.entries(annotations)) actor.audit?.(`${webhook.name}/${name}`, value);
  return denied;
}
