import { equal } from '../../apimachinery/equal';
import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { wasGivenEmpty } from '../../apimachinery/decode';
import { isDns1123Label, isDns1123Subdomain } from '../../apimachinery/names';
import type { CertificateSigningRequest } from '../certificates/csr';

const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

/** pkg/apis/certificates/validation: validateCertificateSigningRequest. */
export function validateCsr({ spec, status }: CertificateSigningRequest, errors: FieldErrors): void {
  const at = errors.at('spec');
  const { usages: wanted = [], signerName = '', request = '', expirationSeconds } = spec ?? {};
  const pem = fromBase64(request);
  if (!pemTypes(pem).slice(0, 1).includes('CERTIFICATE REQUEST'))
    at.at('request').invalid(
      goBytes(request === '' && !wasGivenEmpty(spec ?? {}, 'request') ? undefined : pem),
      'PEM block type must be CERTIFICATE REQUEST',
    );
  if (wanted.length === 0) at.at('usages').required('');
  wanted.forEach((usage, index) => {
    if (!usages.includes(usage)) at.at('usages').index(index).notSupported(usage, usages);
  });
  wanted.forEach((usage, index) => {
    if (wanted.indexOf(usage) < index) at.at('usages').index(index).duplicate(usage);
  });
  if (signerName === 'kubernetes.io/legacy-unknown')
    at.at('signerName').invalid(signerName, 'the legacy signerName is not allowed via this API version');
  else validateSignerName(signerName, at.at('signerName'));
  if (expirationSeconds !== undefined && expirationSeconds < 600)
    at.at('expirationSeconds').invalid(
      expirationSeconds,
      'may not specify a duration less than 600 seconds (10 minutes)',
    );
  validateConditions(status.conditions ?? [], errors.at('status').at('conditions'));
  const certificate = certificateProblem(fromBase64(status.certificate ?? ''));
  if (certificate !== undefined) errors.at('status').at('certificate').invalid('<certificate data>', certificate);
}

/** `part`: status may set the certificate, approval the verdict, the object itself neither. */
export function validateCsrUpdate(
  { status }: CertificateSigningRequest,
  { status: old }: CertificateSigningRequest,
  errors: FieldErrors,
  part: 'spec' | 'status' | 'approval' = 'spec',
): void {
  const conditions = errors.at('status').at('conditions');
  const of = (type: string, from: CertificateSigningRequest['status']) =>
    (from.conditions ?? []).filter((each) => each.type === type);
  for (const type of ['Approved', 'Denied', 'Failed'])
    if (of(type, status).length < of(type, old).length)
      conditions.forbidden(`updates may not remove a condition of type ${goQuote(type)}`);
  if (part !== 'approval')
    for (const type of ['Approved', 'Denied']) {
      const [before, now] = [of(type, old), of(type, status)];
      if (now.length > before.length) conditions.forbidden(`updates may not add a condition of type ${goQuote(type)}`);
      else if (now.length === before.length && !equal(now, before))
        conditions.forbidden(`updates may not modify a condition of type ${goQuote(type)}\n`);
    }
  if ((status.certificate ?? '') === (old.certificate ?? '')) return;
  const certificate = errors.at('status').at('certificate');
  if (part !== 'status') certificate.forbidden('updates may not set certificate content');
  else if ((old.certificate ?? '') !== '') certificate.forbidden('updates may not modify existing certificate content');
}

const yes = ['True'];
const statuses = ['False', 'True', 'Unknown'];

function validateConditions(
  conditions: NonNullable<CertificateSigningRequest['status']['conditions']>,
  errors: FieldErrors,
): void {
  const seen = new Set<string>();
  conditions.forEach(({ type, status }, index) => {
    const at = errors.index(index);
    const name = String(type ?? '');
    if (name === '') at.at('type').required('');
    const allowed = ['Approved', 'Denied', 'Failed'].includes(name) ? yes : statuses;
    if (String(status ?? '') === '') at.at('status').required('');
    else if (!allowed.includes(status)) at.at('status').notSupported(status, allowed);
    if ((name === 'Approved' && seen.has('Denied')) || (name === 'Denied' && seen.has('Approved')))
      at.at('type').invalid(name, 'Approved and Denied conditions are mutually exclusive');
    if (seen.has(name)) at.at('type').duplicate(name);
    seen.add(name);
  });
}

/** ValidateSignerName of core. */
export function validateSignerName(signerName: string, errors: FieldErrors): void {
  if (signerName === '') return errors.required('');
  const [domain = '', path = '', ...more] = signerName.split('/');
  if (more.length > 0 || !signerName.includes('/'))
    return errors.invalid(
      signerName,
      "must be a fully qualified domain and path of the form 'example.com/signer-name'",
    );
  if (domain.length > 253) errors.tooLong(253);
  const labels = domain.split('.');
  const bad = labels.find((each) => isDns1123Label(each).length > 0);
  if (bad !== undefined)
    for (const text of isDns1123Label(bad)) errors.invalid(domain, `validating label ${goQuote(bad)}: ${text}`);
  if (labels.length < 2) errors.invalid(domain, 'should be a domain with at least two segments separated by dots');
  const wrong = path.split('.').find((each) => isDns1123Subdomain(each).length > 0);
  if (wrong !== undefined)
    for (const text of isDns1123Subdomain(wrong)) errors.invalid(path, `validating label ${goQuote(wrong)}: ${text}`);
  if (signerName.length > longestSignerName) errors.tooLong(longestSignerName);
}

/** A domain, a slash, and a path that takes a label, a dot and a subdomain. */
const longestSignerName = 253 + 1 + (63 + 1 + 253);

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

const goBytes = (bytes: Uint8Array | undefined): GoText =>
  new GoText(
    bytes === undefined ? '[]byte(nil)' : `[]byte{${[...bytes].map((byte) => `0x${byte.toString(16)}`).join(', ')}}`,
  );

/** Types of the PEM blocks of a text, in their order. */
function pemTypes(bytes: Uint8Array): readonly string[] {
  const text = String.fromCharCode(...bytes.subarray(0, 1 << 16));
  return [...text.matchAll(/(?:^|\n)-----BEGIN ([^\n-]*)-----\s*\n([\s\S]*?)\n?-----END \1-----/g)].map(
    ([, type = '']) => type,
  );
}

/** validateCertificate: PEM of certificates and nothing else. */
function certificateProblem(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return undefined;
  const types = pemTypes(bytes);
  const other = types.find((type) => type !== 'CERTIFICATE');
  if (other !== undefined) return `only CERTIFICATE PEM blocks are allowed, found ${goQuote(other)}`;
  return types.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : undefined;
}
