import { certificateSigningRequest, type CertificateSigningRequest } from '../../api/certificates/csr';
import { csrApproval } from '../../api/certificates/csr-approval';
import { kubeletClient, kubeletClientProblem, parseCsr } from '../../api/certificates/parse';
import { timeOf } from '../../apimachinery/time';
import { resourceQuestion } from '../../apiserver/authorization/ask';
import type { Authorizer } from '../../apiserver/authorization/authorizer';
import { defineController, every, type ControllerDefinition } from '../controller';

/** What a node may be given without anybody looking at it, by the permission that whoever asks must have. */
const recognizers = [
  {
    subresource: 'selfnodeclient',
    message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
    own: true,
  },
  {
    subresource: 'nodeclient',
    message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
    own: false,
  },
] as const;

/** certificatesigningrequest-approving-controller: approves client certificates of kubelets that RBAC says may have one. */
export const csrApprovingController = (authorizer: Authorizer): ControllerDefinition =>
  defineController('certificatesigningrequest-approving-controller', ({ client, clock }) => ({
    watches: [every(certificateSigningRequest)],
    sync(name) {
      const csr = client.get(certificateSigningRequest, undefined, name);
      if (csr === undefined || (csr.status.certificate ?? '') !== '' || isJudged(csr)) return undefined;
      const message = approval(csr, authorizer);
      if (message === undefined) return undefined;
      const now = timeOf(clock.now);
      const written = client.mutateStatus(
        csrApproval,
        undefined,
        name,
        (current) => ({
          ...current,
          status: {
            ...current.status,
            conditions: [
              ...(current.status.conditions ?? []),
              {
                type: 'Approved' as const,
                status: 'True' as const,
                reason: 'AutoApproved',
                message,
                lastUpdateTime: now,
                lastTransitionTime: now,
              },
            ],
          },
        }),
        { subresource: 'approval' },
      );
      return written.ok || written.error.code === 404 ? undefined : 'retry';
    },
  }));

const isJudged = ({ status }: CertificateSigningRequest): boolean =>
  (status.conditions ?? []).some(({ type }) => type === 'Approved' || type === 'Denied');

/** Why it is approved; undefined: it is not. */
function approval(csr: CertificateSigningRequest, authorizer: Authorizer): string | undefined {
  const { signerName, username = '', groups = [], uid, extra, usages = [] } = csr.spec;
  if (signerName !== kubeletClient) return undefined;
  const request = parseCsr(csr);
  if (request === undefined || kubeletClientProblem(request, usages) !== undefined) return undefined;
  const user = {
    ...{ name: username, groups },
    ...(uid === undefined ? {} : { uid }),
    ...(extra === undefined ? {} : { extra }),
  };
  for (const { subresource, message, own } of recognizers) {
    if (own && username !== request.subject.commonName) continue;
    const question = resourceQuestion(user, {
      ...{ verb: 'create', group: 'certificates.k8s.io', resource: 'certificatesigningrequests', subresource },
    });
    if (authorizer.authorize(question).decision === 'Allow') return message;
  }
  return undefined;
}
