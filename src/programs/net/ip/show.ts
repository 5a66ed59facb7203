import { deviceDetails, kindDetails } from './details';
import type { Link, NetworkAdmin, Route } from '../../../linux/net/types';

/** How `ip` prints: iproute2's way or busybox's, `-o`, `-br`, `-4`. */
export interface Style {
  readonly busybox: boolean;
  readonly oneline: boolean;
  readonly brief: boolean;
  readonly inet: boolean;
  readonly details: boolean;
}

/** What the kernel says of a link beyond what is configured: carrier and operational state (RFC 2863). */
export function linkState(link: Link): { readonly flags: string; readonly state: string } {
  const kinds = {
    loopback: ['LOOPBACK'],
    dummy: ['BROADCAST', 'NOARP'],
    ether: ['BROADCAST', 'MULTICAST'],
    veth: ['BROADCAST', 'MULTICAST'],
    bridge: ['BROADCAST', 'MULTICAST'],
    macvlan: ['BROADCAST', 'MULTICAST'],
  }[link.kind];
  if (!link.up) return { flags: kinds.join(','), state: 'DOWN' };
  if (!link.running) {
    const state = link.kind === 'veth' ? 'LOWERLAYERDOWN' : 'DOWN';
    return { flags: ['NO-CARRIER', ...kinds, 'UP'].join(','), state };
  }
  return {
    flags: [...kinds, 'UP', 'LOWER_UP'].join(','),
    state: link.kind === 'loopback' || link.kind === 'dummy' ? 'UNKNOWN' : 'UP',
  };
}

/** `eth0@if224`: the other end of a veth pair, by name if it is in the same namespace. */
export function linkTitle(net: NetworkAdmin, { name, index, peerIndex }: Link): string {
  if (peerIndex === undefined) return name;
  const peer = net
    .links()
    .find((other) => other.index === peerIndex && other.peerIndex === index && other.name !== name);
  return `${name}@${peer ? peer.name : `if${peerIndex}`}`;
}

const isLocalPeer = (net: NetworkAdmin, link: Link): boolean => !linkTitle(net, link).includes('@if');
const queueing = ({ kind, up }: Link): string =>
  kind === 'ether' ? (up ? 'fq_codel' : 'noop') : up ? 'noqueue' : kind === 'loopback' ? 'noqueue' : 'noop';
/** Docker and CNI make their links with a queue of 0; by their names, as nobody else's are like them. */
const queueLength = ({ kind, name }: Link): number =>
  /^(?:docker\d|br-|cni\d|veth[0-9a-f]{7})/.test(name) || (kind === 'veth' && /^eth\d/.test(name)) ? 0 : 1000;

/** The two lines of a link. */
function linkLines(net: NetworkAdmin, link: Link, style: Style, withMode: boolean): string[] {
  const { flags, state } = linkState(link);
  const master = link.master === undefined ? '' : ` master ${link.master}`;
  const foreign = link.peerIndex !== undefined && !isLocalPeer(net, link);
  const first = style.busybox
    ? `${link.index}: ${linkTitle(net, link)}: <${flags}${foreign ? ',M-DOWN' : ''}> mtu ${link.mtu} qdisc ${queueing(link)}${master}${queueLength(link) ? ` qlen ${queueLength(link)}` : ' '}`
    : `${link.index}: ${linkTitle(net, link)}: <${flags}> mtu ${link.mtu} qdisc ${queueing(link)}${master} state ${state}${withMode ? ' mode DEFAULT' : ''} group default qlen ${queueLength(link)}`;
  const kind = link.kind === 'loopback' ? 'loopback' : 'ether';
  const broadcast = link.kind === 'loopback' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff';
  const netnsid = foreign && !style.busybox ? ' link-netnsid 0' : '';
  const hardware = `    link/${kind} ${link.mac} brd ${broadcast}${netnsid}`;
  return style.details ? [first, hardware + deviceDetails(link), ...kindDetails(link, net.links())] : [first, hardware];
}

/** The broadcast address of a network, unless it is too small to have one. */
export function broadcastOf(cidr: string): string | undefined {
  const [address = '', length = '32'] = cidr.split('/');
  const bits = Number(length);
  if (bits >= 31 || address.startsWith('127.')) return undefined;
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const last = value + (2 ** (32 - bits) - 1 - (value % 2 ** (32 - bits)));
  return [24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256).join('.');
}

function inetLine({ name, kind }: Link, cidr: string): string {
  const broadcast = broadcastOf(cidr);
  return `inet ${cidr}${broadcast === undefined ? '' : ` brd ${broadcast}`} scope ${kind === 'loopback' ? 'host' : 'global'} ${name}`;
}

export function showLinks(net: NetworkAdmin, links: readonly Link[], style: Style): string {
  if (style.brief) {
    return links
      .map((link) => {
        const { flags, state } = linkState(link);
        return `${linkTitle(net, link).padEnd(16)} ${state.padEnd(14)} ${link.mac} <${flags}> \n`;
      })
      .join('');
  }
  return links.map((link) => `${linkLines(net, link, style, true).join(style.oneline ? '\\' : '\n')}\n`).join('');
}

export function showAddresses(net: NetworkAdmin, links: readonly Link[], style: Style): string {
  const lifetime = 'valid_lft forever preferred_lft forever';
  if (style.brief) {
    return links
      .map((link) => {
        const { state } = linkState(link);
        return `${linkTitle(net, link).padEnd(16)} ${state.padEnd(14)} ${[...link.addresses, ...(link.kind === 'loopback' && link.up ? ['::1/128'] : [])].map((cidr) => `${cidr} `).join('')}\n`;
      })
      .join('');
  }
  if (style.oneline) {
    return links
      .flatMap((link) =>
        link.addresses.map((cidr) => `${link.index}: ${link.name}    ${inetLine(link, cidr)}\\       ${lifetime}\n`),
      )
      .join('');
  }
  return links
    .filter((link) => !style.inet || link.addresses.length > 0)
    .map((link) => {
      const head = style.inet ? linkLines(net, link, style, false).slice(0, 1) : linkLines(net, link, style, false);
      const addresses = link.addresses.flatMap((cidr) => [`    ${inetLine(link, cidr)}`, `       ${lifetime}`]);
      // What the kernel gives a loopback that is up; the links here have no other addresses of IPv6.
      if (link.kind === 'loopback' && link.up && !style.inet)
        addresses.push('    inet6 ::1/128 scope host ', `       ${lifetime}`);
      return `${[...head, ...addresses].join('\n')}\n`;
    })
    .join('');
}

/** One line of `ip route`. */
export function routeLine(net: NetworkAdmin, route: Route, style: Style): string {
  const { destination, via, device, source, protocol, scope, metric } = route;
  let line = destination;
  if (via !== undefined) line += ` via ${via}`;
  line += ` dev ${device}`;
  if (!style.busybox && protocol !== 'boot') line += ` proto ${protocol}`;
  if (scope === 'link' || (scope === undefined && via === undefined && destination !== 'default'))
    line += ' scope link';
  if (source !== undefined) line += style.busybox ? `  src ${source}` : ` src ${source}`;
  if (metric !== undefined && metric !== 0) line += ` metric ${metric}`;
  const link = net.link(device);
  if (!style.busybox && link && linkState(link).flags.includes('NO-CARRIER')) line += ' linkdown';
  return `${line} \n`;
}

/** `ip -j`: the fields that scripts ask for. */
export const linkJson = (link: Link, addresses: boolean): object => {
  const { flags, state } = linkState(link);
  return {
    ifindex: link.index,
    ifname: link.name,
    flags: flags.split(','),
    mtu: link.mtu,
    qdisc: queueing(link),
    ...(link.master === undefined ? {} : { master: link.master }),
    operstate: state,
    group: 'default',
    txqlen: queueLength(link),
    link_type: link.kind === 'loopback' ? 'loopback' : 'ether',
    address: link.mac,
    broadcast: link.kind === 'loopback' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff',
    ...(addresses
      ? {
          addr_info: link.addresses.map((cidr) => ({
            family: 'inet',
            local: cidr.split('/')[0],
            prefixlen: Number(cidr.split('/')[1] ?? 32),
            ...(broadcastOf(cidr) === undefined ? {} : { broadcast: broadcastOf(cidr) }),
            scope: link.kind === 'loopback' ? 'host' : 'global',
            label: link.name,
            valid_life_time: 4_294_967_295,
            preferred_life_time: 4_294_967_295,
          })),
        }
      : {}),
  };
};

export const routeJson = ({ destination, via, device, source, protocol, scope, metric }: Route): object => ({
  dst: destination,
  ...(via === undefined ? {} : { gateway: via }),
  dev: device,
  protocol,
  ...(scope === undefined || scope === 'global' ? {} : { scope }),
  ...(source === undefined ? {} : { prefsrc: source }),
  ...(metric === undefined ? {} : { metric }),
  flags: [],
});
