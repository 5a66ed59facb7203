import { serveDns, type Answer } from '../../linux/net/dns/server';
import { Headers, type Handler } from '../../linux/net/http/message';
import { serve, textResponse } from '../../linux/net/http/server';
import { createLan } from '../../linux/net/lan';
import { serverTls } from '../../linux/net/tls/connection';
import { certificatePem, createCa, issue } from '../../linux/net/tls/certificate';
import { Host } from '../../linux/host';
import { concat, decode, encode } from '../../linux/io/bytes';
import type { OpenFile } from '../../linux/io/open-file';
import { elf } from '../../linux/process/executable';
import type { Process, Program, WaitStatus } from '../../linux/process/types';
import { Clock } from '../../sim/clock';
import { makeDeferred } from '../../sim/deferred';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { programs } from '.';

export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly status: number;
}

export interface Bench {
  readonly clock: Clock;
  readonly client: Host;
  readonly server: Host;
  /** What programs threw. */
  readonly faults: readonly unknown[];
  /** Runs a program to its end; words are split at spaces. */
  run(command: string | readonly string[], options?: { readonly input?: string; readonly on?: Host }): Promise<Ran>;
  /** Starts a program on a host and lets it come to rest. */
  start(host: Host, command: string): Promise<void>;
}

const web: Handler = async ({ method, url, headers, body }) => {
  if (url === '/missing') return textResponse(404, 'no such page\n');
  if (url === '/moved') return { status: 302, headers: new Headers({ Location: '/' }), body: encode('moved\n') };
  if (url === '/echo') {
    return textResponse(
      200,
      `${method} ${headers.get('Content-Type')} ${body instanceof Uint8Array ? decode(body) : 'stream'}\n`,
    );
  }
  if (url === '/hang') return makeDeferred<never>(() => undefined).promise;
  return textResponse(200, 'hello\n', 'text/html');
};

const answers: Readonly<Record<string, string>> = { 'web.default.svc.cluster.local': '10.0.0.2' };
const names = ({ name, type }: { readonly name: string; readonly type: string }): Answer => {
  const data = answers[name];
  if (data === undefined) return { code: 'NXDOMAIN', answers: [] };
  return { code: 'NOERROR', answers: type === 'A' ? [{ name, type: 'A', ttl: 30, data }] : [] };
};

/** Servers for the tests: port 80, 443 with a CA in /etc/ssl/ca.crt, and names on port 53. */
const testServer: Program = async (process) => {
  const random = new Random(3);
  const now = process.clock.now;
  const ca = createCa({ subject: { commonName: 'kubernetes' }, random, now });
  const identity = issue({ subject: { commonName: 'web' }, sans: ['web', '10.0.0.2'], issuer: ca, random, now });
  process.fs.writeFile('/etc/ssl/ca.crt', certificatePem(ca.certificate));
  const plain = process.net.listen(process, { address: '0.0.0.0', port: 80 });
  const secure = process.net.listen(process, { address: '0.0.0.0', port: 443 });
  serveDns(process, { address: '0.0.0.0', port: 53 }, names);
  if (!plain.ok || !secure.ok) return 1;
  process.thread(() => serve(process, secure.value, web, { tls: serverTls(identity, () => process.clock.now) }));
  await serve(process, plain.value, web);
  return 0;
};

/** Stands for a shell: says where it runs, or does the few words that tests ask for. */
const testShell: Program = async (process) => {
  const { stdout, stderr, args, argv, env } = process;
  const command = args[0] === '-c' ? args[1] : undefined;
  if (command === 'cat') {
    for await (const chunk of process.stdin) await stdout.write(chunk);
    return 0;
  }
  if (command === 'fail') {
    await stderr.write('failed\n');
    return 3;
  }
  if (command !== undefined) {
    await stdout.write(
      `${command} by ${env.get('USER')} in ${process.cwd} from ${env.get('SSH_CONNECTION')?.split(' ')[0]}\n`,
    );
    return 0;
  }
  await stdout.write(
    `${argv[0]} on ${process.tty?.path} ${process.tty?.size.columns}x${process.tty?.size.rows} ${env.get('TERM')}\n`,
  );
  for (let line = await process.stdin.readLine(); line !== undefined; line = await process.stdin.readLine()) {
    if (line === 'exit') return 7;
    await stdout.write(`you said ${line}\n`);
  }
  return 0;
};

/** Two machines on a LAN: 10.0.0.1 runs the programs, 10.0.0.2 (`web`) serves. `settle` is one turn of the event loop. */
export async function makeBench(settle: () => Promise<void>): Promise<Bench> {
  const trace = new Trace();
  const clock = new Clock({ start: Date.UTC(2026, 10, 20, 20, 40, 9), settle, trace });
  const all: Readonly<Record<string, Program>> = { ...programs, 'test-server': testServer, bash: testShell };
  const lan = createLan('lan');
  const faults: unknown[] = [];
  const make = (name: string, address: string): Host => {
    const host = new Host({
      ...{ name, clock, trace, random: new Random(address.length), programs: new Map(Object.entries(all)) },
      fault: (error) => faults.push(error),
    });
    const { fs, net } = host;
    for (const path of ['/bin', '/etc/ssl', '/root/.ssh', '/run', '/var', '/dev', '/tmp']) fs.mkdirAll(path);
    fs.symlink('/run', '/var/run');
    fs.mount({ type: 'devtmpfs', source: 'udev', target: '/dev' });
    fs.writeFile('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\n');
    fs.writeFile('/etc/hosts', '127.0.0.1\tlocalhost\n10.0.0.2\tweb\n10.0.0.9\tdead\n');
    fs.writeFile(
      '/etc/resolv.conf',
      'nameserver 10.0.0.2\nsearch default.svc.cluster.local svc.cluster.local\noptions ndots:5\n',
    );
    fs.writeFile('/root/.ssh/known_hosts', 'web,10.0.0.2 ssh-ed25519 AAAA\n');
    for (const program of Object.keys(all)) fs.writeFile(`/bin/${program}`, elf(program), 0o755);
    net.setUp('lo', true);
    net.addCard('eth0', lan);
    net.addAddress('eth0', `${address}/24`);
    net.setUp('eth0', true);
    return host;
  };
  const client = make('client', '10.0.0.1');
  const server = make('web', '10.0.0.2');
  const env = new Map(Object.entries({ PATH: '/bin', HOME: '/root', USER: 'root', TERM: 'xterm' }));

  const bench: Bench = {
    ...{ clock, client, server, faults },
    async run(command, { input = '', on = client } = {}) {
      const argv = typeof command === 'string' ? command.split(' ') : command;
      const [out, err]: [Uint8Array[], Uint8Array[]] = [[], []];
      on.fs.writeFile('/tmp/input', input);
      const stdin = on.fs.open('/tmp/input', { read: true });
      if (!stdin.ok) throw new Error(stdin.error.message);
      const fds = new Map([
        [0, stdin.value],
        [1, collector(out)],
        [2, collector(err)],
      ]);
      const child = on.spawn({ file: `/bin/${argv[0]}`, argv, env, fds, cwd: '/tmp' });
      if (!child.ok) throw new Error(`${argv.join(' ')}: ${child.error.message}`);
      const status = await ended(clock, child.value.process);
      if (faults.length > 0) throw faults[0];
      return {
        out: decode(concat(out)),
        err: decode(concat(err)),
        status: status.kind === 'exited' ? status.code : 128,
      };
    },
    async start(host, command) {
      const argv = command.split(' ');
      const child = host.spawn({ file: `/bin/${argv[0]}`, argv, env });
      if (!child.ok) throw new Error(child.error.message);
      await clock.advance(100);
    },
  };
  await bench.start(server, 'test-server');
  const ca = server.fs.readText('/etc/ssl/ca.crt');
  if (ca.ok) client.fs.writeFile('/etc/ssl/ca.crt', ca.value);
  return bench;
}

async function ended(clock: Clock, process: Process): Promise<WaitStatus> {
  await clock.runUntil(() => process.status !== undefined, { limit: 600_000 });
  if (process.status === undefined) throw new Error(`${process.argv.join(' ')} did not end`);
  return process.status;
}

/** A descriptor that keeps what is written. */
export function collector(chunks: Uint8Array[]): OpenFile {
  return {
    ...{ kind: 'pipe', name: 'pipe:[1]', flags: { read: false, write: true, append: false } },
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
