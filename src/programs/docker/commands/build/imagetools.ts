import { decode } from '../../../../linux/io/bytes';
import { fullString } from '../../../../containers/images/reference';
import { CommandError, type Invocation } from '../../cli/command';
import { fetchManifest } from '../manifest/remote';

/** `docker buildx imagetools inspect`: what the registry has under a name. */
export async function imagetoolsInspect(invocation: Invocation): Promise<number> {
  const { args, flags, out } = invocation;
  const { reference, bytes, descriptor, manifest } = await fetchManifest(invocation, args[0] ?? '');
  if (flags.on('raw')) {
    await out(decode(bytes));
    return 0;
  }
  if (flags.given('format')) throw new CommandError('templates of imagetools are not supported by this builder');
  const name = fullString(reference);
  await out(`Name:      ${name}\nMediaType: ${descriptor.mediaType}\nDigest:    ${descriptor.digest}\n`);
  if (manifest.manifests === undefined) return 0;
  const repository = name.replace(/(?:@|:[^/]*$).*/, '');
  const members = manifest.manifests.map(({ digest, mediaType, platform }) => {
    const { os = '', architecture = '', variant } = platform ?? {};
    const shown = [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
    return `  Name:      ${name.includes('@') ? repository : name}@${digest}\n  MediaType: ${mediaType}\n  Platform:  ${shown}\n`;
  });
  await out(`           \nManifests: \n${members.join('             \n')}`);
  return 0;
}

/** `docker buildx imagetools create` writes manifests to a registry, which needs more than the engine offers. */
export const imagetoolsCreate = (): Promise<number> =>
  Promise.reject(new CommandError('creating manifest lists in a registry is not supported by this builder'));
