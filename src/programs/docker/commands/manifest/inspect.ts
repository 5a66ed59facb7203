import { decode, encode } from '../../../../linux/io/bytes';
import { base64 } from '../../../../linux/net/tls/pem';
import { fullString } from '../../../../containers/images/reference';
import { types } from '../../../../containers/registry/manifest';
import type { Command, Invocation } from '../../cli/command';
import { flags } from '../../cli/flags';
import { localList, shownList } from './list';
import { fetchManifest, fetchMember, platformOf, type Fetched } from './remote';

export const inspect: Command = {
  use: 'inspect [OPTIONS] [MANIFEST_LIST] MANIFEST',
  short: 'Display an image manifest, or manifest list',
  experimental: true,
  offline: true,
  flags: flags(`
    --insecure | Allow communication with an insecure registry
    -v, --verbose | Output additional info including layers and platform
  `),
  operands: [1, 2],
  async run(invocation) {
    const { args, flags: given, out } = invocation;
    const name = args.at(-1) ?? '';
    const list = args.length === 1 ? localList(invocation, name) : undefined;
    if (list !== undefined) {
      await out(`${JSON.stringify(shownList(list), null, '\t')}\n`);
      return 0;
    }
    const fetched = await fetchManifest(invocation, name);
    if (!given.on('verbose')) {
      await out(`${JSON.stringify(asShown(fetched), null, '\t')}\n`);
      return 0;
    }
    const { manifests } = fetched.manifest;
    if (manifests === undefined) {
      await out(`${JSON.stringify(await verbose(invocation, fetched), null, '\t')}\n`);
      return 0;
    }
    const all = [];
    for (const { digest } of manifests) {
      all.push(await verbose(invocation, await fetchMember(invocation, fetched, digest)));
    }
    await out(`${JSON.stringify(all, null, '\t')}\n`);
    return 0;
  },
};

/** Fields in the order of the CLI's types (distribution/manifest/manifestlist). */
function asShown({ bytes, manifest }: Fetched): object {
  const all = JSON.parse(decode(bytes)) as object;
  if (manifest.manifests === undefined) return all;
  return {
    ...all,
    manifests: manifest.manifests.map(({ mediaType, digest, size, platform }) => ({
      mediaType,
      size,
      digest,
      platform,
    })),
  };
}

async function verbose(invocation: Invocation, fetched: Fetched): Promise<object> {
  const platform = await platformOf(invocation, fetched);
  const { descriptor, manifest, reference, bytes } = fetched;
  const Raw = base64(encode(decode(bytes)));
  const kind = descriptor.mediaType === types.ociManifest ? 'OCIManifest' : 'SchemaV2Manifest';
  const { mediaType, digest, size } = descriptor;
  return { Ref: fullString(reference), Descriptor: { mediaType, digest, size, platform }, Raw, [kind]: manifest };
}
