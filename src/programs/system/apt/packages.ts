/**
 * The packages that the lab's archives have, one a line: name, version, section, priority, architecture, installed size
 * (KiB), size of the archive (bytes), dependencies among these, programs, what it is. Only what the world models is here:
 * another name cannot be located. As Debian 12's archive has them.
 */
export const debian = `adduser|3.134|admin|important|all|686|183272|passwd|adduser addgroup deluser delgroup|add and remove users and groups
apt-transport-https|2.6.2|oldlibs|optional|all|35|25604|apt||transitional package for https support
apt-utils|2.6.2|admin|important|amd64|1037|309596|apt,libc6||package management related utility programs
apt|2.6.2|admin|required|amd64|4232|1373116|adduser,libc6|apt apt-get|commandline package manager
base-files|12.4+deb12u15|admin|required|amd64|341|70936|||Debian base system miscellaneous files
bash-completion|1:2.11-6|shells|standard|all|1463|233912|||programmable completion for the bash shell
bash|5.2.15-2+b13|shells|required|amd64|7164|1490652|libc6,base-files,debianutils|bash|GNU Bourne Again SHell
bind9-dnsutils|1:9.18.49-1~deb12u3|net|standard|amd64|501|158488|bind9-host,libc6|dig nslookup|Clients provided with BIND 9
bind9-host|1:9.18.49-1~deb12u3|net|standard|amd64|147|57620|libc6|host|DNS Lookup Utility
bsdextrautils|2.38.1-5+deb12u3|utils|optional|amd64|337|86968|libc6|column hexdump|extra utilities from 4.4BSD-Lite
bsdmainutils|12.1.8|oldlibs|optional|all|17|5952|debianutils,bsdextrautils||Transitional package for more utilities from FreeBSD
ca-certificates|20250419~deb12u2|misc|standard|all|388|160948|openssl,debconf|update-ca-certificates|Common CA certificates
conntrack|1:1.4.7-1+b2|net|optional|amd64|117|35240|libc6|conntrack|Program to modify the conntrack tables
coreutils|9.1-1|utils|required|amd64|18062|2896560|libc6|ls cat cp mv|GNU core utilities
cron|3.0pl1-162|admin|important|amd64|217|73084|init-system-helpers,libc6|cron crontab|process scheduling daemon
curl|7.88.1-10+deb12u15|web|optional|amd64|489|315764|libc6|curl|command line tool for transferring data with URL syntax
dash|0.5.12-2|shells|required|amd64|191|91848|libc6,debianutils,dpkg|dash|POSIX-compliant shell
debconf|1.5.82|admin|required|all|491|121212|||Debian configuration management system
debianutils|5.7-0.5~deb12u1|utils|required|amd64|243|102588|libc6|which|Miscellaneous utilities specific to Debian
diffutils|1:3.8-4|utils|required|amd64|1598|351740|libc6|diff|File comparison utilities
dnsutils|1:9.18.49-1~deb12u3|net|optional|all|26|14224|bind9-dnsutils||Transitional package for bind9-dnsutils
dpkg|1.21.23|admin|required|amd64|6409|1567804|libc6,tar|dpkg|Debian package management system
e2fsprogs|1.47.0-2+b2|admin|required|amd64|1497|571920|libc6||ext2/ext3/ext4 file system utilities
findutils|4.9.0-4|utils|required|amd64|1746|635500|libc6|find xargs|utilities for finding files--find, xargs
gawk|1:5.2.1-2|interpreters|optional|amd64|2906|672772|libc6|gawk|GNU awk, a pattern scanning and processing language
gettext-base|0.21-12|utils|standard|amd64|645|160164|libc6|envsubst|GNU Internationalization utilities for the base system
git|1:2.39.5-0+deb12u3|vcs|optional|amd64|44890|7264380|libc6|git|fast, scalable, distributed revision control system
gnupg|2.2.40-1.1+deb12u2|utils|optional|all|886|846132|gpg|gpg|GNU privacy guard - a free PGP replacement
gpg|2.2.40-1.1+deb12u2|utils|optional|amd64|1582|949888|libc6|gpg|GNU Privacy Guard -- minimalist public key operations
grep|3.8-5|utils|required|amd64|1245|421444|libc6,dpkg|grep|GNU grep, egrep and fgrep
gzip|1.12-1|utils|required|amd64|252|140364|libc6,dpkg|gzip|GNU compression utilities
hostname|3.23+nmu1|admin|required|amd64|46|10500|libc6|hostname|utility to set/show the host name or domain name
inetutils-telnet|2:2.4-2+deb12u3|net|standard|amd64|257|120880|libc6|telnet|telnet client
init-system-helpers|1.65.2+deb12u1|admin|required|all|133|39020||service|helper tools for all init systems
iproute2|6.1.0-3|net|important|amd64|3516|1045828|debconf,libc6|ip ss bridge tc|networking and traffic control tools
iptables|1.8.9-2|net|optional|amd64|2408|360192|libc6|iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore|administration tools for packet filtering and NAT
iputils-ping|3:20221126-1+deb12u1|net|important|amd64|121|47172|libc6|ping|Tools to test the reachability of network hosts
jq|1.6-2.1+deb12u3|utils|optional|amd64|111|64432|libc6|jq|lightweight and flexible command-line JSON processor
kmod|30+20221128-1|admin|important|amd64|251|95180|libc6|lsmod modprobe modinfo|tools for managing Linux kernel modules
less|590-2.1~deb12u2|text|important|amd64|313|132044|libc6|less|pager program similar to more
libc-bin|2.36-9+deb12u14|libs|required|amd64|2042|609144|libc6|getent|GNU C Library: Binaries
libc6|2.36-9+deb12u14|libs|optional|amd64|13001|2759320|||GNU C Library: Shared libraries
locales|2.36-9+deb12u14|localization|standard|all|15847|3906316|libc-bin,debconf||GNU C Library: National Language (locale) data [support]
login|1:4.13+dfsg1-1+deb12u2|admin|required|amd64|2550|616084|libc6|login su newgrp|system login tools
lsb-release|12.0-1|misc|optional|all|17|6416||lsb_release|Linux Standard Base version reporting utility (minimal implementation)
lsof|4.95.0-1|utils|standard|amd64|482|318268|libc6|lsof|utility to list open files
man-db|2.11.2-2|doc|standard|amd64|2963|1385848|bsdextrautils,debconf,libc6||tools for reading manual pages
mawk|1.3.4.20200120-3.1|interpreters|required|amd64|263|119144|libc6|mawk|Pattern scanning and text processing language
mount|2.38.1-5+deb12u3|admin|required|amd64|393|134044|libc6|mount umount|tools for mounting and manipulating filesystems
nano|7.2-1+deb12u1|editors|important|amd64|2804|689556|libc6|nano|small, friendly text editor inspired by Pico
ncurses-bin|6.4-4|utils|required|amd64|636|421400|libc6|clear|terminal-related programs and man pages
net-tools|2.10-0.1+deb12u2|net|optional|amd64|978|243404|libc6|netstat ifconfig route arp|NET-3 networking toolkit
netcat-openbsd|1.219-1|net|optional|amd64|108|41520|libc6|nc netcat|TCP/IP swiss army knife
netcat-traditional|1.10-47|net|standard|amd64|143|67876|libc6||TCP/IP swiss army knife
nftables|1.0.6-2+deb12u2|net|important|amd64|176|70292|libc6|nft|Program to control packet filtering rules by Netfilter project
nginx|1.22.1-9+deb12u10|httpd|optional|amd64|1335|531468|libc6,iproute2|nginx|small, powerful, scalable web/proxy server
openssh-client|1:9.2p1-2+deb12u10|net|standard|amd64|5801|993532|adduser,passwd,libc6|ssh scp ssh-keygen|secure shell (SSH) client, for secure access to remote machines
openssh-server|1:9.2p1-2+deb12u10|net|optional|amd64|1930|456584|init-system-helpers,adduser,openssh-client,procps,debconf,libc6|sshd|secure shell (SSH) server, for secure access from remote machines
openssl|3.0.22-1~deb12u2|utils|optional|amd64|2315|1441784|libc6|openssl|Secure Sockets Layer toolkit - cryptographic utility
passwd|1:4.13+dfsg1-1+deb12u2|admin|required|amd64|2827|972180|libc6|useradd usermod userdel groupadd groupdel passwd chage gpasswd|change and administer password and group data
perl-base|5.36.0-7+deb12u4|perl|required|amd64|7643|1609596|libc6,dpkg|perl|minimal Perl system
procps|2:4.0.2-3|admin|important|amd64|2091|708712|libc6,init-system-helpers|ps top free uptime pgrep pkill vmstat w watch sysctl pidof kill|/proc file system utilities
psmisc|23.6-1|admin|optional|amd64|909|258696|libc6|pstree killall fuser|utilities that use the proc file system
redis-server|5:7.0.15-1~deb12u10|database|optional|amd64|183|73908|init-system-helpers,redis-tools|redis-server|Persistent key-value database with network interface
redis-tools|5:7.0.15-1~deb12u10|database|optional|amd64|5837|991988|adduser,libc6|redis-cli|Persistent key-value database with network interface (client)
sed|4.9-1+deb12u1|utils|required|amd64|987|329092|libc6|sed|GNU stream editor for filtering/transforming text
software-properties-common|0.99.30-4.1~deb12u1|admin|optional|all|450|62100|ca-certificates|add-apt-repository|manage the repositories that you install software from (common)
stress|1.0.7-1|devel|optional|amd64|56|21944|libc6|stress|tool to impose load on and stress test a computer system
sudo|1.9.13p3-1+deb12u4|admin|optional|amd64|6055|1890344|init-system-helpers,libc6|sudo|Provide limited super user privileges to specific users
sysstat|12.6.1-1|admin|optional|amd64|1785|595548|debconf,libc6|iostat mpstat|system performance tools for Linux
systemd|252.39-1~deb12u2|admin|important|amd64|9668|3043940|libc6,mount|systemctl journalctl hostnamectl timedatectl loginctl|system and service manager
tar|1.34+dfsg-1.2+deb12u1|utils|required|amd64|3144|836288|libc6|tar|GNU version of the tar archiving utility
tcpdump|4.99.3-1|net|optional|amd64|1332|466880|adduser,libc6|tcpdump|command-line network traffic analyzer
telnet|0.17+2.4-2+deb12u3|oldlibs|optional|all|54|41896|inetutils-telnet||transitional dummy package for inetutils-telnet default switch
traceroute|1:2.1.2-1|net|standard|amd64|155|51456|libc6|traceroute|Traces the route taken by packets over an IPv4/IPv6 network
tree|2.1.0-1|utils|optional|amd64|113|52464|libc6|tree|displays an indented directory tree, in color
tzdata|2026f-0+deb12u1|localization|required|all|2571|307832|debconf||time zone and daylight-saving time data
unzip|6.0-28+deb12u1|utils|optional|amd64|380|166504|libc6|unzip|De-archiver for .zip files
util-linux|2.38.1-5+deb12u3|utils|required|amd64|4978|1177276|libc6|lsblk dmesg mount lscpu nsenter unshare|miscellaneous system utilities
vim-tiny|2:9.0.1378-2+deb12u2|editors|important|amd64|1689|719960|libc6|vi|Vi IMproved - enhanced vi editor - compact version
vim|2:9.0.1378-2+deb12u2|editors|optional|amd64|3650|1567756|libc6|vim vi|Vi IMproved - enhanced vi editor
wget|1.21.3-1+deb12u1|web|standard|amd64|3521|937340|libc6|wget|retrieves files from the web
xxd|2:9.0.1378-2+deb12u2|editors|optional|amd64|135|84116|libc6|xxd|tool to make (or reverse) a hex dump
zip|3.0-13+deb12u1|utils|optional|amd64|616|230316|libc6|zip|Archiver for .zip files`;

/** Essential or required: on every Debian machine, containers too. */
export const base: ReadonlySet<string> = new Set(
  'adduser apt base-files bash coreutils dash debconf debianutils diffutils dpkg e2fsprogs findutils grep gzip hostname init-system-helpers libc-bin libc6 login mawk mount ncurses-bin passwd perl-base sed tar tzdata util-linux'.split(
    ' ',
  ),
);
