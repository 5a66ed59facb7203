import { rpcErrorText } from '../../containers/containerd/cri';
import { parseReference } from '../../containers/images/reference';
import type { Pod } from '../api/core/pod';
import type { Container } from '../api/core/pod-spec';
import { Backoff, durationText } from './backoff';
import { containerReference, type KubeletContext } from './types';

/** Why a container waits: what its status says. */
export interface WaitingReason {
  readonly reason: string;
  readonly message: string;
}

type Field = 'containers' | 'initContainers' | 'ephemeralContainers';

/** Pulls images one after another, with back-off. Upstream: pkg/kubelet/images/image_manager.go */
export class ImageManager {
  readonly #context: KubeletContext;
  readonly #backoff: Backoff;
  /** The last failure by `uid_image`, which the back-off's message repeats. */
  readonly #failures = new Map<string, string>();
  readonly #queue: (() => void)[] = [];
  #pulling = false;

  constructor(context: KubeletContext) {
    this.#context = context;
    this.#backoff = new Backoff(context.clock);
  }

  /** Sees to it that the image is there. `done` gets the reason if it cannot be. */
  ensure(pod: Pod, container: Container, field: Field, done: (failure: WaitingReason | undefined) => void): void {
    const { cri, events } = this.#context;
    const { image, imagePullPolicy } = container;
    const about = containerReference(pod, field, container.name);
    const parsed = parseReference(withTag(image));
    if (!parsed.ok) {
      const text = `couldn't parse image name "${withTag(image)}": ${parsed.error}`;
      const message = `Failed to apply default image tag "${withTag(image)}": ${text}`;
      events.event(about, 'Warning', 'InspectFailed', message);
      done({ reason: 'InvalidImageName', message });
      return;
    }
    const present = cri.imageStatus({ image }) !== undefined;
    if (present && imagePullPolicy !== 'Always') {
      events.event(about, 'Normal', 'Pulled', `Container image "${image}" already present on machine`);
      done(undefined);
      return;
    }
    if (imagePullPolicy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      events.event(about, 'Warning', 'ErrImageNeverPull', message);
      done({ reason: 'ErrImageNeverPull', message });
      return;
    }
    const key = `${pod.metadata.uid}_${image}`;
    if (this.#backoff.isSinceUpdate(key)) {
      const text = `Back-off pulling image "${image}"`;
      events.event(about, 'Normal', 'BackOff', text);
      done({ reason: 'ImagePullBackOff', message: `${text}: ErrImagePull: ${this.#failures.get(key) ?? ''}` });
      return;
    }
    events.event(about, 'Normal', 'Pulling', `Pulling image "${image}"`);
    const asked = this.#context.clock.now;
    this.#enqueue(() => this.#pull(pod, image, asked, about, done));
  }

  /** Back-offs of a pod that is gone. */
  forget(uid: string, images: readonly string[]): void {
    for (const image of images) {
      this.#backoff.forget(`${uid}_${image}`);
      this.#failures.delete(`${uid}_${image}`);
    }
  }

  #pull(
    pod: Pod,
    image: string,
    asked: number,
    about: ReturnType<typeof containerReference>,
    done: (failure: WaitingReason | undefined) => void,
  ): void {
    const { cri, clock, events } = this.#context;
    const begun = clock.now;
    const key = `${pod.metadata.uid}_${image}`;
    cri.pullImage({ image }, {}, (pulled) => {
      this.#next();
      if (!pulled.ok) {
        const message = rpcErrorText(pulled.error);
        events.event(about, 'Warning', 'Failed', `Failed to pull image "${image}": ${message}`);
        this.#backoff.next(key, clock.now);
        this.#failures.set(key, message);
        done({ reason: 'ErrImagePull', message });
        return;
      }
      this.#failures.delete(key);
      const size = cri.imageStatus({ image })?.size ?? 0;
      const took = `${durationText(Math.round(clock.now - begun))} (${durationText(Math.round(clock.now - asked))} including waiting)`;
      const text = `Successfully pulled image "${image}" in ${took}. Image size: ${size} bytes.`;
      events.event(about, 'Normal', 'Pulled', text);
      done(undefined);
    });
  }

  /** --serialize-image-pulls */
  #enqueue(pull: () => void): void {
    if (this.#pulling) {
      this.#queue.push(pull);
      return;
    }
    this.#pulling = true;
    pull();
  }

  #next(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#pulling = false;
    else next();
  }
}

/** parsers.ParseImageName: without tag and digest it is `latest`. */
function withTag(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.includes(':') || image.includes('@') ? image : `${image}:latest`;
}
