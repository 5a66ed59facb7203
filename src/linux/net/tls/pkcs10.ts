import { sha256 } from '@noble/hashes/sha2.js';
import { decode } from '../../io/bytes';
import type { CertificateRequest } from './certificate';

/** One value of DER (X.690): its tag, what it holds, and the bytes of the whole. */
interface Value {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

/** A request made by openssl outside of the world (RFC 2986), as far as signers look at it; undefined: it is none. */
export function readRequest(bytes: Uint8Array): CertificateRequest | undefined {
  const info = children(children(bytes)?.[0]?.content)?.[0];
  const [version, name, key, attributes] = children(info?.content) ?? [];
  if (version?.tag !== INTEGER || name === undefined || key === undefined) return undefined;
  const subject = new Map<string, string[]>();
  for (const set of children(name.content) ?? [])
    for (const pair of children(set.content) ?? []) {
      const [type, value] = children(pair.content) ?? [];
      if (type === undefined || value === undefined) continue;
      const id = dotted(type.content);
      subject.set(id, [...(subject.get(id) ?? []), decode(value.content)]);
    }
  const names = alternativeNames(attributes?.content);
  const organizations = subject.get(ORGANIZATION) ?? [];
  return {
    subject: {
      commonName: subject.get(COMMON_NAME)?.at(-1) ?? '',
      ...(organizations.length === 0 ? {} : { organizations }),
    },
    sans: [...names.dns, ...names.addresses],
    emails: names.emails,
    uris: names.uris,
    keyId: [...sha256(key.whole)]
      .slice(0, 20)
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(''),
  };
}

const INTEGER = 0x02;
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const SUBJECT_ALT_NAME = '2.5.29.17';

/** The subjectAltName among the extensions that are asked for. */
function alternativeNames(
  attributes: Uint8Array | undefined,
): Record<'dns' | 'addresses' | 'emails' | 'uris', string[]> {
  const found = { dns: [] as string[], addresses: [] as string[], emails: [] as string[], uris: [] as string[] };
  for (const attribute of children(attributes) ?? []) {
    const [type, values] = children(attribute.content) ?? [];
    if (type === undefined || dotted(type.content) !== EXTENSION_REQUEST) continue;
    for (const extension of children(children(values?.content)?.[0]?.content) ?? []) {
      const parts = children(extension.content) ?? [];
      if (parts[0] === undefined || dotted(parts[0].content) !== SUBJECT_ALT_NAME) continue;
      for (const { tag, content } of children(children(parts.at(-1)?.content)?.[0]?.content) ?? [])
        if (tag === 0x81) found.emails.push(decode(content));
        else if (tag === 0x82) found.dns.push(decode(content));
        else if (tag === 0x86) found.uris.push(decode(content));
        else if (tag === 0x87) found.addresses.push(content.length === 4 ? content.join('.') : hexGroups(content));
    }
  }
  return found;
}

/** What stands one after the other; undefined where that is no DER. */
function children(bytes: Uint8Array | undefined): readonly Value[] | undefined {
  if (bytes === undefined) return undefined;
  const values: Value[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    let start = at + 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 3) return undefined;
      length = bytes.subarray(start, start + count).reduce((sum, byte) => sum * 256 + byte, 0);
      start += count;
    }
    const end = start + length;
    if (end > bytes.length) return undefined;
    values.push({ tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return values;
}

function dotted(bytes: Uint8Array): string {
  const [first = 0, ...rest] = bytes;
  const arcs = [Math.floor(first / 40), first % 40];
  let arc = 0;
  for (const byte of rest) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

const hexGroups = (bytes: Uint8Array): string =>
  Array.from({ length: bytes.length / 2 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  ).join(':');
