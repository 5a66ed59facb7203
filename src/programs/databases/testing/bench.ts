import { Clock } from '../../../sim/clock';
import { Random } from '../../../sim/random';
import { Trace } from '../../../sim/trace';
import { Host } from '../../../linux/host';
import { concat, decode } from '../../../linux/io/bytes';
import { Output, OutputFile } from '../../../containers/shim/output';
import { elf } from '../../../linux/process/executable';
import type { WaitStatus } from '../../../linux/process/types';
import { programs } from '..';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** A machine with the databases' programs on it. `settle`: a turn of the real event loop. */
export function bench(settle: () => Promise<void>, environment: Readonly<Record<string, string>> = {}) {
  const trace = new Trace();
  const clock = new Clock({ start: Date.UTC(2025, 5, 15, 12), settle, trace });
  const host = new Host({
    name: 'db',
    clock,
    random: new Random(1),
    trace,
    programs: new Map(Object.entries(programs)),
    fault: (error) => {
      throw error;
    },
  });
  const { fs } = host;
  for (const path of ['/usr/bin', '/etc', '/root', '/proc', '/dev', '/var/run/postgresql', '/var/lib/data'])
    fs.mkdirAll(path);
  fs.mkdirAll('/tmp');
  for (const path of ['/tmp', '/var/run/postgresql', '/var/lib/data']) fs.chmod(path, 0o1777);
  fs.mount({ type: 'devtmpfs', source: 'udev', target: '/dev' });
  fs.writeFile('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\npostgres:x:999:999::/var/lib/postgresql:/bin/bash\n');
  for (const name of Object.keys(programs)) fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  host.net.setUp('lo', true);
  const env = new Map(Object.entries({ PATH: '/usr/bin', HOME: '/root', ...environment }));

  const spawn = (argv: readonly string[], { input = '', uid = 999 } = {}) => {
    fs.writeFile('/dev/shm/input', input);
    const stdin = fs.open('/dev/shm/input', { read: true });
    if (!stdin.ok) throw new Error(stdin.error.message);
    const chunks = { 1: new Array<Uint8Array>(), 2: new Array<Uint8Array>() };
    const sink = (fd: 1 | 2): OutputFile => {
      const output = new Output(clock);
      output.listen((bytes) => void chunks[fd].push(bytes));
      return new OutputFile(`out${fd}`, output);
    };
    const child = host.spawn({
      file: `/usr/bin/${argv[0] ?? ''}`,
      argv,
      env: new Map(env),
      cwd: '/tmp',
      user: { uid, gid: uid, groups: [uid] },
      fds: new Map([
        [0, stdin.value],
        [1, sink(1)],
        [2, sink(2)],
      ]),
    });
    if (!child.ok) throw new Error(`${argv.join(' ')}: ${child.error.message}`);
    let ended: WaitStatus | undefined;
    void child.value.wait().then((status) => (ended = status));
    return {
      child: child.value,
      stdout: () => decode(concat(chunks[1])),
      stderr: () => decode(concat(chunks[2])),
      ended: () => ended,
    };
  };
  return {
    host,
    clock,
    spawn,
    /** Runs a command to its end. */
    async run(argv: readonly string[], options?: { readonly input?: string; readonly uid?: number }): Promise<Ran> {
      const running = spawn(argv, options);
      await clock.runUntil(() => running.ended() !== undefined, { limit: 600_000 });
      const ended = running.ended();
      return {
        stdout: running.stdout(),
        stderr: running.stderr(),
        status: ended?.kind === 'exited' ? ended.code : -1,
      };
    },
  };
}
