import type { ContainerStatus, CriImage, PodSandboxStatus } from '../../../containers/containerd/cri';

/** RFC 3339 as Go prints times of the CRI; zero is Go's zero time. */
export const time = (ms: number): string =>
  ms === 0 ? '0001-01-01T00:00:00Z' : new Date(ms).toISOString().replace(/Z$/, '000000Z');

/** A container in `ps -o json` (times are nanoseconds, as strings: protojson's int64). */
export const containerJson = (one: ContainerStatus): object => ({
  id: one.id,
  podSandboxId: one.sandboxId,
  metadata: one.metadata,
  image: { image: one.imageId, annotations: {}, userSpecifiedImage: '', runtimeHandler: '' },
  imageRef: one.imageId,
  state: one.state,
  createdAt: `${one.createdAt}000000`,
  labels: one.labels,
  annotations: one.annotations,
  imageId: one.imageId,
});

export const sandboxJson = (one: PodSandboxStatus): object => ({
  id: one.id,
  metadata: one.metadata,
  state: one.state,
  createdAt: `${one.createdAt}000000`,
  labels: one.labels,
  annotations: one.annotations,
  runtimeHandler: '',
});

export const imageJson = (image: CriImage): object => ({
  id: image.id,
  pinned: false,
  repoDigests: image.repoDigests,
  repoTags: image.repoTags,
  size: String(image.size),
  ...(image.uid === undefined ? {} : { uid: { value: String(image.uid) } }),
  username: image.username ?? '',
});
