import { certificateSigningRequest, type CertificateSigningRequest } from '../../../api/certificates/csr';
import type { ApiObject } from '../../../apimachinery/object';
import type { AdmissionPlugin } from '../admission';
import { deny } from '../deny';
import { mayUseSigner } from './signers';

/** CertificateApproval: who judges a request may `approve` for its signer. */
export const certificateApproval: AdmissionPlugin = {
  name: 'CertificateApproval',
  resources: [certificateSigningRequest.resource],
  validate(attributes, _storage, { authorizer }) {
    const { subresource, old, actor } = attributes;
    if (subresource !== 'approval' || old === undefined) return undefined;
    const { signerName } = (old as ApiObject as CertificateSigningRequest).spec;
    return mayUseSigner(authorizer, actor, 'approve', signerName)
      ? undefined
      : deny(attributes, `user not permitted to approve requests with signerName ${JSON.stringify(signerName)}`);
  },
};
