import { ok } from '../../../sim/result';
import { fail, type ErrnoCode, type Sys } from '../../errno';
import type { Process } from '../../process/types';
import { formatIpv4, parseIpv4 } from '../address';
import { ECHO_REPLY, ECHO_REQUEST, ICMP, TIME_EXCEEDED, makePacket, type Packet } from '../packet';
import type { Stack } from '../stack';
import type { EchoOptions, EchoReply } from '../types';
import { output } from '../walk';

/** Sends one ICMP echo request and waits for what comes of it. */
export async function ping(
  stack: Stack,
  process: Process,
  address: string,
  { timeout = 1000, size = 56, ttl = 64, identifier, sequence = 1 }: EchoOptions,
): Promise<Sys<EchoReply>> {
  const destination = parseIpv4(address);
  if (destination === undefined) return fail('EINVAL');
  const id = identifier ?? stack.random.below(65536);
  const started = stack.clock.now;
  const result = await process.block<EchoReply | ErrnoCode>((wake) => {
    const forget = stack.socketTable.addEcho(id, {
      answered: (packet) => wake(reply(packet, stack.clock.now - started)),
    });
    const timer = stack.clock.setTimer(timeout, () => wake('ETIMEDOUT'));
    const packet = makePacket(ICMP, 0, id, destination, id, 28 + size);
    packet.icmpType = ECHO_REQUEST;
    packet.ttl = ttl;
    packet.sequence = sequence;
    packet.traced = sequence === 1;
    const error = output(stack, packet);
    if (error !== undefined) stack.clock.setTimer(0, () => wake(error));
    return () => {
      forget();
      stack.clock.cancel(timer);
    };
  });
  if (!result.ok) return result;
  return typeof result.value === 'string' ? fail(result.value) : ok(result.value);
}

const reply = (packet: Packet, time: number): EchoReply => ({
  kind: packet.icmpType === ECHO_REPLY ? 'reply' : packet.icmpType === TIME_EXCEEDED ? 'exceeded' : 'unreachable',
  code: packet.icmpCode,
  from: formatIpv4(packet.source),
  ttl: packet.ttl,
  bytes: packet.length - 20,
  time,
});
