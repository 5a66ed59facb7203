import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import { err, ok, type Result } from '../../sim/result';
import type {
  ContainerConfig,
  ContainerEvent,
  ContainerStatus,
  CriError,
  CriImage,
  CriRuntime,
  PodSandboxStatus,
} from '../../containers/containerd/cri';

/** A runtime in which nothing runs: containers live as long as `lifetime` says. For tests of what is above it. */
export function createFakeCri(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: string;
  /** Virtual milliseconds after which a container ends, and with which code; undefined: it runs on. */
  readonly lifetime?: (config: ContainerConfig) => { readonly after: number; readonly code: number } | undefined;
  /** Images that cannot be pulled. */
  readonly missing?: (image: string) => CriError | undefined;
}): CriRuntime {
  const { clock, random, network, lifetime, missing } = options;
  const sandboxes = new Map<string, PodSandboxStatus>();
  const containers = new Map<string, { config: ContainerConfig; status: ContainerStatus }>();
  const images = new Map<string, CriImage>();
  const listeners = new Set<(event: ContainerEvent) => void>();
  let addresses = 1;
  let ids = 0;
  const newId = (): string => `${random.hex(8)}${String(++ids).padStart(56, '0')}`;
  const notFound = <T>(id: string): Result<T, CriError> => err({ code: 'NotFound', message: `not found: ${id}` });
  const tell = (type: ContainerEvent['type'], containerId: string, sandboxId: string): void => {
    const podUid = sandboxes.get(sandboxId)?.metadata.uid ?? '';
    for (const listener of listeners) listener({ type, containerId, sandboxId, podUid });
  };
  const end = (id: string, exitCode: number): void => {
    const found = containers.get(id);
    if (found?.status.state !== 'CONTAINER_RUNNING') return;
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    found.status = { ...found.status, state: 'CONTAINER_EXITED', finishedAt: clock.now, exitCode, reason, pid: 0 };
    tell('stopped', id, found.status.sandboxId);
  };
  const later = (delay: number, run: () => void): void => void clock.setTimer(delay, run);
  const unsupported = (): never => {
    throw new Error('the fake runtime runs nothing');
  };
  return {
    version: () => ({ runtimeName: 'containerd', runtimeVersion: 'v2.1.4', runtimeApiVersion: 'v1' }),
    status: () => ({ runtimeReady: true, networkReady: { ok: true } }),
    runPodSandbox({ metadata, labels, annotations, namespaceOptions }, done) {
      later(200, () => {
        const id = newId();
        const host = namespaceOptions?.network === 'node';
        const ip = host ? '' : `${network}.${++addresses}`;
        sandboxes.set(id, {
          id,
          metadata,
          state: 'SANDBOX_READY',
          createdAt: clock.now,
          ip,
          network: host ? 'node' : 'pod',
          labels,
          annotations,
        });
        tell('started', id, id);
        done(ok(id));
      });
    },
    stopPodSandbox(id, done) {
      later(20, () => {
        for (const { status } of containers.values()) if (status.sandboxId === id) end(status.id, 137);
        const found = sandboxes.get(id);
        if (found !== undefined && found.state === 'SANDBOX_READY') {
          sandboxes.set(id, { ...found, state: 'SANDBOX_NOTREADY' });
          tell('stopped', id, id);
        }
        done(ok(undefined));
      });
    },
    removePodSandbox(id, done) {
      for (const [other, { status }] of containers) if (status.sandboxId === id) containers.delete(other);
      sandboxes.delete(id);
      later(0, () => done(ok(undefined)));
    },
    podSandboxStatus(id) {
      const found = sandboxes.get(id);
      return found === undefined ? notFound(id) : ok(found);
    },
    listPodSandbox: () => [...sandboxes.values()],
    createContainer(sandboxId, config, done) {
      later(20, () => {
        const id = newId();
        const image = images.get(config.image.image) ?? images.get(config.image.userSpecifiedImage ?? '');
        containers.set(id, {
          config,
          status: {
            id,
            sandboxId,
            metadata: config.metadata,
            state: 'CONTAINER_CREATED',
            createdAt: clock.now,
            startedAt: 0,
            finishedAt: 0,
            exitCode: 0,
            reason: '',
            message: '',
            image: image?.repoTags[0] ?? config.image.image,
            imageId: image?.id ?? '',
            imageRef: image?.repoDigests[0] ?? '',
            labels: config.labels,
            annotations: config.annotations,
            logPath: config.logPath,
            pid: 0,
          },
        });
        done(ok(id));
      });
    },
    startContainer(id, done) {
      later(50, () => {
        const found = containers.get(id);
        if (found === undefined) return done(notFound(id));
        found.status = { ...found.status, state: 'CONTAINER_RUNNING', startedAt: clock.now, pid: 4711 };
        tell('started', id, found.status.sandboxId);
        const life = lifetime?.(found.config);
        if (life !== undefined) clock.setTimer(life.after, () => end(id, life.code), { background: true });
        done(ok(undefined));
      });
    },
    stopContainer(id, _timeout, done) {
      later(50, () => {
        end(id, 0);
        done(ok(undefined));
      });
    },
    removeContainer(id, done) {
      containers.delete(id);
      later(0, () => done(ok(undefined)));
    },
    containerStatus(id) {
      const found = containers.get(id);
      return found === undefined ? notFound(id) : ok(found.status);
    },
    listContainers: () => [...containers.values()].map(({ status }) => status),
    updateContainerResources: () => ok(undefined),
    reopenContainerLog: () => ok(undefined),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    execSync: unsupported,
    exec: unsupported,
    attach: unsupported,
    sandboxNetwork: () => undefined,
    containerStats: (id) => notFound(id),
    pullImage({ image }, _options, done) {
      later(150, () => {
        const failure = missing?.(image);
        if (failure !== undefined) return done(err(failure));
        const id = `sha256:${image}`;
        const whole = `docker.io/library/${image}${image.includes(':') ? '' : ':latest'}`;
        const digest = `docker.io/library/${image}@sha256:0123`;
        const stored: CriImage = { id, repoTags: [whole], repoDigests: [digest], size: 106_731_022 };
        images.set(image, stored);
        images.set(id, stored);
        done(ok(id));
      });
    },
    imageStatus: ({ image }) => images.get(image),
    listImages: () => [...new Set(images.values())],
    removeImage: () => ok(undefined),
  };
}
