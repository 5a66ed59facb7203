import { directories, program, symlinks, text, type Entries } from '../entries';
import { build, cmd, once, rootfs } from '../steps';

/** The applets of a busybox built with its usual configuration, as far as this world has programs for them. */
export const applets =
  '[ [[ adduser addgroup ar arch arp ash awk base64 basename bc bunzip2 cat chgrp chmod chown chroot cksum clear cmp comm cp cut date dc dd deluser delgroup ' +
  'df diff dirname dmesg dos2unix du echo ed egrep env expand expr factor false fgrep find flock fold free fsync ' +
  'getopt grep groups gunzip gzip halt hd head hexdump hostid hostname httpd id ifconfig install ip ipcalc kill killall ' +
  'less link ln logger login logname ls lsof md5sum mesg mkdir mkfifo mknod mktemp more mount mountpoint mv nc netstat ' +
  'nice nl nohup nproc nslookup od paste patch pgrep pidof ping pkill printenv printf ps pstree pwd readlink realpath ' +
  'renice reset resize rev rm rmdir route run-parts sed seq setsid sh sha1sum sha256sum sha512sum shuf sleep sort split ' +
  'stat strings stty su sum sync sysctl tac tail tar tee telnet test time timeout top touch tr traceroute tree true ' +
  'truncate tsort tty umount uname unexpand uniq unix2dos unlink unshare unzip uptime users usleep vi watch wc wget ' +
  'which who whoami xargs xxd yes zcat';

const passwd = `root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
bin:x:2:2:bin:/bin:/bin/false
sys:x:3:3:sys:/dev:/bin/false
sync:x:4:100:sync:/bin:/bin/sync
mail:x:8:8:mail:/var/spool/mail:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
operator:x:37:37:Operator:/var:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
`;

const group = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
wheel:x:10:root
cdrom:x:11:
utmp:x:43:
audio:x:29:
video:x:28:
mail:x:8:
www-data:x:33:
operator:x:37:
users:x:100:
nogroup:x:65534:
`;

const files: Entries = {
  ...directories('/bin /etc /root /usr /usr/bin /usr/sbin /var /var/spool /var/spool/mail /var/www /home'),
  ...directories('/tmp', { mode: 0o1777 }),
  '/bin/busybox': program('busybox', 1_119_784),
  // The real image has hard links; a symbolic link behaves the same and tells a reader more.
  ...symlinks('/bin', 'busybox', applets),
  '/usr/bin/env': { type: 'symlink', target: '../../bin/env' },
  '/etc/passwd': text(passwd),
  '/etc/group': text(group),
  '/etc/shadow': text('root:*:::::::\n', { mode: 0o600 }),
  '/etc/nsswitch.conf': text('passwd: files\ngroup: files\nhosts: files dns\n'),
  '/lib': { type: 'directory', mode: 0o755, uid: 0, gid: 0 },
  '/lib/libc.so.6': {
    type: 'file',
    mode: 0o755,
    uid: 0,
    gid: 0,
    content: { kind: 'bulk', label: 'libc', size: 1_926_256 },
  },
};

export const busybox = once(() =>
  build('2025-09-26T21:31:42Z', undefined, [rootfs('busybox.tar.gz', files), cmd('sh')]),
);
