import { Clock } from '../../../../sim/clock';
import { Random } from '../../../../sim/random';
import { Trace } from '../../../../sim/trace';
import { parseIpv4 } from '../../../../linux/net/address';
import { ACK, ECHO_REQUEST, ICMP, SYN, TCP, UDP, makePacket } from '../../../../linux/net/packet';
import { Stack } from '../../../../linux/net/stack';
import type { CapturedPacket } from '../../../../linux/net/types';
import { output, receive } from '../../../../linux/net/walk';
import type { Probe, World } from './worlds';

/** What became of a packet. */
export interface Outcome {
  /** `out DEVICE`, `local`, `reject CODE` or `none`. */
  readonly fate: string;
  /** As it left: `SRC:PORT>DST:PORT`. */
  readonly left: string;
  /** The rules it met, as `TABLE -A …`, sorted. */
  readonly rules: readonly string[];
}

/** Puts a world's packets into our netfilter, one after the other. */
export function replay({ ifaces, rules, packets }: Pick<World, 'ifaces' | 'rules' | 'packets'>): readonly Outcome[] {
  const trace = new Trace();
  const clock = new Clock({ start: Date.UTC(2026, 10, 20), settle: () => Promise.resolve(), trace });
  const make = (id: number, hostName: string): Stack =>
    new Stack({ id, clock, trace, hostName, random: new Random(id) });
  const fw = make(1, 'fw');
  fw.setUp('lo', true);
  fw.setSysctl('net.ipv4.ip_forward', '1');
  fw.setSysctl('net.ipv4.icmp_ratelimit', '0');
  for (const [index, [name, { addrs, hosts, gw }]] of Object.entries(ifaces).entries()) {
    const peer = make(2 + index, `peer${index}`);
    fw.addVeth(name, { namespace: peer, name: 'p' });
    fw.setUp(name, true);
    peer.setUp('p', true);
    for (const address of addrs) fw.addAddress(name, address);
    for (const host of [...hosts, ...(gw === undefined ? [] : [gw])]) peer.addAddress('p', `${host}/32`);
    if (gw !== undefined) fw.addRoute({ destination: 'default', via: gw, device: name });
  }
  const loaded = fw.netfilter.restore(rules);
  if (!loaded.ok) throw new Error(`line ${loaded.line}: ${loaded.message}`);
  const seen: CapturedPacket[] = [];
  fw.capture('any', (packet) => void (packet.outgoing && packet.device !== 'lo' && seen.push(packet)));
  return packets.map((probe) => {
    const before = counts(fw);
    seen.length = 0;
    const delivered = send(fw, probe);
    // That nobody has the address is learnt after three seconds, when the oracle looks no more.
    const timely = seen.filter(
      ({ icmpType, icmpCode, protocol }) => protocol !== ICMP || icmpType !== 3 || icmpCode !== 1,
    );
    const rejected = timely.find(({ icmpType, protocol }) => protocol === ICMP && icmpType === 3);
    const [left] = timely;
    const fate = delivered ?? (rejected ? `reject ${rejected.icmpCode}` : left ? `out ${left.device}` : 'none');
    return {
      fate,
      left:
        left === undefined || rejected !== undefined
          ? ''
          : `${left.source.address}:${portOf(left, left.source)}>${left.destination.address}:${portOf(left, left.destination)}`,
      rules: difference(before, counts(fw)),
    };
  });
}

/** Echoes have an identifier instead, which the oracle does not tell. */
const portOf = ({ protocol }: CapturedPacket, { port }: { readonly port: number }): number =>
  protocol === ICMP ? 7 : port;

const protocols = { tcp: TCP, udp: UDP, icmp: ICMP } as const;

/** `local` if the packet reached a socket of the host; who is refused by the system call itself learns it there. */
function send(fw: Stack, { iif, src, dst, proto, sport, dport, flags = 'S' }: Probe): string | undefined {
  const source = src === undefined ? 0 : (parseIpv4(src) ?? 0);
  const ports = proto === 'icmp' ? [7, 7] : [sport, dport];
  const length = proto === 'tcp' ? 40 : proto === 'udp' ? 32 : 28;
  const packet = makePacket(protocols[proto], source, ports[0] ?? 0, parseIpv4(dst) ?? 0, ports[1] ?? 0, length);
  if (proto === 'tcp') packet.flags = flags === 'S' ? SYN : ACK;
  if (proto === 'icmp') packet.icmpType = ECHO_REQUEST;
  let arrived = false;
  const { socketTable } = fw;
  const deliver = socketTable.deliver.bind(socketTable);
  // Nobody listens: what counts is that it came this far.
  socketTable.deliver = (taken) => {
    arrived ||= taken === packet;
  };
  if (iif === undefined) output(fw, packet);
  else {
    const device = fw.device(iif);
    if (device !== undefined) receive(fw, device, packet, undefined);
  }
  socketTable.deliver = deliver;
  return arrived ? 'local' : undefined;
}

type Counts = ReadonlyMap<string, number>;

function counts(stack: Stack): Counts {
  const all = new Map<string, number>();
  for (const { name: table, chains } of stack.netfilter.tables())
    for (const { name: chain, rules } of chains)
      for (const { text, packets } of rules) {
        const key = `${table} -A ${chain} ${text}`;
        all.set(key, (all.get(key) ?? 0) + packets);
      }
  return all;
}

function difference(before: Counts, after: Counts): readonly string[] {
  const met: string[] = [];
  for (const [rule, count] of after) for (let left = count - (before.get(rule) ?? 0); left > 0; left--) met.push(rule);
  return met.sort();
}
