import { ok, type Result } from '../../../sim/result';
import { pod as podKind, type Pod } from '../../api/core/pod';
import type { Container } from '../../api/core/pod-spec';
import type { ApiObject } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { AdmissionPlugin, Attributes } from './admission';

/** AlwaysPullImages: nobody uses an image that somebody else has pulled. */
export const alwaysPullImages: AdmissionPlugin = {
  name: 'AlwaysPullImages',
  resources: [podKind.resource],
  mutate<T extends ApiObject>({ object, operation, subresource }: Attributes<T>): Result<T, Status> {
    if (operation === 'DELETE' || subresource !== undefined) return ok(object);
    const pod = object as unknown as Pod;
    const { containers, initContainers, ephemeralContainers } = pod.spec;
    const spec = {
      ...pod.spec,
      containers: containers.map(always),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(always) }),
      ...(ephemeralContainers === undefined ? {} : { ephemeralContainers: ephemeralContainers.map(always) }),
    };
    return ok({ ...pod, spec } as unknown as T);
  },
};

const always = <C extends Pick<Container, 'imagePullPolicy'>>(container: C): C =>
  container.imagePullPolicy === 'Always' ? container : { ...container, imagePullPolicy: 'Always' };
