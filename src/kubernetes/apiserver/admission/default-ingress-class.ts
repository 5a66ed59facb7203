import { ok, type Result } from '../../../sim/result';
import { ingress as ingressKind, ingressClass, type Ingress } from '../../api/networking/ingress';
import type { ApiObject } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes } from './admission';
import { newestFirst } from './newest';

/** DefaultIngressClass: ingresses that name no class get the default one. */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  resources: [ingressKind.resource],
  mutate<T extends ApiObject>({ object, operation, subresource }: Attributes<T>, storage: Storage): Result<T, Status> {
    if (operation !== 'CREATE' || subresource !== undefined) return ok(object);
    const given = object as unknown as Ingress;
    if (given.spec?.ingressClassName !== undefined) return ok(object);
    if (given.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return ok(object);
    const [chosen] = storage
      .served(ingressClass)
      .cacher.list()
      .filter(({ metadata }) => metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true')
      .sort(newestFirst);
    if (chosen === undefined) return ok(object);
    return ok({ ...given, spec: { ...given.spec, ingressClassName: chosen.metadata.name } } as unknown as T);
  },
};
