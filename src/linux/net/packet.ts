import type { Connection } from './netfilter/conntrack';

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;

/** TCP flags as they stand in the header. */
export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;

export const ECHO_REPLY = 0;
export const UNREACHABLE = 3;
export const ECHO_REQUEST = 8;
export const TIME_EXCEEDED = 11;

/** The five numbers that tell flows apart. For ICMP echo the ports hold the identifier, as in nf_conntrack. */
export interface Tuple {
  protocol: number;
  source: number;
  sourcePort: number;
  destination: number;
  destinationPort: number;
}

export type CtState = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'UNTRACKED';

/**
 * An IPv4 packet on its walk. It is one mutable object, as an skb is: NAT rewrites it in place. What receivers and
 * senders of the simulation need beside the header hangs on it (`transport`, `lost`).
 */
export interface Packet extends Tuple {
  flags: number;
  /** IP total length: what counters count. */
  length: number;
  ttl: number;
  tos: number;
  icmpType: number;
  icmpCode: number;
  /** For ICMP errors: the packet they are about. */
  inner: Tuple | undefined;
  payload: Uint8Array | undefined;
  /** TCP sequence number in bytes of the stream; the echo's sequence number in ICMP. */
  sequence: number;
  /** TCP: the next byte expected, and how many more may come. */
  acknowledge: number;
  window: number;
  /** Bound to one network namespace at a time, cleared where the packet leaves it (skb_scrub_packet). */
  mark: number;
  connection: Connection | undefined;
  reply: boolean;
  ctState: CtState | undefined;
  /** Bridge ports, for physdev. */
  physIn: string | undefined;
  physOut: string | undefined;
  /** Milliseconds on the way so far. */
  delay: number;
  /** Hops are recorded for the first packet of a flow only. */
  traced: boolean;
  /** The sending socket learns here that its packet will never arrive: the simulation's stand-in for a timer per segment. */
  lost: (() => void) | undefined;
}

/** A new packet of `protocol`; the rest is filled in by its maker. */
export function makePacket(
  protocol: number,
  source: number,
  sourcePort: number,
  destination: number,
  destinationPort: number,
  length: number,
): Packet {
  return {
    protocol,
    source,
    sourcePort,
    destination,
    destinationPort,
    flags: 0,
    length,
    ttl: 64,
    tos: 0,
    icmpType: 0,
    icmpCode: 0,
    inner: undefined,
    payload: undefined,
    sequence: 0,
    acknowledge: 0,
    window: 0,
    mark: 0,
    connection: undefined,
    reply: false,
    ctState: undefined,
    physIn: undefined,
    physOut: undefined,
    delay: 0,
    traced: false,
    lost: undefined,
  };
}

/** Names as in /etc/protocols, for texts. */
export const protocolName = (protocol: number): string =>
  protocol === TCP ? 'tcp' : protocol === UDP ? 'udp' : protocol === ICMP ? 'icmp' : String(protocol);

/** The ICMP error a router or host sends about `packet`; it goes back to the packet's source. */
export function icmpError(about: Packet, source: number, type: number, code: number): Packet {
  const error = makePacket(ICMP, source, 0, about.source, 0, Math.min(576, 28 + about.length));
  error.icmpType = type;
  error.icmpCode = code;
  error.tos = 0xc0;
  error.inner = {
    protocol: about.protocol,
    source: about.source,
    sourcePort: about.sourcePort,
    destination: about.destination,
    destinationPort: about.destinationPort,
  };
  error.lost = about.lost;
  error.traced = about.traced;
  return error;
}
