import { userOf, resourceQuestion } from '../../authorization/ask';
import type { Authorizer } from '../../authorization/authorizer';
import type { Actor } from '../../registry';

/** certificates.IsAuthorizedForSignerName: for the signer by its name, or for all of its domain. */
export function mayUseSigner(authorizer: Authorizer, actor: Actor, verb: string, signerName: string): boolean {
  const [domain = ''] = signerName.split('/');
  return [signerName, `${domain}/*`].some((name) => {
    const question = resourceQuestion(userOf(actor), { verb, group: 'certificates.k8s.io', resource: 'signers', name });
    return authorizer.authorize(question).decision === 'Allow';
  });
}
