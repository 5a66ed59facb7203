import type { Timer } from '../../../sim/clock';
import { ok } from '../../../sim/result';
import { fail, type ErrnoCode, type Sys } from '../../errno';
import type { Process } from '../../process/types';
import { ACK, FIN, PSH, RST, SYN, TCP, UNREACHABLE, makePacket, type Packet } from '../packet';
import type { Stack } from '../stack';
import type { Endpoint, SocketInfo } from '../types';
import type { TcpListener } from './listener';
import { output } from '../walk';
import { BUFFER, Stream } from './stream';
import { endpoint } from './table';

/** Header lengths: 20 IP, 20 TCP, 12 timestamps; a SYN has 20 of options. */
const HEADERS = 52;
const SYN_LENGTH = 60;
/** With segmentation offload one packet carries up to 64 KB through the stack, and counts once. */
const SEGMENT = 65_483;
const RESEND_FIRST = 200;
const RESEND_MOST = 120_000;
/** tcp_retries2. */
const RESENDS = 15;
/** Seconds between SYNs: tcp_syn_linear_timeouts (4) of one, then doubling, tcp_syn_retries (6) times. */
const SYN_WAITS = [1, 1, 1, 1, 1, 2, 4, 8, 16, 32, 64];

export type TcpState =
  'SYN-SENT' | 'SYN-RECV' | 'ESTAB' | 'FIN-WAIT-1' | 'FIN-WAIT-2' | 'CLOSING' | 'CLOSE-WAIT' | 'LAST-ACK' | 'CLOSED';

interface Segment {
  readonly sequence: number;
  readonly bytes: Uint8Array | undefined;
  readonly fin: boolean;
}

/** One end of a TCP connection. */
export class TcpSocket extends Stream {
  state: TcpState;
  #sent = 1;
  #acknowledged = 1;
  #received = 1;
  #peerWindow = BUFFER;
  #advertised = BUFFER;
  readonly #unsent: Uint8Array[] = [];
  #unsentBytes = 0;
  #finWanted = false;
  #finSent = false;
  #inFlight: Segment[] = [];
  #resend: Timer | undefined;
  #resends = 0;
  #synTimer: Timer | undefined;
  #synTries = 0;
  /** Of a connecting socket: tells how it went. */
  connected: ((error: ErrnoCode | undefined) => void) | undefined;

  constructor(
    readonly stack: Stack,
    process: Process | undefined,
    readonly localAddress: number,
    readonly localPort: number,
    readonly remoteAddress: number,
    readonly remotePort: number,
    readonly listener: TcpListener | undefined,
  ) {
    super(stack.clock, process);
    this.state = listener === undefined ? 'SYN-SENT' : 'SYN-RECV';
    stack.socketTable.addConnection(this);
  }

  get local(): Endpoint {
    return endpoint(this.localAddress, this.localPort);
  }

  get remote(): Endpoint {
    return endpoint(this.remoteAddress, this.remotePort);
  }

  info(): SocketInfo {
    return {
      protocol: 'tcp',
      state: this.state,
      local: this.local,
      remote: this.remote,
      pid: this.pid,
      holder: this.holder,
    };
  }

  // ---- sending -------------------------------------------------------------------------------------------------

  #packet(flags: number, length: number): Packet {
    const packet = makePacket(TCP, this.localAddress, this.localPort, this.remoteAddress, this.remotePort, length);
    packet.flags = flags;
    packet.sequence = this.#sent;
    packet.acknowledge = this.#received;
    this.#advertised = BUFFER - this.queued;
    packet.window = this.#advertised;
    return packet;
  }

  #emit(packet: Packet): ErrnoCode | undefined {
    const error = output(this.stack, packet);
    if (error !== undefined && error !== 'EPERM') packet.lost?.();
    return error;
  }

  /** Sends the SYN (or, accepting, the SYN-ACK) and again until it is answered. */
  synchronise(): void {
    const wait = this.listener === undefined ? SYN_WAITS[this.#synTries] : [1, 2, 4, 8, 16][this.#synTries];
    if (wait === undefined) {
      this.#end('ETIMEDOUT');
      return;
    }
    this.#synTimer = this.clock.setTimer(wait * 1000, () => {
      this.#synTries++;
      this.synchronise();
    });
    const packet = this.#packet(this.listener === undefined ? SYN : SYN | ACK, SYN_LENGTH);
    packet.sequence = 0;
    packet.traced = true;
    this.#emit(packet);
  }

  #synchronised(): void {
    if (this.#synTimer !== undefined) this.clock.cancel(this.#synTimer);
    this.#synTimer = undefined;
    this.state = 'ESTAB';
  }

  protected send(bytes: Uint8Array): Sys<number> | 'wait' {
    if (this.error !== undefined) {
      const error = this.error;
      this.error = undefined;
      this.ended = true;
      return fail(error);
    }
    if (this.#finWanted || this.state === 'CLOSED') return fail('EPIPE');
    const room = BUFFER - this.#unsentBytes - (this.#sent - this.#acknowledged);
    if (room <= 0) return 'wait';
    const part = bytes.length <= room ? bytes : bytes.subarray(0, room);
    this.#unsent.push(part);
    this.#unsentBytes += part.length;
    this.#push();
    return ok(part.length);
  }

  protected writable(): boolean {
    return this.state === 'CLOSED' || BUFFER - this.#unsentBytes - (this.#sent - this.#acknowledged) > 0;
  }

  #push(): void {
    if (this.state !== 'ESTAB' && this.state !== 'CLOSE-WAIT') return;
    while (this.#unsentBytes > 0 && this.#resend === undefined) {
      const room = Math.min(SEGMENT, this.#peerWindow - (this.#sent - this.#acknowledged));
      if (room <= 0) break;
      const first = this.#unsent[0];
      if (first === undefined) break;
      const bytes = first.length <= room ? first : first.subarray(0, room);
      if (bytes.length === first.length) this.#unsent.shift();
      else this.#unsent[0] = first.subarray(room);
      this.#unsentBytes -= bytes.length;
      this.#transmit({ sequence: this.#sent, bytes, fin: false });
      this.#sent += bytes.length;
    }
    if (!this.#finWanted || this.#finSent || this.#unsentBytes > 0) return;
    this.#finSent = true;
    this.state = this.state === 'ESTAB' ? 'FIN-WAIT-1' : 'LAST-ACK';
    this.#transmit({ sequence: this.#sent, bytes: undefined, fin: true });
    this.#sent++;
  }

  #transmit(segment: Segment): void {
    this.#inFlight.push(segment);
    this.#emitSegment(segment);
  }

  #emitSegment({ sequence, bytes, fin }: Segment): void {
    const packet = this.#packet(fin ? FIN | ACK : PSH | ACK, HEADERS + (bytes?.length ?? 0));
    packet.sequence = sequence;
    packet.payload = bytes;
    packet.lost = () => this.#lost(sequence);
    this.#emit(packet);
  }

  // The walk says at once what a real sender learns from silence; the timer is the silence.
  #lost(sequence: number): void {
    if (this.#resend !== undefined || sequence < this.#acknowledged || this.state === 'CLOSED') return;
    const wait = Math.min(RESEND_MOST, RESEND_FIRST * 2 ** this.#resends);
    this.#resend = this.clock.setTimer(
      wait,
      () => {
        this.#resend = undefined;
        this.#resends++;
        if (this.#resends > RESENDS) this.#end('ETIMEDOUT');
        else for (const segment of this.#inFlight) this.#emitSegment(segment);
      },
      { background: true },
    );
  }

  #acknowledge(lost: (() => void) | undefined): void {
    const packet = this.#packet(ACK, HEADERS);
    packet.lost = lost;
    this.#emit(packet);
  }

  #reset(): void {
    this.#emit(this.#packet(RST | ACK, 40));
  }

  // ---- arrival -----------------------------------------------------------------------------------------------------

  arrived(packet: Packet): void {
    const { flags } = packet;
    if ((flags & RST) !== 0) {
      const refused = this.state === 'SYN-SENT';
      this.#end(refused ? 'ECONNREFUSED' : this.state === 'CLOSE-WAIT' ? 'EPIPE' : 'ECONNRESET');
      return;
    }
    if ((flags & SYN) !== 0) {
      if (this.state === 'SYN-SENT' && (flags & ACK) !== 0) {
        this.#synchronised();
        const done = this.#packet(ACK, HEADERS);
        this.#emit(done);
        this.connected?.(undefined);
      } else if (this.state === 'SYN-RECV') this.synchroniseAgain();
      return;
    }
    if (this.state === 'SYN-RECV') {
      this.#synchronised();
      this.listener?.established(this);
    }
    this.#acknowledgedUpTo(packet);
    if (packet.payload !== undefined || (flags & FIN) !== 0) this.#take(packet);
  }

  synchroniseAgain(): void {
    if (this.#synTimer !== undefined) this.clock.cancel(this.#synTimer);
    this.#synTries++;
    this.synchronise();
  }

  #acknowledgedUpTo({ acknowledge, window }: Packet): void {
    this.#peerWindow = window;
    if (acknowledge > this.#acknowledged) {
      this.#acknowledged = acknowledge;
      this.#resends = 0;
      if (this.#resend !== undefined) this.clock.cancel(this.#resend);
      this.#resend = undefined;
      this.#inFlight = this.#inFlight.filter(
        ({ sequence, bytes, fin }) => sequence + (bytes?.length ?? 0) + (fin ? 1 : 0) > acknowledge,
      );
    }
    this.#push();
    if (this.#finSent && this.#acknowledged === this.#sent) {
      if (this.state === 'FIN-WAIT-1') this.state = 'FIN-WAIT-2';
      else if (this.state === 'CLOSING') this.#finished(true);
      else if (this.state === 'LAST-ACK') this.#finished(false);
    }
    this.wakeWriters();
  }

  #take(packet: Packet): void {
    const { payload, sequence, lost } = packet;
    const fin = (packet.flags & FIN) !== 0;
    if (sequence > this.#received) {
      // Out of order: something before it was lost and will come again, and this behind it.
      lost?.();
      return;
    }
    if (sequence === this.#received && payload !== undefined) {
      this.#received += payload.length;
      if (this.closed) {
        // Nobody will read it (tcp_close).
        this.#reset();
        this.#end(undefined);
        return;
      }
      this.push(payload);
    }
    if (fin && sequence + (payload?.length ?? 0) === this.#received) {
      this.#received++;
      this.#acknowledge(lost);
      this.#peerFinished();
      return;
    }
    this.#acknowledge(lost);
  }

  #peerFinished(): void {
    if (this.state === 'ESTAB') this.state = 'CLOSE-WAIT';
    else if (this.state === 'FIN-WAIT-1') this.state = 'CLOSING';
    else if (this.state === 'FIN-WAIT-2') this.#finished(true);
    this.end();
  }

  /** An ICMP error about this connection. */
  failed({ icmpType, icmpCode }: Packet): void {
    if (icmpType !== UNREACHABLE || this.state !== 'SYN-SENT') return;
    this.#end(unreachable(icmpCode));
  }

  // ---- the end -----------------------------------------------------------------------------------------------------

  protected endSending(): void {
    if (this.#finWanted) return;
    this.#finWanted = true;
    this.#push();
  }

  protected release(unread: boolean): void {
    if (this.state === 'CLOSED') return;
    if (this.state === 'SYN-SENT') this.#end(undefined);
    else if (unread) {
      this.#reset();
      this.#end(undefined);
    } else this.endSending();
  }

  protected taken(): void {
    // The peer believes the window smaller than it is by half or more; tell it (__tcp_select_window).
    if (!this.ended && BUFFER - this.queued - this.#advertised >= BUFFER / 2) this.#acknowledge(undefined);
  }

  #finished(wait: boolean): void {
    this.state = 'CLOSED';
    this.#stopTimers();
    this.stack.socketTable.removeConnection(this, { wait });
    this.wakeWriters();
  }

  #stopTimers(): void {
    if (this.#resend !== undefined) this.clock.cancel(this.#resend);
    if (this.#synTimer !== undefined) this.clock.cancel(this.#synTimer);
    this.#resend = this.#synTimer = undefined;
  }

  #end(error: ErrnoCode | undefined): void {
    if (this.state === 'CLOSED') return;
    this.#finished(false);
    if (error === undefined) return;
    this.breakWith(error);
    this.connected?.(error);
  }

  /** inet_csk_listen_stop: whoever was not accepted yet is reset. */
  abortByReset(): void {
    this.#reset();
    this.#end(undefined);
  }

  abort(error: ErrnoCode): void {
    this.#end(error);
  }
}

/** What an unreachable's code means to the caller (icmp_err_convert). */
export const unreachable = (code: number): ErrnoCode =>
  code === 2 || code === 3
    ? 'ECONNREFUSED'
    : code === 0 || code === 6 || code === 9 || code === 11
      ? 'ENETUNREACH'
      : 'EHOSTUNREACH';
