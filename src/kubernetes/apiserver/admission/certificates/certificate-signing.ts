import { certificateSigningRequest, type CertificateSigningRequest } from '../../../api/certificates/csr';
import { equal } from '../../../apimachinery/equal';
import type { ApiObject } from '../../../apimachinery/object';
import type { AdmissionPlugin } from '../admission';
import { deny } from '../deny';
import { mayUseSigner } from './signers';

/** CertificateSigning: who puts the certificate in, or says that it failed, may `sign` for the signer. */
export const certificateSigning: AdmissionPlugin = {
  name: 'CertificateSigning',
  resources: [certificateSigningRequest.resource],
  validate(attributes, _storage, { authorizer }) {
    const { subresource, old, object, actor } = attributes;
    if (subresource !== 'status' || old === undefined) return undefined;
    const before = old as ApiObject as CertificateSigningRequest;
    const { status } = object as ApiObject as CertificateSigningRequest;
    const { certificate = '', conditions = [] } = before.status;
    if ((status.certificate ?? '') === certificate && equal(status.conditions ?? [], conditions)) return undefined;
    const { signerName } = before.spec;
    return mayUseSigner(authorizer, actor, 'sign', signerName)
      ? undefined
      : deny(attributes, `user not permitted to sign requests with signerName ${JSON.stringify(signerName)}`);
  },
};
