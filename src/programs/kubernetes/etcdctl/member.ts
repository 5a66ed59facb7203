import { sha1 } from '@noble/hashes/legacy.js';
import { encode } from '../../../linux/io/bytes';
import type { Process } from '../../../linux/process/types';
import type { ControlPlane } from '../control-plane';

export interface Member {
  /** Hexadecimal, as lists print it. */
  readonly id: string;
  readonly name: string;
  readonly peerUrl: string;
  readonly clientUrl: string;
}

/** Server version of the client's answers (`--version` of the image in the recordings). */
export const VERSION = '3.5.24';

/** etcd's member id: sha1 of its peer URLs and the cluster's token (server/etcdserver/api/membership, computeMemberId). */
export function memberOf({ etcd }: ControlPlane): Member | undefined {
  const args = etcd.process?.args ?? [];
  const flag = (name: string): string | undefined =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  if (etcd.process === undefined) return undefined;
  const peerUrl = flag('initial-advertise-peer-urls') ?? 'http://localhost:2380';
  const token = flag('initial-cluster-token') ?? 'etcd-cluster';
  const hash = sha1(encode(peerUrl + token));
  return {
    id: hexOf(hash.subarray(0, 8)),
    name: flag('name') ?? 'default',
    peerUrl,
    clientUrl: flag('advertise-client-urls') ?? 'http://localhost:2379',
  };
}

const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Ids are 64 bits wide: JSON prints them whole, as Go does. */
export const decimal = (hex: string): string => BigInt(`0x${hex}`).toString();

/** Why nobody answers at this endpoint; undefined if the store behind it can be asked. */
export async function unreachable(
  process: Process,
  { etcd }: ControlPlane,
  { endpoint, certificates }: { readonly endpoint: string; readonly certificates: boolean },
): Promise<string | undefined> {
  const match = /^(https?:\/\/)?([^:/]+)(?::(\d+))?\/?$/.exec(endpoint);
  const [, scheme = 'http://', host = '', port = '2379'] = match ?? [];
  const address = host === 'localhost' ? '127.0.0.1' : host;
  const dialled = await process.net.connect(process, { address, port: Number(port) });
  if (!dialled.ok)
    return `connection error: desc = "transport: Error while dialing: dial tcp ${address}:${port}: connect: ${dialled.error.message.toLowerCase()}"`;
  dialled.value.close();
  const serves = (etcd.process?.args ?? []).some((arg) => arg.startsWith('--listen-client-urls=https'));
  if (serves && scheme !== 'https://')
    return `connection error: desc = "error reading server preface: read tcp ${address}:51322->${address}:${port}: read: connection reset by peer"`;
  if (serves && !certificates)
    return 'connection error: desc = "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority"';
  return etcd.up ? undefined : 'connection error: desc = "error reading server preface: EOF"';
}
