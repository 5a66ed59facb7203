import type { Random } from '../../sim/random';
import type { TlsInfo } from './objects';

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** CN=swarm-ca, in DER: who signed is the root itself. */
const subject = [0x30, 0x13, 0x31, 0x11, 0x30, 0x0f, 0x06, 0x03, 0x55, 0x04, 0x03, 0x13, 0x08, ...ascii('swarm-ca')];
/** The header of a P-256 public key (RFC 5480). */
const keyHeader = [
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
  0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];
const ecdsa = [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

function ascii(text: string): readonly number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

const length = (count: number): readonly number[] =>
  count < 128 ? [count] : count < 256 ? [0x81, count] : [0x82, count >> 8, count & 255];
const tagged = (tag: number, ...parts: readonly (readonly number[])[]): readonly number[] => {
  const content = parts.flat();
  return [tag, ...length(content.length), ...content];
};
const utc = (at: number): readonly number[] =>
  tagged(0x17, ascii(`${new Date(at).toISOString().replace(/[-T:]/g, '').slice(2, 14)}Z`));

const YEAR = 365 * 24 * 3600_000;

/** The root certificate of a new swarm (ca.CreateRootCA): its key and signature are as random here as they look there. */
export function rootCertificate(random: Random, now: number): TlsInfo {
  const some = (count: number): readonly number[] =>
    [...random.bytes(count)].map((byte, index) => (index === 0 ? (byte & 0x7f) | 1 : byte));
  const key = [...keyHeader, ...random.bytes(64)];
  const identifier = [...random.bytes(20)];
  const body = tagged(
    0x30,
    [0xa0, 0x03, 0x02, 0x01, 0x02],
    tagged(0x02, some(20)),
    ecdsa,
    subject,
    tagged(0x30, utc(now - 5 * 60_000), utc(now + 20 * YEAR)),
    subject,
    key,
    tagged(
      0xa3,
      tagged(
        0x30,
        [0x30, 0x0e, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x01, 0x01, 0xff, 0x04, 0x04, 0x03, 0x02, 0x01, 0x06],
        [0x30, 0x0f, 0x06, 0x03, 0x55, 0x1d, 0x13, 0x01, 0x01, 0xff, 0x04, 0x05, 0x30, 0x03, 0x01, 0x01, 0xff],
        tagged(0x30, [0x06, 0x03, 0x55, 0x1d, 0x0e], tagged(0x04, tagged(0x04, identifier))),
      ),
    ),
  );
  const signature = tagged(0x30, tagged(0x02, some(32)), tagged(0x02, some(32)));
  const der = Uint8Array.from(tagged(0x30, body, ecdsa, tagged(0x03, [0], signature)));
  const lines = base64(der).match(/.{1,64}/g) ?? [];
  return {
    TrustRoot: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    CertIssuerSubject: base64(Uint8Array.from(subject)),
    CertIssuerPublicKey: base64(Uint8Array.from(key)),
  };
}
