import type { Link } from '../../../linux/net/types';

/**
 * What `ip -d link` adds: the parameters of a device as the kernel makes it (net/bridge/br_device.c,
 * br_dev_setup; drivers/net/veth.c). Nothing here changes them.
 */
const segments =
  'gso_max_size 65536 gso_max_segs 65535 tso_max_size TSO tso_max_segs 65535 gro_max_size 65536 ' +
  'gso_ipv4_max_size 65536 gro_ipv4_max_size 65536 ';
/** What software may be given to cut into segments; a bridge without ports so far knows only what was once usual. */
const TSO = 524_280;
const TSO_LEGACY = 65_536;
const queues = (count: number, tso = TSO): string =>
  `addrgenmode eui64 numtxqueues ${count} numrxqueues ${count} ${segments.replace('TSO', String(tso))}`;

/** ether_ntoa(3) writes no leading noughts. */
const bridgeId = ({ mac }: Link): string => `8000.${mac.replace(/\b0(?=[0-9a-f])/g, '')}`;

/** Times in hundredths of a second (USER_HZ), as sysfs has them. */
const bridge = (link: Link): string =>
  'bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time 30000 stp_state 0 stp_mode auto priority 32768 ' +
  `vlan_filtering 0 vlan_protocol 802.1Q bridge_id ${bridgeId(link)} designated_root ${bridgeId(link)} root_port 0 ` +
  'root_path_cost 0 topology_change 0 topology_change_detected 0 hello_timer    0.00 tcn_timer    0.00 ' +
  'topology_change_timer    0.00 gc_timer    0.00 fdb_n_learned 0 fdb_max_learned 0 vlan_default_pvid 1 ' +
  'vlan_stats_enabled 0 vlan_stats_per_port 0 group_fwd_mask 0 group_address 01:80:c2:00:00:00 mcast_snooping 1 ' +
  'no_linklocal_learn 0 mcast_vlan_snooping 0 mst_enabled 0 mdb_offload_fail_notification 0 fdb_local_vlan_0 0 ' +
  'mcast_router 1 mcast_query_use_ifaddr 0 mcast_querier 0 mcast_hash_elasticity 16 mcast_hash_max 4096 ' +
  'mcast_last_member_count 2 mcast_startup_query_count 2 mcast_last_member_interval 100 ' +
  'mcast_membership_interval 26000 mcast_querier_interval 25500 mcast_query_interval 12500 ' +
  'mcast_query_response_interval 1000 mcast_startup_query_interval 3124 mcast_stats_enabled 0 mcast_igmp_version 2 ' +
  `mcast_mld_version 1 nf_call_iptables 0 nf_call_ip6tables 0 nf_call_arptables 0 ${queues(1, link.hadPorts === true ? TSO : TSO_LEGACY)}`;

/** A port of a bridge; `number` counts the ports of one bridge from 1. */
const port = (link: Link, master: Link, number: number): string =>
  `bridge_slave state ${link.up && link.running ? 'forwarding' : 'disabled'} priority 32 cost 2 ` +
  `hairpin ${link.hairpin ? 'on' : 'off'} guard off root_block off fastleave off learning on flood on ` +
  `port_id 0x${(0x8000 + number).toString(16)} port_no 0x${number.toString(16)} designated_port ${0x8000 + number} ` +
  `designated_cost 0 designated_bridge ${bridgeId(master)} designated_root ${bridgeId(master)} hold_timer    0.00 ` +
  'message_age_timer    0.00 forward_delay_timer    0.00 topology_change_ack 0 config_pending 0 proxy_arp off ' +
  'proxy_arp_wifi off mcast_router 1 mcast_fast_leave off mcast_flood on bcast_flood on mcast_to_unicast off ' +
  'neigh_suppress off neigh_vlan_suppress off neigh_forward_grat off group_fwd_mask 0 group_fwd_mask_str 0x0 ' +
  `vlan_tunnel off isolated off locked off mab off ${queues(2)}`;

/** What follows the addresses of the hardware: how it hears, and how large its frames may be. */
export function deviceDetails({ kind, master }: Link): string {
  // A port takes every frame, and every group.
  const heard = `promiscuity ${master === undefined ? 0 : 1} allmulti ${master === undefined ? 0 : 1}`;
  if (kind === 'loopback') return ` ${heard} minmtu 0 maxmtu 0 netns-immutable ${queues(1)}`;
  const sizes = `${heard} minmtu ${kind === 'dummy' ? 0 : 68} maxmtu ${kind === 'dummy' ? 0 : 65_535}`;
  if (kind === 'ether') return ` ${sizes} ${queues(1)}`;
  return ` ${sizes} ${kind === 'bridge' ? 'netns-immutable ' : ''}`;
}

/** The lines of its kind. */
export function kindDetails(link: Link, links: readonly Link[]): readonly string[] {
  const { kind, master } = link;
  if (kind === 'ether' || kind === 'loopback') return [];
  if (kind === 'bridge') return [`    ${bridge(link)}`];
  const over = links.find(({ name }) => name === master);
  if (over === undefined) return [`    ${kind} ${queues(kind === 'veth' ? 2 : 1)}`];
  const ports = links.filter((each) => each.master === master);
  return [`    ${kind} `, `    ${port(link, over, ports.findIndex(({ name }) => name === link.name) + 1)}`];
}
