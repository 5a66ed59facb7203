import { FewMap } from '../../sim/few-map';
/** Defaults of a fresh network namespace (Documentation/networking/ip-sysctl, nf_conntrack-sysctl). */
const defaults: Readonly<Record<string, string>> = {
  'net.ipv4.ip_forward': '0',
  'net.ipv4.ip_default_ttl': '64',
  'net.ipv4.ip_local_port_range': '32768\t60999',
  'net.ipv4.ip_unprivileged_port_start': '1024',
  'net.ipv4.ip_nonlocal_bind': '0',
  'net.ipv4.icmp_echo_ignore_all': '0',
  'net.ipv4.icmp_ratelimit': '1000',
  'net.ipv4.ping_group_range': '1\t0',
  'net.ipv4.tcp_syn_retries': '6',
  'net.ipv4.tcp_fin_timeout': '60',
  'net.ipv4.tcp_keepalive_time': '7200',
  'net.ipv4.tcp_tw_reuse': '2',
  'net.core.somaxconn': '4096',
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.bridge.bridge-nf-call-ip6tables': '1',
  'net.bridge.bridge-nf-call-arptables': '1',
  'net.ipv6.conf.all.disable_ipv6': '1',
  'net.ipv6.conf.all.forwarding': '0',
  'net.ipv6.conf.default.disable_ipv6': '1',
  'net.netfilter.nf_conntrack_max': '262144',
  'net.netfilter.nf_conntrack_tcp_be_liberal': '0',
  'net.netfilter.nf_conntrack_tcp_timeout_established': '432000',
  'net.netfilter.nf_conntrack_tcp_timeout_close_wait': '60',
  'net.netfilter.nf_conntrack_tcp_timeout_time_wait': '120',
  'net.netfilter.nf_conntrack_udp_timeout': '30',
  'net.netfilter.nf_conntrack_udp_timeout_stream': '120',
};

/** Per-device settings and their defaults: `net.ipv4.conf.<all|default|device>.<name>`. */
const perDevice: Readonly<Record<string, string>> = {
  accept_local: '0',
  accept_redirects: '1',
  accept_source_route: '0',
  arp_accept: '0',
  arp_announce: '0',
  arp_evict_nocarrier: '1',
  arp_filter: '0',
  arp_ignore: '0',
  arp_notify: '0',
  bc_forwarding: '0',
  bootp_relay: '0',
  disable_policy: '0',
  disable_xfrm: '0',
  drop_gratuitous_arp: '0',
  drop_unicast_in_l2_multicast: '0',
  force_igmp_version: '0',
  forwarding: '0',
  igmpv2_unsolicited_report_interval: '10000',
  igmpv3_unsolicited_report_interval: '1000',
  ignore_routes_with_linkdown: '0',
  log_martians: '0',
  mc_forwarding: '0',
  medium_id: '0',
  promote_secondaries: '0',
  proxy_arp: '0',
  proxy_arp_pvlan: '0',
  route_localnet: '0',
  rp_filter: '0',
  secure_redirects: '1',
  send_redirects: '1',
  shared_media: '1',
  src_valid_mark: '0',
  tag: '0',
};

/** What each device (and `all`, and `default`) has below net.ipv4.conf. */
export const deviceSettings = Object.keys(perDevice);

/** The net.* tree of one namespace. */
export class Sysctls {
  #set: FewMap<string, string> | undefined;
  /** Read for every packet; kept aside. */
  forwarding = false;
  bridgeCallsIptables = true;
  portRange: readonly [number, number] = [32768, 60999];

  /** `hasDevice` says which devices have a `conf` of their own. Without br_netfilter bridges do not ask iptables. */
  constructor(
    readonly hasDevice: (name: string) => boolean,
    private readonly bridgeFilter: boolean,
  ) {
    this.bridgeCallsIptables = bridgeFilter;
  }

  get(given: string): string | undefined {
    const name = given.replaceAll('/', '.');
    const set = this.#set?.get(name);
    if (set !== undefined) return set;
    const conf = /^net\.ipv4\.conf\.(.+)\.(\w+)$/.exec(name);
    if (name.startsWith('net.bridge.') && !this.bridgeFilter) return undefined;
    if (conf === null) return Object.hasOwn(defaults, name) ? defaults[name] : undefined;
    const [, device = '', setting = ''] = conf;
    if (device !== 'all' && device !== 'default' && !this.hasDevice(device)) return undefined;
    if (setting === 'forwarding') return this.forwarding ? '1' : '0';
    return Object.hasOwn(perDevice, setting) ? perDevice[setting] : undefined;
  }

  number(name: string): number | undefined {
    const set = this.#set?.get(name);
    return set === undefined ? undefined : Number(set);
  }

  /** False if there is no such name. */
  set(given: string, value: string): boolean {
    const name = given.replaceAll('/', '.');
    if (this.get(name) === undefined) return false;
    (this.#set ??= new FewMap()).set(name, value.trim());
    const on = Number(value) !== 0;
    if (name === 'net.ipv4.ip_forward' || name === 'net.ipv4.conf.all.forwarding') {
      this.forwarding = on;
      this.#set.set('net.ipv4.ip_forward', on ? '1' : '0');
    } else if (name === 'net.bridge.bridge-nf-call-iptables') this.bridgeCallsIptables = on;
    else if (name === 'net.ipv4.ip_local_port_range') {
      const [low = 32768, high = 60999] = value.trim().split(/\s+/).map(Number);
      this.portRange = [low, high];
    }
    return true;
  }

  /** route_localnet of the device: its own or that of all. */
  localnet(device: string): boolean {
    return (
      this.number('net.ipv4.conf.all.route_localnet') === 1 ||
      this.number(`net.ipv4.conf.${device}.route_localnet`) === 1
    );
  }
}
