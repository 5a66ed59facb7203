import type { Program } from '../../linux/process/types';

const version = 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n';

const usage = `${version}Usage:
  ipvsadm -A|E virtual-service [-s scheduler] [-p [timeout]] [-M netmask] [--pe persistence_engine] [-b sched-flags]
  ipvsadm -D virtual-service
  ipvsadm -C
  ipvsadm -R
  ipvsadm -S [-n]
  ipvsadm -a|e virtual-service -r server-address [options]
  ipvsadm -d virtual-service -r server-address
  ipvsadm -L|l [virtual-service] [options]
  ipvsadm -Z [virtual-service]
  ipvsadm --set tcp tcpfin udp
  ipvsadm --start-daemon {master|backup} [daemon-options]
  ipvsadm --stop-daemon {master|backup}
  ipvsadm -h
`;

const heads: Readonly<Record<string, string>> = {
  '': 'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n',
  stats: 'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\n',
  rate: 'Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n  -> RemoteAddress:Port\n',
};

/** ipvsadm(8). kube-proxy works by iptables in this cluster: the table of virtual servers is empty. */
export const ipvsadm: Program = async (process) => {
  const { stdout, stderr, args } = process;
  const letters = args.filter((word) => /^-[a-zA-Z]/.test(word)).join('');
  if (!process.capable('NET_ADMIN')) {
    await stderr.write(
      "Can't initialize ipvs: Permission denied (you must be root)\nAre you sure that IP Virtual Server is built in the kernel or as module?\n",
    );
    return 2;
  }
  if (args.includes('--version') || letters.includes('v')) {
    await stdout.write(version);
    return 0;
  }
  if (args.includes('--help') || letters.includes('h')) {
    await stdout.write(usage);
    return 0;
  }
  if (letters.includes('C') || letters.includes('S') || letters.includes('Z')) return 0;
  if (/[DEaed]/.test(letters.replaceAll('-', ''))) {
    await stderr.write('Service not defined\n');
    return 2;
  }
  if (letters.includes('A')) {
    await stderr.write("ipvsadm: virtual servers are not modelled: this cluster's kube-proxy uses iptables\n");
    return 2;
  }
  if (args.length > 0 && !/[Lln]/.test(letters) && !args.includes('--list')) {
    await stderr.write(usage);
    return 2;
  }
  if (letters.includes('c') || args.includes('--connection')) {
    await stdout.write(
      'IPVS connection entries\npro expire state       source             virtual            destination\n',
    );
    return 0;
  }
  const kind = args.includes('--stats') ? 'stats' : args.includes('--rate') ? 'rate' : '';
  await stdout.write(`IP Virtual Server version 1.2.1 (size=4096)\n${heads[kind] ?? ''}`);
  return 0;
};
