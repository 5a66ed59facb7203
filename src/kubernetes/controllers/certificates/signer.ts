import { certificateSigningRequest, type CertificateSigningRequest } from '../../api/certificates/csr';
import {
  apiserverClient,
  kubeletClient,
  kubeletClientProblem,
  kubeletServing,
  kubeletServingProblem,
  parseCsr,
} from '../../api/certificates/parse';
import { timeOf } from '../../apimachinery/time';
import { encode } from '../../../linux/io/bytes';
import { certificatePem, issueFor, type CertificateRequest, type Identity } from '../../../linux/net/tls/certificate';
import { base64 } from '../../../linux/net/tls/pem';
import type { Random } from '../../../sim/random';
import { defineController, every, type ControllerDefinition } from '../controller';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** --cluster-signing-duration */
const longest = 365 * day;
const backdate = 5 * minute;
const short = 8 * hour;

type Check = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

const clientUsages: ReadonlySet<string> = new Set(['client auth', 'digital signature', 'key encipherment']);

/** validAPIServerClientUsages. */
const clientProblem: Check = (_request, usages) => {
  const other = usages.find((usage) => !clientUsages.has(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
};

/** Whose requests kube-controller-manager signs, and what each must look like. */
const checks: ReadonlyMap<string, Check> = new Map([
  [kubeletServing, kubeletServingProblem],
  [kubeletClient, kubeletClientProblem],
  [apiserverClient, clientProblem],
]);

/** certificatesigningrequest-signing-controller: makes the certificates that somebody approved. */
export const csrSigningController = (authority: Identity): ControllerDefinition =>
  defineController('certificatesigningrequest-signing-controller', ({ client, clock, random }) => ({
    watches: [every(certificateSigningRequest)],
    sync(name) {
      const csr = client.get(certificateSigningRequest, undefined, name);
      if (csr === undefined || (csr.status.certificate ?? '') !== '' || !isApproved(csr)) return undefined;
      const check = checks.get(csr.spec.signerName);
      const request = parseCsr(csr);
      if (check === undefined || request === undefined) return undefined;
      const problem = check(request, csr.spec.usages ?? []);
      const signed = problem === undefined ? sign(authority, request, csr, clock.now, random) : undefined;
      if (problem === undefined && signed === undefined) return 'retry';
      const written = client.mutateStatus(certificateSigningRequest, undefined, name, (current) => ({
        ...current,
        status:
          signed === undefined
            ? { ...current.status, conditions: [...(current.status.conditions ?? []), failed(problem, clock.now)] }
            : { ...current.status, certificate: base64(encode(signed)) },
      }));
      return written.ok || written.error.code === 404 ? undefined : 'retry';
    },
  }));

type Conditions = NonNullable<CertificateSigningRequest['status']['conditions']>;

/** Approved, not denied, and nobody gave it up. */
function isApproved({ status }: CertificateSigningRequest): boolean {
  const has = (type: string): boolean => (status.conditions ?? []).some((each) => each.type === type);
  return has('Approved') && !has('Denied') && !has('Failed');
}

const failed = (message = '', now: number): Conditions[number] => ({
  type: 'Failed',
  status: 'True',
  reason: 'SignerValidationFailure',
  message,
  lastUpdateTime: timeOf(now),
  lastTransitionTime: timeOf(now),
});

/** PermissiveSigningPolicy; undefined: the authority itself has expired. */
function sign(
  issuer: Identity,
  request: CertificateRequest,
  { spec }: CertificateSigningRequest,
  now: number,
  random: Random,
): string | undefined {
  const { notAfter } = issuer.certificate;
  if (now >= notAfter) return undefined;
  const wanted = spec.expirationSeconds === undefined ? longest : spec.expirationSeconds * 1000;
  const lifetime = Math.min(longest, Math.max(10 * minute, wanted));
  const start = now - backdate;
  const end = Math.min(notAfter, lifetime < short ? now + lifetime : start + lifetime);
  const { subject, sans, keyId } = request;
  const usages = spec.usages ?? [];
  const days = (end - start) / day;
  return certificatePem(issueFor({ subject, sans, keyId, issuer, random, now: start, days, usages }));
}
