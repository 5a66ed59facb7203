import { sha256 } from '@noble/hashes/sha2.js';
import { decode, encode } from '../../../linux/io/bytes';
import { base64, fromBase64 } from '../../../linux/net/tls/pem';

/** RFC 4648 §5, without padding. */
export const base64url = (bytes: Uint8Array): string =>
  base64(bytes).replace(/[+/=]/g, (letter) => forUrl[letter] ?? '');
const forUrl: Readonly<Record<string, string>> = { '+': '-', '/': '_' };

const fromBase64url = (text: string): Uint8Array | undefined =>
  /^[\w-]*$/.test(text) ? fromBase64(text.replace(/[-_]/g, (letter) => (letter === '-' ? '+' : '/'))) : undefined;

/** As long as what a key of 2048 bits signs. */
const length = 256;

/**
 * The signature of a text. Not RSA: a digest that only who has the key can make, as for certificates
 * (linux/net/tls/certificate.ts); it has RSA's length.
 */
function signatureOf(text: string, key: string): string {
  const digest = sha256(encode(`${key}\n${text}`));
  const bytes = new Uint8Array(length);
  const block = new Uint8Array(digest.length + 1);
  block.set(digest);
  for (let at = 0; at < length; at += digest.length) {
    block[digest.length] = at / digest.length;
    bytes.set(sha256(block), at);
  }
  return base64url(bytes);
}

/** Names the key, as upstream's kid does: the digest of the public key. */
const keyIdOf = (key: string): string => base64url(sha256(encode(`public key of ${key}`)));

/** A JSON Web Key: the modulus has RSA's length and is no more one than the signatures are RSA's. */
export const publicKeyOf = (key: string): object => ({
  use: 'sig',
  kty: 'RSA',
  kid: keyIdOf(key),
  alg: 'RS256',
  n: signatureOf('modulus', key),
  e: 'AQAB',
});

/** The header of all tokens of a key: that of the key used last is kept. */
let lastHeader: { readonly key: string; readonly text: string } | undefined;
function headerOf(key: string): string {
  if (lastHeader?.key !== key)
    lastHeader = { key, text: base64url(encode(JSON.stringify({ alg: 'RS256', kid: keyIdOf(key) }))) };
  return lastHeader.text;
}

export function sign(payload: object, key: string): string {
  const header = headerOf(key);
  const text = `${header}.${base64url(encode(JSON.stringify(payload)))}`;
  return `${text}.${signatureOf(text, key)}`;
}

/** No token of this server is longer. */
const longest = 16_384;

/** The payload, if the key signed it. */
export function verify(token: string, key: string): Readonly<Record<string, unknown>> | undefined {
  if (token.length > longest) return undefined;
  const [header = '', body = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || signature !== signatureOf(`${header}.${body}`, key)) return undefined;
  const bytes = fromBase64url(body);
  if (bytes === undefined) return undefined;
  try {
    const payload: unknown = JSON.parse(decode(bytes));
    return typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
