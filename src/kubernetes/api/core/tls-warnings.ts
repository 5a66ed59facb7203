import { decode } from '../../../linux/io/bytes';
import { decodePem, fromBase64, type PemBlock } from '../../../linux/net/tls/pem';

const blocksOf = (data: string | undefined): readonly PemBlock[] =>
  decodePem(decode(fromBase64(data ?? '') ?? new Uint8Array(0)));

const isKey = ({ label }: PemBlock): boolean => label === 'PRIVATE KEY' || label.endsWith(' PRIVATE KEY');

/** What tls.X509KeyPair says of a certificate and its key, as far as their outer form tells. */
export function keyPairWarnings(certificate: string | undefined, key: string | undefined): readonly string[] {
  const chain = blocksOf(certificate);
  const first = chain.find(({ label }) => label === 'CERTIFICATE');
  if (first === undefined) {
    if (chain.length === 0) return ['tls: failed to find any PEM data in certificate input'];
    if (chain.length === 1 && chain.every(isKey))
      return [
        'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
      ];
    const labels = chain.map(({ label }) => label).join(' ');
    return [
      `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${labels}]`,
    ];
  }
  const keys = blocksOf(key);
  if (!keys.some(isKey)) {
    if (keys.length === 0) return ['tls: failed to find any PEM data in key input'];
    if (keys.length === 1 && keys[0]?.label === 'CERTIFICATE')
      return ['tls: found a certificate rather than a key in the PEM for the private key'];
    const labels = keys.map(({ label }) => label).join(' ');
    return [
      `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${labels}]`,
    ];
  }
  return isSequence(first.bytes) ? [] : ['x509: malformed certificate'];
}

/** Whether the bytes are one DER SEQUENCE and nothing else. */
function isSequence(bytes: Uint8Array): boolean {
  const [tag, length = 0] = bytes;
  if (tag !== 0x30) return false;
  if (length < 0x80) return bytes.length === 2 + length;
  const size = length & 0x7f;
  let value = 0;
  for (let at = 0; at < size; at++) value = value * 256 + (bytes[2 + at] ?? 0);
  return bytes.length === 2 + size + value;
}
