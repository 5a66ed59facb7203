import type { Clock } from '../../../sim/clock';
import type { Random } from '../../../sim/random';
import { formatIpv4 } from '../address';
import {
  ACK,
  ECHO_REPLY,
  ECHO_REQUEST,
  FIN,
  ICMP,
  RST,
  SYN,
  TCP,
  UDP,
  protocolName,
  type Packet,
  type Tuple,
} from '../packet';
import type { NatRequest } from './rule';

export type TcpState =
  'SYN_SENT' | 'SYN_RECV' | 'ESTABLISHED' | 'FIN_WAIT' | 'CLOSE_WAIT' | 'LAST_ACK' | 'TIME_WAIT' | 'CLOSE';

/** Seconds without a packet until an entry goes (net.netfilter.nf_conntrack_*_timeout_*). */
const tcpTimeouts: Readonly<Record<TcpState, number>> = {
  SYN_SENT: 120,
  SYN_RECV: 60,
  ESTABLISHED: 432_000,
  FIN_WAIT: 120,
  CLOSE_WAIT: 60,
  LAST_ACK: 30,
  TIME_WAIT: 120,
  CLOSE: 10,
};
const UDP_TIMEOUT = 30;
const UDP_STREAM_TIMEOUT = 120;
const ICMP_TIMEOUT = 30;
/** loose tracking: an acknowledgement out of nowhere counts from this state's time. */
const OTHER_TIMEOUT = 600;

/** One tracked flow: how it looks on the side it came from, and how answers look that come back. */
export class Connection {
  seenReply = false;
  assured = false;
  confirmed = false;
  tcp: TcpState | undefined;
  finFromOriginal = false;
  finFromReply = false;
  mark = 0;
  expires = 0;
  streamAfter = 0;
  sourceNat = false;
  destinationNat = false;
  /** The nat table is asked once for each side, by the first packet. */
  sourceDone = false;
  destinationDone = false;

  constructor(
    readonly original: Readonly<Tuple>,
    public reply: Tuple,
  ) {}
}

/** Echo requests and their answers are told apart by type: two hosts may ask each other with the same identifier. */
const key = (tuple: Readonly<Tuple>, answer: boolean): string =>
  `${tuple.protocol} ${tuple.source} ${tuple.sourcePort} ${tuple.destination} ${tuple.destinationPort}${answer && tuple.protocol === ICMP ? ' r' : ''}`;

const inverse = ({ protocol, source, sourcePort, destination, destinationPort }: Readonly<Tuple>): Tuple =>
  protocol === ICMP
    ? { protocol, source: destination, sourcePort, destination: source, destinationPort }
    : { protocol, source: destination, sourcePort: destinationPort, destination: source, destinationPort: sourcePort };

/** Connection tracking of one namespace (nf_conntrack_core, nf_conntrack_proto_tcp, nf_nat_core). */
export class Conntrack {
  readonly #entries = new Map<string, { readonly connection: Connection; readonly reply: boolean }>();
  #sweepAt = 512;

  constructor(
    readonly clock: Clock,
    readonly random: Random,
    readonly timeout: (name: string) => number | undefined,
  ) {}

  #find(
    tuple: Readonly<Tuple>,
    answer: boolean,
  ): { readonly connection: Connection; readonly reply: boolean } | undefined {
    const name = key(tuple, answer);
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    if (entry.connection.expires > this.clock.now) return entry;
    this.#remove(entry.connection);
    return undefined;
  }

  #remove(connection: Connection): void {
    this.#entries.delete(key(connection.original, false));
    this.#entries.delete(key(connection.reply, true));
  }

  /** Finds or makes the packet's flow and sets its state (nf_conntrack_in). */
  track(packet: Packet): void {
    if (packet.ctState !== undefined) return;
    if (packet.inner !== undefined) {
      this.#related(packet, packet.inner);
      return;
    }
    const found = this.#find(packet, packet.icmpType === ECHO_REPLY);
    if (found !== undefined && !this.#reopened(found, packet)) {
      const { connection, reply } = found;
      packet.connection = connection;
      packet.reply = reply;
      if (reply) connection.seenReply = true;
      packet.ctState = connection.seenReply ? 'ESTABLISHED' : 'NEW';
      this.#refresh(connection, packet);
      return;
    }
    if (!startsFlow(packet)) {
      packet.ctState = 'INVALID';
      return;
    }
    const original: Tuple = {
      protocol: packet.protocol,
      source: packet.source,
      sourcePort: packet.sourcePort,
      destination: packet.destination,
      destinationPort: packet.destinationPort,
    };
    const connection = new Connection(original, inverse(original));
    connection.streamAfter = this.clock.now + 2000;
    packet.connection = connection;
    packet.reply = false;
    packet.ctState = 'NEW';
    this.#refresh(connection, packet);
  }

  #related(packet: Packet, inner: Tuple): void {
    const found = this.#find(inverse(inner), true) ?? this.#find(inverse(inner), false);
    if (found === undefined) {
      packet.ctState = 'INVALID';
      return;
    }
    packet.connection = found.connection;
    // The inner packet ran against the tuple found, so the error runs along with it.
    packet.reply = found.reply;
    packet.ctState = 'RELATED';
  }

  /** A SYN on a flow that is over begins a new one (tcp_in_window's TIME_WAIT reopening). */
  #reopened({ connection, reply }: { connection: Connection; reply: boolean }, packet: Packet): boolean {
    if (packet.protocol !== TCP || reply || (packet.flags & (SYN | ACK)) !== SYN) return false;
    if (connection.tcp !== 'TIME_WAIT' && connection.tcp !== 'CLOSE' && connection.tcp !== 'LAST_ACK') return false;
    this.#remove(connection);
    return true;
  }

  #refresh(connection: Connection, packet: Packet): void {
    let seconds = OTHER_TIMEOUT;
    if (packet.protocol === TCP) {
      const state = nextState(connection, packet);
      connection.tcp = state;
      if (state === 'ESTABLISHED' && packet.reply === false) connection.assured ||= connection.seenReply;
      seconds = this.timeout(`tcp_timeout_${state.toLowerCase()}`) ?? tcpTimeouts[state];
    } else if (packet.protocol === UDP) {
      // nf_conntrack_udp: a stream is what goes both ways for more than two seconds.
      const stream = connection.seenReply && this.clock.now > connection.streamAfter;
      if (stream) connection.assured = true;
      seconds = stream
        ? (this.timeout('udp_timeout_stream') ?? UDP_STREAM_TIMEOUT)
        : (this.timeout('udp_timeout') ?? UDP_TIMEOUT);
    } else if (packet.protocol === ICMP) seconds = ICMP_TIMEOUT;
    connection.expires = this.clock.now + seconds * 1000;
  }

  /** The packet made it through: the flow enters the table (nf_conntrack_confirm). */
  confirm(packet: Packet): void {
    const connection = packet.connection;
    if (connection === undefined || connection.confirmed || packet.ctState !== 'NEW') return;
    connection.confirmed = true;
    this.#entries.set(key(connection.original, false), { connection, reply: false });
    this.#entries.set(key(connection.reply, true), { connection, reply: true });
    if (this.#entries.size > this.#sweepAt) this.#sweep();
  }

  #sweep(): void {
    const now = this.clock.now;
    for (const { connection } of this.#entries.values()) if (connection.expires <= now) this.#remove(connection);
    this.#sweepAt = Math.max(512, this.#entries.size * 2);
  }

  /** Some flow's answers look like this already. */
  taken(reply: Readonly<Tuple>): boolean {
    return this.#find(reply, true) !== undefined;
  }

  /** Binds a new flow to addresses and ports (nf_nat_setup_info). False if no free tuple was found. */
  bind(connection: Connection, { kind, address, port, randomPort }: NatRequest): boolean {
    const reply = { ...connection.reply };
    const side = kind === 'source' ? 'destination' : 'source';
    const portSide = kind === 'source' ? 'destinationPort' : 'sourcePort';
    if (address !== undefined) {
      const span = address.high - address.low + 1;
      reply[side] =
        span === 1
          ? address.low
          : address.low + (hash(connection.original.source, connection.original.destination) % span);
    }
    const hasPorts = reply.protocol === TCP || reply.protocol === UDP;
    const range = port ?? (kind === 'source' ? sourceRange(reply[portSide]) : undefined);
    const span = range === undefined ? 1 : range.high - range.low + 1;
    if (hasPorts && port !== undefined && (reply[portSide] < port.low || reply[portSide] > port.high)) {
      reply[portSide] = port.low + (span === 1 ? 0 : this.random.below(span));
    } else if (hasPorts && randomPort === true && range !== undefined) {
      reply[portSide] = range.low + this.random.below(span);
    }
    // Each flow needs answers of its own; try other ports as get_unique_tuple does.
    const taken = (): boolean => this.#find(reply, true) !== undefined;
    for (let attempt = 0; taken() && hasPorts && range !== undefined && span > 1; attempt++) {
      if (attempt === 128) return false;
      reply[portSide] = range.low + this.random.below(span);
    }
    for (let attempt = 0; reply.protocol === ICMP && kind === 'source' && taken() && attempt < 128; attempt++)
      reply.sourcePort = reply.destinationPort = this.random.below(65_536);
    connection.reply = reply;
    if (kind === 'source') connection.sourceNat = true;
    else connection.destinationNat = true;
    return true;
  }

  /** `conntrack -L`. */
  list(): readonly string[] {
    const lines: string[] = [];
    for (const { connection, reply } of this.#entries.values()) {
      if (!reply && connection.expires > this.clock.now) lines.push(this.#line(connection));
    }
    return lines;
  }

  #line(connection: Connection): string {
    const { original, reply, tcp, assured, seenReply, mark } = connection;
    const seconds = Math.floor((connection.expires - this.clock.now) / 1000);
    const words = [
      `${protocolName(original.protocol).padEnd(8)} ${original.protocol} ${seconds}`,
      ...(tcp === undefined ? [] : [tcp]),
      tupleText(original, false),
      ...(seenReply ? [] : ['[UNREPLIED]']),
      tupleText(reply, true),
      ...(assured ? ['[ASSURED]'] : []),
      `mark=${mark}`,
      'use=1',
    ];
    return words.join(' ');
  }

  /** Forgets the flows that fit; how many. */
  delete(fits: (connection: Connection) => boolean): number {
    let count = 0;
    for (const { connection, reply } of [...this.#entries.values()]) {
      if (reply || !fits(connection)) continue;
      this.#remove(connection);
      count++;
    }
    return count;
  }
}

const startsFlow = (packet: Packet): boolean => {
  if (packet.protocol === TCP) return (packet.flags & RST) === 0 && (packet.flags & (SYN | ACK)) !== (SYN | ACK);
  if (packet.protocol === ICMP) return packet.icmpType === ECHO_REQUEST;
  return true;
};

// The part of tcp_conntracks (nf_conntrack_proto_tcp.c) that whole flows use.
function nextState(connection: Connection, { flags, reply }: Packet): TcpState {
  const state = connection.tcp;
  if ((flags & RST) !== 0) return 'CLOSE';
  if ((flags & SYN) !== 0) {
    if ((flags & ACK) === 0) return state === undefined || state === 'SYN_SENT' ? 'SYN_SENT' : state;
    return state === 'SYN_SENT' ? 'SYN_RECV' : (state ?? 'SYN_RECV');
  }
  if ((flags & FIN) !== 0) {
    if (reply) connection.finFromReply = true;
    else connection.finFromOriginal = true;
    return connection.finFromReply && connection.finFromOriginal ? 'LAST_ACK' : 'FIN_WAIT';
  }
  if (state === 'SYN_RECV' || state === undefined) return 'ESTABLISHED';
  if (state === 'FIN_WAIT') return 'CLOSE_WAIT';
  if (state === 'LAST_ACK') return 'TIME_WAIT';
  return state;
}

function tupleText({ protocol, source, sourcePort, destination, destinationPort }: Tuple, reply: boolean): string {
  const addresses = `src=${formatIpv4(source)} dst=${formatIpv4(destination)}`;
  if (protocol === ICMP) return `${addresses} type=${reply ? 0 : 8} code=0 id=${sourcePort}`;
  return protocol === TCP || protocol === UDP ? `${addresses} sport=${sourcePort} dport=${destinationPort}` : addresses;
}

/** Well-known ports stay well-known (nf_nat_l4proto_unique_tuple). */
const sourceRange = (port: number): { readonly low: number; readonly high: number } =>
  port < 512 ? { low: 1, high: 511 } : port < 1024 ? { low: 600, high: 1023 } : { low: 1024, high: 65535 };

const hash = (left: number, right: number): number => Math.imul(left ^ (left >>> 16), right | 1) >>> 0;

/** Rewrites the packet for the hook, in the direction it runs (nf_nat_manip_pkt). */
export function translate(packet: Packet, kind: 'source' | 'destination'): void {
  const connection = packet.connection;
  if (connection === undefined || !(connection.sourceNat || connection.destinationNat)) return;
  if (packet.inner !== undefined) {
    translateError(packet, connection, kind);
    return;
  }
  // As the receiver shall see it: the inverse of what the other side sends.
  const other = packet.reply ? connection.original : connection.reply;
  if (packet.protocol === ICMP) packet.sourcePort = packet.destinationPort = other.sourcePort;
  if (kind === 'destination') {
    packet.destination = other.source;
    packet.destinationPort = other.sourcePort;
  } else {
    packet.source = other.destination;
    packet.sourcePort = other.destinationPort;
  }
}

// nf_nat_icmp_reply_translation: the sender shall see the packet it sent inside, and be found by the outer address.
function translateError(packet: Packet, connection: Connection, kind: 'source' | 'destination'): void {
  const sent = packet.reply ? connection.original : connection.reply;
  if (kind === 'destination') {
    packet.inner = { ...sent };
    packet.destination = sent.source;
  } else if (packet.source === (packet.reply ? connection.reply : connection.original).source) {
    packet.source = sent.destination;
  }
}
