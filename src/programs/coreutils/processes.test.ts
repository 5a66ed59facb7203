import { beforeEach, describe, expect, it } from 'vitest';
import { concat, decode } from '../../linux/io/bytes';
import type { OpenFile } from '../../linux/io/open-file';
import type { Child } from '../../linux/process/types';
import { makeBench, type Bench } from './testing';

let bench: Bench;
beforeEach(() => {
  bench = makeBench(() => new Promise((resolve) => setImmediate(resolve)));
});

/** Starts a command whose output is looked at while it runs. */
function start(argv: readonly string[], fds: ReadonlyMap<number, OpenFile> = new Map()) {
  const { host } = bench;
  const { read, write } = host.init.pipe();
  const child = host.spawn({
    file: `/usr/bin/${argv[0]}`,
    argv,
    cwd: '/tmp',
    fds: new Map([...nulls(), [1, write], [2, write], ...fds]),
  });
  if (!child.ok) throw new Error(child.error.message);
  read.retain();
  return {
    child: child.value,
    /** What came since the last look. */
    async output(ms = 50): Promise<string> {
      await bench.clock.advance(ms);
      const chunks: Uint8Array[] = [];
      for (;;) {
        const bytes = read.read(65_536);
        if (bytes === 'wait' || !bytes.ok || bytes.value.length === 0) return decode(concat(chunks));
        chunks.push(bytes.value);
      }
    },
  };
}

function nulls(): (readonly [number, OpenFile])[] {
  const opened = bench.host.fs.open('/dev/null', { read: true, write: true });
  return opened.ok ? [0, 1, 2].map((fd) => [fd, opened.value] as const) : [];
}

async function end(child: Child): Promise<unknown> {
  let status: unknown;
  void child.wait().then((ended) => (status = ended));
  await bench.clock.runUntil(() => status !== undefined, { limit: 60_000 });
  return status;
}

describe('tail -f', () => {
  it('prints what is appended, and follows names with -F', async () => {
    const { fs } = bench.host;
    fs.writeFile('/tmp/log', 'one\n');
    const plain = start(['tail', '-f', '/tmp/log']);
    const named = start(['tail', '-F', '/tmp/log']);
    expect(await plain.output()).toBe('one\n');
    expect(await named.output()).toBe('one\n');
    fs.appendFile('/tmp/log', 'two\n');
    expect(await plain.output()).toBe('two\n');
    expect(await named.output()).toBe('two\n');
    fs.rename('/tmp/log', '/tmp/log.1');
    expect(await named.output(10)).toBe("tail: '/tmp/log' has become inaccessible: No such file or directory\n");
    fs.writeFile('/tmp/log', 'new\n');
    expect(await named.output(2000)).toBe("tail: '/tmp/log' has appeared;  following new file\nnew\n");
    fs.appendFile('/tmp/log.1', 'old\n');
    expect(await plain.output()).toBe('old\n');
  });
});

describe('pipes', () => {
  it('end when their reader is gone', async () => {
    const { read, write } = bench.host.init.pipe();
    const yes = start(['yes'], new Map([[1, write]]));
    const head = start(['head', '-2'], new Map([[0, read]]));
    expect(await end(head.child)).toEqual({ kind: 'exited', code: 0 });
    expect(await head.output()).toBe('y\ny\n');
    expect(await end(yes.child)).toEqual({ kind: 'signaled', signal: 'SIGPIPE' });
  });

  it('make grep hold back lines unless told otherwise', async () => {
    const { host } = bench;
    const run = (...options: string[]) => {
      const { read, write } = host.init.pipe();
      write.retain();
      return { grep: start(['grep', ...options, 'err'], new Map([[0, read]])), write };
    };
    const [held, live] = [run(), run('--line-buffered')];
    for (const { write } of [held, live]) write.write(new TextEncoder().encode('ok\nerr 1\n'));
    expect(await held.grep.output(1000)).toBe('');
    expect(await live.grep.output(1000)).toBe('err 1\n');
    held.write.release();
    expect(await held.grep.output(1)).toBe('err 1\n');
  });
});

describe('processes', () => {
  it('are listed and killed', async () => {
    const sleep = start(['sleep', '100']);
    await bench.clock.advance(1000);
    const { out } = await bench.run(['ps', '-ef']);
    const lines = out.split('\n');
    expect(lines[0]).toBe('UID          PID    PPID  C STIME TTY          TIME CMD');
    expect(lines.find((line) => line.endsWith('sleep 100'))).toBe(
      `root     ${String(sleep.child.pid).padStart(7)}       1  0 12:00 ?        00:00:00 sleep 100`,
    );
    const aux = (await bench.run(['ps', 'aux'])).out.split('\n');
    expect(aux[0]).toBe('USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND');
    expect(aux.find((line) => line.endsWith('sleep 100'))).toMatch(
      /^root +\d+ {2}0\.0 {2}0\.0 {3}\d{4} {2}\d{4} \? {8}S {4}12:00 {3}0:00 sleep 100$/,
    );
    expect((await bench.run(['ps', '-o', 'pid=,comm=', '-C', 'sleep'])).out).toBe(
      `${String(sleep.child.pid).padStart(7)} sleep\n`,
    );
    expect((await bench.run(['pgrep', '-f', 'sleep 1'])).out).toBe(`${sleep.child.pid}\n`);
    expect((await bench.run(['pgrep', '-a', 'slee'])).out).toBe(`${sleep.child.pid} sleep 100\n`);
    expect((await bench.run(['pkill', '-9', 'nothing'])).status).toBe(1);
    expect((await bench.run(['pkill', '-TERM', '-f', 'sleep 100'])).status).toBe(0);
    expect(await end(sleep.child)).toEqual({ kind: 'signaled', signal: 'SIGTERM' });
    expect((await bench.run(['kill', '4242'])).err).toBe('kill: (4242): No such process\n');
  });

  it('run for a time, with another environment, again and again', async () => {
    const before = bench.clock.now;
    expect(await bench.run(['timeout', '2', 'sleep', '100'])).toEqual({ out: '', err: '', status: 124 });
    expect(bench.clock.now - before).toBeGreaterThanOrEqual(2000);
    expect((await bench.run(['env', '-i', 'A=1', 'env'])).out).toBe('A=1\n');
    const watch = start(['watch', '-t', '-x', '-n', '5', 'echo', 'hi']);
    expect(await watch.output(11_000)).toBe('hi\nhi\nhi\n');
  });
});

describe('xargs and find', () => {
  it('run commands', async () => {
    const { fs } = bench.host;
    fs.mkdirAll('/tmp/t/a');
    fs.writeFile('/tmp/t/a/x.log', '1');
    fs.writeFile('/tmp/t/y.log', '22');
    expect((await bench.run(['find', 't', '-name', '*.log', '-exec', 'wc', '-c', '{}', '+'])).out).toBe(
      '1 t/a/x.log\n2 t/y.log\n3 total\n',
    );
    expect((await bench.run(['xargs', '-n1', '-P2', 'echo'], { input: 'a b c' })).out).toBe('a\nb\nc\n');
    expect((await bench.run(['find', 't', '-type', 'f', '-delete'])).status).toBe(0);
    expect((await bench.run(['find', 't'])).out).toBe('t\nt/a\n');
  });
});
