import { err, ok, type Result } from '../../sim/result';
import { fullString, parseReference, repositoryOf, withDefaultTag, type Reference } from '../images/reference';
import { containerdRefusal } from '../images/refusal';
import type { RegistryError } from '../images/registry';
import type { ContainerHost } from '../host';
import type { CriError, CriImage, CriRuntime, Done, ImageSpec } from './cri';
import type { ImageStore, StoredImage } from './image-store';

type ImageService = Pick<CriRuntime, 'pullImage' | 'imageStatus' | 'listImages' | 'removeImage'>;

/** The image service of the CRI. Pulls of one image at the same time are one pull. */
export function imageService(images: ImageStore, host?: ContainerHost): ImageService {
  const underway = new Map<string, Done<string>[]>();
  return {
    pullImage({ image }, { auth }, done) {
      const parsed = parseReference(image);
      if (!parsed.ok) {
        done(
          err({
            code: 'InvalidArgument',
            message: `failed to parse image reference ${JSON.stringify(image)}: ${parsed.error}`,
          }),
        );
        return;
      }
      const reference = withDefaultTag(parsed.value);
      const name = fullString(reference);
      const waiting = underway.get(name);
      if (waiting !== undefined) {
        waiting.push(done);
        return;
      }
      underway.set(name, [done]);
      if (host !== undefined && !images.isPublic(reference)) {
        const { clock, init } = host;
        const finish = (answer: Result<string, CriError>): void => {
          const dones = underway.get(name) ?? [];
          underway.delete(name);
          for (const each of dones) each(answer);
        };
        init.thread(async () => {
          const { pullForContainerd } = await clock.external(() => import('../registry/containerd'));
          const pulled = await pullForContainerd(init, images, reference, auth);
          finish(pulled.ok ? ok(pulled.value.id) : pulled);
        });
        return;
      }
      images.pull(reference, {
        done: (result) => {
          const dones = underway.get(name) ?? [];
          underway.delete(name);
          const answer: Result<string, CriError> = result.ok
            ? ok(result.value.image.id)
            : err(pullError(reference, result.error));
          for (const each of dones) each(answer);
        },
      });
    },
    imageStatus({ image }: ImageSpec) {
      const stored = images.find(image);
      return stored === undefined ? undefined : criImage(stored);
    },
    listImages: () => images.list().map(criImage),
    removeImage({ image }) {
      const stored = images.find(image);
      if (stored !== undefined) images.remove(stored.image);
      return ok(undefined);
    },
  };
}

function criImage({ image, tags, digests }: StoredImage): CriImage {
  const [user = ''] = (image.config.User ?? '').split(':');
  const numeric = /^\d+$/.test(user);
  return {
    id: image.id,
    repoTags: [...tags],
    repoDigests: [...digests],
    size: image.compressedSize,
    ...(user === '' ? {} : numeric ? { uid: Number(user) } : { username: user }),
  };
}

/** containerd's words (core/remotes/docker, core/unpack) with the gRPC code that errgrpc finds for them. */
function pullError(reference: Reference, error: RegistryError): CriError {
  const name = fullString(reference);
  const failed = `failed to pull and unpack image ${JSON.stringify(name)}: `;
  const text = containerdRefusal(reference, error);
  switch (error) {
    case 'incompatible':
    case 'no matching manifest':
      return { code: 'NotFound', message: `${failed}${text}` };
    case 'manifest unknown':
      return { code: 'NotFound', message: `${failed}failed to resolve image: ${text}` };
    default:
      return { code: 'Unknown', message: `${failed}failed to resolve image: ${text}` };
  }
}

/** `registry/repository@sha256:…`: what the kubelet shows as imageID. */
export function imageRefOf({ image, digests }: StoredImage, asked: string): string {
  const parsed = parseReference(asked);
  const repository = parsed.ok ? repositoryOf(parsed.value) : undefined;
  const all = [...digests];
  return all.find((digest) => digest.startsWith(`${repository ?? ''}@`)) ?? all[0] ?? image.id;
}
