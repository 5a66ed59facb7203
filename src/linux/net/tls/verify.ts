import { err, ok, type Result } from '../../../sim/result';
import { signedBy, type Certificate } from './certificate';

/** Why a chain is not believed. `goText` and curl's texts are made of it. */
export type VerifyFailure =
  | { readonly kind: 'unknown-authority'; readonly certificate: Certificate; readonly selfSigned: boolean }
  | { readonly kind: 'expired'; readonly certificate: Certificate; readonly now: number }
  | { readonly kind: 'not-yet-valid'; readonly certificate: Certificate; readonly now: number }
  | { readonly kind: 'host'; readonly certificate: Certificate; readonly host: string }
  | { readonly kind: 'no-certificate' };

export interface VerifyOptions {
  readonly roots: readonly Certificate[];
  readonly now: number;
  /** The name that the leaf must be for. */
  readonly host?: string;
  /** Whose order of checks. */
  readonly library?: 'go' | 'openssl';
}

/** Verifies a chain (leaf first) up to one of `roots`, and the leaf's name if `host` is given. */
export function verify(
  chain: readonly Certificate[],
  { roots, now, host, library = 'go' }: VerifyOptions,
): Result<Certificate, VerifyFailure> {
  const [leaf] = chain;
  if (leaf === undefined) return err({ kind: 'no-certificate' });
  const expired = [leaf].find((certificate) => certificate.notAfter < now);
  if (expired) return err({ kind: 'expired', certificate: expired, now });
  if (leaf.notBefore > now) return err({ kind: 'not-yet-valid', certificate: leaf, now });
  const named = host === undefined || matchesHost(leaf, host);
  const wrongName = err({ kind: 'host', certificate: leaf, host: host ?? '' } as const);
  // Go checks the name before the chain (Certificate.Verify); OpenSSL's users check it after the handshake.
  if (!named && library === 'go') return wrongName;
  if (!reaches(leaf, chain.slice(1), roots, now, 0)) {
    return err({ kind: 'unknown-authority', certificate: leaf, selfSigned: leaf.issuerKeyId === leaf.keyId });
  }
  if (!named) return wrongName;
  return ok(leaf);
}

function reaches(
  from: Certificate,
  intermediates: readonly Certificate[],
  roots: readonly Certificate[],
  now: number,
  depth: number,
): boolean {
  if (roots.some((root) => root.signature === from.signature)) return true;
  if (roots.some((root) => root.ca && root.notAfter >= now && signedBy(from, root))) return true;
  if (depth > 5) return false;
  return intermediates.some(
    (between) => between.ca && signedBy(from, between) && reaches(between, intermediates, roots, now, depth + 1),
  );
}

/** Whether a certificate is one for this name or address (RFC 6125; the common name no longer counts). */
export function matchesHost(certificate: Certificate, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return certificate.sans.some((san) => {
    const pattern = san.toLowerCase();
    if (!pattern.startsWith('*.')) return pattern === name;
    return name.slice(name.indexOf('.')) === pattern.slice(1) && !isAddress(name);
  });
}

const isAddress = (text: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(text);

/** crypto/x509's text. */
export function goVerifyText(failure: VerifyFailure): string {
  switch (failure.kind) {
    case 'unknown-authority':
      return 'x509: certificate signed by unknown authority';
    case 'no-certificate':
      return 'x509: no certificate';
    case 'expired':
      return `x509: certificate has expired or is not yet valid: current time ${rfc3339(failure.now)} is after ${rfc3339(failure.certificate.notAfter)}`;
    case 'not-yet-valid':
      return `x509: certificate has expired or is not yet valid: current time ${rfc3339(failure.now)} is before ${rfc3339(failure.certificate.notBefore)}`;
    case 'host':
      return goHostText(failure.certificate, failure.host);
  }
}

/** x509.HostnameError. */
function goHostText(certificate: Certificate, host: string): string {
  const addresses = certificate.sans.filter(isAddress);
  const names = certificate.sans.filter((san) => !isAddress(san));
  if (isAddress(host)) {
    if (addresses.length === 0) {
      return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
    }
    return `x509: certificate is valid for ${addresses.join(', ')}, not ${host}`;
  }
  if (names.length === 0) {
    return certificate.sans.length === 0 && certificate.subject.commonName !== ''
      ? 'x509: certificate relies on legacy Common Name field, use SANs instead'
      : `x509: certificate is not valid for any names, but wanted to match ${host}`;
  }
  return `x509: certificate is valid for ${names.join(', ')}, not ${host}`;
}

/** OpenSSL's X509_verify_cert_error_string, as curl shows it. */
export function opensslVerifyText(failure: VerifyFailure): string {
  switch (failure.kind) {
    case 'unknown-authority':
      return failure.selfSigned ? 'self-signed certificate' : 'unable to get local issuer certificate';
    case 'expired':
      return 'certificate has expired';
    case 'not-yet-valid':
      return 'certificate is not yet valid';
    case 'host':
      return 'hostname mismatch';
    case 'no-certificate':
      return 'certificate rejected';
  }
}

const rfc3339 = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`;
