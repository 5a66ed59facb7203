import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encode } from '../../../linux/io/bytes';
import {
  certificateBytes,
  type Certificate,
  type CertificateRequest,
  type Subject,
} from '../../../linux/net/tls/certificate';

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** `O = system:masters, CN = kubernetes-admin`, in OpenSSL 3.0's default style. */
export const nameText = ({ commonName, organizations = [] }: Subject): string =>
  [
    ...organizations.map((organization) => `O = ${organization}`),
    ...(commonName === '' ? [] : [`CN = ${commonName}`]),
  ].join(', ');

/** `Nov 20 20:40:09 2026 GMT`. */
export function dateText(instant: number): string {
  const [, day = '', month, year, time] = new Date(instant).toUTCString().split(' ');
  return `${month} ${day.replace(/^0/, ' ')} ${time} ${year} GMT`;
}

/** A modulus that belongs to the key and to no other: 2048 bits drawn from its id. */
export function modulusOf(keyId: string): string {
  let text = '';
  for (let index = 0; text.length < 512; index++) text += hex(sha256(encode(`${keyId} modulus ${index}`)));
  // The highest bit is set, and the number is odd.
  return `C${text.slice(1, 511)}1`.toUpperCase();
}

const block = (digits: string, indent: string, width: number): string => {
  const octets = digits.toLowerCase().match(/../g) ?? [];
  const lines: string[] = [];
  for (let at = 0; at < octets.length; at += width) {
    const more = at + width < octets.length;
    lines.push(`${indent}${octets.slice(at, at + width).join(':')}${more ? ':' : ''}`);
  }
  return lines.join('\n');
};

const publicKeyText = (keyId: string): string =>
  [
    '        Subject Public Key Info:',
    '            Public Key Algorithm: rsaEncryption',
    '                Public-Key: (2048 bit)',
    '                Modulus:',
    block(`00${modulusOf(keyId)}`, '                    ', 15),
    '                Exponent: 65537 (0x10001)',
  ].join('\n');

const sanText = (sans: readonly string[]): string =>
  sans.map((san) => (/^\d+\.\d+\.\d+\.\d+$/.test(san) ? `IP Address:${san}` : `DNS:${san}`)).join(', ');

const usageNames: Readonly<Record<string, string>> = {
  'server auth': 'TLS Web Server Authentication',
  'client auth': 'TLS Web Client Authentication',
};

const signatureOf = (signature: string): string =>
  Array.from({ length: 8 }, (_, index) => hex(sha256(encode(`${signature} ${index}`)))).join('');

/** `openssl x509 -text`. */
export function certificateText(certificate: Certificate): string {
  const { subject, issuer, sans, notBefore, notAfter, serial, keyId, ca, usages, issuerKeyId, signature } = certificate;
  const lines = [
    'Certificate:',
    '    Data:',
    '        Version: 3 (0x2)',
    ...serialLines(serial),
    '        Signature Algorithm: sha256WithRSAEncryption',
    `        Issuer: ${nameText(issuer)}`,
    '        Validity',
    `            Not Before: ${dateText(notBefore)}`,
    `            Not After : ${dateText(notAfter)}`,
    `        Subject: ${nameText(subject)}`,
    publicKeyText(keyId),
    '        X509v3 extensions:',
    '            X509v3 Key Usage: critical',
    `                Digital Signature, Key Encipherment${ca ? ', Certificate Sign' : ''}`,
  ];
  const extended = usages.map((usage) => usageNames[usage] ?? usage);
  if (extended.length > 0 && !ca)
    lines.push('            X509v3 Extended Key Usage: ', `                ${extended.join(', ')}`);
  lines.push('            X509v3 Basic Constraints: critical', `                CA:${ca ? 'TRUE' : 'FALSE'}`);
  if (ca) lines.push('            X509v3 Subject Key Identifier: ', `                ${octets(keyId)}`);
  else lines.push('            X509v3 Authority Key Identifier: ', `                ${octets(issuerKeyId)}`);
  if (sans.length > 0) lines.push('            X509v3 Subject Alternative Name: ', `                ${sanText(sans)}`);
  lines.push(
    '    Signature Algorithm: sha256WithRSAEncryption',
    '    Signature Value:',
    block(signatureOf(signature), '        ', 18),
  );
  return `${lines.join('\n')}\n`;
}

function serialLines(serial: string): readonly string[] {
  if (serial.length <= 16) {
    const value = BigInt(`0x${serial}`);
    return [`        Serial Number: ${value} (0x${value.toString(16)})`];
  }
  return ['        Serial Number:', `            ${(serial.match(/../g) ?? []).join(':')}`];
}

const octets = (digits: string): string => (digits.toUpperCase().match(/../g) ?? []).join(':');

/** `openssl req -text`. */
export function requestText({ subject, sans, keyId }: CertificateRequest): string {
  const lines = [
    'Certificate Request:',
    '    Data:',
    '        Version: 1 (0x0)',
    `        Subject: ${nameText(subject)}`,
    publicKeyText(keyId),
  ];
  if (sans.length > 0) {
    lines.push(
      '        Attributes:',
      '            Requested Extensions:',
      '                X509v3 Subject Alternative Name: ',
      `                    ${sanText(sans)}`,
    );
  } else lines.push('        Attributes:', '            (none)', '            Requested Extensions:');
  lines.push(
    '    Signature Algorithm: sha256WithRSAEncryption',
    '    Signature Value:',
    block(signatureOf(keyId), '        ', 18),
  );
  return `${lines.join('\n')}\n`;
}

/** `SHA1 Fingerprint=AA:BB:…`. */
export function fingerprint(certificate: Certificate, algorithm: 'sha1' | 'sha256'): string {
  const bytes = certificateBytes(certificate);
  const digest = algorithm === 'sha1' ? sha1(bytes) : sha256(bytes);
  return `${algorithm} Fingerprint=${octets(hex(digest))}`;
}

/** `/CN=jane/O=dev` of `-subj`. */
export function parseSubject(text: string): Subject {
  const parts = text.split('/').filter((part) => part.includes('='));
  const values = (name: string): string[] =>
    parts
      .filter((part) => part.trim().toUpperCase().startsWith(`${name}=`))
      .map((part) => part.slice(part.indexOf('=') + 1).trim());
  const organizations = values('O');
  return { commonName: values('CN').at(-1) ?? '', ...(organizations.length > 0 ? { organizations } : {}) };
}

/** The names of `subjectAltName=DNS:a,IP:1.2.3.4`, wherever they stand: -addext, an extension file, a section. */
export function parseSans(text: string): readonly string[] {
  const direct = /subjectAltName\s*=\s*([^\n]*)/.exec(text)?.[1] ?? '';
  const section = /^@(\S+)/.exec(direct.trim())?.[1];
  if (section !== undefined) {
    const at = text.search(new RegExp(`^\\[\\s*${section}\\s*\\]`, 'm'));
    const body = at < 0 ? '' : (text.slice(at).split(/\n\[/)[0] ?? '');
    return [...body.matchAll(/^\s*(?:DNS|IP)(?:\.\d+)?\s*=\s*(\S+)/gm)].map((match) => match[1] ?? '');
  }
  return direct.split(',').flatMap((entry) => {
    const match = /^\s*(?:critical\s*,)?\s*(?:DNS|IP)(?:\.\d+)?:(\S+)/.exec(entry);
    return match?.[1] === undefined ? [] : [match[1]];
  });
}
