import type { Kind } from '../../apimachinery/kind';
import { validateCsr, validateCsrUpdate } from '../validation/csr';
import { certificateSigningRequest, type CertificateSigningRequest } from './csr';

/** …/approval: the verdict on a request, and nothing else of it (csrApprovalStrategy). */
export const csrApproval: Kind<CertificateSigningRequest> = {
  ...certificateSigningRequest,
  prepareForStatusUpdate: (given, old) => {
    const { conditions: _old, ...status } = old.status;
    const { conditions } = given.status;
    return { ...given, spec: old.spec, status: conditions === undefined ? status : { ...status, conditions } };
  },
  validateStatusUpdate: (given, old, errors) => {
    validateCsr(given, errors);
    validateCsrUpdate(given, old, errors, 'approval');
  },
};
