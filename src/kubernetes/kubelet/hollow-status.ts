import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Pod, PodCondition, PodStatus, ContainerStatus } from '../api/core/pod';
import type { Container } from '../api/core/pod-spec';
import type { Time } from '../apimachinery/object';

/** Where a pod lies, as its status says. */
export interface Place {
  readonly hostIP: string;
  readonly podIP: string;
  readonly now: Time;
}

type Truth = 'True' | 'False';

/** Images and containers have no content here; their identity is that of their names. */
const digests = new Map<string, string>();
function digest(text: string): string {
  let found = digests.get(text);
  if (found === undefined) digests.set(text, (found = bytesToHex(sha256(utf8ToBytes(text)))));
  return found;
}

/** `nginx` as a runtime reports it: docker.io/library/nginx:latest. */
const reported = (image: string): string =>
  `${image.includes('/') ? '' : 'docker.io/library/'}${image}${image.includes(':') ? '' : ':latest'}`;

const identity = ({ name, image = '' }: Container): Pick<ContainerStatus, 'containerID' | 'image' | 'imageID'> => ({
  containerID: `containerd://${digest(`${name}/${image}`)}`,
  image: reported(image),
  imageID: `${image.includes('/') ? '' : 'docker.io/library/'}${image.split(':', 1)[0] ?? ''}@sha256:${digest(image)}`,
});

const condition = (type: string, status: Truth, now: Time, why: Partial<PodCondition> = {}): PodCondition => ({
  type,
  status,
  lastProbeTime: null,
  lastTransitionTime: now,
  ...why,
});

/** The fresh ones, that the pod has a node, readiness gates as met, then what else there was. */
function merged({ spec, status }: Pod, now: Time, fresh: readonly PodCondition[]): readonly PodCondition[] {
  const old = status.conditions ?? [];
  const all = [
    ...fresh,
    old.find(({ type }) => type === 'PodScheduled') ?? condition('PodScheduled', 'True', now),
    ...(spec.readinessGates ?? []).map(({ conditionType }) => condition(conditionType, 'True', now)),
  ];
  return [...all, ...old.filter(({ type }) => all.every((one) => one.type !== type))];
}

const address = ({ hostIP, podIP, now }: Place): Partial<PodStatus> => ({
  hostIP,
  hostIPs: [{ ip: hostIP }],
  podIP,
  podIPs: [{ ip: podIP }],
  startTime: now,
});

/** All containers run; `ready` says whether their probes agree. */
export function running(pod: Pod, place: Place, ready = true): PodStatus {
  const { spec, status } = pod;
  const { now } = place;
  const truth: Truth = ready ? 'True' : 'False';
  const containers = spec.containers.map((container): ContainerStatus => ({
    name: container.name,
    state: { running: { startedAt: now } },
    lastState: {},
    ready,
    restartCount: 0,
    ...identity(container),
    started: true,
  }));
  const inits = (spec.initContainers ?? []).map((container): ContainerStatus => {
    const stays = container.restartPolicy === 'Always';
    const ids = identity(container);
    return {
      name: container.name,
      state: stays
        ? { running: { startedAt: now } }
        : {
            terminated: {
              exitCode: 0,
              reason: 'Completed',
              startedAt: now,
              finishedAt: now,
              ...(ids.containerID === undefined ? {} : { containerID: ids.containerID }),
            },
          },
      lastState: {},
      ready: true,
      restartCount: 0,
      ...ids,
      started: stays,
    };
  });
  return {
    ...status,
    phase: 'Running',
    conditions: merged(pod, now, [
      condition('PodReadyToStartContainers', 'True', now),
      condition('Initialized', 'True', now),
      condition('Ready', truth, now),
      condition('ContainersReady', truth, now),
    ]),
    ...address(place),
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits }),
    containerStatuses: containers,
  };
}

/** No registry has the image. */
export function imageMissing(pod: Pod, place: Place): PodStatus {
  const { spec, status } = pod;
  const { now } = place;
  const why = {
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${spec.containers.map(({ name }) => name).join(' ')}]`,
  };
  return {
    ...status,
    phase: 'Pending',
    conditions: merged(pod, now, [
      condition('PodReadyToStartContainers', 'True', now),
      condition('Initialized', 'True', now),
      condition('Ready', 'False', now, why),
      condition('ContainersReady', 'False', now, why),
    ]),
    ...address(place),
    containerStatuses: spec.containers.map(({ name, image = '' }): ContainerStatus => {
      const full = `docker.io/library/${image}`;
      return {
        name,
        state: {
          waiting: {
            reason: 'ImagePullBackOff',
            message:
              `Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and ` +
              `unpack image "${full}": failed to resolve reference "${full}": ${full}: not found`,
          },
        },
        lastState: {},
        ready: false,
        restartCount: 0,
        image,
        imageID: '',
        started: false,
      };
    }),
  };
}

/** Every container came to its end with this exit code. */
export function ended(pod: Pod, now: Time, exitCode: number): PodStatus {
  const { status } = pod;
  const failed = exitCode !== 0;
  const reason = failed ? 'PodFailed' : 'PodCompleted';
  const statuses = status.containerStatuses?.map((old): ContainerStatus => {
    const startedAt = old.state?.running?.startedAt ?? now;
    return {
      ...old,
      state: {
        terminated: {
          exitCode,
          reason: failed ? 'Error' : 'Completed',
          startedAt,
          finishedAt: now,
          ...(old.containerID === undefined ? {} : { containerID: old.containerID }),
        },
      },
      lastState: {},
      ready: false,
      restartCount: 0,
      started: false,
    };
  });
  return {
    ...status,
    phase: failed ? 'Failed' : 'Succeeded',
    conditions: merged(pod, now, [
      condition('PodReadyToStartContainers', 'False', now),
      condition('Initialized', 'True', now, failed ? {} : { reason }),
      condition('Ready', 'False', now, { reason }),
      condition('ContainersReady', 'False', now, { reason }),
    ]),
    ...(statuses === undefined ? {} : { containerStatuses: statuses }),
  };
}
