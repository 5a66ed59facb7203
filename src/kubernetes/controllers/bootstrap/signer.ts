import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { configMap } from '../../api/core/configmap';
import { secret as secretKind, type Secret } from '../../api/core/secret';
import { base64url } from '../../apiserver/authentication/jwt';
import { encode } from '../../../linux/io/bytes';
import { defineController, every } from '../controller';
import { dataOf, timeLeft, TOKEN_NAMESPACE, TOKEN_TYPE } from './tokens';

const NAMESPACE = 'kube-public';
const NAME = 'cluster-info';
const CONTENT = 'kubeconfig';
const SIGNATURE = 'jws-kubeconfig-';

/** ComputeDetachedSignature: a JWS without its payload, which who joins has from elsewhere. */
function detachedSignature(content: string, id: string, secret: string): string {
  const header = base64url(encode(JSON.stringify({ alg: 'HS256', kid: id })));
  const signed = `${header}.${base64url(encode(content))}`;
  return `${header}..${base64url(hmac(sha256, encode(secret), encode(signed)))}`;
}

/** Signs cluster-info with each bootstrap token that may. Upstream: pkg/controller/bootstrap/bootstrapsigner.go */
export const bootstrapSigner = defineController('bootstrap-signer', ({ client, clock }) => ({
  watches: [
    every(secretKind, (each) =>
      each.type === TOKEN_TYPE && each.metadata.namespace === TOKEN_NAMESPACE ? NAME : undefined,
    ),
    every(configMap, ({ metadata }) => (metadata.name === NAME && metadata.namespace === NAMESPACE ? NAME : undefined)),
  ],
  sync() {
    const found = client.get(configMap, NAMESPACE, NAME);
    const content = found?.data?.[CONTENT];
    if (found?.data === undefined || content === undefined) return;
    const kept = Object.entries(found.data).filter(([key]) => !key.startsWith(SIGNATURE));
    const signatures = new Map<string, string>();
    const tokens = client.list(secretKind, { namespace: TOKEN_NAMESPACE, matches: ({ type }) => type === TOKEN_TYPE });
    for (const each of tokens) {
      const id = signingId(each, clock.now);
      if (id === undefined || signatures.has(id)) continue;
      signatures.set(SIGNATURE + id, detachedSignature(content, id, dataOf(each, 'token-secret')));
    }
    const before = Object.keys(found.data).length - kept.length;
    const same = [...signatures].every(([key, value]) => found.data?.[key] === value);
    if (same && before === signatures.size) return;
    client.update(configMap, { ...found, data: Object.fromEntries([...kept, ...signatures]) });
  },
}));

/** validateSecretForSigning: the id of a token that may sign. */
function signingId(secret: Secret, now: number): string | undefined {
  const [, named] = /^bootstrap-token-([a-z0-9]{6})$/.exec(secret.metadata.name) ?? [];
  const id = dataOf(secret, 'token-id');
  if (named === undefined || named !== id || dataOf(secret, 'token-secret') === '') return undefined;
  if (timeLeft(secret, now) === 0 || dataOf(secret, 'usage-bootstrap-signing') !== 'true') return undefined;
  return id;
}
