/** What Debian 12's package lists (and those of Kubernetes and Docker) say: package, version, its commands. */
const lists = `
coreutils 9.1-1: basename cat chmod chown cp cut date dd df dirname du echo env expr head id install ln ls md5sum mkdir mkfifo mktemp mv nl nohup od paste printf pwd readlink rm rmdir seq sha256sum shuf sleep sort split stat stty tac tail tee test timeout touch tr truncate uname uniq wc whoami yes
grep 3.8-5: grep egrep fgrep
sed 4.9-1: sed
gawk 1:5.2.1-2: gawk
findutils 4.9.0-4: find xargs
tar 1.34+dfsg-1.2: tar
gzip 1.12-1: gzip gunzip zcat
less 590-2.1: less
vim 2:9.0.1378-2: vim vimdiff
nano 7.2-1: nano
emacs-nox 1:28.2+1-15: emacs
git 1:2.39.5-0+deb12u2: git
curl 7.88.1-10: curl
wget 1.21.3-1: wget
jq 1.6-2.1: jq
yq 3.1.0-3: yq
tree 2.1.0-1: tree
procps 2:4.0.2-3: ps top free kill pgrep pkill pmap sysctl uptime vmstat w watch
htop 3.2.2-2: htop
iproute2 6.1.0-3: ip ss bridge tc
net-tools 2.10-0.1: netstat ifconfig route arp
iputils-ping 3:20221126-1: ping
traceroute 1:2.1.2-1: traceroute
bind9-dnsutils 1:9.18.33-1~deb12u2: dig nslookup nsupdate
bind9-host 1:9.18.33-1~deb12u2: host
netcat-openbsd 1.219-1: nc
nmap 7.93+dfsg1-1: nmap
tcpdump 4.99.3-1: tcpdump
iptables 1.8.9-2: iptables iptables-save iptables-restore
conntrack 1:1.4.7-1: conntrack
openssh-client 1:9.2p1-2: ssh scp sftp ssh-keygen ssh-copy-id
openssl 3.0.16-1~deb12u1: openssl
rsync 3.2.7-1: rsync
python3-minimal 3.11.2-1: python3
nodejs 18.19.0+dfsg-6~deb12u2: node nodejs
npm 9.2.0~ds1-1: npm npx
golang-go 2:1.19~1: go gofmt
gcc 4:12.2.0-3: gcc
make 4.3-4.1: make
default-jre-headless 2:1.17-74: java
ruby 1:3.1: ruby
sl 5.02-1: sl
cowsay 3.03+dfsg2-8: cowsay
figlet 2.2.5-3: figlet
tmux 3.3a-3: tmux
screen 4.9.0-4: screen
zsh 5.9-4: zsh
fish 3.6.0-3.1: fish
ansible 7.7.0+dfsg-3: ansible
podman 4.3.1+ds1-8: podman
buildah 1.28.2+ds1-3: buildah
skopeo 1.9.3+ds1-1: skopeo
kubectl 1.33.1-1.1: kubectl
kubeadm 1.33.1-1.1: kubeadm
kubelet 1.33.1-1.1: kubelet
cri-tools 1.33.0-1.1: crictl
docker-ce-cli 5:28.5.2-1~debian.12~bookworm: docker
docker-ce 5:28.5.2-1~debian.12~bookworm: dockerd
systemd 252.39-1~deb12u1: systemctl journalctl hostnamectl timedatectl
sudo 1.9.13p3-1: sudo
man-db 2.11.2-2: man apropos
file 1:5.44-3: file
bc 1.07.1-3: bc
strace 6.1-0.1: strace
lsof 4.95.0-1: lsof
etcd-client 3.4.23-4: etcdctl
unzip 6.0-28: unzip
zip 3.0-13: zip
`;

export interface Package {
  readonly name: string;
  readonly version: string;
}

/** Packages by the commands they bring. */
export const packages: ReadonlyMap<string, Package> = new Map(
  lists
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [, name = '', version = '', commands = ''] = /^(\S+) (\S+): (.*)$/.exec(line) ?? [];
      return commands.split(' ').map((command) => [command, { name, version }] as const);
    }),
);
