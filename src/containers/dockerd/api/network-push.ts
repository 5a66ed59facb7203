import type { Image } from '../../images/image';
import type { Reference } from '../../images/reference';
import { failureText, openRegistry, type Credentials } from '../../registry/client';
import { dockerEndpoints } from '../../registry/endpoints';
import { layersToPush, pushRemote, type PushPhase } from '../../registry/push';
import { agentOf } from './network-pull';
import type { Call } from './respond';

type Tell = (id: string, status: string, progress?: { readonly current: number; readonly total: number }) => void;

/** Pushes one tag to a registry of the simulated network; gives what went wrong. */
export async function pushToNetwork(
  call: Call,
  { reference, image, credentials }: { reference: Reference; image: Image; credentials: Credentials | undefined },
  tell: Tell,
  say: (message: object) => void,
): Promise<string | undefined> {
  const { engine } = call;
  const { dockerd } = engine.options;
  const opened = await openRegistry(dockerd, dockerEndpoints(dockerd, reference.domain), agentOf(call), credentials);
  if (!opened.ok) return failureText(opened.error);
  const id = ({ diffId }: { readonly diffId: string }): string => diffId.slice(7, 19);
  for (const layer of layersToPush(image)) tell(id(layer), 'Preparing');
  const pushed = await pushRemote({
    process: dockerd,
    images: engine.images,
    client: opened.value,
    image,
    reference,
    layer: (layer, phase) => tell(id(layer), words(phase), phase.kind === 'pushing' ? phase : undefined),
  });
  // The client's own refusal is told without the URL (distribution/errors.go retryOnError).
  if (!pushed.ok) return failureText(pushed.error).replace(/^.*: (?=no basic auth credentials$)/, '');
  const { digest, size } = pushed.value;
  const { tag = 'latest' } = reference;
  engine.images.adopt(image, reference, digest);
  say({ status: `${tag}: digest: ${digest} size: ${size}` });
  say({ progressDetail: {}, aux: { Tag: tag, Digest: digest, Size: size } });
  return undefined;
}

function words(phase: PushPhase): string {
  switch (phase.kind) {
    case 'preparing':
      return 'Preparing';
    case 'waiting':
      return 'Waiting';
    case 'exists':
      return 'Layer already exists';
    case 'pushed':
      return 'Pushed';
    case 'mounted':
      return `Mounted from ${phase.from}`;
    case 'pushing':
      return 'Pushing';
  }
}
