import { CommandError, type Invocation } from '../../cli/command';
import { referenceOf } from '../../cli/pull';

interface DistributionInspect {
  readonly Descriptor: { readonly mediaType: string; readonly digest: string; readonly size: number };
  readonly Platforms:
    readonly { readonly architecture: string; readonly os: string; readonly variant?: string }[] | null;
}

/** `docker buildx imagetools inspect`: what the registry says of an image, through the engine. */
export async function imagetoolsInspect({ api, args, flags, out }: Invocation): Promise<number> {
  const [name = ''] = args;
  const { domain, path, tag = 'latest', digest } = referenceOf(name);
  const full = `${domain}/${path}`;
  const found = await api.get<DistributionInspect>(
    `/distribution/${full}${digest === undefined ? `:${tag}` : `@${digest}`}/json`,
  );
  const { mediaType, digest: own, size } = found.Descriptor;
  if (flags.on('raw') || flags.given('format'))
    throw new CommandError('the manifest itself cannot be shown: the engine tells no more than its descriptor');
  void size;
  await out(`Name:      ${full}:${tag}\nMediaType: ${mediaType}\nDigest:    ${own}\n`);
  const platforms = found.Platforms ?? [];
  if (platforms.length > 1)
    await out(
      `           \nManifests: \n${platforms
        .map(
          ({ os, architecture, variant }) =>
            `  Name:      ${full}:${tag}\n  MediaType: application/vnd.oci.image.manifest.v1+json\n  Platform:  ${os}/${architecture}${variant === undefined ? '' : `/${variant}`}\n`,
        )
        .join('             \n')}`,
    );
  return 0;
}

/** `docker buildx imagetools create` writes manifests to a registry, which needs more than the engine offers. */
export const imagetoolsCreate = (): Promise<number> =>
  Promise.reject(new CommandError('creating manifest lists in a registry is not supported by this builder'));
