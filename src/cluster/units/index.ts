import type { Host } from '../../linux/host';
import { Manager } from '../../linux/systemd/manager';
import type { HostPlan } from '../topology';
import { bytesOf, containerd, docker, kubeadmDropIn, kubelet, ssh, targets } from './files';

const folder = '/usr/lib/systemd/system';
const wanted = '/etc/systemd/system/multi-user.target.wants';

/** Units of packages: the file, and the program without which the package is not there. */
const packaged: readonly { readonly name: string; readonly text: string; readonly program: string }[] = [
  { name: 'ssh.service', text: ssh, program: '/usr/sbin/sshd' },
  { name: 'containerd.service', text: containerd, program: '/usr/bin/containerd' },
  { name: 'docker.service', text: docker, program: '/usr/sbin/dockerd' },
  { name: 'kubelet.service', text: kubelet, program: '/usr/bin/kubelet' },
];

/** Installs the unit files of what a host has and lets PID 1 start them. */
export function startUnits(host: Host, plan: HostPlan): void {
  const { fs } = host;
  fs.mkdirAll(folder);
  fs.mkdirAll(wanted);
  for (const [name, text] of Object.entries(targets)) fs.writeFile(`${folder}/${name}`, bytesOf(text));
  fs.symlink('graphical.target', `${folder}/default.target`);
  for (const { name, text, program } of packaged) {
    if (!fs.stat(program).ok) continue;
    fs.writeFile(`${folder}/${name}`, bytesOf(text));
    fs.symlink(`/lib/systemd/system/${name}`, `${wanted}/${name}`);
  }
  if (fs.stat('/etc/systemd/system/multi-user.target.wants/ssh.service').ok)
    fs.symlink('/lib/systemd/system/ssh.service', '/etc/systemd/system/sshd.service');
  if (plan.roles.some((role) => role !== 'workstation') && fs.stat('/usr/bin/kubelet').ok) {
    fs.mkdirAll(`${folder}/kubelet.service.d`);
    fs.writeFile(`${folder}/kubelet.service.d/10-kubeadm.conf`, bytesOf(kubeadmDropIn));
  }
  host.systemd = new Manager(host);
  host.systemd.boot();
}
