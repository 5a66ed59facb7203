import type { Link } from '../../../linux/net/types';
import type { Program } from '../../../linux/process/types';

const wrong = 'ethtool: bad command line argument(s)\nFor more information run ethtool -h\n';

/** ethtool(8) 6.1: what a device says of itself: settings, -i, -S, -k. */
export const ethtool: Program = async (process) => {
  const { net, stdout, stderr } = process;
  const options = process.args.filter((word) => word.startsWith('-'));
  const [name] = process.args.filter((word) => !word.startsWith('-'));
  if (options.includes('--version')) {
    await stdout.write('ethtool version 6.1\n');
    return 0;
  }
  if (options.includes('-h') || options.includes('--help')) {
    await stdout.write(
      'ethtool version 6.1\nUsage:\n        ethtool DEVNAME\tDisplay standard information about device\n' +
        '        ethtool -i|--driver DEVNAME\tShow driver information\n' +
        '        ethtool -S|--statistics DEVNAME\tShow adapter statistics\n',
    );
    return 0;
  }
  if (name === undefined) {
    await stderr.write(wrong);
    return 1;
  }
  const link = net.link(name);
  if (link === undefined) {
    const missing = 'netlink error: no device matches name (offset 24)\nnetlink error: No such device\n';
    if (options.length > 0) {
      await stderr.write('Cannot get driver information: No such device\n');
      return 71;
    }
    await stderr.write(missing.repeat(5));
    await stdout.write('No data available\n');
    return 75;
  }
  switch (options[0]) {
    case undefined:
      await stdout.write(settings(link));
      return 0;
    case '-i':
    case '--driver': {
      const driver = {
        loopback: undefined,
        ether: 'virtio_net',
        veth: 'veth',
        bridge: 'bridge',
        dummy: 'dummy',
        macvlan: 'macvlan',
      }[link.kind];
      if (driver === undefined) {
        await stderr.write('Cannot get driver information: Operation not supported\n');
        return 71;
      }
      await stdout.write(driverText(driver));
      return 0;
    }
    case '-S':
    case '--statistics':
      if (link.kind !== 'veth') {
        await stderr.write('no stats available\n');
        return 94;
      }
      await stdout.write(`NIC statistics:\n     peer_ifindex: ${link.peerIndex ?? 0}\n${queueCounters}`);
      return 0;
    default:
      await stderr.write(wrong);
      return 1;
  }
};

/** Of XDP, which nobody loads here. */
const queueCounters = [
  ...['xdp_packets', 'xdp_bytes', 'drops', 'xdp_redirect', 'xdp_drops', 'xdp_tx', 'xdp_tx_errors'].map(
    (counter) => `rx_queue_0_${counter}`,
  ),
  ...['xdp_xmit', 'xdp_xmit_errors'].map((counter) => `tx_queue_0_${counter}`),
]
  .map((counter) => `     ${counter}: 0\n`)
  .join('');

const driverText = (driver: string): string => {
  const version = { veth: '1.0', bridge: '2.3', virtio_net: '1.0.0' }[driver] ?? '';
  const firmware = driver === 'bridge' ? 'N/A' : '';
  const bus = driver === 'bridge' ? 'N/A' : driver === 'virtio_net' ? '0000:00:03.0' : '';
  const can = driver === 'virtio_net' || driver === 'veth' ? 'yes' : 'no';
  return (
    `driver: ${driver}\nversion: ${version}\nfirmware-version: ${firmware}\nexpansion-rom-version: \nbus-info: ${bus}\n` +
    `supports-statistics: ${can}\nsupports-test: no\nsupports-eeprom-access: no\nsupports-register-dump: no\nsupports-priv-flags: no\n`
  );
};

/** Links without hardware know their speed only where the kernel makes one up (veth and bridge: 10 Gbit/s). */
function settings(link: Link): string {
  const detected = `\tLink detected: ${link.running || link.kind === 'loopback' ? 'yes' : 'no'}\n`;
  const head = `Settings for ${link.name}:\n`;
  if (link.kind === 'loopback' || link.kind === 'dummy') return head + detected;
  const made = link.kind === 'veth' || (link.kind === 'bridge' && link.running);
  const rows = [
    'Supported ports: [  ]',
    'Supported link modes:   Not reported',
    'Supported pause frame use: No',
    'Supports auto-negotiation: No',
    'Supported FEC modes: Not reported',
    'Advertised link modes:  Not reported',
    'Advertised pause frame use: No',
    'Advertised auto-negotiation: No',
    'Advertised FEC modes: Not reported',
    `Speed: ${made ? '10000Mb/s' : 'Unknown!'}`,
    `Duplex: ${link.kind === 'veth' ? 'Full' : 'Unknown! (255)'}`,
    'Auto-negotiation: off',
    `Port: ${link.kind === 'veth' ? 'Twisted Pair' : 'Other'}`,
    'PHYAD: 0',
    'Transceiver: internal',
    ...(link.kind === 'veth' ? ['MDI-X: Unknown'] : []),
  ];
  return head + rows.map((row) => `\t${row}\n`).join('') + detected;
}
