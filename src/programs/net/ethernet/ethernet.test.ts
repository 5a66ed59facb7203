import { expect, test } from 'vitest';
import { makeBench } from '../testing';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('what bridge-utils, iproute2, ethtool and net-tools say of bridges and their ports', async () => {
  const { run, client } = await makeBench(settle);
  const { net } = client;
  const say = async (command: string): Promise<string> => {
    const { out, err, status } = await run(command);
    return `${out}${err}${status}`;
  };
  expect(await say('brctl show')).toBe('0');
  expect(await say('brctl show nope')).toBe('bridge nope does not exist!\n1');
  expect(await say('brctl addbr br1')).toBe('0');
  expect(await say('brctl addbr br0')).toBe('0');
  net.addVeth('v0', { namespace: net, name: 'v1' });
  net.addVeth('v2', { namespace: net, name: 'v3' });
  for (const port of ['v0', 'v2']) expect(await say(`brctl addif br0 ${port}`)).toBe('0');
  for (const name of ['v0', 'v1', 'br0']) net.setUp(name, true);
  const mac = (name: string): string => net.link(name)?.mac ?? '';
  expect(await say('brctl show')).toBe(
    'bridge name\tbridge id\t\tSTP enabled\tinterfaces\nbr1\t\t8000.000000000000\tno\t\t\n' +
      `br0\t\t8000.${mac('br0').replaceAll(':', '')}\tno\t\tv0\n\t\t\t\t\t\t\tv2\n0`,
  );
  expect(await say('bridge link show dev v0')).toMatch(
    /^\d+: v0@v1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding priority 32 cost 2 \n0$/,
  );
  expect(await say('bridge fdb show dev v0')).toBe(
    `${mac('v1')} dev v0 master br0 \n${mac('v0')} dev v0 vlan 1 master br0 permanent\n` +
      `${mac('v0')} dev v0 master br0 permanent\n33:33:00:00:00:01 dev v0 self permanent\n01:00:5e:00:00:01 dev v0 self permanent\n0`,
  );
  expect(await say('bridge nope')).toBe('Object "nope" is unknown, try "bridge help".\n255');
  expect(await say('ethtool v0')).toMatch(
    /^Settings for v0:\n\tSupported ports: \[ {2}\]\n[^]*\tSpeed: 10000Mb\/s\n\tDuplex: Full\n[^]*\tLink detected: yes\n0$/,
  );
  expect(await say('ethtool -i br0')).toBe(
    'driver: bridge\nversion: 2.3\nfirmware-version: N/A\nexpansion-rom-version: \nbus-info: N/A\nsupports-statistics: no\n' +
      'supports-test: no\nsupports-eeprom-access: no\nsupports-register-dump: no\nsupports-priv-flags: no\n0',
  );
  expect(await say('ethtool')).toBe('ethtool: bad command line argument(s)\nFor more information run ethtool -h\n1');
  expect(await say('arp 1.2.3.4')).toBe('1.2.3.4 (1.2.3.4) -- no entry\n0');
  expect(await say('arp -n')).toBe('0');
  expect(await say('ipvsadm -Ln')).toBe(
    'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n0',
  );
  expect(await say('tracepath -n 127.0.0.1')).toMatch(
    /^ 1: {2}127\.0\.0\.1 {45}\d\.\d{3}ms reached\n {5}Resume: pmtu 65535 hops 1 back 1 \n0$/,
  );
  expect(await say('tracepath')).toMatch(/^\nUsage\n {2}tracepath \[options\][^]*255$/);
  expect(await say('ssh-copy-id web')).toBe('/bin/ssh-copy-id: ERROR: No identities found\n1');
});
