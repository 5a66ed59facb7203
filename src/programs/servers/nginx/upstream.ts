import type { Directive } from './config';
import { timeOf } from './scope';

/** One address behind a name. */
export interface Peer {
  /** `10.0.0.1:80`, `unix:/run/x.sock`. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly unix?: string;
  readonly weight: number;
  readonly maxFails: number;
  readonly failTimeout: number;
  readonly backup: boolean;
  readonly down: boolean;
  current: number;
  effective: number;
  fails: number;
  checked: number;
  accessed: number;
  active: number;
}

/** `host:port`, `host`, `unix:/path`. */
export function splitAddress(
  text: string,
  port = 80,
): { readonly host: string; readonly port: number; readonly unix?: string } {
  if (text.startsWith('unix:')) return { host: text, port: 0, unix: text.slice(5) };
  const [, host = text, given] = /^(.*?)(?::(\d+))?$/.exec(text) ?? [];
  return { host, port: given === undefined ? port : Number(given) };
}

/** An `upstream` block and how it fares (ngx_http_upstream_round_robin.c and its kin). */
export class UpstreamGroup {
  readonly peers: readonly Peer[];
  readonly method: 'ip_hash' | 'least_conn' | 'hash' | 'random' | 'rr';
  readonly key: string;
  readonly consistent: boolean;
  readonly keepalive: boolean;

  constructor(block: readonly Directive[], addresses: ReadonlyMap<string, readonly string[]>, port = 80) {
    this.peers = block.flatMap(({ name, args: [at = '', ...words] }) => {
      if (name !== 'server') return [];
      const word = (key: string): string | undefined =>
        words.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1);
      const target = splitAddress(at, port);
      const weight = Number(word('weight') ?? 1);
      const common = {
        weight,
        maxFails: Number(word('max_fails') ?? 1),
        failTimeout: timeOf(word('fail_timeout') ?? '10s'),
        backup: words.includes('backup'),
        down: words.includes('down'),
      };
      const found = target.unix === undefined ? (addresses.get(target.host) ?? [target.host]) : [''];
      return found.map((address): Peer => ({
        ...common,
        name: target.unix === undefined ? `${address}:${target.port}` : at,
        address,
        port: target.port,
        ...(target.unix === undefined ? {} : { unix: target.unix }),
        current: 0,
        effective: weight,
        fails: 0,
        checked: 0,
        accessed: 0,
        active: 0,
      }));
    });
    const method = block.find(
      ({ name }) => name === 'ip_hash' || name === 'least_conn' || name === 'hash' || name === 'random',
    );
    this.method = (method?.name as 'ip_hash' | undefined) ?? 'rr';
    this.key = method?.args[0] ?? '';
    this.consistent = method?.args[1] === 'consistent';
    this.keepalive = block.some(({ name }) => name === 'keepalive');
  }

  /** The next peer that was not tried yet; undefined: none is alive. */
  next(
    now: number,
    tried: ReadonlySet<Peer>,
    hint: { readonly remote: string; readonly key: string; readonly random: () => number },
  ): Peer | undefined {
    const peer = this.#among(false, now, tried, hint) ?? this.#among(true, now, tried, hint);
    if (peer !== undefined) return peer;
    // All have failed: nginx lets all be tried again by the next request (ngx_http_upstream_get_round_robin_peer).
    return undefined;
  }

  #among(
    backup: boolean,
    now: number,
    tried: ReadonlySet<Peer>,
    hint: { readonly remote: string; readonly key: string; readonly random: () => number },
  ): Peer | undefined {
    const single = this.peers.length === 1;
    const alive = this.peers.filter(
      (peer) =>
        peer.backup === backup &&
        !peer.down &&
        !tried.has(peer) &&
        (single || peer.maxFails === 0 || peer.fails < peer.maxFails || now - peer.checked > peer.failTimeout),
    );
    if (alive.length === 0) return undefined;
    const peer = this.#choose(backup ? 'rr' : this.method, alive, hint);
    if (peer !== undefined && now - peer.checked > peer.failTimeout) peer.checked = now;
    return peer;
  }

  #choose(
    method: UpstreamGroup['method'],
    alive: readonly Peer[],
    hint: { readonly remote: string; readonly key: string; readonly random: () => number },
  ): Peer | undefined {
    if (method === 'ip_hash') return byWeight(alive, ipHash(hint.remote, this.peers, alive));
    if (method === 'hash') return byWeight(alive, ((crc32(hint.key) >>> 16) & 0x7fff) % total(alive));
    if (method === 'random') return byWeight(alive, Math.floor(hint.random() * total(alive)));
    if (method === 'least_conn') {
      const least = Math.min(...alive.map((peer) => peer.active / peer.weight));
      return smooth(alive.filter((peer) => peer.active / peer.weight === least));
    }
    return smooth(alive);
  }
}

const total = (peers: readonly Peer[]): number => peers.reduce((sum, { weight }) => sum + weight, 0);

function byWeight(peers: readonly Peer[], at: number): Peer | undefined {
  let left = at;
  return peers.find((peer) => (left -= peer.weight) < 0) ?? peers.at(-1);
}

/** ngx_http_upstream_get_ip_hash_peer: by the first three bytes of the address. */
function ipHash(remote: string, all: readonly Peer[], alive: readonly Peer[]): number {
  let hash = 89;
  for (let round = 0; round < 20; round++) {
    for (const byte of remote.split('.').slice(0, 3)) hash = (hash * 113 + Number(byte)) % 6271;
    let left = hash % total(all);
    const peer = all.find((one) => (left -= one.weight) < 0);
    if (peer !== undefined && alive.includes(peer))
      return alive.slice(0, alive.indexOf(peer)).reduce((sum, { weight }) => sum + weight, 0);
  }
  return 0;
}

/** Smooth weighted round robin. */
function smooth(peers: readonly Peer[]): Peer | undefined {
  let best: Peer | undefined;
  let sum = 0;
  for (const peer of peers) {
    peer.current += peer.effective;
    sum += peer.effective;
    if (peer.effective < peer.weight) peer.effective++;
    if (best === undefined || peer.current > best.current) best = peer;
  }
  if (best !== undefined) best.current -= sum;
  return best;
}

/** A peer did not answer. */
export function peerFailed(peer: Peer, now: number): void {
  peer.fails++;
  peer.accessed = now;
  peer.checked = now;
  if (peer.maxFails > 0) peer.effective = Math.max(0, peer.effective - Math.floor(peer.weight / peer.maxFails));
}

/** A peer answered: what it owed is forgotten if it was checked since. */
export function peerAnswered(peer: Peer): void {
  if (peer.accessed < peer.checked) peer.fails = 0;
}

/** CRC-32 as zlib has it. */
function crc32(text: string): number {
  let crc = -1;
  for (let index = 0; index < text.length; index++) {
    crc ^= text.charCodeAt(index) & 255;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0);
  }
  return ~crc >>> 0;
}
