import { registryErrorText } from '../../containerd/image-store';
import { parseReference, withDefaultTag } from '../../images/reference';
import type { Response } from '../../../linux/net/http/message';
import { failure, json, type Call, type Route } from './respond';

/** GET /distribution/{name}/json: what a registry says of a name, without pulling it. */
function inspect({ engine, params }: Call): Response {
  const parsed = parseReference(decodeURIComponent(params[0] ?? ''));
  if (!parsed.ok) return failure({ status: 400, message: parsed.error });
  const reference = withDefaultTag(parsed.value);
  const found = engine.options.registries.resolve(reference);
  if (!found.ok) return failure({ status: 403, message: registryErrorText(reference, found.error) });
  return json({
    Descriptor: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: found.value.digest, size: 1610 },
    Platforms: [{ architecture: 'amd64', os: 'linux' }],
  });
}

export const distributionRoutes: readonly Route[] = [['GET', /^\/distribution\/(.+)\/json$/, inspect]];
