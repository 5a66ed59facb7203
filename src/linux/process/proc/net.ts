import type { SyntheticNode } from '../../fs/types';
import { netmask, parseCidr, parseIpv4 } from '../../net/address';
import { neighboursOf } from '../../net/neighbours';
import type { Endpoint, Link, NetworkAdmin, Route, SocketInfo } from '../../net/types';
import type { Task } from '../task';
import { directory, file } from './nodes';

/** /proc/<pid>/net: the network namespace of that process (proc_net(5)). */
export function networkDirectory(task: Task): SyntheticNode {
  const net = (): NetworkAdmin => task.net;
  const sockets = (protocol: SocketInfo['protocol']): readonly SocketInfo[] =>
    net()
      .sockets()
      .filter((socket) => socket.protocol === protocol);
  return directory({
    arp: () => file(() => arp(net())),
    dev: () => file(() => dev(net().links())),
    if_inet6: () => file(() => ''),
    ip_tables_names: () =>
      file(
        () =>
          net()
            .netfilter.tables()
            .map(({ name }) => `${name}\n`)
            .join(''),
        0o440,
      ),
    nf_conntrack: () =>
      file(
        () =>
          net()
            .netfilter.conntrack()
            .map((flow) => `ipv4     2 ${flow}\n`)
            .join(''),
        0o440,
      ),
    protocols: () =>
      file(
        () =>
          'protocol  size sockets  memory press maxhdr  slab module     cl co di ac io in de sh ss gs se re sp bi br ha uh gp em\n',
      ),
    route: () => file(() => route(net().routes())),
    snmp: () => file(() => snmp(net())),
    sockstat: () => file(() => sockstat(net().sockets())),
    tcp: () =>
      file(() =>
        internet(
          'tcp',
          sockets('tcp').filter(({ local }) => typeof local === 'string' || local.address !== '*'),
        ),
      ),
    tcp6: () => file(() => `${tcp6Head}\n`),
    udp: () => file(() => internet('udp', sockets('udp'))),
    udp6: () => file(() => `${udp6Head}\n`),
    unix: () => file(() => unix(sockets('unix'))),
  });
}

/** Bytes of an address in host order: 127.0.0.1 is 0100007F. */
function reversed(address: string): string {
  const value = parseIpv4(address) ?? 0;
  const bytes = [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
  return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
}

function dev(links: readonly Link[]): string {
  const head =
    'Inter-|   Receive                                                |  Transmit\n' +
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n';
  const cell = (value: number, width: number): string => String(value).padStart(width);
  return (
    head +
    links
      .map(({ name, counters: { rxBytes, rxPackets, txBytes, txPackets } }) => {
        const received = `${cell(rxBytes, 7)} ${cell(rxPackets, 7)}    0    0    0     0          0         0`;
        return `${name.padStart(6)}: ${received} ${cell(txBytes, 8)} ${cell(txPackets, 7)}    0    0    0     0       0          0\n`;
      })
      .join('')
  );
}

/** RTF_UP, RTF_GATEWAY, RTF_HOST. */
function route(routes: readonly Route[]): string {
  const rows = routes.map(({ destination, device, via, metric = 0 }) => {
    const target =
      destination === 'default' ? { address: 0, length: 0 } : (parseCidr(destination) ?? { address: 0, length: 0 });
    const flags = 1 | (via === undefined ? 0 : 2) | (target.length === 32 ? 4 : 0);
    const hex = (value: number): string =>
      reversed([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.'));
    return [
      device,
      hex(target.address),
      reversed(via ?? '0.0.0.0'),
      flags.toString(16).toUpperCase().padStart(4, '0'),
      0,
      0,
      metric,
      hex(netmask(target.length)),
      0,
      0,
      0,
    ].join('\t');
  });
  // fib_route_seq_show pads each line to 127 characters.
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  return [head, ...rows].map((row) => `${row.padEnd(127)}\n`).join('');
}

function arp(net: NetworkAdmin): string {
  const rows = neighboursOf(net).map(
    ({ address, mac, device }) => `${address.padEnd(16)} 0x1         0x2         ${mac}     *        ${device}\n`,
  );
  return `IP address       HW type     Flags       HW address            Mask     Device\n${rows.join('')}`;
}

/** include/net/tcp_states.h. */
const tcpStates: Readonly<Record<SocketInfo['state'], number>> = {
  ESTAB: 1,
  'SYN-SENT': 2,
  'SYN-RECV': 3,
  'FIN-WAIT-1': 4,
  'FIN-WAIT-2': 5,
  'TIME-WAIT': 6,
  UNCONN: 7,
  CLOSED: 7,
  'CLOSE-WAIT': 8,
  'LAST-ACK': 9,
  LISTEN: 10,
  CLOSING: 11,
};

const tcpHead = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const udpHead =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';
const tcp6Head =
  '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const udp6Head =
  '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops';

function internet(protocol: 'tcp' | 'udp', sockets: readonly SocketInfo[]): string {
  const end = (at: Endpoint | string | undefined): string =>
    at === undefined || typeof at === 'string'
      ? '00000000:0000'
      : `${reversed(at.address)}:${at.port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = sockets.map(({ local, remote, state }, index) => {
    const number = tcpStates[state].toString(16).toUpperCase().padStart(2, '0');
    const head = `${String(index).padStart(protocol === 'tcp' ? 4 : 5)}: ${end(local)} ${end(remote)} ${number}`;
    const tail = `00000000:00000000 00:00000000 00000000     0        0 ${inodeOf(local, remote)}`;
    const more = protocol === 'tcp' ? '1 0000000000000000 100 0 0 10 0' : '2 0000000000000000 0';
    return `${head} ${tail} ${more}`;
  });
  const width = protocol === 'tcp' ? 149 : 127;
  return [protocol === 'tcp' ? tcpHead : udpHead, ...rows].map((row) => `${row.padEnd(width)}\n`).join('');
}

/** Sockets have no inodes here: a number that is the same for the same ends. */
function inodeOf(local: Endpoint | string, remote: Endpoint | undefined): number {
  const text = `${typeof local === 'string' ? local : `${local.address}:${local.port}`} ${remote?.address ?? ''}:${remote?.port ?? ''}`;
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) >>> 0;
  return 10_000 + (hash % 90_000);
}

function unix(sockets: readonly SocketInfo[]): string {
  const rows = sockets.map(({ local, state }) => {
    const listening = state === 'LISTEN';
    const path = typeof local === 'string' ? local : local.address;
    const tail = path === '' ? '' : ` ${path}`;
    return `0000000000000000: 0000000${listening ? 2 : 3} 00000000 ${listening ? '00010000' : '00000000'} 0001 ${listening ? '01' : '03'} ${String(inodeOf(path, undefined)).padStart(5)}${tail}\n`;
  });
  return `Num       RefCount Protocol Flags    Type St Inode Path\n${rows.join('')}`;
}

function sockstat(sockets: readonly SocketInfo[]): string {
  const count = (protocol: SocketInfo['protocol']): number =>
    sockets.filter((socket) => socket.protocol === protocol).length;
  const waiting = sockets.filter(({ state }) => state === 'TIME-WAIT').length;
  return (
    `sockets: used ${sockets.length}\nTCP: inuse ${count('tcp') - waiting} orphan 0 tw ${waiting} alloc ${count('tcp')} mem 0\n` +
    `UDP: inuse ${count('udp')} mem 0\nUDPLITE: inuse 0\nRAW: inuse 0\nFRAG: inuse 0 memory 0\n`
  );
}

function snmp(net: NetworkAdmin): string {
  let received = 0;
  let sent = 0;
  for (const { counters } of net.links()) {
    received += counters.rxPackets;
    sent += counters.txPackets;
  }
  const forwarding = net.sysctl('net.ipv4.ip_forward') === '1' ? 1 : 2;
  return (
    'Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates\n' +
    `Ip: ${forwarding} 64 ${received} 0 0 0 0 0 ${received} ${sent} 0 0 0 0 0 0 0 0 0\n`
  );
}
