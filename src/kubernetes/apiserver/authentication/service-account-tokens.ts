import { node as nodeKind } from '../../api/core/node';
import { pod as podKind } from '../../api/core/pod';
import { secret as secretKind, type Secret } from '../../api/core/secret';
import { serviceAccount as serviceAccountKind, type ServiceAccount } from '../../api/core/serviceaccount';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import type { Clock } from '../../../sim/clock';
import type { Random } from '../../../sim/random';
import type { Storage } from '../storage';
import { publicKeyOf, sign, verify } from './jwt';
import { legacyIssuer, legacyPayload, reviewLegacy, type LegacyPayload } from './legacy-tokens';
import { serviceAccountGroups, serviceAccountName, type User } from './user';

/** What a claim refers to. */
export interface Reference {
  readonly name: string;
  readonly uid: string;
}

/** What a bound service account token says (TokenRequest). */
export interface TokenClaims {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly serviceAccountUid: string;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly pod?: Reference;
  readonly node?: Reference;
  readonly secret?: Reference;
}

/** --service-account-issuer, which is also the only --api-audiences. */
export const issuer = 'https://kubernetes.default.svc.cluster.local';

/** Tokens of pods ask for this much and live much longer, so that old programs which read them once go on (claims.go). */
const warnOnlySeconds = 60 * 60 + 7;
const extendedSeconds = 365 * 24 * 60 * 60;

/** How a verified payload looks. */
interface Payload extends LegacyPayload {
  readonly aud?: readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly iss?: string;
  readonly jti?: string;
  readonly 'kubernetes.io'?: {
    readonly namespace?: string;
    readonly serviceaccount?: Reference;
    readonly pod?: Reference;
    readonly node?: Reference;
    readonly secret?: Reference;
  };
}

/** So many signatures are remembered as good, so that a pod's every request does not cost a digest. */
const remembered = 512;
const leeway = 60_000;

export interface TokenUser {
  readonly user: User;
  /** For whom the token is, of those that were asked about. */
  readonly audiences: readonly string[];
}

/** Issues and checks service account tokens: pkg/serviceaccount. */
export class Tokens {
  #key: string;
  readonly #verified = new Map<string, Payload>();

  constructor(
    readonly clock: Clock,
    readonly random: Random,
    readonly storage: Storage,
  ) {
    this.#key = random.hex(64);
  }

  /** --service-account-signing-key-file: tokens of other keys are no longer good. */
  useKey(key: string): void {
    if (key === this.#key) return;
    this.#key = key;
    this.#verified.clear();
  }

  /** The key that tells whether a token is good, as others are given it. */
  publicKey(): object {
    return publicKeyOf(this.#key);
  }

  issue(claims: TokenClaims): { readonly token: string; readonly expires: number } {
    const now = Math.floor(this.clock.now / 1000);
    const { namespace, serviceAccount: name, serviceAccountUid: uid, pod, node, secret } = claims;
    const audiences = claims.audiences.length === 0 ? [issuer] : claims.audiences;
    const extended = claims.expirationSeconds === warnOnlySeconds && pod !== undefined && audiences.includes(issuer);
    const expires = now + claims.expirationSeconds;
    // In the order of the alphabet, as go-jose writes maps.
    const payload = {
      aud: audiences,
      exp: extended ? now + extendedSeconds : expires,
      iat: now,
      iss: issuer,
      jti: this.random.uuid(),
      'kubernetes.io': {
        namespace,
        ...(node === undefined ? {} : { node }),
        ...(pod === undefined ? {} : { pod }),
        ...(secret === undefined ? {} : { secret }),
        serviceaccount: { name, uid },
        ...(extended ? { warnafter: expires } : {}),
      },
      nbf: now,
      sub: serviceAccountName(namespace, name),
    };
    return { token: sign(payload, this.#key), expires: expires * 1000 };
  }

  /** The token of a secret of its own, which has no end. */
  issueLegacy(account: ServiceAccount, secret: Secret): string {
    return sign(legacyPayload(account, secret), this.#key);
  }

  authenticate(token: string): User | undefined {
    const found = this.review(token, [issuer]);
    return typeof found === 'string' ? undefined : found?.user;
  }

  /** Who a token belongs to; undefined: it is none of ours; text: why it is not good. */
  review(token: string, audiences: readonly string[]): TokenUser | string | undefined {
    const payload = this.#payloadOf(token);
    if (payload?.iss === legacyIssuer) {
      const user = reviewLegacy(this.storage, payload, token);
      return typeof user === 'string' ? user : { user, audiences: audiences.filter((each) => each === issuer) };
    }
    if (payload === undefined || payload.iss !== issuer) return undefined;
    const shared = audiences.filter((each) => payload.aud?.includes(each));
    if (shared.length === 0)
      return `[token audiences ${goStrings(payload.aud)} is invalid for the target audiences ${goStrings(audiences)}]`;
    const { now } = this.clock;
    if ((payload.exp ?? 0) * 1000 + leeway < now) return 'service account token has expired';
    if ((payload.nbf ?? 0) * 1000 - leeway > now) return 'service account token is not valid yet';
    const problem = this.#referenceProblem(payload);
    return problem ?? { user: userOf(payload), audiences: shared };
  }

  #payloadOf(token: string): Payload | undefined {
    const known = this.#verified.get(token);
    if (known !== undefined) return known;
    const payload = verify(token, this.#key) as Payload | undefined;
    if (payload === undefined) return undefined;
    const [oldest] = this.#verified.keys();
    if (oldest !== undefined && this.#verified.size >= remembered) this.#verified.delete(oldest);
    this.#verified.set(token, payload);
    return payload;
  }

  /** Tokens end with what they are bound to: validator.Validate. */
  #referenceProblem({ 'kubernetes.io': claims }: Payload): string | undefined {
    const { namespace = '', serviceaccount, pod, secret, node } = claims ?? {};
    const account = this.storage.get(serviceAccountKind, namespace, serviceaccount?.name ?? '');
    if (account === undefined) return `serviceaccounts ${JSON.stringify(serviceaccount?.name ?? '')} not found`;
    const { uid } = account.metadata;
    if (uid !== serviceaccount?.uid)
      return `service account UID (${uid}) does not match claim (${serviceaccount?.uid ?? ''})`;
    const gone = 'service account token has been invalidated';
    const bound = <T extends ApiObject>(kind: Kind<T>, reference: Reference | undefined): T | undefined =>
      reference === undefined ? undefined : this.storage.get(kind, namespace, reference.name);
    const lost = (object: ApiObject | undefined): boolean => {
      const time = object?.metadata.deletionTimestamp;
      return object === undefined || (time !== undefined && Date.parse(time) < this.clock.now - leeway);
    };
    for (const [kind, reference, word] of [
      [secretKind, secret, 'secret'],
      [podKind, pod, 'pod'],
    ] as const) {
      if (reference === undefined) continue;
      const object = bound<ApiObject>(kind as unknown as Kind, reference);
      if (lost(object)) return gone;
      if (object?.metadata.uid !== reference.uid)
        return `${word} UID (${object?.metadata.uid ?? ''}) does not match service account ${word} ref claim (${reference.uid})`;
    }
    // The node of a pod may go without its tokens; only tokens bound to the node itself end with it.
    if (node !== undefined && pod === undefined) {
      const found = this.storage.get(nodeKind, undefined, node.name);
      if (found === undefined) return gone;
      if (found.metadata.uid !== node.uid)
        return `node UID (${found.metadata.uid}) does not match service account node ref claim (${node.uid})`;
    }
    return undefined;
  }
}

const goStrings = (values: readonly string[] = []): string =>
  `[${values.map((each) => JSON.stringify(each)).join(' ')}]`;

/** ServiceAccountInfo.UserInfo. */
function userOf({ jti = '', 'kubernetes.io': claims }: Payload): User {
  const { namespace = '', serviceaccount, pod, node } = claims ?? {};
  const prefix = 'authentication.kubernetes.io/';
  return {
    name: serviceAccountName(namespace, serviceaccount?.name ?? ''),
    uid: serviceaccount?.uid ?? '',
    groups: serviceAccountGroups(namespace),
    extra: {
      [`${prefix}credential-id`]: [`JTI=${jti}`],
      ...(node === undefined ? {} : { [`${prefix}node-name`]: [node.name], [`${prefix}node-uid`]: [node.uid] }),
      ...(pod === undefined ? {} : { [`${prefix}pod-name`]: [pod.name], [`${prefix}pod-uid`]: [pod.uid] }),
    },
  };
}
