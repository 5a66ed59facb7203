/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] =
  'curl wget busybox-wget ip busybox-ip iptables nft iptables-save iptables-restore ip6tables-save ip6tables-restore ss netstat route ping busybox-ping nslookup busybox-nslookup dig host nc netcat ssh sshd scp ssh-keygen openssl getent ifconfig telnet traceroute conntrack tcpdump arp brctl bridge ethtool ipvsadm ssh-copy-id tracepath'.split(
    ' ',
  );
