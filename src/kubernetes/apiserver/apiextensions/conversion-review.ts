import type { CustomResourceConversion } from '../../api/apiextensions/types';
import { isMembers } from '../../api/apiextensions/values';
import { FieldErrors } from '../../apimachinery/field-errors';
import { validateLabels } from '../../apimachinery/names';
import type { ApiObject } from '../../apimachinery/object';
import { validateAnnotations } from '../validate-meta';
import { err, ok, type Result } from '../../../sim/result';
import type { Answer } from '../admission/webhook/calls';
import { parse, refused, unreadable } from '../admission/webhook/review';
import { urlOf, type WebhookRequest } from '../admission/webhook/transport';

type Json = Readonly<Record<string, unknown>>;
export type ConversionWebhook = NonNullable<CustomResourceConversion['webhook']>;

/** rest.Config of the server's own clients. */
const timeoutSeconds = 30;

const versionOf = ({ conversionReviewVersions }: ConversionWebhook): string | undefined =>
  (conversionReviewVersions ?? []).find((each) => each === 'v1' || each === 'v1beta1');
const clientOf = ({ clientConfig }: ConversionWebhook): NonNullable<ConversionWebhook['clientConfig']> =>
  clientConfig ?? {};

/** createConversionReviewObjects: the review that is sent; undefined: the webhook wants none that is known. */
export function conversionRequest(
  webhook: ConversionWebhook,
  object: ApiObject,
  desiredAPIVersion: string,
  uid: string,
): WebhookRequest | undefined {
  const version = versionOf(webhook);
  if (version === undefined) return undefined;
  const client = clientOf(webhook);
  return {
    url: urlOf(client, timeoutSeconds),
    service: client.service,
    caBundle: client.caBundle,
    body: JSON.stringify({
      kind: 'ConversionReview',
      apiVersion: `apiextensions.k8s.io/${version}`,
      request: { uid, desiredAPIVersion, objects: [object] },
      response: { uid: '', convertedObjects: null, result: { metadata: {} } },
    }),
    timeout: timeoutSeconds * 1000,
  };
}

/** What a webhook made of an object; the error is the one that its reader gets. */
export function convertedObject(
  webhook: ConversionWebhook,
  original: ApiObject,
  desiredAPIVersion: string,
  answer: Answer,
  uid: string,
): Result<ApiObject, string> {
  const what = `conversion webhook for ${original.apiVersion}, Kind=${original.kind}`;
  const objects = objectsOf(webhook, answer, uid);
  if (!objects.ok) return err(`${what} failed: ${objects.error}`);
  if (objects.value.length !== 1) return err(`${what} returned ${objects.value.length} objects, expected 1`);
  const [converted] = objects.value;
  if (!isMembers(converted)) return err("Object 'Kind' is missing in 'null'");
  const { kind, apiVersion } = converted;
  if (typeof kind !== 'string' || kind === '') return err(`Object 'Kind' is missing in '${JSON.stringify(converted)}'`);
  const invalid = (why: string): Result<never, string> => err(`${what} returned invalid object at index 0: ${why}`);
  if (apiVersion !== desiredAPIVersion)
    return invalid(`invalid groupVersion (expected ${desiredAPIVersion}, received ${shown(apiVersion)})`);
  if (kind !== original.kind) return invalid(`invalid kind (expected ${original.kind}, received ${kind})`);
  const changed = changedIdentity(original, converted);
  if (changed !== undefined) return err(`${what} returned invalid object: ${changed}`);
  const restored = withMeta(original, converted);
  return restored.ok ? restored : err(`${what} returned invalid metadata: ${restored.error}`);
}

/** getConvertedObjectsFromResponse. */
function objectsOf(webhook: ConversionWebhook, answer: Answer, uid: string): Result<readonly unknown[], string> {
  if (!answer.ok) return err(`Post "${urlOf(clientOf(webhook), timeoutSeconds)}": ${answer.error}`);
  const { status, body } = answer.value;
  if (status < 200 || status > 206) return err(refused(status, body));
  const review = parse(body);
  if (review === undefined) return err(`couldn't get version/kind; json parse error: ${unreadable(body)}`);
  const isV1 = versionOf(webhook) === 'v1';
  const { kind, apiVersion, response } = review as Readonly<Record<string, unknown>>;
  if (isV1 && (kind !== 'ConversionReview' || apiVersion !== 'apiextensions.k8s.io/v1'))
    return err(
      `expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got ${shown(apiVersion)}, Kind=${shown(kind)}`,
    );
  if (!isMembers(response)) return err('no response provided');
  if (isV1 && response['uid'] !== uid)
    return err(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(shown(response['uid']))}`);
  const result = isMembers(response['result']) ? response['result'] : {};
  if (result['status'] !== 'Success') {
    const { message } = result;
    if (typeof message === 'string' && message !== '') return err(message);
    return err(`response.result.status was '${shown(result['status'])}', not 'Success'`);
  }
  const { convertedObjects } = response;
  return ok(Array.isArray(convertedObjects) ? (convertedObjects as readonly unknown[]) : []);
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : '');

/** validateConvertedObject: what nobody may change. */
function changedIdentity({ metadata }: ApiObject, converted: Json): string | undefined {
  const next = isMembers(converted['metadata']) ? converted['metadata'] : {};
  for (const [key, name] of [
    ['name', 'name'],
    ['namespace', 'namespace'],
    ['uid', 'UID'],
  ] as const) {
    const [was, is] = [metadata[key] ?? '', shown(next[key])];
    if (was !== is) return `must have the same ${name}: ${was} != ${is}`;
  }
  return undefined;
}

/** restoreObjectMeta: only labels and annotations are the webhook's to set. */
function withMeta(original: ApiObject, converted: Json): Result<ApiObject, string> {
  const given = converted['metadata'];
  if (given === undefined) return err('missing metadata in converted object');
  if (!isMembers(given)) return err(`invalid metadata of type ${goType(given)} in converted object`);
  const metadata: Record<string, unknown> = { ...original.metadata };
  for (const field of ['labels', 'annotations'] as const) {
    const values = given[field];
    delete metadata[field];
    if (values === undefined || values === null) continue;
    if (!isMembers(values)) return err(`invalid metadata.${field} of type ${goType(values)} in converted object`);
    for (const [key, value] of Object.entries(values))
      if (typeof value !== 'string')
        return err(`metadata.${field}[${key}] must be a string, but is ${goType(value)} in converted object`);
    const errors = new FieldErrors();
    const texts = values as Readonly<Record<string, string>>;
    if (field === 'labels') validateLabels(texts, errors.at('metadata').at('labels'));
    else validateAnnotations(texts, errors.at('metadata').at('annotation'));
    if (errors.any) return err(aggregate(errors));
    metadata[field] = values;
  }
  return ok({ ...converted, metadata } as unknown as ApiObject);
}

function aggregate({ causes }: FieldErrors): string {
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}

/** `%T` of what JSON became. */
function goType(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return { string: 'string', boolean: 'bool' }[typeof value as string] ?? 'map[string]interface {}';
}
