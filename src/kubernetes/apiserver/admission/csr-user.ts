import { ok } from '../../../sim/result';
import { certificateSigningRequest, type CertificateSigningRequest } from '../../api/certificates/csr';
import { carryEmpties } from '../../apimachinery/decode';
import type { ApiObject } from '../../apimachinery/object';
import { timeOf } from '../../apimachinery/time';
import type { AdmissionPlugin } from './admission';

/** What of csrStrategy depends on who asks, and when. */
export const csrUser: AdmissionPlugin = {
  name: 'csrStrategy',
  resources: [certificateSigningRequest.resource],
  mutate(attributes, storage) {
    const { object, old, operation, actor } = attributes;
    const request = object as ApiObject as CertificateSigningRequest;
    if (operation === 'UPDATE' && old !== undefined) {
      const before = old as ApiObject as CertificateSigningRequest;
      return ok(withTimes(request, before, timeOf(storage.clock.now)) as ApiObject as typeof object);
    }
    if (operation !== 'CREATE') return ok(object);
    // Who asks for a certificate is no matter of what the request says.
    const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...spec } = request.spec;
    const { user: username, uid, groups = [], extra } = actor;
    const asked = carryEmpties(request.spec, {
      ...spec,
      username,
      ...(uid === undefined ? {} : { uid }),
      ...(groups.length === 0 ? {} : { groups }),
      ...(extra === undefined ? {} : { extra }),
    });
    return ok({ ...request, spec: asked } as ApiObject as typeof object);
  },
};

/** populateConditionTimestamps. */
function withTimes(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
  now: string,
): CertificateSigningRequest {
  const { conditions } = request.status;
  const dated = (each: { readonly lastUpdateTime?: unknown; readonly lastTransitionTime?: unknown }): boolean =>
    isTime(each.lastUpdateTime) && isTime(each.lastTransitionTime);
  if (conditions === undefined || conditions.every(dated)) return request;
  const before = old.status.conditions ?? [];
  return {
    ...request,
    status: {
      ...request.status,
      conditions: conditions.map((each) => {
        const known = before.find(({ type, status }) => type === each.type && status === each.status);
        return {
          ...each,
          lastUpdateTime: isTime(each.lastUpdateTime) ? each.lastUpdateTime : now,
          lastTransitionTime: isTime(each.lastTransitionTime)
            ? each.lastTransitionTime
            : (known?.lastTransitionTime ?? now),
        };
      }),
    },
  };
}

const isTime = (value: unknown): value is string => typeof value === 'string' && value !== '';
