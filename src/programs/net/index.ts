import type { Program } from '../../linux/process/types';
import { curl } from './curl/curl';
import { conntrack } from './conntrack';
import { dig, host } from './dns/dig';
import { busyboxNslookup, nslookup } from './dns/nslookup';
import { busyboxIp, ip } from './ip/ip';
import { arp } from './ethernet/arp';
import { brctl } from './ethernet/brctl';
import { bridge } from './ethernet/bridge';
import { ethtool } from './ethernet/ethtool';
import { ipvsadm } from './ipvsadm';
import { ip6tablesRestore, ip6tablesSave, iptables, iptablesRestore, iptablesSave } from './iptables';
import { getent, ifconfig, telnet, traceroute } from './misc';
import { nc } from './nc';
import { nft } from './nft';
import { openssl } from './openssl/openssl';
import { busyboxPing, ping } from './ping';
import { netstat, route, ss } from './sockets';
import { scp, sshKeygen } from './ssh/scp';
import { ssh } from './ssh/ssh';
import { sshCopyId } from './ssh/ssh-copy-id';
import { sshd } from './ssh/sshd';
import { tcpdump } from './tcpdump/tcpdump';
import { tracepath } from './tracepath';
import { busyboxWget } from './wget/busybox';
import { wget } from './wget/gnu';

/** The network programs, by the name that `elf()` gives their files. Busybox's own flavours have its name in front. */
export const programs: Readonly<Record<string, Program>> = {
  curl,
  wget,
  'busybox-wget': busyboxWget,
  ip,
  'busybox-ip': busyboxIp,
  iptables,
  nft,
  'iptables-save': iptablesSave,
  'iptables-restore': iptablesRestore,
  'ip6tables-save': ip6tablesSave,
  'ip6tables-restore': ip6tablesRestore,
  ss,
  netstat,
  route,
  ping,
  'busybox-ping': busyboxPing,
  nslookup,
  'busybox-nslookup': busyboxNslookup,
  dig,
  host,
  nc,
  netcat: nc,
  ssh,
  sshd,
  scp,
  'ssh-keygen': sshKeygen,
  openssl,
  getent,
  ifconfig,
  telnet,
  conntrack,
  tcpdump,
  traceroute,
  arp,
  brctl,
  bridge,
  ethtool,
  ipvsadm,
  'ssh-copy-id': sshCopyId,
  tracepath,
};
