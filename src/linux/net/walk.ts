import type { ErrnoCode } from '../errno';
import { latencies } from '../../sim/latencies';
import { findNeighbour, type FramePath } from './bridge';
import { formatIpv4, isLoopback, isMulticast } from './address';
import type { Device } from './link';
import { packetText } from './netfilter/netfilter';
import type { Hook, Verdict } from './netfilter/rule';
import { ACK, ICMP, RST, TCP, TIME_EXCEEDED, UNREACHABLE, icmpError, makePacket, type Packet } from './packet';
import type { Decision } from './route';
import type { Stack } from './stack';

/*
 * The packet's walk: one synchronous call from the sending socket to the receiving one, through all namespaces between.
 * Time is summed up in `packet.delay` and passes at the end, in one timer.
 *
 *   output ─► OUTPUT ─► POSTROUTING ─► cable ─► PREROUTING ─► INPUT ─► socket
 *                           ▲                        └─► FORWARD ─┐
 *                           └─────────────────────────────────────┘
 */

/** How long ARP asks before it gives up: three tries, a second each. */
const ARP_TIME = 3000;

/** Sends a packet of a local socket. An errno where the system call itself learns that it failed. */
export function output(stack: Stack, packet: Packet): ErrnoCode | undefined {
  let route = stack.route(packet.destination);
  if (route === undefined) return 'ENETUNREACH';
  if (packet.source === 0) packet.source = route.source;
  if (stack.netfilter.active) {
    const { destination, mark } = packet;
    const verdict = stack.netfilter.run('OUTPUT', packet, '', route.device.name);
    if (verdict.kind !== 'accept') {
      stop(stack, packet, verdict, 'OUTPUT');
      return 'EPERM';
    }
    if (packet.destination !== destination || packet.mark !== mark) {
      route = stack.route(packet.destination);
      if (route === undefined) {
        lose(packet);
        return 'EHOSTUNREACH';
      }
    }
  }
  // __mkroute_output: 127.0.0.0/8 does not leave the host, unless told so.
  if (isLoopback(packet.source) && route.device.kind !== 'loopback' && !stack.sysctls.localnet(route.device.name)) {
    lose(packet);
    return 'EINVAL';
  }
  return post(stack, packet, route);
}

function post(stack: Stack, packet: Packet, route: Decision, from?: Device): ErrnoCode | undefined {
  const verdict = stack.netfilter.run('POSTROUTING', packet, '', route.device.name);
  if (verdict.kind !== 'accept') {
    stop(stack, packet, verdict, 'POSTROUTING');
    return 'EPERM';
  }
  transmit(stack, route.device, route.via ?? packet.destination, packet, from);
  return undefined;
}

/** Puts the packet on the device's segment, addressed to whoever has `next`. */
function transmit(stack: Stack, device: Device, next: number, packet: Packet, from: Device | undefined): void {
  if (device.kind === 'loopback') {
    device.sent(packet);
    packet.delay += latencies.loopback;
    packet.physIn = undefined;
    receive(stack, device, packet, undefined);
    return;
  }
  const path = findNeighbour(device, next);
  if (path === undefined) {
    packet.delay += ARP_TIME;
    trace(stack, packet, 'drop', `${device.name}: no answer to ARP for ${formatIpv4(next)}`);
    sendError(stack, packet, UNREACHABLE, 1);
    return;
  }
  device.sent(packet);
  // A bridged packet does not leave where it came in (should_deliver), unless the port is a hairpin.
  if (from !== undefined && path.hops[0]?.to === from && !from.hairpin) {
    trace(stack, packet, 'drop', `${from.name}: no hairpin`);
    lose(packet);
    return;
  }
  if (packet.traced) {
    stack.trace.record('ip', 'transmit', device.name, {
      host: stack.hostName,
      namespace: stack.id,
      packet: packetText(packet),
      next: formatIpv4(next),
      to: path.arrival.stack.hostName,
      toNamespace: path.arrival.stack.id,
    });
  }
  follow(stack, packet, path);
}

function follow(sender: Stack, packet: Packet, path: FramePath): void {
  let current = sender;
  for (const { bridge, from, to } of path.hops) {
    to.sent(packet);
    if (from === undefined) continue;
    from.received(packet);
    if (bridge.stack !== current) {
      leaveNamespace(packet);
      current = bridge.stack;
    }
    if (!current.sysctls.bridgeCallsIptables || !current.netfilter.active) continue;
    // br_netfilter: the bridge shows IP packets to iptables. If they get another destination it takes them over.
    if (!bridged(current, packet, bridge, from, to)) return;
  }
  packet.delay += path.delay;
  const { arrival, port } = path;
  if (arrival.stack !== current) leaveNamespace(packet);
  if (port !== undefined) {
    port.received(packet);
  }
  receive(arrival.stack, arrival, packet, port);
}

/** skb_scrub_packet: marks and tracking belong to one namespace. */
function leaveNamespace(packet: Packet): void {
  packet.mark = 0;
  packet.connection = undefined;
  packet.reply = false;
  packet.ctState = undefined;
  packet.physIn = undefined;
  packet.physOut = undefined;
}

/** True: the frame goes on as it was meant to. */
function bridged(stack: Stack, packet: Packet, bridge: Device, from: Device, to: Device): boolean {
  const destination = packet.destination;
  packet.physIn = from.name;
  const before = stack.netfilter.run('PREROUTING', packet, bridge.name, '');
  if (before.kind !== 'accept') {
    stop(stack, packet, before, 'PREROUTING');
    return false;
  }
  if (packet.destination !== destination) {
    packet.delay += latencies.veth;
    routeInput(stack, bridge, packet, from, true);
    return false;
  }
  packet.physOut = to.name;
  return bridgeForward(stack, packet, bridge);
}

function bridgeForward(stack: Stack, packet: Packet, bridge: Device): boolean {
  for (const hook of ['FORWARD', 'POSTROUTING'] as const) {
    const verdict = stack.netfilter.run(hook, packet, hook === 'FORWARD' ? bridge.name : '', bridge.name);
    if (verdict.kind === 'accept') continue;
    stop(stack, packet, verdict, hook);
    return false;
  }
  return true;
}

/** A packet comes in at a device. `port`: the bridge port it came through. */
export function receive(stack: Stack, device: Device, packet: Packet, port: Device | undefined): void {
  device.received(packet);
  if (stack.destroyed) {
    lose(packet);
    return;
  }
  const filtered = port !== undefined && stack.sysctls.bridgeCallsIptables;
  packet.physIn = filtered ? port.name : undefined;
  const destination = packet.destination;
  const verdict = stack.netfilter.run('PREROUTING', packet, device.name, '');
  if (verdict.kind !== 'accept') {
    stop(stack, packet, verdict, 'PREROUTING');
    return;
  }
  routeInput(stack, device, packet, filtered ? port : undefined, packet.destination !== destination);
}

/** ip_route_input: here, onwards, or nowhere. */
function routeInput(stack: Stack, device: Device, packet: Packet, port: Device | undefined, translated: boolean): void {
  const { destination, source } = packet;
  if (
    device.kind !== 'loopback' &&
    (isLoopback(source) || isLoopback(destination)) &&
    !stack.sysctls.localnet(device.name)
  ) {
    trace(stack, packet, 'drop', `${device.name}: martian`);
    lose(packet);
    return;
  }
  if (stack.isLocal(destination)) {
    const verdict = stack.netfilter.run('INPUT', packet, device.name, '');
    if (verdict.kind !== 'accept') {
      stop(stack, packet, verdict, 'INPUT');
      return;
    }
    if (packet.traced) trace(stack, packet, 'deliver', device.name);
    stack.socketTable.deliver(packet);
    return;
  }
  const route = isMulticast(destination) ? undefined : stack.route(destination);
  // br_nf_pre_routing_finish: what was DNATed to the same bridge stays on it, without a router's work.
  if (port !== undefined && translated && route?.device === device) {
    if (bridgeForward(stack, packet, device)) transmit(stack, device, route.via ?? destination, packet, port);
    return;
  }
  if (!stack.sysctls.forwarding) {
    trace(stack, packet, 'drop', `${device.name}: not for this host, and net.ipv4.ip_forward is 0`);
    lose(packet);
    return;
  }
  if (route === undefined) {
    trace(stack, packet, 'drop', 'no route');
    sendError(stack, packet, UNREACHABLE, 0);
    return;
  }
  forward(stack, device, route, packet);
}

function forward(stack: Stack, device: Device, route: Decision, packet: Packet): void {
  if (packet.ttl <= 1) {
    sendError(stack, packet, TIME_EXCEEDED, 0, device.addresses[0]?.address ?? 0);
    return;
  }
  packet.ttl--;
  const verdict = stack.netfilter.run('FORWARD', packet, device.name, route.device.name);
  if (verdict.kind !== 'accept') {
    stop(stack, packet, verdict, 'FORWARD');
    return;
  }
  if (packet.traced) trace(stack, packet, 'forward', `${device.name} → ${route.device.name}`);
  post(stack, packet, route);
}

const lose = (packet: Packet): void => packet.lost?.();

function trace(stack: Stack, packet: Packet, verb: string, subject: string): void {
  if (!packet.traced) return;
  stack.trace.record('ip', verb, subject, { host: stack.hostName, namespace: stack.id, packet: packetText(packet) });
}

const rejectCodes: Readonly<Record<string, number>> = {
  'icmp-net-unreachable': 0,
  'icmp-host-unreachable': 1,
  'icmp-proto-unreachable': 2,
  'icmp-port-unreachable': 3,
  'icmp-net-prohibited': 9,
  'icmp-host-prohibited': 10,
  'icmp-admin-prohibited': 13,
};

/** A verdict that ends the walk. */
function stop(stack: Stack, packet: Packet, verdict: Verdict, hook: Hook): void {
  if (verdict.kind !== 'reject') {
    lose(packet);
    return;
  }
  if (verdict.with !== 'tcp-reset') {
    sendError(stack, packet, UNREACHABLE, rejectCodes[verdict.with] ?? 3, hook === 'INPUT' ? packet.destination : 0);
    return;
  }
  if (packet.protocol === TCP && (packet.flags & RST) === 0) {
    const reset = makePacket(TCP, packet.destination, packet.destinationPort, packet.source, packet.sourcePort, 40);
    reset.flags = RST | ACK;
    reset.acknowledge = packet.sequence + 1;
    answer(stack, packet, reset);
  }
}

/** Tells the sender of `packet` by ICMP that it got no further. */
export function sendError(stack: Stack, packet: Packet, type: number, code: number, source = 0): void {
  const aboutError = packet.protocol === ICMP && packet.inner !== undefined;
  if (aboutError || !stack.allowError(packet.source)) {
    lose(packet);
    return;
  }
  answer(stack, packet, icmpError(packet, source, type, code));
}

/** Sends what answers `packet`; it belongs to the same flow and has the way so far behind it. */
function answer(stack: Stack, packet: Packet, reply: Packet): void {
  reply.delay = packet.delay;
  reply.lost = packet.lost;
  if (packet.connection !== undefined && reply.inner !== undefined) {
    reply.connection = packet.connection;
    reply.reply = !packet.reply;
    reply.ctState = 'RELATED';
  }
  if (output(stack, reply) !== undefined) lose(reply);
}
