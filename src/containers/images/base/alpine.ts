import { bulk, directories, program, symlink, symlinks, text, type Entries } from '../entries';
import { build, cmd, once, rootfs } from '../steps';
import { applets } from './busybox';

const release = '3.22.2';

const osRelease = `NAME="Alpine Linux"
ID=alpine
VERSION_ID=${release}
PRETTY_NAME="Alpine Linux v3.22"
HOME_URL="https://alpinelinux.org/"
BUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"
`;

const passwd = `root:x:0:0:root:/root:/bin/sh
bin:x:1:1:bin:/bin:/sbin/nologin
daemon:x:2:2:daemon:/sbin:/sbin/nologin
lp:x:4:7:lp:/var/spool/lpd:/sbin/nologin
sync:x:5:0:sync:/sbin:/bin/sync
shutdown:x:6:0:shutdown:/sbin:/sbin/shutdown
halt:x:7:0:halt:/sbin:/sbin/halt
mail:x:8:12:mail:/var/mail:/sbin/nologin
news:x:9:13:news:/usr/lib/news:/sbin/nologin
uucp:x:10:14:uucp:/var/spool/uucppublic:/sbin/nologin
cron:x:16:16:cron:/var/spool/cron:/sbin/nologin
ftp:x:21:21::/var/lib/ftp:/sbin/nologin
sshd:x:22:22:sshd:/dev/null:/sbin/nologin
games:x:35:35:games:/usr/games:/sbin/nologin
ntp:x:123:123:NTP:/var/empty:/sbin/nologin
guest:x:405:100:guest:/dev/null:/sbin/nologin
nobody:x:65534:65534:nobody:/:/sbin/nologin
`;

const group = `root:x:0:root
bin:x:1:root,bin,daemon
daemon:x:2:root,bin,daemon
sys:x:3:root,bin
adm:x:4:root,daemon
tty:x:5:
disk:x:6:root
lp:x:7:lp
kmem:x:9:
wheel:x:10:root
floppy:x:11:root
mail:x:12:mail
news:x:13:news
uucp:x:14:uucp
cron:x:16:cron
audio:x:18:
cdrom:x:19:
dialout:x:20:root
ftp:x:21:
sshd:x:22:
input:x:23:
tape:x:26:root
video:x:27:root
netdev:x:28:
kvm:x:34:kvm
games:x:35:
shadow:x:42:
www-data:x:82:
users:x:100:games
ntp:x:123:
utmp:x:406:
ping:x:999:
nogroup:x:65533:
nobody:x:65534:
`;

const inSbin = 'arp halt ifconfig ip route sysctl ping6';
const inUsrSbin = 'adduser addgroup chroot deluser delgroup httpd';
const inUsrBin =
  '[ [[ awk basename bc bunzip2 cksum clear cmp comm cut dc diff dirname dos2unix du env expand expr factor find flock ' +
  'fold free groups hd head hexdump hostid id install killall less logger md5sum mkfifo mesg nc nl nohup nproc nslookup ' +
  'od paste patch pgrep pkill printf pstree readlink realpath renice reset resize seq setsid sha1sum sha256sum sha512sum ' +
  'shuf sort split strings sum tac tail tee test time timeout top tr traceroute tree truncate tty unexpand uniq unix2dos ' +
  'unlink unshare unzip uptime vi wc wget which who whoami xargs xxd yes';

const elsewhere = new Set(`${inSbin} ${inUsrBin} ${inUsrSbin} lsof telnet tsort users`.split(' '));
const inBin = applets
  .split(' ')
  .filter((applet) => !elsewhere.has(applet))
  .join(' ');

const files: Entries = {
  ...directories(
    '/bin /sbin /etc /etc/apk /etc/profile.d /home /lib /lib/apk /media /mnt /opt /root /run /srv /usr /usr/bin /usr/sbin ' +
      '/usr/lib /usr/local /usr/local/bin /usr/share /var /var/cache /var/lib /var/log /var/mail /var/spool /var/empty',
  ),
  ...directories('/tmp /var/tmp', { mode: 0o1777 }),
  ...directories('/proc /sys /dev', { mode: 0o555 }),
  '/bin/busybox': program('busybox', 808_712),
  ...symlinks('/bin', '/bin/busybox', inBin),
  ...symlinks('/sbin', '/bin/busybox', inSbin),
  ...symlinks('/usr/bin', '/bin/busybox', inUsrBin),
  ...symlinks('/usr/sbin', '/bin/busybox', inUsrSbin),
  '/sbin/apk': program('apk', 71_912),
  '/etc/alpine-release': text(`${release}\n`),
  '/etc/os-release': symlink('../usr/lib/os-release'),
  '/usr/lib/os-release': text(osRelease),
  '/etc/issue': text('Welcome to Alpine Linux 3.22\nKernel \\r on \\m (\\l)\n\n'),
  '/etc/passwd': text(passwd),
  '/etc/group': text(group),
  '/etc/shadow': text('root:*::0:::::\nbin:!::0:::::\ndaemon:!::0:::::\nnobody:!::0:::::\n', { mode: 0o640, gid: 42 }),
  '/etc/shells': text('# valid login shells\n/bin/sh\n/bin/ash\n'),
  '/etc/profile': text(
    "# /etc/profile: system-wide settings of login shells\nexport PATH='/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'\nexport PAGER=less\numask 022\n",
  ),
  '/etc/hosts': text('127.0.0.1\tlocalhost localhost.localdomain\n::1\tlocalhost localhost.localdomain\n'),
  '/etc/apk/repositories': text(
    'https://dl-cdn.alpinelinux.org/alpine/v3.22/main\nhttps://dl-cdn.alpinelinux.org/alpine/v3.22/community\n',
  ),
  '/etc/apk/world': text('alpine-baselayout\nalpine-keys\nalpine-release\napk-tools\nbusybox\nlibc-utils\n'),
  '/lib/ld-musl-x86_64.so.1': bulk('musl', 662_240),
  '/usr/lib/libcrypto.so.3': bulk('libcrypto', 4_718_592),
  '/usr/lib/libssl.so.3': bulk('libssl', 815_376),
  '/usr/lib/libz.so.1': bulk('libz', 100_128),
  '/usr/lib/libapk.so.2.14.0': bulk('libapk', 219_560),
};

export const alpine = once(() =>
  build('2025-10-08T11:04:56Z', undefined, [rootfs('alpine-minirootfs-3.22.2-x86_64.tar.gz', files), cmd('/bin/sh')]),
);
