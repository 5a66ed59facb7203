import { bulk, directories, programs, symlink, text, type Entries } from '../entries';
import { build, cmd, once, rootfs } from '../steps';

const coreutils =
  '[ arch base64 basename cat chgrp chmod chown cksum comm cp cut date dd df dirname du echo env expand expr factor ' +
  'false fold groups head hostid id install join link ln logname ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup ' +
  'nproc numfmt od paste pr printenv printf pwd readlink realpath rm rmdir seq sha1sum sha256sum sha512sum shred shuf ' +
  'sleep sort split stat stdbuf stty sum sync tac tail tee test timeout touch tr true truncate tsort tty uname unexpand ' +
  'uniq unlink users wc who whoami yes';
const others =
  'awk bash clear cmp diff dpkg egrep fgrep find flock getopt grep gunzip gzip hostname kill login lsblk mawk more mount ' +
  'mountpoint nsenter passwd perl renice rev run-parts script sdiff sed setsid sh su tar umount unshare watch which ' +
  'xargs zcat';

const passwd = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
games:x:5:60:games:/usr/games:/usr/sbin/nologin
man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
lp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
news:x:9:9:news:/var/spool/news:/usr/sbin/nologin
uucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin
proxy:x:13:13:proxy:/bin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
backup:x:34:34:backup:/var/backups:/usr/sbin/nologin
list:x:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin
irc:x:39:39:ircd:/run/ircd:/usr/sbin/nologin
_apt:x:42:65534::/nonexistent:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;

const group = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
lp:x:7:
mail:x:8:
news:x:9:
uucp:x:10:
man:x:12:
proxy:x:13:
kmem:x:15:
dialout:x:20:
fax:x:21:
voice:x:22:
cdrom:x:24:
floppy:x:25:
tape:x:26:
sudo:x:27:
audio:x:29:
dip:x:30:
www-data:x:33:
backup:x:34:
operator:x:37:
list:x:38:
irc:x:39:
src:x:40:
shadow:x:42:
utmp:x:43:
video:x:44:
sasl:x:45:
plugdev:x:46:
staff:x:50:
games:x:60:
users:x:100:
nogroup:x:65534:
`;

interface Distribution {
  readonly osRelease: string;
  /** /etc/debian_version. */
  readonly debianVersion: string;
  /** /etc/issue.net and what `cat /etc/issue` begins with. */
  readonly issue: string;
  /** Bytes of libraries and data beside what is named here, so that sizes come out as in reality. */
  readonly bulk: number;
}

/** The files of a Debian-like root file system with merged /usr. */
export const debianFiles = ({ osRelease, debianVersion, issue, bulk: rest }: Distribution): Entries => ({
  ...directories(
    '/boot /etc /etc/apt /etc/default /etc/profile.d /home /media /mnt /opt /root /run /srv /usr /usr/bin /usr/games ' +
      '/usr/include /usr/lib /usr/lib64 /usr/local /usr/local/bin /usr/local/lib /usr/local/sbin /usr/sbin /usr/share ' +
      '/usr/share/doc /usr/src /var /var/backups /var/cache /var/lib /var/lib/dpkg /var/local /var/log /var/mail /var/opt /var/spool',
  ),
  ...directories('/tmp /var/tmp', { mode: 0o1777 }),
  ...directories('/proc /sys', { mode: 0o555 }),
  ...directories('/dev'),
  '/bin': symlink('usr/bin'),
  '/sbin': symlink('usr/sbin'),
  '/lib': symlink('usr/lib'),
  '/lib64': symlink('usr/lib64'),
  '/var/run': symlink('/run'),
  '/var/lock': symlink('/run/lock'),
  ...programs('/usr/bin', `${coreutils} ${others} apt apt-get apt-cache`),
  ...programs('/usr/sbin', 'chroot ldconfig nologin useradd groupadd'),
  '/etc/os-release': symlink('../usr/lib/os-release'),
  '/usr/lib/os-release': text(osRelease),
  '/etc/debian_version': text(`${debianVersion}\n`),
  '/etc/issue': text(`${issue} \\n \\l\n\n`),
  '/etc/issue.net': text(`${issue}\n`),
  '/etc/passwd': text(passwd),
  '/etc/group': text(group),
  '/etc/shadow': text('root:*:20379:0:99999:7:::\ndaemon:*:20379:0:99999:7:::\nnobody:*:20379:0:99999:7:::\n', {
    mode: 0o640,
    gid: 42,
  }),
  '/etc/shells': text(
    '# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/usr/bin/dash\n',
  ),
  '/etc/nsswitch.conf': text(
    'passwd:         files\ngroup:          files\nshadow:         files\n\nhosts:          files dns\nnetworks:       files\n',
  ),
  '/etc/profile': text('PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\nexport PATH\n'),
  '/etc/bash.bashrc': text("PS1='${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ '\n"),
  '/root/.bashrc': text('# ~/.bashrc: executed by bash(1) for non-login shells.\n'),
  '/root/.profile': text('# ~/.profile: executed by Bourne-compatible login shells.\n'),
  '/usr/lib/x86_64-linux-gnu/libc.so.6': bulk('glibc', 1_982_176),
  '/usr/lib/x86_64-linux-gnu/libcrypto.so.3': bulk('openssl', 5_341_200),
  '/usr/lib/x86_64-linux-gnu/libperl.so.5': bulk('perl', 3_902_112),
  '/usr/share/.data': bulk(`data of ${issue}`, rest),
});

const trixie = `PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
NAME="Debian GNU/Linux"
VERSION_ID="13"
VERSION="13 (trixie)"
VERSION_CODENAME=trixie
DEBIAN_VERSION_FULL=13.1
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`;

const noble = `PRETTY_NAME="Ubuntu 24.04.3 LTS"
NAME="Ubuntu"
VERSION_ID="24.04"
VERSION="24.04.3 LTS (Noble Numbat)"
VERSION_CODENAME=noble
ID=ubuntu
ID_LIKE=debian
HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"
UBUNTU_CODENAME=noble
LOGO=ubuntu-logo
`;

export const debian = once(() =>
  build('2025-11-03T20:44:23Z', undefined, [
    rootfs(
      'debian-13-slim.tar.xz',
      debianFiles({ osRelease: trixie, debianVersion: '13.1', issue: 'Debian GNU/Linux 13', bulk: 62_000_000 }),
    ),
    cmd('bash'),
  ]),
);

export const ubuntu = once(() =>
  build('2025-10-01T14:19:54Z', undefined, [
    rootfs(
      'ubuntu-noble-oci-amd64-root.tar.gz',
      debianFiles({ osRelease: noble, debianVersion: 'trixie/sid', issue: 'Ubuntu 24.04.3 LTS', bulk: 62_700_000 }),
    ),
    cmd('/bin/bash'),
  ]),
);
