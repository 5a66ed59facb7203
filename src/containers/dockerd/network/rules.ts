/** One rule: where it stands, its words, and whether it is put before the others (`-I`) or after them (`-A`). */
export interface Rule {
  readonly table: 'filter' | 'nat' | 'raw' | 'mangle';
  readonly chain: string;
  readonly words: readonly string[];
  readonly first: boolean;
}

/** How a bridge network meets the world: addresses translated, packets routed, or nobody but the host (gateway_mode_ipv4). */
export type GatewayMode = 'nat' | 'nat-unprotected' | 'routed' | 'isolated';

/** What the rules of a bridge network depend on. */
export interface BridgeConfig {
  readonly bridge: string;
  readonly subnet: string;
  readonly internal: boolean;
  readonly mode: GatewayMode;
  /** Containers of the network may speak to each other. */
  readonly icc: boolean;
  readonly masquerade: boolean;
  /** `com.docker.network.host_ipv4`: leaving packets get this address instead of the interface's. */
  readonly hostAddress: string | undefined;
}

/** A container's port that the host passes on. */
export interface PublishedPort {
  readonly protocol: string;
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerIp: string;
  readonly containerPort: number;
  readonly bridge: string;
  readonly mode: GatewayMode;
}

const rule = (table: Rule['table'], chain: string, first: boolean, ...words: readonly string[]): Rule => ({
  table,
  chain,
  words,
  first,
});
const append = (table: Rule['table'], chain: string, ...words: readonly string[]): Rule =>
  rule(table, chain, false, ...words);
const insert = (table: Rule['table'], chain: string, ...words: readonly string[]): Rule =>
  rule(table, chain, true, ...words);

/** The chains that are there as long as dockerd runs (iptabler.NewIptabler). */
export const chains: readonly (readonly [Rule['table'], string])[] = [
  ['nat', 'DOCKER'],
  ['filter', 'DOCKER'],
  ['filter', 'DOCKER-BRIDGE'],
  ['filter', 'DOCKER-CT'],
  ['filter', 'DOCKER-FORWARD'],
  ['filter', 'DOCKER-ISOLATION-STAGE-1'],
  ['filter', 'DOCKER-ISOLATION-STAGE-2'],
  ['filter', 'DOCKER-USER'],
];

/** The jumps between them. */
export const jumps: readonly Rule[] = [
  append('filter', 'FORWARD', '-j', 'DOCKER-USER'),
  append('filter', 'FORWARD', '-j', 'DOCKER-FORWARD'),
  append('filter', 'DOCKER-FORWARD', '-j', 'DOCKER-CT'),
  append('filter', 'DOCKER-FORWARD', '-j', 'DOCKER-ISOLATION-STAGE-1'),
  append('filter', 'DOCKER-FORWARD', '-j', 'DOCKER-BRIDGE'),
  append('nat', 'PREROUTING', '-m', 'addrtype', '--dst-type', 'LOCAL', '-j', 'DOCKER'),
  append('nat', 'OUTPUT', '!', '-d', '127.0.0.0/8', '-m', 'addrtype', '--dst-type', 'LOCAL', '-j', 'DOCKER'),
];

/** The rules of a bridge network, in the order in which they are made (iptabler/network.go). */
export function bridgeRules(config: BridgeConfig): readonly Rule[] {
  const { bridge, subnet, internal, mode, icc, masquerade, hostAddress } = config;
  const between = ['-i', bridge, '-o', bridge];
  if (internal) {
    return [
      insert('filter', 'DOCKER-ISOLATION-STAGE-1', '-i', bridge, '!', '-d', subnet, '-j', 'DROP'),
      insert('filter', 'DOCKER-ISOLATION-STAGE-1', '-o', bridge, '!', '-s', subnet, '-j', 'DROP'),
      append('filter', 'DOCKER-FORWARD', ...between, '-j', icc ? 'ACCEPT' : 'DROP'),
    ];
  }
  const routed = mode === 'routed';
  const leaving = ['-s', subnet, '!', '-o', bridge];
  const nat = hostAddress === undefined ? ['-j', 'MASQUERADE'] : ['-j', 'SNAT', '--to-source', hostAddress];
  const outward = icc ? ['-i', bridge] : ['-i', bridge, '!', '-o', bridge];
  return [
    ...(masquerade && !routed ? [insert('nat', 'POSTROUTING', ...leaving, ...nat)] : []),
    insert('nat', 'DOCKER', '-i', bridge, '-j', 'RETURN'),
    ...(routed ? [append('filter', 'DOCKER', '-o', bridge, '-p', 'icmp', '-j', 'ACCEPT')] : []),
    ...(icc ? [] : [append('filter', 'DOCKER-FORWARD', ...between, '-j', 'DROP')]),
    append('filter', 'DOCKER-FORWARD', ...outward, '-j', 'ACCEPT'),
    ...isolation(bridge, routed),
    append('filter', 'DOCKER', '!', '-i', bridge, '-o', bridge, '-j', mode === 'nat-unprotected' ? 'ACCEPT' : 'DROP'),
    append('filter', 'DOCKER-CT', '-o', bridge, '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'),
    append('filter', 'DOCKER-BRIDGE', '-o', bridge, '-j', 'DOCKER'),
  ];
}

/** Networks do not reach each other; a routed one may be reached, as far as its ports are open. */
const isolation = (bridge: string, routed: boolean): readonly Rule[] => [
  ...(routed
    ? [
        insert('filter', 'DOCKER-ISOLATION-STAGE-1', '-o', bridge, '-j', 'RETURN'),
        insert(
          'filter',
          'DOCKER-ISOLATION-STAGE-1',
          ...['-i', bridge, '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'],
        ),
      ]
    : []),
  append('filter', 'DOCKER-ISOLATION-STAGE-1', '-i', bridge, '!', '-o', bridge, '-j', 'DOCKER-ISOLATION-STAGE-2'),
  insert('filter', 'DOCKER-ISOLATION-STAGE-2', '-o', bridge, '-j', 'DROP'),
];

/** Nobody reaches a container's address from elsewhere but by its bridge; routed and unprotected networks may be. */
export const endpointRules = ({ bridge, internal, mode }: BridgeConfig, address: string): readonly Rule[] =>
  internal || mode === 'routed' || mode === 'nat-unprotected'
    ? []
    : [append('raw', 'PREROUTING', '-d', address, '!', '-i', bridge, '-j', 'DROP')];

/** The rules of a published port (iptabler/port.go). */
export function portRules(port: PublishedPort): readonly Rule[] {
  const { protocol, hostIp, hostPort, containerIp, containerPort, bridge, mode } = port;
  const to = ['-p', protocol, '-d', containerIp, '--dport', String(containerPort)];
  const open = insert('filter', 'DOCKER', '!', '-i', bridge, '-o', bridge, ...to, '-j', 'ACCEPT');
  if (mode === 'routed') return [open];
  const any = hostIp === '0.0.0.0' || hostIp === '';
  const asked = ['-p', protocol, '-d', any ? '0/0' : hostIp, '--dport', String(hostPort)];
  const target = ['-j', 'DNAT', '--to-destination', `${containerIp}:${containerPort}`];
  return [
    append('nat', 'DOCKER', ...asked, ...target, '!', '-i', bridge),
    open,
    ...(protocol === 'sctp'
      ? [
          append(
            'mangle',
            'POSTROUTING',
            ...['-p', protocol, '--sport', String(containerPort), '-j', 'CHECKSUM', '--checksum-fill'],
          ),
        ]
      : []),
    ...(hostIp.startsWith('127.')
      ? [
          append(
            'raw',
            'PREROUTING',
            ...['-p', protocol, '-d', hostIp, '--dport', String(hostPort), '!', '-i', 'lo', '-j', 'DROP'],
          ),
        ]
      : []),
  ];
}

/** Rules of a published port that older engines made: taken away where they are found, hence looked for each time. */
export const staleRules = ({ protocol, containerIp, containerPort, bridge }: PublishedPort): readonly Rule[] => [
  append(
    'raw',
    'PREROUTING',
    ...['-p', protocol, '-d', containerIp, '--dport', String(containerPort), '!', '-i', bridge, '-j', 'DROP'],
  ),
];
