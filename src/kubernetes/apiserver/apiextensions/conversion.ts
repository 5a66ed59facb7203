import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { failure, type Status } from '../../apimachinery/status';
import type { WebhookCalls } from '../admission/webhook/calls';
import { conversionRequest, convertedObject, type ConversionWebhook } from './conversion-review';

/** A conversion that cannot be had (yet): whoever serves the request has the calls made and tries again. */
export class Unconverted extends Error {
  /** `undefined`: the webhook has not answered yet. */
  constructor(readonly status: Status | undefined) {
    super(status?.message ?? 'a conversion webhook has not answered yet');
  }
}

/**
 * Conversion of custom resources by a webhook: webhookConverter. What was converted is kept with the object, as the watch
 * cache of each version does.
 */
export class WebhookConversion {
  readonly #converted = new WeakMap<ApiObject, Map<string, ApiObject>>();
  #calls: WebhookCalls | undefined;

  constructor(readonly webhook: ConversionWebhook) {}

  /** Runs what may have to convert; the answers are those of one request. */
  during<R>(calls: WebhookCalls, run: () => R): R {
    const outer = this.#calls;
    this.#calls = calls;
    try {
      return run();
    } finally {
      this.#calls = outer;
    }
  }

  /** Throws `Unconverted`. */
  convert(object: ApiObject, apiVersion: string): ApiObject {
    if (object.apiVersion === apiVersion) return object;
    const known = this.#converted.get(object)?.get(apiVersion);
    const calls = this.#calls;
    if (known !== undefined) return known;
    // The server's own components take an object as it is.
    if (calls === undefined) return object;
    const key = `convert to ${apiVersion} ${JSON.stringify(object)}`;
    const uid = calls.uid(key);
    const request = conversionRequest(this.webhook, object, apiVersion, uid);
    if (request === undefined)
      throw new Unconverted(failure(500, undefined, 'no supported conversion review versions'));
    const answer = calls.answer(key, () => request);
    if (answer === undefined) throw new Unconverted(undefined);
    const converted = convertedObject(this.webhook, object, apiVersion, answer, uid);
    if (!converted.ok) throw new Unconverted(failure(500, undefined, converted.error));
    const versions = this.#converted.get(object) ?? new Map<string, ApiObject>();
    this.#converted.set(object, versions.set(apiVersion, converted.value));
    return converted.value;
  }

  /** Asks for all at once what a list needs. */
  prefetch(objects: readonly ApiObject[], apiVersion: string): void {
    let missing: Unconverted | undefined;
    for (const object of objects)
      try {
        this.convert(object, apiVersion);
      } catch (thrown) {
        if (!(thrown instanceof Unconverted)) throw thrown;
        if (missing?.status === undefined) missing = thrown;
      }
    if (missing !== undefined) throw missing;
  }
}

const conversions = new WeakMap<Kind, WebhookConversion>();

/** How the objects of a kind become those of another version; undefined: only their apiVersion changes. */
export const conversionOf = (kind: Kind | undefined): WebhookConversion | undefined =>
  kind === undefined ? undefined : conversions.get(kind);

export function setConversion(kind: Kind, conversion: WebhookConversion | undefined): void {
  if (conversion === undefined) conversions.delete(kind);
  else conversions.set(kind, conversion);
}
