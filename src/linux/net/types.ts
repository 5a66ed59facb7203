import type { Sys } from '../errno';
import type { OpenFile } from '../io/open-file';
import type { Process } from '../process/types';

/** A dotted IPv4 address. */
export type Ipv4 = string;

export interface Endpoint {
  readonly address: Ipv4;
  readonly port: number;
}

/** A stream socket that is connected. Reading and writing wait as system calls of the process that made or accepted it. */
export interface StreamSocket {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** The span under which the newest received bytes were sent: what caused them. */
  readonly cause?: number;
  /** Up to `max` bytes; undefined at end; ECONNRESET and the like as errors. */
  read(max?: number): Promise<Sys<Uint8Array | undefined>>;
  /** Bytes are taken, not copied: the writer must not change them afterwards. */
  write(bytes: Uint8Array): Promise<Sys<void>>;
  /** Half-close: the peer reads end of file. */
  shutdown(): void;
  close(): void;
  /** For fd tables (`exec 3<>/dev/tcp/…`, /proc/<pid>/fd). */
  readonly file: OpenFile;
}

export interface Listener {
  readonly local: Endpoint;
  accept(): Promise<Sys<StreamSocket>>;
  close(): void;
}

export interface DatagramSocket {
  readonly local: Endpoint;
  /** Set by connect(2): only this peer is heard, and its refusals become errors. */
  readonly remote: Endpoint | undefined;
  send(to: Endpoint, bytes: Uint8Array, options?: { readonly ttl?: number }): Sys<void>;
  receive(options?: {
    readonly timeout?: number;
  }): Promise<Sys<{ readonly from: Endpoint; readonly bytes: Uint8Array }>>;
  close(): void;
}

/**
 * A network namespace: its own interfaces, routes, netfilter tables, conntrack, sockets. Calls take the process on whose
 * behalf they are made: its signals interrupt them, its end closes what it left open.
 */
export interface NetworkNamespace {
  readonly id: number;
  connect(
    process: Process,
    to: Endpoint,
    options?: { readonly timeout?: number; readonly from?: Ipv4 },
  ): Promise<Sys<StreamSocket>>;
  listen(process: Process, at: ListenAt): Sys<Listener>;
  datagram(process: Process, at?: Endpoint, options?: { readonly remote?: Endpoint }): Sys<DatagramSocket>;
  /** AF_UNIX, by path in the process's file system. */
  connectUnix(process: Process, path: string): Promise<Sys<StreamSocket>>;
  listenUnix(process: Process, path: string): Sys<Listener>;
  /** One ICMP echo request and what came of it; ETIMEDOUT if nothing did. */
  echo(process: Process, address: Ipv4, options?: EchoOptions): Promise<Sys<EchoReply>>;
}

export interface EchoOptions {
  /** Milliseconds to wait for an answer; default 1000. */
  readonly timeout?: number;
  /** Bytes of data; default 56. */
  readonly size?: number;
  readonly ttl?: number;
  readonly identifier?: number;
  readonly sequence?: number;
}

export interface EchoReply {
  /** Errors come from a router or host on the way: `from`, with the ICMP code. */
  readonly kind: 'reply' | 'unreachable' | 'exceeded';
  readonly code: number;
  readonly from: Ipv4;
  readonly ttl: number;
  /** Bytes of ICMP, as ping counts them. */
  readonly bytes: number;
  /** Round trip in milliseconds. */
  readonly time: number;
}

/** What `ip`, CNI plugins and dockerd do to a network namespace (rtnetlink(7)). Names and texts as `ip` shows them. */
export interface NetworkAdmin extends NetworkNamespace {
  links(): readonly Link[];
  link(name: string): Link | undefined;
  addBridge(name: string): Sys<void>;
  addDummy(name: string): Sys<void>;
  /** A veth pair: one end here, the other in `peer.namespace`. */
  addVeth(name: string, peer: { readonly namespace: NetworkAdmin; readonly name: string }): Sys<void>;
  /** An ethernet card whose cable ends in a switch of the lab. */
  addCard(name: string, lan: Lan, mac?: string): Sys<void>;
  deleteLink(name: string): Sys<void>;
  setUp(name: string, up: boolean): Sys<void>;
  setMaster(name: string, bridge: string | undefined): Sys<void>;
  /** `bridge link set dev NAME hairpin on`: frames may leave the port they came in by. */
  setHairpin(name: string, hairpin: boolean): Sys<void>;
  setMac(name: string, mac: string): Sys<void>;
  setMtu(name: string, mtu: number): Sys<void>;
  /** A card of its own on the cable of `parent`, in another namespace: `ip link add link PARENT type macvlan`. */
  addMacvlan(parent: string, child: Macvlan): Sys<void>;
  /** `ip link set NAME netns …`. */
  moveLink(name: string, namespace: NetworkAdmin, newName?: string): Sys<void>;
  /** `cidr` as `10.244.1.3/24`. */
  addAddress(link: string, cidr: string): Sys<void>;
  deleteAddress(link: string, cidr: string): Sys<void>;
  routes(): readonly Route[];
  addRoute(route: Omit<Route, 'protocol'> & { readonly protocol?: string }): Sys<void>;
  deleteRoute(destination: string): Sys<void>;
  /** `ip route get`. */
  routeTo(address: Ipv4): { readonly device: string; readonly via?: Ipv4; readonly source: Ipv4 } | undefined;
  /** `net.ipv4.ip_forward` and the like. */
  sysctl(name: string): string | undefined;
  setSysctl(name: string, value: string): Sys<void>;
  readonly netfilter: NetfilterAdmin;
  /** Packets that a device (or `any`) sends and gets, as they pass (packet(7)); the result ends it. */
  capture(device: string, see: (captured: CapturedPacket) => void): () => void;
  /** Open sockets, for ss(8). */
  sockets(): readonly SocketInfo[];
  /** Takes all links down and closes all sockets: the last process left. */
  destroy(): void;
}

/** The device that `addMacvlan` makes. ipvlan's speaks from its parent's hardware address. */
export interface Macvlan {
  readonly namespace: NetworkAdmin;
  readonly name: string;
  readonly sharesMac?: boolean;
}

/** A packet as tcpdump(8) sees it. */
export interface CapturedPacket {
  readonly device: string;
  readonly outgoing: boolean;
  /** Virtual milliseconds since the epoch. */
  readonly at: number;
  /** 1 ICMP, 6 TCP, 17 UDP. */
  readonly protocol: number;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** TCP flags as they stand in the header. */
  readonly flags: number;
  /** Bytes of the stream before this segment; the echo's sequence number in ICMP. */
  readonly sequence: number;
  readonly acknowledge: number;
  readonly window: number;
  readonly ttl: number;
  readonly tos: number;
  /** IP total length. */
  readonly length: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly payload: Uint8Array | undefined;
}

export interface Link {
  readonly index: number;
  readonly name: string;
  readonly kind: 'loopback' | 'ether' | 'veth' | 'bridge' | 'dummy' | 'macvlan';
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  /** Up and with carrier (LOWER_UP): a bridge has none without a running port. */
  readonly running: boolean;
  readonly hairpin: boolean;
  readonly master: string | undefined;
  /** For veth: the index of the other end, and who a bridge learns to be there. */
  readonly peerIndex?: number;
  readonly peerMac?: string;
  /** A bridge that had a port once. */
  readonly hadPorts?: boolean;
  readonly addresses: readonly string[];
  readonly counters: {
    readonly rxPackets: number;
    readonly rxBytes: number;
    readonly txPackets: number;
    readonly txBytes: number;
  };
}

export interface Route {
  /** `default` or a CIDR. */
  readonly destination: string;
  readonly via?: Ipv4;
  readonly device: string;
  readonly source?: Ipv4;
  /** `kernel`, `static`, `boot`. */
  readonly protocol: string;
  readonly scope?: 'link' | 'host' | 'global';
  readonly metric?: number;
}

export interface SocketInfo {
  readonly protocol: 'tcp' | 'udp' | 'unix';
  /** As ss(8) names them. */
  readonly state:
    | 'LISTEN'
    | 'ESTAB'
    | 'TIME-WAIT'
    | 'UNCONN'
    | 'SYN-SENT'
    | 'SYN-RECV'
    | 'FIN-WAIT-1'
    | 'FIN-WAIT-2'
    | 'CLOSE-WAIT'
    | 'LAST-ACK'
    | 'CLOSING'
    | 'CLOSED';
  readonly local: Endpoint | string;
  readonly remote: Endpoint | undefined;
  /** As its own namespace counts; 0 where nobody holds it any more. */
  readonly pid: number;
  readonly holder?: Process | undefined;
  /** How many connections may wait to be accepted; absent: SOMAXCONN. */
  readonly backlog?: number | undefined;
}

/** Where to listen, and how. */
export interface ListenAt extends Endpoint {
  /** A socket of IPv6 that takes IPv4, too: ss shows it at `*`. */
  readonly dual?: boolean;
  readonly backlog?: number;
}

/** A switch: whoever has a card in it reaches the others' addresses. Made by `createLan` of the room. */
export interface Lan {
  readonly name: string;
}

/** iptables(8) as programs use it. Rule texts are what iptables-save prints. */
export interface NetfilterAdmin {
  /** iptables-restore: `*nat`, `:CHAIN POLICY [p:b]`, `-A …`, `COMMIT`. Without `noflush` tables named are replaced. All or nothing; the error is iptables' message. */
  restore(
    text: string,
    options?: { readonly noflush?: boolean; readonly counters?: boolean; readonly test?: boolean },
  ):
    | { readonly ok: true }
    | { readonly ok: false; readonly message: string; readonly line: number; readonly code: number };
  /** One iptables command line without the program name: `-t nat -A PREROUTING …`. Prints for -L and -S. */
  command(args: readonly string[]): { readonly code: number; readonly stdout: string; readonly stderr: string };
  /** iptables-save, of one table or all; `counters` is `-c`. */
  save(options?: { readonly table?: string; readonly counters?: boolean }): string;
  tables(): readonly {
    readonly name: string;
    readonly chains: readonly {
      readonly name: string;
      readonly policy: string | undefined;
      readonly rules: readonly { readonly text: string; readonly packets: number; readonly bytes: number }[];
    }[];
    /** The chains' names in the order in which they came to be; a built-in one does with its first rule. */
    readonly created: readonly string[];
  }[];
  /** Called (once per instant at most, through the clock) after rules or counters changed. */
  onChange(listener: () => void): () => void;
  /** `conntrack -L`. */
  conntrack(): readonly string[];
  /** `conntrack -D`: forgets the flows that fit; how many. */
  deleteConntrack(fits: (flow: FlowView) => boolean): number;
}

/** A tracked flow as `conntrack -D` selects it. */
export interface FlowView {
  readonly protocol: string;
  readonly source: Ipv4;
  readonly destination: Ipv4;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Source of the answers: after DNAT the backend. */
  readonly replySource: Ipv4;
  readonly replyDestination: Ipv4;
  readonly replySourcePort: number;
  readonly replyDestinationPort: number;
}
