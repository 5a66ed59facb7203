import { secret as secretKind, type Secret } from '../../api/core/secret';
import { serviceAccount as accountKind, type ServiceAccount } from '../../api/core/serviceaccount';
import { base64 } from '../../../linux/net/tls/pem';
import { encode } from '../../../linux/io/bytes';
import type { Storage } from '../storage';
import { serviceAccountGroups, serviceAccountName, type User } from './user';

/** Tokens that stand in secrets and never expire. Upstream: pkg/serviceaccount/legacy.go */
export const legacyIssuer = 'kubernetes/serviceaccount';
const INVALID_SINCE = 'kubernetes.io/legacy-token-invalid-since';

/** What such a token says. */
export interface LegacyPayload {
  readonly sub?: string;
  readonly 'kubernetes.io/serviceaccount/namespace'?: string;
  readonly 'kubernetes.io/serviceaccount/secret.name'?: string;
  readonly 'kubernetes.io/serviceaccount/service-account.name'?: string;
  readonly 'kubernetes.io/serviceaccount/service-account.uid'?: string;
}

/** LegacyClaims, in the order of the alphabet, as go-jose writes maps. */
export const legacyPayload = ({ metadata: account }: ServiceAccount, { metadata }: Secret): object => ({
  iss: legacyIssuer,
  'kubernetes.io/serviceaccount/namespace': account.namespace,
  'kubernetes.io/serviceaccount/secret.name': metadata.name,
  'kubernetes.io/serviceaccount/service-account.name': account.name,
  'kubernetes.io/serviceaccount/service-account.uid': account.uid,
  sub: serviceAccountName(account.namespace, account.name),
});

/** Whose it is; a text says why it is no longer good (legacyValidator.Validate). */
export function reviewLegacy(storage: Storage, payload: LegacyPayload, token: string): User | string {
  const namespace = payload['kubernetes.io/serviceaccount/namespace'] ?? '';
  const secretName = payload['kubernetes.io/serviceaccount/secret.name'] ?? '';
  const name = payload['kubernetes.io/serviceaccount/service-account.name'] ?? '';
  const uid = payload['kubernetes.io/serviceaccount/service-account.uid'] ?? '';
  if (payload.sub !== serviceAccountName(namespace, name)) return 'sub claim is invalid';
  const secret = storage.get(secretKind, namespace, secretName);
  if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) return 'Token has been invalidated';
  if (secret.data?.['token'] !== base64(encode(token))) return "Token does not match server's copy";
  const account = storage.get(accountKind, namespace, name);
  if (account === undefined) return `serviceaccounts ${JSON.stringify(name)} not found`;
  if (account.metadata.deletionTimestamp !== undefined) return `ServiceAccount ${namespace}/${name} has been deleted`;
  if (account.metadata.uid !== uid) return `ServiceAccount UID (${account.metadata.uid}) does not match claim (${uid})`;
  if ((secret.metadata.labels?.[INVALID_SINCE] ?? '') !== '') {
    return (
      `the token in secret ${namespace}/${secretName} for service account ${namespace}/${name} has been marked invalid. ` +
      'Use tokens from the TokenRequest API or manually created secret-based tokens, ' +
      `or remove the '${INVALID_SINCE}' label from the secret to temporarily allow use of this token`
    );
  }
  return { name: serviceAccountName(namespace, name), uid, groups: serviceAccountGroups(namespace) };
}
