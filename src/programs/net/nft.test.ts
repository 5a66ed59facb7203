import { expect, it } from 'vitest';
import { nftRule } from './nft-rule';

const shown = (text: string): string => {
  const { text: said, xtables } = nftRule({ text, packets: 2, bytes: 120 });
  return `${said.replace('counter packets 2 bytes 120', '…')}${xtables ? ' (xtables)' : ''}`;
};

it('rules of iptables-nft as nft lists them (system-view 27, recording 550)', () => {
  expect(
    [
      '-m addrtype --dst-type LOCAL -j DOCKER',
      '! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
      '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE',
      '! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80',
      '-d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT',
      '-o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-s 127.0.0.11/32 -p udp -m udp --sport 37814 -j SNAT --to-source :53',
      '-p udp -j RETURN',
      '-m comment --comment "two words" -m statistic --mode random --probability 0.5 -g KUBE-SEP',
      '-j REJECT --reject-with icmp-port-unreachable',
    ].map(shown),
  ).toEqual([
    'fib daddr type local … jump DOCKER (xtables)',
    'ip daddr != 127.0.0.0/8 fib daddr type local … jump DOCKER (xtables)',
    'ip saddr 172.17.0.0/16 oifname != "docker0" … masquerade (xtables)',
    'iifname != "docker0" tcp dport 8080 … dnat to 172.17.0.2:80 (xtables)',
    'ip daddr 172.17.0.2 iifname != "docker0" oifname "docker0" tcp dport 80 … accept',
    'oifname "docker0" ct state related,established … accept (xtables)',
    'ip saddr 127.0.0.11 udp sport 37814 … snat to :53 (xtables)',
    'meta l4proto udp … return',
    'xt match "statistic" … goto KUBE-SEP (xtables)',
    '… reject (xtables)',
  ]);
});
