import { certificateSigningRequest, type CertificateSigningRequest } from '../../../api/certificates/csr';
import { apiserverClient, parseCsr } from '../../../api/certificates/parse';
import type { ApiObject } from '../../../apimachinery/object';
import type { AdmissionPlugin } from '../admission';
import { deny } from '../deny';

/** CertificateSubjectRestriction: nobody becomes one of system:masters by a certificate. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  resources: [certificateSigningRequest.resource],
  validate(attributes) {
    const { object, operation, subresource } = attributes;
    if (operation !== 'CREATE' || subresource !== undefined) return undefined;
    const request = object as ApiObject as CertificateSigningRequest;
    if (request.spec.signerName !== apiserverClient) return undefined;
    const parsed = parseCsr(request);
    if (parsed === undefined) return deny(attributes, 'failed to parse CSR: asn1: structure error: malformed request');
    if (parsed.subject.organizations?.includes('system:masters') !== true) return undefined;
    return deny(attributes, `use of ${apiserverClient} signer with system:masters group is not allowed`);
  },
};
