import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { Host } from '../../linux/host';
import { concat, decode, encode } from '../../linux/io/bytes';
import type { OpenFile } from '../../linux/io/open-file';
import { elf } from '../../linux/process/executable';
import type { Program, WaitStatus } from '../../linux/process/types';
import { programs } from '.';

export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly status: number;
}

export interface Bench {
  readonly host: Host;
  readonly clock: Clock;
  /** Runs commands joined by pipes to their end. */
  run(
    argv: readonly string[],
    options?: {
      readonly input?: string;
      readonly uid?: number;
      readonly cwd?: string;
      readonly env?: ReadonlyMap<string, string>;
    },
  ): Promise<Ran>;
}

/** A machine with the coreutils on it, for tests. `settle`: a turn of the real event loop. */
export function makeBench(
  settle: () => Promise<void>,
  more: Readonly<Record<string, Program>> = {},
  start = Date.UTC(2025, 5, 15, 12),
): Bench {
  const trace = new Trace();
  const clock = new Clock({ start, settle, trace });
  const all = { ...programs, ...more };
  const host = new Host({
    name: 'workstation',
    clock,
    random: new Random(1),
    trace,
    programs: new Map(Object.entries(all)),
  });
  const { fs } = host;
  for (const path of ['/usr/bin', '/etc', '/root', '/home', '/proc', '/dev', '/var/log']) fs.mkdirAll(path);
  fs.mkdirAll('/tmp');
  fs.chmod('/tmp', 0o1777);
  fs.mount({ type: 'proc', source: 'proc', target: '/proc' });
  fs.mount({ type: 'devtmpfs', source: 'udev', target: '/dev' });
  fs.writeFile('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nubuntu:x:1000:1000::/home/ubuntu:/bin/bash\n');
  fs.writeFile('/etc/group', 'root:x:0:\nadm:x:4:ubuntu\nubuntu:x:1000:\n');
  for (const name of Object.keys(all)) fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  const usual = new Map([
    ['PATH', '/usr/bin'],
    ['HOME', '/root'],
    ['LC_ALL', 'C.UTF-8'],
    ['TERM', 'xterm'],
  ]);

  return {
    host,
    clock,
    async run(argv, { input = '', uid = 0, cwd = '/tmp', env = usual } = {}) {
      const sink = () => {
        const chunks: Uint8Array[] = [];
        return { file: collector(chunks), text: () => decode(concat(chunks)) };
      };
      const out = sink();
      const err = sink();
      fs.writeFile('/dev/shm/input', input);
      const stdin = fs.open('/dev/shm/input', { read: true });
      if (!stdin.ok) throw new Error(stdin.error.message);
      const child = host.spawn({
        file: `/usr/bin/${argv[0] ?? ''}`,
        argv,
        cwd,
        env,
        user: { uid, gid: uid, groups: [uid] },
        fds: new Map([
          [0, stdin.value],
          [1, out.file],
          [2, err.file],
        ]),
      });
      if (!child.ok) throw new Error(`${argv.join(' ')}: ${child.error.message}`);
      let status: WaitStatus | undefined;
      void child.value.wait().then((ended) => (status = ended));
      await clock.runUntil(() => status !== undefined, { limit: 3_600_000 });
      if (status === undefined) throw new Error(`${argv.join(' ')}: did not end`);
      return { out: out.text(), err: err.text(), status: status.kind === 'exited' ? status.code : 128 };
    },
  };
}

/** A standard stream that keeps what is written to it. */
export function collector(chunks: Uint8Array[]): OpenFile {
  return {
    kind: 'pipe',
    name: 'pipe:[1]',
    flags: { read: false, write: true, append: false },
    read: () => ({ ok: true, value: encode('') }),
    write: (bytes) => {
      chunks.push(bytes.slice());
      return { ok: true, value: bytes.length };
    },
    onReadable: () => () => undefined,
    onWritable: () => () => undefined,
    retain: () => undefined,
    release: () => undefined,
  };
}
