import { fromBase64 } from '../../../linux/net/tls/pem';
import { parseRequest, type CertificateRequest } from '../../../linux/net/tls/certificate';
import { decode } from '../../../linux/io/bytes';
import type { CertificateSigningRequest } from './csr';

export const apiserverClient = 'kubernetes.io/kube-apiserver-client';
export const kubeletClient = 'kubernetes.io/kube-apiserver-client-kubelet';
export const kubeletServing = 'kubernetes.io/kubelet-serving';

/** certificates.ParseCSR: what the request asks to be certified; undefined where it cannot be read. */
export function parseCsr({ spec }: CertificateSigningRequest): CertificateRequest | undefined {
  const pem = fromBase64(spec.request);
  return pem === undefined ? undefined : parseRequest(decode(pem));
}

const sameSet = (some: readonly string[], others: readonly string[]): boolean =>
  new Set(some).size === others.length && others.every((each) => some.includes(each));

const isAddress = (name: string): boolean => /^[\d.]+$/.test(name) || name.includes(':');

const isNode = ({ subject }: CertificateRequest): string | undefined =>
  subject.organizations?.length === 1 && subject.organizations[0] === 'system:nodes'
    ? undefined
    : 'subject organization is not system:nodes';

const isNodeName = ({ subject }: CertificateRequest): string | undefined =>
  subject.commonName.startsWith('system:node:') ? undefined : 'subject common name does not begin with system:node:';

/** ValidateKubeletClientCSR: why this is no request of a kubelet for a client certificate. */
export function kubeletClientProblem(request: CertificateRequest, usages: readonly string[]): string | undefined {
  const { sans, emails = [], uris = [] } = request;
  const organization = isNode(request);
  if (organization !== undefined) return organization;
  if (sans.some((each) => !isAddress(each))) return 'DNS subjectAltNames are not allowed';
  if (emails.length > 0) return 'Email subjectAltNames are not allowed';
  if (sans.length > 0) return 'IP subjectAltNames are not allowed';
  if (uris.length > 0) return 'URI subjectAltNames are not allowed';
  const name = isNodeName(request);
  if (name !== undefined) return name;
  return usageProblem(usages, 'client auth');
}

/** ValidateKubeletServingCSR. */
export function kubeletServingProblem(request: CertificateRequest, usages: readonly string[]): string | undefined {
  const { sans, emails = [], uris = [] } = request;
  const organization = isNode(request);
  if (organization !== undefined) return organization;
  if (sans.length === 0) return 'DNS or IP subjectAltName is required';
  if (emails.length > 0) return 'Email subjectAltNames are not allowed';
  if (uris.length > 0) return 'URI subjectAltNames are not allowed';
  return usageProblem(usages, 'server auth') ?? isNodeName(request);
}

function usageProblem(usages: readonly string[], auth: string): string | undefined {
  const wanted = ['digital signature', 'key encipherment', auth].sort();
  return sameSet(usages, wanted) || sameSet(usages, ['digital signature', auth])
    ? undefined
    : `usages did not match [${wanted.join(' ')}]`;
}
