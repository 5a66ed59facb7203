import type { NetworkAdmin } from '../../../linux/net/types';
import type { Program } from '../../../linux/process/types';

const usage = `Usage: brctl [commands]
commands:
	addbr     	<bridge>		add bridge
	delbr     	<bridge>		delete bridge
	addif     	<bridge> <device>	add interface to bridge
	delif     	<bridge> <device>	delete interface from bridge
	hairpin   	<bridge> <port> {on|off}	turn hairpin on/off
	setageing 	<bridge> <time>		set ageing time
	setbridgeprio	<bridge> <prio>		set bridge priority
	setfd     	<bridge> <time>		set bridge forward delay
	sethello  	<bridge> <time>		set hello time
	setmaxage 	<bridge> <time>		set max message age
	setpathcost	<bridge> <port> <cost>	set path cost
	setportprio	<bridge> <port> <prio>	set port priority
	show      	[ <bridge> ]		show a list of bridges
	showmacs  	<bridge>		show a list of mac addrs
	showstp   	<bridge>		show bridge stp info
	stp       	<bridge> {on|off}	turn stp on/off
`;

/** brctl(8) of bridge-utils 1.7: bridges and their ports. */
export const brctl: Program = async (process) => {
  const { net, stdout, stderr } = process;
  const [command, name = '', port = '', value] = process.args;
  const complain = async (message: string): Promise<number> => {
    await stderr.write(`${message}\n`);
    return 1;
  };
  const isBridge = net.link(name)?.kind === 'bridge';
  switch (command) {
    case '-V':
    case '--version':
      await stdout.write('bridge-utils, 1.7\n');
      return 0;
    case 'show':
      if (name !== '' && net.link(name) === undefined) return complain(`bridge ${name} does not exist!`);
      if (name !== '' && !isBridge) return complain(`device ${name} is not a bridge!`);
      await stdout.write(table(net, name));
      return 0;
    case 'showmacs':
      if (!isBridge)
        return complain(
          `read of forward table failed: ${net.link(name) ? 'Operation not supported' : 'No such device'}`,
        );
      await stdout.write(macs(net, name));
      return 0;
    case 'addbr': {
      const made = net.addBridge(name);
      if (made.ok) return 0;
      return complain(
        made.error.code === 'EEXIST'
          ? `device ${name} already exists; can't create bridge with the same name`
          : `add bridge failed: ${made.error.message}`,
      );
    }
    case 'delbr': {
      if (!isBridge) return complain(`bridge ${name} doesn't exist; can't delete it`);
      if (net.link(name)?.up === true) return complain(`bridge ${name} is still up; can't delete it`);
      return net.deleteLink(name).ok ? 0 : 1;
    }
    case 'addif':
    case 'delif': {
      if (!isBridge) return complain(`bridge ${name} does not exist!`);
      const device = net.link(port);
      if (device === undefined) return complain(`interface ${port} does not exist!`);
      if (command === 'delif' && device.master !== name) return complain(`device ${port} is not a slave of ${name}`);
      if (command === 'addif' && device.master !== undefined) {
        return complain(`device ${port} is already a member of a bridge; can't enslave it to bridge ${name}.`);
      }
      net.setMaster(port, command === 'addif' ? name : undefined);
      return 0;
    }
    case 'hairpin':
      if (net.link(port)?.master !== name)
        return complain(`can't set hairpin on ${port} on bridge ${name}: Invalid argument`);
      net.setHairpin(port, value === 'on' || value === 'yes' || value === '1');
      return 0;
    case undefined:
      await stderr.write(usage);
      return 1;
    default:
      await stderr.write(`never heard of command [${command}]\n${usage}`);
      return 1;
  }
};

/** Who is behind which port: the ports' own addresses (in a VLAN and in none), and those learned. */
function macs(net: NetworkAdmin, name: string): string {
  const rows = net
    .links()
    .filter(({ master }) => master === name)
    .flatMap(({ mac, peerMac }, index) => {
      const row = (address: string, local: boolean): readonly [string, string] => [
        address,
        `${String(index + 1).padStart(3)}\t${address}\t${local ? 'yes' : 'no'}\t\t   0.00\n`,
      ];
      return [row(mac, true), row(mac, true), ...(peerMac === undefined ? [] : [row(peerMac, false)])];
    });
  const lines = rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, line]) => line);
  return `port no\tmac addr\t\tis local?\tageing timer\n${lines.join('')}`;
}

/** One bridge, or all; its ports below each other in the last column. */
function table(net: NetworkAdmin, name: string): string {
  const bridges = net.links().filter((link) => link.kind === 'bridge' && (name === '' || link.name === name));
  if (bridges.length === 0) return '';
  const lines = bridges.flatMap((bridge) => {
    const [first = '', ...others] = net
      .links()
      .filter(({ master }) => master === bridge.name)
      .map((link) => link.name);
    // The id is the lowest address of the ports: a bridge without any has none.
    const id = first === '' ? '0'.repeat(12) : bridge.mac.replaceAll(':', '');
    const head = `${bridge.name}\t\t8000.${id}\tno\t\t${first}`;
    return [head, ...others.map((port) => `${'\t'.repeat(7)}${port}`)];
  });
  return ['bridge name\tbridge id\t\tSTP enabled\tinterfaces', ...lines, ''].join('\n');
}
