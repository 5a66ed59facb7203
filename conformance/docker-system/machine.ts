import type { Lab } from '../../src/cluster/lab';
import type { Machine } from '../docker/session';

/** The host that was asked. Its kernel was of another build than those of the other recordings' host. */
export const machine: Machine = {
  name: 'docker-host',
  cpus: 2,
  memory: 6_279_282_688,
  without: ['br_netfilter'],
  disk: { source: '/dev/vda', options: 'discard' },
};

/** Its name server was a systemd-resolved that knew no server beyond, and it had neither br_netfilter nor a way out. */
export function prepareMachine({ first: { fs, net } }: Lab): void {
  net.deleteRoute('default');
  fs.mkdirAll('/run/systemd/resolve');
  fs.writeFile('/run/systemd/resolve/resolv.conf', 'search .\n');
  fs.writeFile('/etc/resolv.conf', 'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n');
}
