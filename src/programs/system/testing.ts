import { Host } from '../../linux/host';
import { captureFile } from '../../linux/io/capture';
import { concat, decode } from '../../linux/io/bytes';
import { elf } from '../../linux/process/executable';
import type { Program } from '../../linux/process/types';
import { Manager } from '../../linux/systemd/manager';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { programs as coreutils } from '../coreutils';
import { programs as net } from '../net';
import { programs as shell } from '../shell';
import { programs } from '.';

export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly status: number;
}

export interface Bench {
  readonly host: Host;
  readonly clock: Clock;
  /** Runs a script with bash to its end, as root or as `uid`. */
  bash(script: string, options?: { readonly uid?: number; readonly input?: string }): Promise<Ran>;
}

const passwd = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;
const group =
  'root:x:0:\ndaemon:x:1:\nbin:x:2:\nadm:x:4:\ntty:x:5:\nsudo:x:27:\nwww-data:x:33:\nusers:x:100:\nnogroup:x:65534:\n';
const shadow = 'root:*:20000:0:99999:7:::\nnobody:*:20000:0:99999:7:::\n';

/** A Debian machine with systemd, a shell and the tools, for tests. */
export function makeBench(more: Readonly<Record<string, Program>> = {}): Bench {
  const trace = new Trace();
  // A turn of Node's event loop; only tests come here.
  // eslint-disable-next-line no-restricted-globals, no-restricted-syntax
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const clock = new Clock({ start: Date.UTC(2026, 0, 5, 9), settle, trace });
  const all: Readonly<Record<string, Program>> = { ...coreutils, ...net, ...shell, ...programs, ...more };
  const host = new Host({
    name: 'controlplane',
    clock,
    random: new Random(1),
    trace,
    programs: new Map(Object.entries(all)),
    fault: (error) => {
      throw error;
    },
  });
  const { fs } = host;
  for (const path of '/usr/bin /usr/sbin /usr/lib/systemd/system /etc/systemd/system /root /home /proc /sys /dev /tmp /run /var/log'.split(
    ' ',
  ))
    fs.mkdirAll(path);
  for (const name of ['bin', 'sbin', 'lib']) fs.symlink(`usr/${name}`, `/${name}`);
  fs.mount({ type: 'proc', source: 'proc', target: '/proc' });
  fs.mount({ type: 'sysfs', source: 'sysfs', target: '/sys' });
  fs.mount({ type: 'cgroup2', source: 'cgroup2', target: '/sys/fs/cgroup' });
  fs.mount({ type: 'devtmpfs', source: 'udev', target: '/dev' });
  if (!fs.lstat('/dev/null').ok) fs.mknod('/dev/null', 'char', 0o666, { major: 1, minor: 3 });
  fs.chmod('/tmp', 0o1777);
  fs.chmod('/root', 0o700);
  fs.writeFile('/etc/passwd', passwd);
  fs.writeFile('/etc/group', group);
  fs.writeFile('/etc/shadow', shadow);
  fs.chmod('/etc/shadow', 0o640);
  for (const name of Object.keys(all)) fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  fs.symlink('../bin/nologin', '/usr/sbin/nologin');
  fs.writeFile(
    '/etc/os-release',
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n',
  );
  for (const name of ['su', 'sudo', 'passwd', 'newgrp']) fs.chmod(`/usr/bin/${name}`, 0o4755);
  host.systemd = new Manager(host);
  host.systemd.boot();
  const env = new Map([
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['HOME', '/root'],
    ['LANG', 'C.UTF-8'],
  ]);
  return {
    host,
    clock,
    async bash(script, { uid = 0, input = '' } = {}) {
      const out: Uint8Array[] = [];
      const err: Uint8Array[] = [];
      fs.writeFile('/tmp/.input', input, 0o644);
      const stdin = fs.open('/tmp/.input', { read: true });
      if (!stdin.ok) throw new Error(stdin.error.message);
      const child = host.spawn({
        file: '/usr/bin/bash',
        argv: ['bash', '-c', script],
        env,
        cwd: '/',
        newSession: true,
        cgroup: '/user.slice/user-0.slice/session-1.scope',
        user: { uid, gid: uid, groups: [uid] },
        fds: new Map([
          [0, stdin.value],
          [1, captureFile((bytes) => out.push(bytes.slice()))],
          [2, captureFile((bytes) => err.push(bytes.slice()))],
        ]),
      });
      if (!child.ok) throw new Error(child.error.message);
      let status: number | undefined;
      void child.value.wait().then((ended) => (status = ended.kind === 'exited' ? ended.code : 128));
      await clock.runUntil(() => status !== undefined, { limit: 3_600_000 });
      if (status === undefined) throw new Error(`still running: ${script.slice(0, 80)}\n${decode(concat(out))}`);
      return { out: decode(concat(out)), err: decode(concat(err)), status };
    },
  };
}
