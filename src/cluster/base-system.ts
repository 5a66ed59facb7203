import type { Namespace } from '../linux/fs/mount-namespace';
import { createTree, type Tree, type TreeEntry } from '../linux/fs/tree';
import type { FileSystem } from '../linux/fs/types';
import type { Host } from '../linux/host';
import { publicBundle } from '../linux/net/tls/public-ca';
import { mountCgroups } from '../linux/process/cgroup';
import { elf } from '../linux/process/executable';
import { bashBashrc, bashCompletion } from './interactive-bash';
import type { HostPlan, Topology } from './topology';

/** Where Debian puts what is not in /usr/bin. */
const superuser = new Set(
  (
    'ip iptables iptables-save iptables-restore ip6tables ip6tables-save sshd dockerd ' +
    'shutdown reboot sysctl ss bridge tc swapoff swapon modprobe ' +
    'nologin runuser useradd usermod userdel groupadd groupmod groupdel chpasswd adduser addgroup deluser delgroup ' +
    'service chroot blkid killall5 depmod insmod rmmod arp brctl ethtool ipvsadm'
  ).split(' '),
);

/** What a Debian 12 host has on disk before anybody does anything with it. */
export function installBaseSystem(host: Host, plan: HostPlan, topology: Topology, tools: readonly string[]): void {
  const { fs } = host;
  for (const path of folders) fs.mkdirAll(path);
  fs.chmod('/tmp', 0o1777);
  fs.chmod('/root', 0o700);
  for (const [path, target] of merged) fs.symlink(target, path);
  for (const [folder, tree] of treesOf(tools))
    (host.init.namespaces.mnt as Namespace).mountTree(folder, tree, { paid: true });
  if (tools.includes('docker-compose')) {
    fs.mkdirAll(cliPlugins);
    fs.writeFile(`${cliPlugins}/docker-compose`, elf('docker-compose', 65_000_000), 0o755);
  }
  mountKernelFileSystems(fs, plan);
  for (const [path, text] of Object.entries(configuration(plan, topology))) fs.writeFile(path, text);
  fs.chmod('/etc/shadow', 0o640);
  fs.chmod('/etc/sudoers', 0o440);
  for (const tool of setUserId) if (tools.includes(tool)) fs.chmod(placeOf(tool), 0o4755);
  const bundle = publicBundle();
  fs.writeFile('/etc/ssl/certs/ca-certificates.crt', bundle);
  fs.writeFile('/usr/share/ca-certificates/bottleship-root-x1.crt', bundle);
}

/** The folders of programs, which all hosts with the same programs share until somebody changes them. */
const trees = new Map<string, ReadonlyMap<string, Tree>>();

function treesOf(tools: readonly string[]): ReadonlyMap<string, Tree> {
  const key = tools.join(' ');
  let made = trees.get(key);
  if (made !== undefined) return made;
  const folders = new Map<string, [string, TreeEntry][]>();
  for (const tool of tools) {
    const place = placeOf(tool);
    const slash = place.lastIndexOf('/');
    const content = elf(tool, 60_000 + ((tool.length * 7919) % 90_000));
    const files = folders.get(place.slice(0, slash)) ?? [];
    files.push([place.slice(slash), { type: 'file', content, mode: 0o755 }]);
    folders.set(place.slice(0, slash), files);
  }
  made = new Map([...folders].map(([folder, files]) => [folder, createTree(files, { mtime: 'mounted' })]));
  trees.set(key, made);
  return made;
}

/** Where the docker command finds its plugins. */
const cliPlugins = '/usr/libexec/docker/cli-plugins';

/** Programs that only other programs call. */
const helpers = new Set(['command-not-found']);

/** What runs as its owner whoever starts it. */
const setUserId = ['su', 'sudo', 'passwd', 'newgrp', 'gpasswd'];

export const placeOf = (tool: string): string =>
  `${helpers.has(tool) ? '/usr/lib' : superuser.has(tool) ? '/usr/sbin' : '/usr/bin'}/${tool}`;

const folders = (
  '/usr/bin /usr/sbin /usr/lib /usr/lib64 /usr/local/bin /usr/local/sbin /usr/share /etc/ssl/certs /home /media /mnt ' +
  '/opt /root /run/lock /srv /tmp /var/cache /var/lib /var/log /var/spool /var/tmp /dev /proc /sys /boot ' +
  '/usr/local/share/ca-certificates /usr/share/ca-certificates /usr/share/bash-completion /etc/ca-certificates /root/.ssh /etc/ssh /etc/sudoers.d ' +
  '/etc/sysctl.d /etc/modules-load.d /etc/default /etc/apt/keyrings /etc/apt/sources.list.d /etc/apt/trusted.gpg.d'
).split(' ');

/** Debian's merged /usr. */
const merged: readonly (readonly [string, string])[] = [
  ['/bin', 'usr/bin'],
  ['/sbin', 'usr/sbin'],
  ['/lib', 'usr/lib'],
  ['/lib64', 'usr/lib64'],
  ['/var/run', '/run'],
];

function mountKernelFileSystems(fs: FileSystem, { cgroup }: HostPlan): void {
  fs.mount({ type: 'proc', source: 'proc', target: '/proc' });
  fs.mount({ type: 'sysfs', source: 'sysfs', target: '/sys' });
  mountCgroups(fs, cgroup);
  // systemd's TasksMax of users: a third of what the machine can have (logind.conf(5) of old, user-.slice(5)).
  const users = `/sys/fs/cgroup${cgroup === 'v1' ? '/pids' : ''}/user.slice`;
  fs.mkdirAll(users);
  fs.writeFile(`${users}/pids.max`, '1221');
  fs.mount({ type: 'tmpfs', source: 'tmpfs', target: '/run' });
  fs.mount({ type: 'devtmpfs', source: 'udev', target: '/dev' });
  const devices: readonly (readonly [string, number, number])[] = [
    ['null', 1, 3],
    ['zero', 1, 5],
    ['full', 1, 7],
    ['random', 1, 8],
    ['urandom', 1, 9],
    ['tty', 5, 0],
  ];
  for (const [name, major, minor] of devices) {
    if (!fs.lstat(`/dev/${name}`).ok) fs.mknod(`/dev/${name}`, 'char', 0o666, { major, minor });
  }
  fs.mkdirAll('/dev/pts');
  fs.mkdirAll('/dev/shm');
  for (const [name, target] of [
    ['fd', '/proc/self/fd'],
    ['stdin', '/proc/self/fd/0'],
    ['stdout', '/proc/self/fd/1'],
    ['stderr', '/proc/self/fd/2'],
  ] as const) {
    fs.symlink(target, `/dev/${name}`);
  }
  fs.mkdirAll('/run/lock');
  fs.mkdirAll('/run/netns');
}

function configuration(plan: HostPlan, topology: Topology): Readonly<Record<string, string>> {
  const others = topology.hosts.map(({ address, name }) => `${address} ${name}\n`).join('');
  return {
    '/etc/hostname': `${plan.name}\n`,
    '/etc/hosts': `127.0.0.1 localhost\n127.0.1.1 ${plan.name}\n::1 localhost ip6-localhost ip6-loopback\n${others}`,
    '/etc/resolv.conf': `nameserver ${routerOf(topology)}\n`,
    '/etc/nsswitch.conf': 'passwd:         files\ngroup:          files\nhosts:          files dns\n',
    '/etc/passwd': passwd,
    '/etc/group': group,
    '/etc/shadow': 'root:*:20000:0:99999:7:::\nlearner:*:20000:0:99999:7:::\n',
    '/etc/sysctl.conf': '#\n# /etc/sysctl.conf - Configuration file for setting system variables\n#\n',
    '/etc/sudoers': sudoers,
    '/etc/sudoers.d/90-cloud-init-users': 'learner ALL=(ALL) NOPASSWD:ALL\n',
    '/etc/os-release': osRelease,
    '/etc/debian_version': '12.12\n',
    '/etc/shells': '/bin/sh\n/bin/bash\n',
    '/etc/profile': profile,
    '/etc/machine-id': `${machineId(plan.name)}\n`,
    '/etc/ssh/sshd_config': 'PermitRootLogin yes\nAcceptEnv LANG LC_*\n',
    '/etc/bash.bashrc': bashBashrc,
    '/usr/share/bash-completion/bash_completion': bashCompletion,
    '/root/.bashrc': bashrc(topology),
    '/root/.profile': 'if [ "$BASH" ]; then\n  if [ -f ~/.bashrc ]; then\n    . ~/.bashrc\n  fi\nfi\n',
    '/root/.ssh/known_hosts': topology.hosts
      .map(({ name, address }) => `${name},${address} ssh-ed25519 ${machineId(`key of ${name}`)}\n`)
      .join(''),
  };
}

/** The lab's router and name server: the first address of its network. */
export const routerOf = ({ network }: Topology): string => network.replace(/\.0$/, '.1');

/** A machine id that is the same whenever the world is made (machine-id(5): 32 hexadecimal digits). */
export function machineId(name: string): string {
  let state = 0x811c9dc5;
  let id = '';
  for (let index = 0; id.length < 32; index++) {
    state = Math.imul(state ^ name.charCodeAt(index % name.length) ^ (index << 4), 0x01000193);
    id += (state >>> 0).toString(16).padStart(8, '0');
  }
  return id.slice(0, 32);
}

const passwd = [
  'root:x:0:0:root:/root:/bin/bash',
  'daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin',
  'bin:x:2:2:bin:/bin:/usr/sbin/nologin',
  'sys:x:3:3:sys:/dev:/usr/sbin/nologin',
  'www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin',
  'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
  'sshd:x:100:65534::/run/sshd:/usr/sbin/nologin',
  'learner:x:1000:1000:Learner,,,:/home/learner:/bin/bash',
  '',
].join('\n');

const group = [
  'root:x:0:',
  'daemon:x:1:',
  'bin:x:2:',
  'sys:x:3:',
  'adm:x:4:',
  'tty:x:5:',
  'sudo:x:27:learner',
  'www-data:x:33:',
  'users:x:100:',
  'docker:x:999:',
  'systemd-journal:x:998:',
  'nogroup:x:65534:',
  'learner:x:1000:',
  '',
].join('\n');

const sudoers = `Defaults\tenv_reset
Defaults\tmail_badpass
Defaults\tsecure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
Defaults\tuse_pty

# User privilege specification
root\tALL=(ALL:ALL) ALL

# Allow members of group sudo to execute any command
%sudo\tALL=(ALL:ALL) ALL

@includedir /etc/sudoers.d
`;

const osRelease = [
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
  'NAME="Debian GNU/Linux"',
  'VERSION_ID="12"',
  'VERSION="12 (bookworm)"',
  'VERSION_CODENAME=bookworm',
  'ID=debian',
  'HOME_URL="https://www.debian.org/"',
  'SUPPORT_URL="https://www.debian.org/support"',
  'BUG_REPORT_URL="https://bugs.debian.org/"',
  '',
].join('\n');

const profile = `if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH
`;

const bashrc = ({ prompt }: Topology): string => `PS1='${prompt}'
alias ll='ls -l'
alias la='ls -A'
alias k=kubectl
HISTSIZE=1000
HISTFILESIZE=2000
`;
