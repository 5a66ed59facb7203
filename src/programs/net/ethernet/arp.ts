import type { Program } from '../../../linux/process/types';
import { parseOptions } from '../options';

const usage = `Usage:
  arp [-vn]  [<HW>] [-i <if>] [-a] [<hostname>]             <-Display ARP cache
  arp [-v]          [-i <if>] -d  <host> [pub]               <-Delete ARP entry
  arp [-vnD] [<HW>] [-i <if>] -f  [<filename>]            <-Add entry from file
  arp [-v]   [<HW>] [-i <if>] -s  <host> <hwaddr> [temp]            <-Add entry
  arp [-v]   [<HW>] [-i <if>] -Ds <host> <if> [netmask <nm>] pub          <-''-

        -a                       display (all) hosts in alternative (BSD) style
        -e                       display (all) hosts in default (Linux) style
        -s, --set                set a new ARP entry
        -d, --delete             delete a specified entry
        -v, --verbose            be verbose
        -n, --numeric            don't resolve names
        -i, --device             specify network interface (e.g. eth0)
        -D, --use-device         read <hwaddr> from given device
        -A, -p, --protocol       specify protocol family
        -f, --file               read new entries from file or from /etc/ethers
`;

/** arp(8) of net-tools 2.10. The links here find addresses without ARP: the cache it reads is empty. */
export const arp: Program = async (process) => {
  const { stdout, stderr, net } = process;
  const parsed = parseOptions(process.args, {
    flags: 'a e n/numeric v/verbose D/use-device d/delete s/set V/version h/help',
    values: 'i/device A/p/protocol f/file H/hw-type',
  });
  if (parsed.has('V')) {
    await stdout.write('net-tools 2.10\n');
    return 0;
  }
  if (parsed.error !== undefined || parsed.has('h')) {
    await (parsed.has('h') ? stdout : stderr).write(usage);
    return parsed.has('h') ? 0 : 4;
  }
  const [host] = parsed.operands;
  const device = parsed.value('i');
  if (parsed.has('s')) {
    await stderr.write('SIOCSARP: Operation not supported\n');
    return 255;
  }
  if (parsed.has('d')) {
    await stderr.write(host === undefined ? 'arp: need host name\n' : `No ARP entry for ${host}\n`);
    return 255;
  }
  if (device !== undefined && net.link(device) === undefined) {
    await stdout.write('arp: in 0 entries no match found.\n');
    return 0;
  }
  if (host !== undefined && !parsed.has('a')) await stdout.write(`${host} (${host}) -- no entry\n`);
  else if (host !== undefined || device !== undefined) await stdout.write('arp: in 0 entries no match found.\n');
  return 0;
};
