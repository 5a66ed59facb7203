import { mutatingWebhookConfiguration } from '../../../api/admissionregistration/mutatingwebhookconfiguration';
import { validatingWebhookConfiguration } from '../../../api/admissionregistration/validatingwebhookconfiguration';
import { decodeStruct } from '../../../apimachinery/decode';
import { equal } from '../../../apimachinery/equal';
import type { Kind } from '../../../apimachinery/kind';
import type { ApiObject } from '../../../apimachinery/object';
import { internalError, type Status } from '../../../apimachinery/status';
import { err, ok, type Result } from '../../../../sim/result';
import { applyJsonPatch } from '../../rest/json-patch';
import type { Storage } from '../../storage';
import type { AdmissionPlugin, Attributes, Initializer } from '../admission';
import { notYet, type Progress } from './calls';
import { failedCall, hooksOf, shouldCall, type Hook } from './dispatch';
import { reviewRequest, verdictOf } from './review';

/** MutatingAdmissionWebhook: one after the other, each sees what those before it changed. */
export const mutatingWebhook: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  mutate<T extends ApiObject>(attributes: Attributes<T>, storage: Storage, server: Initializer): Result<T, Status> {
    const { actor, object, old, kind } = attributes;
    const calls = actor.webhooks;
    if (calls === undefined) return ok(object);
    const hooks = hooksOf(mutatingWebhookConfiguration, attributes, storage);
    if (hooks.length === 0 && storage.count(validatingWebhookConfiguration) === 0) return ok(object);

    const key = writeKey(attributes);
    const from = old?.metadata.resourceVersion;
    const known = calls.progress.get(key);
    let now: Progress =
      known !== undefined && known.from === from ? known : { object, asked: 0, left: new Map(), from };
    // Once each, and then those that want to see what later ones changed.
    const again = hooks.filter(({ webhook }) => webhook.reinvocationPolicy === 'IfNeeded');
    for (const [index, hook] of [...hooks, ...again].entries()) {
      if (index < now.asked) continue;
      const before = now.object;
      const asked = index + 1;
      if (index >= hooks.length && now.left.get(hook.uid) === before) {
        now = { ...now, asked };
        continue;
      }
      const result = invoke(
        hook,
        { ...attributes, object: before } as Attributes,
        storage,
        server,
        `${key}#${index}@${from ?? ''}`,
      );
      if (!result.ok) {
        calls.progress.set(key, now);
        return result;
      }
      const left = new Map(now.left);
      left.set(hook.uid, result.value);
      now = { ...now, object: result.value, asked, left };
    }
    calls.progress.set(key, now);
    return ok((kind.hasGeneration ? withGenerationOf(now.object, object) : now.object) as T);
  },
};

/** Which write of a request it is: deletions of collections have several. */
export const writeKey = ({ kind, operation, subresource = '', object, old }: Attributes): string => {
  const { namespace = '' } = object.metadata;
  const name = old === undefined && operation !== 'CONNECT' ? '' : object.metadata.name;
  return `${operation} ${kind.resource}/${subresource} ${namespace}/${name}`;
};

const withGenerationOf = (object: ApiObject, { metadata }: ApiObject): ApiObject =>
  metadata.generation === undefined || object.metadata.generation === metadata.generation
    ? object
    : { ...object, metadata: { ...object.metadata, generation: metadata.generation } };

function invoke(
  hook: Hook,
  of: Attributes,
  storage: Storage,
  server: Initializer,
  key: string,
): Result<ApiObject, Status> {
  const { webhook } = hook;
  const { actor, object, kind } = of;
  const wanted = shouldCall(hook, of, storage, server);
  if (!wanted.ok) return wanted;
  if (!wanted.value) return ok(object);
  const uid = actor.webhooks?.uid(key) ?? '';
  const answer = actor.webhooks?.answer(key, () => reviewRequest(webhook, of, uid));
  if (answer === undefined) return err(notYet);
  const verdict = verdictOf(webhook, answer, uid, true);
  if (!verdict.ok) {
    const failed = failedCall(webhook, verdict.error);
    return failed === undefined ? ok(object) : err(failed);
  }
  const { patch, denied, warnings, annotations } = verdict.value;
  for (const warning of warnings) actor.warn?.(warning);
  for (const [name, value] of Object.entries(annotations)) actor.audit?.(`${webhook.name}/${name}`, value);
  if (denied !== undefined) return err(denied);
  return patch === undefined || of.operation === 'DELETE' ? ok(object) : patched(kind, object, patch);
}

/** The object after a patch: of its type again, and with its defaults. */
function patched(kind: Kind, object: ApiObject, patch: readonly unknown[]): Result<ApiObject, Status> {
  const result = applyJsonPatch(object, patch);
  if (typeof result !== 'object' || result === null || Array.isArray(result))
    return err(internalError('error in json patch'));
  if (kind.schema === undefined) return ok(result as ApiObject);
  const { value, error } = kind.decodeJson?.(result as never) ?? decodeStruct(kind.schema, result as never);
  if (error !== undefined) return err(internalError(error));
  const { apiVersion, kind: name } = object;
  const typed = { ...value, apiVersion, kind: name } as unknown as ApiObject;
  const changed = kind.defaults(kind.decode(typed));
  return ok(equal(changed, object) ? object : changed);
}
