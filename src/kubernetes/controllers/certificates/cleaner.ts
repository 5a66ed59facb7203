import { certificateSigningRequest, type CertificateSigningRequest } from '../../api/certificates/csr';
import { decode } from '../../../linux/io/bytes';
import { parseCertificates } from '../../../linux/net/tls/certificate';
import { fromBase64 } from '../../../linux/net/tls/pem';
import { defineController, every } from '../controller';

const hour = 3_600_000;
/** How long a request with a verdict stays, and one without. */
const judged = hour;
const pending = 24 * hour;
/** pollingInterval */
const interval = hour;

/** certificatesigningrequest-cleaner-controller: requests that are of no use any more go, once an hour. */
export const csrCleanerController = defineController(
  'certificatesigningrequest-cleaner-controller',
  ({ client, clock, later }) => ({
    watches: [every(certificateSigningRequest)],
    sync(name) {
      const csr = client.get(certificateSigningRequest, undefined, name);
      if (csr === undefined) return undefined;
      if (!isOver(csr, clock.now)) {
        // The rounds are those of the process, not of each request.
        later(name, interval - (clock.now % interval) + 1);
        return undefined;
      }
      const gone = client.delete(certificateSigningRequest, undefined, name);
      return gone.ok || gone.error.code === 404 ? undefined : 'retry';
    },
  }),
);

function isOver({ metadata, status }: CertificateSigningRequest, now: number): boolean {
  const { conditions = [], certificate = '' } = status;
  if (conditions.length === 0) return Date.parse(metadata.creationTimestamp) < now - pending;
  return conditions.some(({ type, lastUpdateTime }) => {
    const old = typeof lastUpdateTime === 'string' && Date.parse(lastUpdateTime) < now - judged;
    if (type === 'Denied' || type === 'Failed') return old;
    return type === 'Approved' && certificate !== '' && (old || hasExpired(certificate, now));
  });
}

function hasExpired(certificate: string, now: number): boolean {
  const pem = fromBase64(certificate);
  const [first] = pem === undefined ? [] : parseCertificates(decode(pem));
  return first !== undefined && now > first.notAfter;
}
