import type { NetworkAdmin } from '../../../linux/net/types';
import type { AddressPool } from './ipam';
import type { Pool6 } from './ipam6';
import type { BridgeConfig, PublishedPort } from './rules';

/** `Subnet`, `IPRange`, `Gateway`, `AuxiliaryAddresses` of a network, as somebody asked for them or as they came to be. */
export interface IpamConfig {
  readonly Subnet?: string;
  readonly IPRange?: string;
  readonly Gateway?: string;
  readonly AuxiliaryAddresses?: Readonly<Record<string, string>>;
}

/** A network of the engine: `bridge`, `host`, `none`, or one that somebody made. */
export interface Network {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly createdAt: number;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly ipam: {
    readonly driver: string;
    readonly options: Readonly<Record<string, string>> | null;
    readonly config: readonly IpamConfig[];
  };
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  /** Where containers get addresses from; host and none have no pool. */
  readonly pool?: AddressPool;
  readonly pool6?: Pool6;
  /** The bridge's name; of macvlan and ipvlan the parent's. */
  readonly bridge?: string;
  readonly bridgeConfig?: BridgeConfig;
  readonly mtu?: number;
  /** Host address of published ports that name none. */
  readonly binding?: string;
  /** Somebody chose the subnet: then containers may choose addresses. */
  readonly configured: boolean;
  readonly endpoints: Map<string, Endpoint>;
  /** Networks of a swarm; the others are this engine's alone. */
  readonly scope?: 'swarm';
  /** The network of published ports. */
  readonly ingress?: boolean;
  /** Where its bridge is, if not in the host's own namespace. */
  readonly namespace?: NetworkAdmin;
}

/** A container's place in a network. */
export interface Endpoint {
  readonly id: string;
  readonly network: Network;
  readonly containerId: string;
  readonly containerName: string;
  readonly address: string;
  readonly address6: string;
  readonly mac: string;
  /** The interface in the container. */
  readonly link: string;
  /** The end of the veth pair that the host keeps; macvlan has none. */
  readonly hostLink: string | undefined;
  readonly aliases: readonly string[];
  /** Who is the default gateway: the highest, then the first by name. */
  readonly priority: number;
  readonly ports: PublishedPort[];
  readonly proxies: { readonly pid: number }[];
}

export interface NetworkCreate {
  readonly name: string;
  readonly driver: string;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly ipam?: {
    readonly Driver?: string;
    readonly Options?: Readonly<Record<string, string>> | null;
    readonly Config?: readonly IpamConfig[] | null;
  };
  readonly labels?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
}

export interface PortRequest {
  readonly protocol: string;
  readonly containerPort: number;
  readonly hostIp: string;
  /** 0: any. */
  readonly hostPort: number;
  /** The last of a range of which one is taken. */
  readonly hostPortEnd?: number;
}

/** The networks that are always there. */
export const predefined: ReadonlySet<string> = new Set(['bridge', 'host', 'none']);

/** Whether containers of the network find each other by name: not in those that are always there. */
export const hasNames = ({ name, ingress }: Network): boolean => !predefined.has(name) && ingress !== true;
