import { encode } from '../../linux/io/bytes';
import { base64 } from '../../linux/net/tls/pem';
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { User } from './rest/authenticate';

/** What a bound service account token says (TokenRequest). */
export interface TokenClaims {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly serviceAccountUid: string;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly pod?: { readonly name: string; readonly uid: string };
}

const issuer = 'https://kubernetes.default.svc.cluster.local';

const base64url = (text: string): string =>
  base64(encode(text)).replace(/[+/=]/g, (letter) => (letter === '+' ? '-' : letter === '/' ? '_' : ''));

const header = base64url(JSON.stringify({ alg: 'RS256', kid: 'bottleship' }));

/**
 * Service account tokens: JWTs in form, and the server remembers which it issued instead of checking an RSA signature
 * (the last part is drawn, so nobody can make one up).
 */
export class Tokens {
  readonly #issued = new Map<string, { readonly claims: TokenClaims; readonly expires: number }>();

  constructor(
    readonly clock: Clock,
    readonly random: Random,
  ) {}

  issue(claims: TokenClaims): { readonly token: string; readonly expires: number } {
    const now = Math.floor(this.clock.now / 1000);
    const expires = now + claims.expirationSeconds;
    const { namespace, serviceAccount: name, serviceAccountUid: uid, pod } = claims;
    const payload = {
      aud: claims.audiences.length === 0 ? [issuer] : claims.audiences,
      exp: expires,
      iat: now,
      iss: issuer,
      jti: this.random.uuid(),
      'kubernetes.io': { namespace, ...(pod === undefined ? {} : { pod }), serviceaccount: { name, uid } },
      nbf: now,
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    const signature = base64url(this.random.hex(64));
    const token = `${header}.${base64url(JSON.stringify(payload))}.${signature}`;
    this.#issued.set(token, { claims, expires: expires * 1000 });
    return { token, expires: expires * 1000 };
  }

  authenticate(token: string): User | undefined {
    const issued = this.#issued.get(token);
    if (issued === undefined || issued.expires < this.clock.now) return undefined;
    const { namespace, serviceAccount, serviceAccountUid } = issued.claims;
    return {
      name: `system:serviceaccount:${namespace}:${serviceAccount}`,
      uid: serviceAccountUid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    };
  }
}
