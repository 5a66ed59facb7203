import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { EndpointSubset } from '../../api/core/endpoints';

type Port = NonNullable<EndpointSubset['ports']>[number];

const hashes = new Map<string, string>();
/** So many are remembered. */
const MOST = 1000;

/** DeepHashObject of a port: MD5 of what Go's spew prints of it. */
function hashOf({ name = '', port, protocol, appProtocol }: Port): string {
  const app = appProtocol === undefined ? '<nil>' : appProtocol;
  const spewed = `(v1.EndpointPort){Name:(string)${name} Port:(int32)${port} Protocol:(v1.Protocol)${protocol} AppProtocol:(*string)${app}}`;
  let hash = hashes.get(spewed);
  if (hash === undefined) {
    if (hashes.size >= MOST) hashes.clear();
    hashes.set(spewed, (hash = bytesToHex(md5(utf8ToBytes(spewed)))));
  }
  return hash;
}

/** The order in which Endpoints list ports. Upstream: pkg/api/v1/endpoints/util.go portsByHash. */
export const byHash = (a: Port, b: Port): number => (hashOf(a) < hashOf(b) ? -1 : 1);
