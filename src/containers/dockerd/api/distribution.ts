import type { Response } from '../../../linux/net/http/message';
import { encode } from '../../../linux/io/bytes';
import { indexOf, platformOf } from '../../images/platforms';
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
  const index = reference.digest === undefined ? indexOf(found.value) : undefined;
  if (index !== undefined)
    return json({
      Descriptor: {
        mediaType: 'application/vnd.oci.image.index.v1+json',
        digest: index.digest,
        size: encode(index.blob).length,
      },
      Platforms: index.images.map(platformOf),
    });
  return json({
    Descriptor: {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest,
      size: encode(manifestBlob).length,
    },
    Platforms: [{ architecture: 'amd64', os }],
  });
}

/** Not docker's own: a document of a public registry, which no machine of this world's network serves. */
function document({ engine, params }: Call): Response {
  const parsed = parseReference(decodeURIComponent(params[0] ?? ''));
  if (!parsed.ok) return failure({ status: 400, message: parsed.error });
  const reference = withDefaultTag(parsed.value);
  if (!engine.images.isPublic(reference)) return failure({ status: 409, message: 'not a public registry' });
  const found = engine.options.registries.resolve(reference);
  if (!found.ok) return failure({ status: 404, message: dockerRefusal(reference, found.error) });
  const index = indexOf(found.value);
  const asksForIndex = index !== undefined && (reference.digest === undefined || reference.digest === index.digest);
  return json({ manifest: asksForIndex ? index.blob : found.value.manifestBlob, config: found.value.configBlob });
}

export const distributionRoutes: readonly Route[] = [
  ['GET', /^\/distribution\/(.+)\/json$/, inspect],
  ['GET', /^\/distribution\/(.+)\/document$/, document],
];
