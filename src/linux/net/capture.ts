import { Few } from '../../sim/few';
import { formatIpv4 } from './address';
import type { Packet } from './packet';
import type { CapturedPacket } from './types';

type See = (captured: CapturedPacket) => void;

/** Who looks at the packets of a namespace's devices (packet(7)). Nobody looking costs one comparison a packet. */
export class Taps {
  readonly #taps = new Few<{ readonly device: string; readonly see: See }>();
  active = false;

  /** Looks at a device, or at `any`; the result ends it. */
  add(device: string, see: See): () => void {
    const tap = { device, see };
    this.#taps.add(tap);
    this.active = true;
    return () => {
      this.#taps.delete(tap);
      this.active = this.#taps.size > 0;
    };
  }

  /** A packet passes at a device, at instant `now` of the clock. */
  pass(device: string, packet: Packet, outgoing: boolean, now: number): void {
    let captured: CapturedPacket | undefined;
    for (const tap of this.#taps) {
      if (tap.device !== 'any' && tap.device !== device) continue;
      captured ??= {
        device,
        outgoing,
        at: now + packet.delay,
        protocol: packet.protocol,
        source: { address: formatIpv4(packet.source), port: packet.sourcePort },
        destination: { address: formatIpv4(packet.destination), port: packet.destinationPort },
        flags: packet.flags,
        sequence: packet.sequence,
        acknowledge: packet.acknowledge,
        window: packet.window,
        ttl: packet.ttl,
        tos: packet.tos,
        length: packet.length,
        icmpType: packet.icmpType,
        icmpCode: packet.icmpCode,
        payload: packet.payload,
      };
      tap.see(captured);
    }
  }
}
