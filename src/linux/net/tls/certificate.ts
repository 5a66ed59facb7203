import { sha256 } from '@noble/hashes/sha2.js';
import type { Random } from '../../../sim/random';
import { decode, encode } from '../../io/bytes';
import { decodePem, encodePem } from './pem';
import { readRequest } from './pkcs10';

/** A distinguished name, as far as Kubernetes and Docker look at it. */
export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

/**
 * What an X.509 certificate says. Not encoded as ASN.1: the PEM block holds JSON behind a DER SEQUENCE header, so that
 * files look as they do and every field is there. The signature stands for itself: whoever has the issuer's key can
 * make it, and any change of a field breaks it.
 */
export interface Certificate {
  readonly subject: Subject;
  readonly issuer: Subject;
  /** Host names and IPv4 addresses (subjectAltName). */
  readonly sans: readonly string[];
  /** Virtual milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Hexadecimal. */
  readonly serial: string;
  /** Names the public key. */
  readonly keyId: string;
  readonly issuerKeyId: string;
  readonly ca: boolean;
  /** `server auth`, `client auth`. */
  readonly usages: readonly string[];
  readonly signature: string;
}

/** A private key: who holds it can sign as `keyId`. */
export interface PrivateKey {
  readonly secret: string;
  readonly keyId: string;
}

/** A certificate signing request (RFC 2986): what kubelet and `openssl req` send. */
export interface CertificateRequest {
  readonly subject: Subject;
  readonly sans: readonly string[];
  readonly keyId: string;
  /** Email addresses and URIs among the alternative names. */
  readonly emails?: readonly string[];
  readonly uris?: readonly string[];
}

/** A certificate with the key that belongs to it. */
export interface Identity {
  readonly certificate: Certificate;
  readonly key: PrivateKey;
}

const day = 86_400_000;
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const digest = (text: string): string => hex(sha256(encode(text)));

/** A new key pair. */
export function createKey(random: Random): PrivateKey {
  const secret = random.hex(64);
  return { secret, keyId: keyIdOf(secret) };
}
const keyIdOf = (secret: string): string => digest(`public key of ${secret}`).slice(0, 40);

type Unsigned = Omit<Certificate, 'signature'>;
const sign = (content: Unsigned, issuerKeyId: string): Certificate => ({
  ...content,
  signature: digest(`${JSON.stringify(content)}${issuerKeyId}`),
});

/** Whether the issuer with `keyId` signed exactly this certificate. */
export function signedBy(certificate: Certificate, issuer: Certificate): boolean {
  const { signature, ...content } = certificate;
  return content.issuerKeyId === issuer.keyId && signature === digest(`${JSON.stringify(content)}${issuer.keyId}`);
}

export interface IssueOptions {
  readonly subject: Subject;
  readonly sans?: readonly string[];
  readonly issuer: Identity;
  readonly random: Random;
  /** Virtual now. */
  readonly now: number;
  /** Default: 365 days, as kubeadm. */
  readonly days?: number;
  readonly usages?: readonly string[];
  /** The subject's key; default: a new one. */
  readonly key?: PrivateKey;
  readonly ca?: boolean;
}

/** A certificate of `issuer` and a key for it. */
export function issue(options: IssueOptions): Identity {
  const key = options.key ?? createKey(options.random);
  return { key, certificate: issueFor({ ...options, sans: options.sans ?? [], keyId: key.keyId }) };
}

/** Signs a request: `openssl x509 -req`, the CSR signer of kube-controller-manager. */
export function issueFor({
  subject,
  sans,
  keyId,
  issuer,
  random,
  now,
  days = 365,
  usages = ['server auth', 'client auth'],
  ca = false,
}: CertificateRequest & Omit<IssueOptions, 'key' | 'subject' | 'sans'>): Certificate {
  const issuerKeyId = issuer.certificate.keyId;
  return sign(
    {
      subject,
      issuer: issuer.certificate.subject,
      sans,
      notBefore: now,
      notAfter: now + days * day,
      serial: random.hex(16),
      keyId,
      issuerKeyId,
      ca,
      usages,
    },
    issuerKeyId,
  );
}

export interface CaOptions {
  readonly subject: Subject;
  readonly random: Random;
  readonly now: number;
  /** Default: ten years, as kubeadm. */
  readonly days?: number;
  readonly key?: PrivateKey;
  readonly sans?: readonly string[];
  /** A self-signed certificate of a server (`openssl req -x509`) need not be one of an authority. */
  readonly ca?: boolean;
}

/** A self-signed certificate authority. */
export function createCa({
  subject,
  random,
  now,
  days = 3650,
  key = createKey(random),
  sans = [],
  ca = true,
}: CaOptions): Identity {
  const content: Unsigned = {
    subject,
    issuer: subject,
    sans,
    notBefore: now,
    notAfter: now + days * day,
    serial: random.hex(16),
    keyId: key.keyId,
    issuerKeyId: key.keyId,
    ca,
    usages: [],
  };
  return { certificate: sign(content, key.keyId), key };
}

/** JSON behind the header of a DER SEQUENCE, so that the base64 begins with `MII` as everybody knows it. */
function seal(value: unknown): Uint8Array {
  const json = encode(JSON.stringify(value));
  const bytes = new Uint8Array(json.length + 4);
  bytes.set([0x30, 0x82, json.length >> 8, json.length & 0xff]);
  bytes.set(json, 4);
  return bytes;
}
function unseal(bytes: Uint8Array): Record<string, unknown> | undefined {
  if (bytes[0] !== 0x30) return undefined;
  try {
    const value: unknown = JSON.parse(decode(bytes.subarray(4)));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export const certificatePem = (certificate: Certificate): string => encodePem('CERTIFICATE', seal(certificate));
export const keyPem = (key: PrivateKey, label = 'RSA PRIVATE KEY'): string =>
  encodePem(label, seal({ version: 0, secret: key.secret }));
export const requestPem = (request: CertificateRequest): string => encodePem('CERTIFICATE REQUEST', seal(request));

const parsed = new Map<string, readonly Certificate[]>();

/** The certificates of a PEM text (a chain or a bundle), in order. */
export function parseCertificates(pem: string): readonly Certificate[] {
  const known = parsed.get(pem);
  if (known) return known;
  const found = decodePem(pem).flatMap((block) => {
    const value = block.label === 'CERTIFICATE' ? unseal(block.bytes) : undefined;
    return value !== undefined && 'subject' in value && 'signature' in value ? [value as unknown as Certificate] : [];
  });
  // The same few files are read at each connection.
  if (parsed.size > 500) parsed.clear();
  parsed.set(pem, found);
  return found;
}

export function parseKey(pem: string): PrivateKey | undefined {
  const block = decodePem(pem).find(({ label }) => label.endsWith('PRIVATE KEY'));
  const secret = block && unseal(block.bytes)?.['secret'];
  return typeof secret === 'string' ? { secret, keyId: keyIdOf(secret) } : undefined;
}

export function parseRequest(pem: string): CertificateRequest | undefined {
  const block = decodePem(pem).find(({ label }) => label === 'CERTIFICATE REQUEST');
  if (block === undefined) return undefined;
  const value = unseal(block.bytes);
  return value !== undefined && 'subject' in value && 'keyId' in value
    ? (value as unknown as CertificateRequest)
    : readRequest(block.bytes);
}

/** The public key alone (SubjectPublicKeyInfo): what `openssl x509 -pubkey` gives and kubeadm's discovery hash is of. */
export const publicKeyBytes = (keyId: string): Uint8Array => seal({ algorithm: 'rsaEncryption', keyId });
export const publicKeyPem = (keyId: string): string => encodePem('PUBLIC KEY', publicKeyBytes(keyId));

/** The bytes that a certificate is on the wire and under fingerprints. */
export const certificateBytes = (certificate: Certificate): Uint8Array => seal(certificate);

/** SHA-256 of it, hexadecimal. */
export const fingerprintOf = (certificate: Certificate): string => hex(sha256(certificateBytes(certificate)));

/** `O=system:masters, CN=kubernetes-admin`, as openssl prints a subject. */
export const subjectText = ({ commonName, organizations = [] }: Subject): string =>
  [...organizations.map((organization) => `O = ${organization}`), ...(commonName ? [`CN = ${commonName}`] : [])].join(
    ', ',
  );
