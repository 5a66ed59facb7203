import { parseRequest, type Subject } from '../../../../linux/net/tls/certificate';
import { decode } from '../../../../linux/io/bytes';
import { humanDuration } from '../../../../kubernetes/apimachinery/time';
import { Failure } from '../../errors';
import { list, text } from '../../json';
import { fromBase64 } from '../create/base64';
import { formatLabels, plain } from './context';
import { longTime, type DescribeWriter } from './writer';

/** The state as one word, `,Issued` when there is a certificate. */
function stateOf(request: unknown): string {
  const types = list(request, 'status', 'conditions').map((each) => text(each, 'type'));
  const state = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending';
  const failed = types.includes('Failed') ? ',Failed' : '';
  return `${state}${failed}${text(request, 'status', 'certificate') === '' ? '' : ',Issued'}`;
}

function listed(w: DescribeWriter, name: string, values: readonly string[]): void {
  if (values.length > 0) w.write(0, `\t${name}:\t${values.join('\n\t\t')}\n`);
}

function subject(w: DescribeWriter, { commonName = '', organizations = [] }: Partial<Subject>): void {
  w.write(0, 'Subject:\n');
  w.write(0, `\tCommon Name:\t${commonName}\n`);
  w.write(0, '\tSerial Number:\t\n');
  listed(w, 'Organization', organizations);
}

/** A CertificateSigningRequest with what its request asks for. */
export const describeRequest = plain((w, request) => {
  const pem = fromBase64(text(request, 'spec', 'request')) ?? new Uint8Array();
  const asked = parseRequest(decode(pem));
  if (asked === undefined) throw new Failure('Error parsing CSR: PEM block type must be CERTIFICATE REQUEST');
  w.field(0, 'Name', text(request, 'metadata', 'name'));
  w.field(0, 'Labels', formatLabels(request, 'metadata', 'labels'));
  w.field(0, 'Annotations', formatLabels(request, 'metadata', 'annotations'));
  w.field(0, 'CreationTimestamp', longTime(text(request, 'metadata', 'creationTimestamp')));
  w.field(0, 'Requesting User', text(request, 'spec', 'username'));
  if (text(request, 'spec', 'signerName') !== '') w.field(0, 'Signer', text(request, 'spec', 'signerName'));
  const seconds = text(request, 'spec', 'expirationSeconds');
  if (seconds !== '') w.field(0, 'Requested Duration', humanDuration(Number(seconds) * 1000));
  w.field(0, 'Status', stateOf(request));
  subject(w, asked.subject);
  if (asked.sans.length === 0) return;
  const isAddress = (san: string): boolean => /^[\d.]+$|:/.test(san);
  w.write(0, 'Subject Alternative Names:\n');
  listed(
    w,
    'DNS Names',
    asked.sans.filter((san) => !isAddress(san)),
  );
  listed(w, 'IP Addresses', asked.sans.filter(isAddress));
});
