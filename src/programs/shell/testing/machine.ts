import { Host } from '../../../linux/host';
import { captureFile } from '../../../linux/io/capture';
import { concat, decode, encode } from '../../../linux/io/bytes';
import { elf } from '../../../linux/process/executable';
import type { Program } from '../../../linux/process/types';
import type { PtyMaster } from '../../../linux/tty/types';
import { Clock } from '../../../sim/clock';
import { Random } from '../../../sim/random';
import { Trace } from '../../../sim/trace';
import { programs } from '../index';
import { HereFile } from '../run/here-file';
import { tools } from './tools';

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** A host with the shells and a few small tools, for tests. */
export function machine(more: Readonly<Record<string, Program>> = {}): {
  readonly host: Host;
  readonly clock: Clock;
  readonly trace: Trace;
} {
  const trace = new Trace();
  // A turn of Node's event loop; only tests come here.
  // eslint-disable-next-line no-restricted-globals, no-restricted-syntax
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const clock = new Clock({ start: Date.UTC(2026, 0, 5, 9), settle, trace });
  const all = { ...programs, ...tools, ...more };
  const host = new Host({
    name: 'box',
    clock,
    random: new Random(1),
    trace,
    programs: new Map(Object.entries(all)),
    fault: (error) => {
      throw error;
    },
  });
  const { fs } = host;
  for (const folder of ['/usr/bin', '/tmp', '/root', '/etc', '/dev', '/proc']) fs.mkdirAll(folder);
  fs.mount({ type: 'proc', source: 'proc', target: '/proc' });
  fs.mount({ type: 'devtmpfs', source: 'udev', target: '/dev' });
  fs.symlink('usr/bin', '/bin');
  fs.chmod('/tmp', 0o1777);
  for (const name of Object.keys(all)) fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  fs.writeFile('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\n');
  return { host, clock, trace };
}

const env = new Map([
  ['PATH', '/usr/bin:/bin'],
  ['HOME', '/root'],
  ['TERM', 'xterm'],
]);

/** Runs a program to its end. */
export async function run(
  argv: readonly string[],
  stdin = '',
  more?: Readonly<Record<string, Program>>,
): Promise<Result> {
  const { host, clock } = machine(more);
  const [out, err]: Uint8Array[][] = [[], []];
  const spawned = host.spawn({
    file: `/bin/${argv[0] ?? ''}`,
    argv,
    env,
    cwd: '/tmp',
    fds: new Map([
      [0, new HereFile(encode(stdin))],
      [1, captureFile((bytes) => out?.push(bytes))],
      [2, captureFile((bytes) => err?.push(bytes))],
    ]),
  });
  if (!spawned.ok) throw new Error(spawned.error.message);
  let status: number | undefined;
  void spawned.value.wait().then((ended) => {
    status = ended.kind === 'exited' ? ended.code : ended.kind === 'signaled' ? 128 : 0;
  });
  await clock.runUntil(() => status !== undefined, { limit: 600_000 });
  await clock.advance(1);
  if (status === undefined) throw new Error(`still running: ${argv.join(' ')}\n${decode(concat(out ?? []))}`);
  return { stdout: decode(concat(out ?? [])), stderr: decode(concat(err ?? [])), status };
}

export const bash = (script: string, stdin?: string): Promise<Result> => run(['bash', '-c', script], stdin);

/** An interactive shell on a terminal: what is typed, what is shown. */
export class Session {
  readonly host: Host;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly pty: PtyMaster;
  /** All output so far. */
  output = '';
  ended: number | undefined;

  constructor(argv: readonly string[] = ['bash', '--norc'], columns = 80) {
    const { host, clock, trace } = machine();
    this.host = host;
    this.clock = clock;
    this.trace = trace;
    this.pty = host.openPty({ rows: 24, columns });
    this.pty.onOutput((bytes) => {
      this.output += decode(bytes);
    });
    const slave = this.pty.tty.open();
    const spawned = host.spawn({
      file: `/bin/${argv[0] ?? ''}`,
      argv,
      env: new Map([...env, ['PS1', '$ ']]),
      cwd: '/tmp',
      newSession: true,
      controllingTty: this.pty.tty,
      fds: new Map([0, 1, 2].map((fd) => [fd, slave])),
    });
    if (!spawned.ok) throw new Error(spawned.error.message);
    void spawned.value.wait().then((status) => {
      this.ended = status.kind === 'exited' ? status.code : 128;
    });
  }

  /** Types, then lets virtual time pass; gives what was shown since, without what only positions. */
  async type(text: string, ms = 50): Promise<string> {
    const before = this.output.length;
    for (const char of text) {
      this.pty.input(encode(char));
      await this.clock.advance(1);
    }
    await this.clock.advance(ms);
    return plain(this.output.slice(before));
  }
}

/** Output without bracketed-paste switches and carriage returns. */
export const plain = (text: string): string => text.replace(/\x1b\[\?2004[hl]\r?/g, '').replaceAll('\r\n', '\n');
