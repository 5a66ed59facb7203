import { service as serviceKind, type Service } from '../../api/core/service';
import type { AdmissionPlugin } from './admission';
import { deny } from './deny';

/** DenyServiceExternalIPs: no new external addresses of services. */
export const denyServiceExternalIPs: AdmissionPlugin = {
  name: 'DenyServiceExternalIPs',
  resources: [serviceKind.resource],
  validate(attributes) {
    const { object, old, operation } = attributes;
    if (operation === 'DELETE') return undefined;
    const had = (old as Service | undefined)?.spec.externalIPs ?? [];
    const added = ((object as Service).spec.externalIPs ?? []).some((each) => !had.includes(each));
    return added ? deny(attributes, 'Use of external IPs is denied by admission control') : undefined;
  },
};
