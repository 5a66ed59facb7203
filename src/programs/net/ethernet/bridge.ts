import type { Link, NetworkAdmin } from '../../../linux/net/types';
import type { Program } from '../../../linux/process/types';
import { linkState, linkTitle } from '../ip/show';

const usage = `Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }
       bridge [ -force ] -batch filename
where  OBJECT := { link | fdb | mdb | vlan | monitor }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] |
                    -o[neline] | -t[imestamp] | -n[etns] name |
                    -c[ompressvlans] -color -p[retty] -j[son] }
`;

/** bridge(8) of iproute2: ports of bridges and who is behind them. */
export const bridge: Program = async (process) => {
  const { net, stdout, stderr } = process;
  const words = process.args.filter((word) => !word.startsWith('-'));
  if (process.args.some((word) => /^-V(ersion)?$/.test(word))) {
    await stdout.write('bridge utility, 6.1.0\n');
    return 0;
  }
  const [object, command = 'show', ...rest] = words;
  const wanted = (key: string): string | undefined => (rest.includes(key) ? rest[rest.indexOf(key) + 1] : undefined);
  if (object === undefined || object === 'help') {
    await stderr.write(usage);
    return object === undefined ? 255 : 0;
  }
  const is = (word: string): boolean => word.startsWith(object);
  if (is('link') && command === 'set') {
    const device = wanted('dev') ?? '';
    if (net.link(device) === undefined) {
      await stderr.write(`Cannot find device "${device}"\n`);
      return 255;
    }
    const hairpin = wanted('hairpin');
    if (hairpin !== undefined) net.setHairpin(device, hairpin === 'on');
    return 0;
  }
  const shows = ['show', 'list', 'lst'].includes(command);
  if (is('link') && shows) {
    const ports = net
      .links()
      .filter(({ master, name }) => master !== undefined && name === (wanted('dev') ?? name))
      .map((link) => portLine(net, link, process.args.includes('-d')));
    await stdout.write(ports.join(''));
    return 0;
  }
  if (is('fdb') && shows) {
    const device = wanted('dev');
    const master = wanted('br') ?? wanted('brport');
    const lines = net
      .links()
      .filter((link) => device === undefined || link.name === device)
      .filter((link) => master === undefined || link.master === master || link.name === master)
      .flatMap(entries);
    await stdout.write(lines.map((line) => `${line}\n`).join(''));
    return 0;
  }
  const known = ['link', 'fdb', 'mdb', 'vlan', 'monitor'].some(is);
  // Tables of multicast groups and VLANs are not kept here: they are empty, as without snooping and filtering.
  if (known && shows && !is('link') && !is('fdb')) return 0;
  await stderr.write(
    known
      ? `Command "${command}" is unknown, try "bridge ${object} help".\n`
      : `Object "${object}" is unknown, try "bridge help".\n`,
  );
  return 255;
};

/** The other end is named by its number as if it were here: bridge(8) does not ask in whose namespace it is. */
function title(net: NetworkAdmin, link: Link): string {
  const here = net.links().find(({ index }) => index === link.peerIndex);
  return here === undefined ? linkTitle(net, link) : `${link.name}@${here.name}`;
}

function portLine(net: NetworkAdmin, link: Link, details: boolean): string {
  const { flags } = linkState(link);
  const state = link.up && link.running ? 'forwarding' : 'disabled';
  const line = `${link.index}: ${title(net, link)}: <${flags}> mtu ${link.mtu} master ${link.master ?? ''} state ${state} priority 32 cost 2 \n`;
  const hairpin = link.hairpin ? 'on' : 'off';
  return details
    ? `${line}    hairpin ${hairpin} guard off root_block off fastleave off learning on flood on mcast_flood on bcast_flood on mcast_router 1 mcast_to_unicast off neigh_suppress off neigh_vlan_suppress off neigh_forward_grat off vlan_tunnel off isolated off locked off mab off mcast_n_groups 0 mcast_max_groups 0 \n`
    : line;
}

/**
 * A bridge's and a port's own addresses, in the VLAN that untagged frames are in and in none; whom the bridge learned to be
 * behind a port; and the multicast groups that every card which is up hears.
 */
function entries(link: Link): readonly string[] {
  const { kind, mac, name, master, peerMac, up } = link;
  if (kind === 'loopback') return [];
  const bridge = kind === 'bridge' ? name : master;
  const own = [`${mac} dev ${name} vlan 1 master ${bridge} permanent`, `${mac} dev ${name} master ${bridge} permanent`];
  const learned = kind !== 'bridge' && peerMac !== undefined ? [`${peerMac} dev ${name} master ${bridge} `] : [];
  const groups = up ? ['33:33:00:00:00:01', '01:00:5e:00:00:01'] : ['33:33:00:00:00:01'];
  const heard = groups.map((group) => `${group} dev ${name} self permanent`);
  if (bridge === undefined) return heard;
  return kind === 'bridge' ? [...heard, ...own] : [...learned, ...own, ...heard];
}
