import { decode } from '../../../linux/io/bytes';
import type { Response } from '../../../linux/net/http/message';
import type { Reference } from '../../images/reference';
import { openRegistry, type Credentials } from '../../registry/client';
import { dockerEndpoints } from '../../registry/endpoints';
import { acceptAll, parseManifest, typeOf } from '../../registry/manifest';
import { dockerPullText } from '../../registry/pull';
import { sha256HexOf } from '../../images/digest';
import { agentOf } from './network-pull';
import { failure, json, type Call } from './respond';

/** What a registry of the simulated network has under a name: descriptor and platforms. */
export async function describeRemote(
  call: Call,
  reference: Reference,
  credentials: Credentials | undefined,
): Promise<Response> {
  const { dockerd } = call.engine.options;
  const opened = await openRegistry(dockerd, dockerEndpoints(dockerd, reference.domain), agentOf(call), credentials);
  if (!opened.ok) return failure(dockerPullText(reference, { kind: 'registry', failure: opened.error }));
  const { path, tag, digest } = reference;
  const read = await opened.value.read('GET', `/v2/${path}/manifests/${digest ?? tag ?? 'latest'}`, {
    headers: { Accept: acceptAll },
  });
  if (!read.ok) return failure(dockerPullText(reference, { kind: 'registry', failure: read.error }));
  const { bytes } = read.value;
  const manifest = parseManifest(bytes);
  if (manifest === undefined) return failure({ status: 400, message: 'unknown manifest' });
  const Descriptor = { mediaType: typeOf(manifest), digest: `sha256:${sha256HexOf([bytes])}`, size: bytes.length };
  if (manifest.manifests !== undefined)
    return json({ Descriptor, Platforms: manifest.manifests.map(({ platform }) => platform ?? null) });
  const config = await opened.value.read('GET', `/v2/${path}/blobs/${manifest.config?.digest ?? ''}`);
  if (!config.ok) return failure(dockerPullText(reference, { kind: 'registry', failure: config.error }));
  const { architecture = 'amd64', os = 'linux' } = JSON.parse(decode(config.value.bytes)) as {
    architecture?: string;
    os?: string;
  };
  return json({ Descriptor, Platforms: [{ architecture, os }] });
}
