import { sha256 } from '@noble/hashes/sha2.js';
import type { Protocol } from './services';

/**
 * The names of kube-proxy's chains. Upstream: pkg/proxy/iptables/proxier.go, portProtoHash and
 * servicePortEndpointChainName.
 */
export const serviceChain = (id: string, protocol: Protocol): string => `KUBE-SVC-${portHash(id, protocol)}`;
export const localChain = (id: string, protocol: Protocol): string => `KUBE-SVL-${portHash(id, protocol)}`;
export const externalChain = (id: string, protocol: Protocol): string => `KUBE-EXT-${portHash(id, protocol)}`;
export const firewallChain = (id: string, protocol: Protocol): string => `KUBE-FW-${portHash(id, protocol)}`;
/** `endpoint` is `ip:port`. */
export const endpointChain = (id: string, protocol: Protocol, endpoint: string): string =>
  `KUBE-SEP-${hash16(id + protocol.toLowerCase() + endpoint)}`;

const portHash = (id: string, protocol: Protocol): string => hash16(id + protocol.toLowerCase());

const known = new Map<string, string>();

/** The first sixteen letters of the base32 of the SHA-256 of `text`. Remembered: nodes ask for the same names. */
export function hash16(text: string): string {
  let hash = known.get(text);
  if (hash === undefined) {
    hash = base32(sha256(new TextEncoder().encode(text)).subarray(0, 10));
    if (known.size > 100_000) known.clear();
    known.set(text, hash);
  }
  return hash;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 base32 of a multiple of five bytes. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += letters.charAt((held >>> bits) & 31);
    }
  }
  return text;
}
