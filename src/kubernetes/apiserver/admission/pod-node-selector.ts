import { err, ok, type Result } from '../../../sim/result';
import { namespace as namespaceKind } from '../../api/core/namespace';
import { pod as podKind, type Pod } from '../../api/core/pod';
import type { ApiObject, Labels } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes, Initializer } from './admission';
import { deny } from './deny';

const annotation = 'scheduler.alpha.kubernetes.io/node-selector';

/** PodNodeSelector: where the pods of a namespace may go stands at the namespace. */
export const podNodeSelector: AdmissionPlugin = {
  name: 'PodNodeSelector',
  resources: [podKind.resource],
  mutate<T extends ApiObject>(attributes: Attributes<T>, storage: Storage, server: Initializer): Result<T, Status> {
    const { object, operation, subresource } = attributes;
    if (operation !== 'CREATE' || subresource !== undefined) return ok(object);
    const { namespace = '' } = object.metadata;
    const configured = server.configurations().get('PodNodeSelector')?.['podNodeSelectorPluginConfig'];
    const clusterWide = (isMap(configured) ? configured : {}) as Readonly<Record<string, unknown>>;
    const own = storage.get(namespaceKind, undefined, namespace)?.metadata.annotations?.[annotation];
    const wanted = labelsOf(own ?? textOf(clusterWide, 'clusterDefaultNodeSelector'));
    const pod = object as unknown as Pod;
    const had = pod.spec.nodeSelector ?? {};
    if (conflict(wanted, had))
      return err(deny(attributes, 'pod node label selector conflicts with its namespace node label selector'));
    const merged = { ...had, ...wanted };
    // What the configuration has for the namespace is all that its pods may ask for.
    const most = labelsOf(textOf(clusterWide, namespace));
    if (Object.keys(most).length > 0 && Object.keys(merged).some((key) => most[key] !== merged[key]))
      return err(deny(attributes, 'pod node label selector labels conflict with its namespace whitelist'));
    if (Object.keys(wanted).length === 0) return ok(object);
    return ok({ ...pod, spec: { ...pod.spec, nodeSelector: merged } } as unknown as T);
  },
};

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

function textOf(map: Readonly<Record<string, unknown>>, key: string): string {
  const value = Object.hasOwn(map, key) ? map[key] : undefined;
  return typeof value === 'string' ? value : '';
}

const conflict = (some: Labels, others: Labels): boolean =>
  Object.keys(some).some((key) => Object.hasOwn(others, key) && others[key] !== some[key]);

/** labels.ConvertSelectorToLabelsMap: `a=b,c=d`. */
function labelsOf(text: string): Labels {
  const pairs = text.split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
  });
  return Object.fromEntries(pairs);
}
