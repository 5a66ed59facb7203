import { err, ok, type Result } from '../../../sim/result';
import { namespace as namespaceKind } from '../../api/core/namespace';
import { pod as podKind, type Pod } from '../../api/core/pod';
import type { ApiObject, Labels } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes } from './admission';
import { deny } from './deny';

const annotation = 'scheduler.alpha.kubernetes.io/node-selector';

/** PodNodeSelector: where the pods of a namespace may go stands at the namespace. */
export const podNodeSelector: AdmissionPlugin = {
  name: 'PodNodeSelector',
  resources: [podKind.resource],
  mutate<T extends ApiObject>(attributes: Attributes<T>, storage: Storage): Result<T, Status> {
    const { object, operation, subresource } = attributes;
    if (operation !== 'CREATE' || subresource !== undefined) return ok(object);
    const wanted = selectorOf(object, storage);
    const pod = object as unknown as Pod;
    const had = pod.spec.nodeSelector ?? {};
    if (Object.keys(wanted).some((key) => Object.hasOwn(had, key) && had[key] !== wanted[key]))
      return err(deny(attributes, 'pod node label selector conflicts with its namespace node label selector'));
    if (Object.keys(wanted).length === 0) return ok(object);
    return ok({ ...pod, spec: { ...pod.spec, nodeSelector: { ...had, ...wanted } } } as unknown as T);
  },
};

/** labels.ConvertSelectorToLabelsMap: `a=b,c=d`. */
function selectorOf({ metadata }: ApiObject, storage: Storage): Labels {
  const text =
    storage.get(namespaceKind, undefined, metadata.namespace ?? '')?.metadata.annotations?.[annotation] ?? '';
  const pairs = text.split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
  });
  return Object.fromEntries(pairs);
}
