import type { AdmissionPlugin } from './admission';
import { deny } from './deny';

/** AlwaysAdmit: does nothing. */
export const alwaysAdmit: AdmissionPlugin = { name: 'AlwaysAdmit' };

/** AlwaysDeny: refuses everything. */
export const alwaysDeny: AdmissionPlugin = {
  name: 'AlwaysDeny',
  validate: (attributes) => deny(attributes, 'admission control is denying all modifications'),
};
