import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { bits, boolean, explicit, implicit, integer, octets, oid, sequence, set, time, utf8, der } from './der';

export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

interface Issued extends KeyPair {
  readonly subject: Buffer;
  readonly privateKey: KeyObject;
}

/** A certificate authority of one run of the bridge. */
export class Authority {
  readonly #root: Issued;
  readonly #now: number;

  constructor(commonName: string, now: number) {
    this.#now = now;
    const extensions = [
      extension('2.5.29.19', sequence(boolean(true)), true), // basicConstraints: a CA
      extension('2.5.29.15', usage(1, 0x06), true), // keyUsage: certificates and revocation lists
    ];
    this.#root = issue({ commonName }, extensions, now);
  }

  /** PEM. */
  get certificate(): string {
    return this.#root.certificate;
  }

  /** For a server that is reached under these names and IPv4 addresses. */
  server(subject: Subject, names: readonly string[], addresses: readonly string[]): KeyPair {
    const alternatives = sequence(
      ...names.map((name) => implicit(2, Buffer.from(name))),
      ...addresses.map((address) => implicit(7, Buffer.from(address.split('.').map(Number)))),
    );
    return this.#issue(subject, [
      extension('2.5.29.15', usage(5, 0xa0), true),
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', alternatives),
    ]);
  }

  client(subject: Subject): KeyPair {
    return this.#issue(subject, [
      extension('2.5.29.15', usage(5, 0xa0), true),
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.2'))),
    ]);
  }

  #issue(subject: Subject, extensions: readonly Buffer[]): KeyPair {
    return issue(subject, extensions, this.#now, this.#root);
  }
}

/** A new key and its certificate, signed by the issuer or, without one, by itself. */
function issue(subject: Subject, extensions: readonly Buffer[], now: number, issuer?: Issued): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = nameOf(subject);
  const serial = randomBytes(8);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f); // DER: neither negative nor with a leading zero
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(serial),
    ecdsaWithSha256,
    issuer?.subject ?? name,
    sequence(time(now - day), time(now + 3650 * day)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions)),
  );
  const signed = sequence(content, ecdsaWithSha256, bits(sign('sha256', content, issuer?.privateKey ?? privateKey)));
  return {
    certificate: pem('CERTIFICATE', signed),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    subject: name,
    privateKey,
  };
}

const day = 86_400_000;
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

const nameOf = ({ commonName, organizations = [] }: Subject): Buffer =>
  sequence(
    ...organizations.map((organization) => set(sequence(oid('2.5.4.10'), utf8(organization)))),
    set(sequence(oid('2.5.4.3'), utf8(commonName))),
  );

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));

/** keyUsage: a BIT STRING of one byte. */
const usage = (unused: number, byte: number): Buffer => der(0x03, Buffer.from([unused, byte]));

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
