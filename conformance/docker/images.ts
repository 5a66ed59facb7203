import { entriesFromTar } from '../../src/containers/archive/entries';
import { directories, program, symlinks, text, type Entries } from '../../src/containers/images/entries';
import { Image } from '../../src/containers/images/image';
import { ImageLayer } from '../../src/containers/images/layer';
import { repository, type Repository } from '../../src/containers/images/registry';
import {
  build as buildSteps,
  cmd,
  copy,
  entrypoint,
  env,
  expose,
  label,
  once,
  run,
  stopSignal,
  volume,
  workdir,
  type Step,
} from '../../src/containers/images/steps';

/** The images that the recordings ran against: busybox under other names, with what these names promise. */
const createdAt = (second: number, nanoseconds = '481624736'): string =>
  `2026-11-20T20:32:${String(second)}.${nanoseconds}Z`;

/** Their files are as old as they. */
function dated(layer: ImageLayer, created: string): ImageLayer {
  const made = new ImageLayer(layer.entries, Date.parse(created));
  return layer instanceof SizedLayer ? new SizedLayer(made, layer.blobSize) : made;
}

const build = (created: string, base: Image | undefined, steps: readonly Step[]): Image =>
  buildSteps(
    created,
    base,
    steps.map((step) => (step.layer === undefined ? step : { ...step, layer: dated(step.layer, created) })),
  );

const passwd = [
  'root:x:0:0:root:/root:/bin/sh',
  'daemon:x:1:1:daemon:/usr/sbin:/bin/false',
  'www-data:x:33:33:www-data:/var/www:/bin/false',
  'nobody:x:65534:65534:nobody:/home:/bin/false',
  '',
].join('\n');

/**
 * `busybox --list` there: all of Debian's, whether this world has programs for them or not (`ls` of the image shows the
 * links; who calls one that is not there is told `applet not found`).
 */
const applets =
  '[ [[ acpid adjtimex ar arch arp arping ascii ash awk base64 basename bc blkdiscard blockdev brctl ' +
  'bunzip2 bzcat bzip2 cal cat chattr chgrp chmod chown chroot chvt clear cmp cp cpio crc32 cttyhack cut ' +
  'date dc dd deallocvt depmod devmem df diff dirname dmesg dnsdomainname dos2unix du dumpkmap dumpleases ' +
  'echo egrep env expand expr factor fallocate false fatattr fdisk fgrep find findfs fold free freeramdisk ' +
  'fsfreeze fstrim ftpget ftpput getopt getty grep groups gunzip gzip halt head hexdump hostid hostname ' +
  'httpd hwclock i2cdetect i2cdump i2cget i2cset i2ctransfer id ifconfig ifdown ifup init insmod ionice ip ' +
  'ipcalc ipneigh kill killall klogd last less link linux32 linux64 linuxrc ln loadfont loadkmap logger ' +
  'login logname logread losetup ls lsmod lsscsi lzcat lzma lzop md5sum mdev microcom mim mkdir mkdosfs ' +
  'mke2fs mkfifo mknod mkpasswd mkswap mktemp modinfo modprobe more mount mt mv nameif nc netstat nl nologin ' +
  'nproc nsenter nslookup nuke od openvt partprobe paste patch pidof ping ping6 pivot_root poweroff printf ' +
  'ps pwd rdate readlink realpath reboot renice reset resume rev rm rmdir rmmod route rpm rpm2cpio run-init ' +
  'run-parts sed seq setkeycodes setpriv setsid sh sha1sum sha256sum sha384sum sha3sum sha512sum shred shuf sleep sort ' +
  'ssl_client start-stop-daemon stat strings stty svc svok swapoff swapon switch_root sync sysctl syslogd ' +
  'tac tail tar taskset tc tee telnet test tftp time timeout top touch tr traceroute traceroute6 true truncate ' +
  'ts tty tunctl ubirename udhcpc udhcpd uevent umount uname uncompress unexpand uniq unix2dos unlink unlzma ' +
  'unshare unxz unzip uptime usleep uudecode uuencode vconfig vi w watch watchdog wc wget which who whoami ' +
  'xargs xxd xz xzcat yes zcat';

/** What the busybox image holds; the recordings' host has the same in a folder. */
export const busyboxFiles: Entries = {
  ...directories(
    '/bin /etc /root /home /var /var/www /usr /usr/bin /usr/sbin /proc /sys /dev /var/spool /var/spool/mail',
  ),
  ...directories('/tmp', { mode: 0o1777 }),
  '/bin/busybox': program('busybox-debian', 2_066_580),
  ...symlinks('/bin', '/bin/busybox', applets),
  '/etc/passwd': text(passwd),
  '/etc/group': text('root:x:0:\ndaemon:x:1:\nwww-data:x:33:\nnogroup:x:65534:\n'),
};

/** A layer whose blob is as long as that of the recordings: gzip and real programs compress otherwise than ours. */
class SizedLayer extends ImageLayer {
  constructor(
    readonly layer: ImageLayer,
    readonly blobSize: number,
  ) {
    super(layer.entries, layer.mtime, layer.source);
  }

  /** A comment in the header (RFC 1952) fills it up. */
  override blob(): Uint8Array {
    const [flags, header] = [3, 10];
    const blob = super.blob();
    const missing = this.blobSize - blob.length;
    if (missing < 0) throw new Error(`the blob is ${-missing} bytes too long`);
    if (missing === 0) return blob;
    const filled = new Uint8Array(this.blobSize).fill(0x20);
    filled.set(blob.subarray(0, header));
    filled[flags] = (blob[flags] ?? 0) | 0x10;
    filled[header + missing - 1] = 0;
    filled.set(blob.subarray(header), header + missing);
    return filled;
  }
}

/** A step whose layer is so long as a blob. */
const ofSize = (step: Step, size: number): Step =>
  step.layer === undefined ? step : { ...step, layer: new SizedLayer(step.layer, size) };

/** The first image is imported from an archive of these files. */
function imported(archive: Uint8Array): Image {
  const entries = entriesFromTar(archive);
  if (!entries.ok) throw new Error(entries.error);
  const created = createdAt(23, '104112604');
  return new Image(
    [new SizedLayer(new ImageLayer(entries.value, 0, archive), 1_141_176)],
    { Cmd: ['sh'] },
    [{ created, comment: 'Imported from -' }],
    created,
    { dockerVersion: '28.5.2+dfsg4' },
  );
}

/** A base as BuildKit takes it up: with a search path, and marked as one whose command it escapes. */
const taken = ({ layers, config, history, created }: Image): Image =>
  new Image(
    layers,
    {
      ArgsEscaped: true,
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      ...config,
    },
    history,
    created,
  );

const alpine = (busybox: Image): Image =>
  build(createdAt(23), taken(busybox), [
    ofSize(
      run(
        `printf 'NAME="Alpine Linux"\\nID=alpine\\nVERSION_ID=3.22.0\\n' > /etc/os-release && echo 3.22.0 > /etc/alpine-release`,
        {
          '/etc/os-release': text('NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.0\n'),
          '/etc/alpine-release': text('3.22.0\n'),
        },
      ),
      217,
    ),
    cmd('/bin/sh'),
  ]);

/** As the BuildKit of the recordings writes it into the history. */
const exposed = (port: string): Step => ({ ...expose(port), says: `EXPOSE [${port}]` });

const page =
  '<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1></body></html>';
const executable = { mode: 0o755 };

const nginx = (alpine: Image): Image =>
  build(createdAt(24), alpine, [
    label('maintainer', 'NGINX Docker Maintainers <docker-maint@nginx.com>'),
    env('NGINX_VERSION', '1.29.1'),
    run(
      `mkdir -p /usr/share/nginx/html /etc/nginx/conf.d /var/log/nginx && echo '${page}' > /usr/share/nginx/html/index.html`,
      {
        ...directories(
          '/usr/share /usr/share/nginx /usr/share/nginx/html /etc/nginx /etc/nginx/conf.d /var/log /var/log/nginx',
        ),
        '/usr/share/nginx/html/index.html': text(`${page}\n`),
      },
    ),
    copy('nginx', '/usr/sbin/nginx', {
      '/usr/sbin/nginx': text('#!/bin/sh\nexec httpd -f -vv -p 80 -h /usr/share/nginx/html\n', executable),
    }),
    copy('docker-entrypoint.sh', '/', {
      '/docker-entrypoint.sh': text(
        '#!/bin/sh\nset -e\necho "/docker-entrypoint.sh: Configuration complete; ready for start up"\n' +
          'export PATH=/usr/sbin:$PATH\nexec "$@"\n',
        executable,
      ),
    }),
    run(`printf 'server { listen 80; }\\n' > /etc/nginx/conf.d/default.conf`, {
      '/etc/nginx/conf.d/default.conf': text('server { listen 80; }\n'),
    }),
    entrypoint('/docker-entrypoint.sh'),
    exposed('80/tcp'),
    stopSignal('SIGQUIT'),
    cmd('nginx', '-g', 'daemon off;'),
  ]);

const redis = (alpine: Image): Image =>
  build(createdAt(25), alpine, [
    ofSize(run('mkdir /data && chown 33:33 /data', directories('/data', { uid: 33, gid: 33 })), 115),
    volume('/data'),
    ofSize({ ...workdir('/data'), layer: new ImageLayer({}) }, 29),
    exposed('6379/tcp'),
    cmd('nc', '-ll', '-p', '6379', '-e', 'cat'),
  ]);

const hello = (): Image =>
  build(createdAt(25, '803220415'), undefined, [
    ofSize(copy('hello', '/', { '/hello': program('hello', 682_700) }), 319_789),
    cmd('/hello'),
  ]);

/** It was an engine that pushed them. */
const asPushed = ({ layers, config, history, created, details }: Image): Image =>
  new Image(layers, config, history, created, { ...details, schema2: true });

/** Docker Hub as the recordings had it; `archive` gives the tar of `busyboxFiles`. */
export function hub(archive: () => Uint8Array): readonly Repository[] {
  const busybox = once(() => imported(archive()));
  const base = once(() => alpine(busybox()));
  const made: Readonly<Record<Name, () => Image>> = {
    busybox,
    alpine: base,
    nginx: () => nginx(base()),
    redis: () => redis(base()),
    'hello-world': hello,
  };
  return [
    ...names.map((name) => repository(`docker.io/library/${name}`, [[tags[name], () => asPushed(made[name]())]])),
    // That hub counts one name's pulls as too many.
    { ...repository('docker.io/library/ratelimited', []), refuses: 'too many requests' },
  ];
}

type Name = (typeof names)[number];
const names = ['busybox', 'alpine', 'nginx', 'redis', 'hello-world'] as const;
const tags: Readonly<Record<Name, readonly string[]>> = {
  busybox: ['latest', '1.37'],
  alpine: ['latest', '3.22'],
  nginx: ['latest', '1.29-alpine'],
  redis: ['latest', '7-alpine'],
  'hello-world': ['latest'],
};

/** The same names in the order in which the recordings' host pushed them to a registry of its own. */
export const pushed: readonly string[] = names.flatMap((name) => tags[name].map((tag) => `${name}:${tag}`));
