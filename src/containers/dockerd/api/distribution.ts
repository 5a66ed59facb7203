import type { Response } from '../../../linux/net/http/message';
import { encode } from '../../../linux/io/bytes';
import { dockerRefusal } from '../../images/refusal';
import { parseReference, withDefaultTag } from '../../images/reference';
import { credentialsOf } from './auth';
import { failure, json, type Call, type Route } from './respond';

/** GET /distribution/{name}/json: what a registry says of an image, without pulling it. */
async function inspect(call: Call): Promise<Response> {
  const { engine, params } = call;
  const parsed = parseReference(decodeURIComponent(params[0] ?? ''));
  if (!parsed.ok) return failure({ status: 400, message: parsed.error });
  const reference = withDefaultTag(parsed.value);
  if (!engine.images.isPublic(reference)) {
    const { describeRemote } = await engine.options.clock.external(() => import('./network-distribution'));
    return describeRemote(call, reference, credentialsOf(call));
  }
  const found = engine.options.registries.resolve(reference);
  if (!found.ok) return failure({ status: 403, message: dockerRefusal(reference, found.error) });
  const { digest, manifestBlob, os } = found.value;
  return json({
    Descriptor: {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest,
      size: encode(manifestBlob).length,
    },
    Platforms: [{ architecture: 'amd64', os }],
  });
}

export const distributionRoutes: readonly Route[] = [['GET', /^\/distribution\/(.+)\/json$/, inspect]];
