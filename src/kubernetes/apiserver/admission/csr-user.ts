import { ok } from '../../../sim/result';
import { certificateSigningRequest, type CertificateSigningRequest } from '../../api/certificates/csr';
import type { ApiObject } from '../../apimachinery/object';
import type { AdmissionPlugin } from './admission';

/** Who asks for a certificate is no matter of what the request says (csrStrategy.PrepareForCreate). */
export const csrUser: AdmissionPlugin = {
  name: 'csrStrategy',
  resources: [certificateSigningRequest.resource],
  mutate(attributes) {
    const { object, operation, actor } = attributes;
    if (operation !== 'CREATE') return ok(object);
    const request = object as ApiObject as CertificateSigningRequest;
    const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...spec } = request.spec;
    const { user: username, uid, groups = [], extra } = actor;
    const asked = {
      ...spec,
      username,
      ...(uid === undefined ? {} : { uid }),
      ...(groups.length === 0 ? {} : { groups }),
      ...(extra === undefined ? {} : { extra }),
    };
    return ok({ ...request, spec: asked } as ApiObject as typeof object);
  },
};
