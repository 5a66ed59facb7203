import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mimeTypes } from '../../../containers/images/nginx/files';
import { Output, OutputFile } from '../../../containers/shim/output';
import { lab } from '../../../containers/testing/lab';
import { concat, decode, encode } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { serve } from '../../../linux/net/http/server';
import { elf } from '../../../linux/process/executable';
import { programs } from '..';

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
interface Answered {
  readonly head: readonly string[];
  readonly body: string;
  readonly access: string;
  readonly errors: string;
}
interface Said {
  readonly name: string;
  readonly args?: readonly string[];
  readonly text: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}
interface Recorded {
  readonly files: Readonly<Record<string, string | readonly [string, number]>>;
  readonly base: string;
  readonly cases: readonly {
    readonly name: string;
    readonly conf: string;
    readonly files: Readonly<Record<string, string>>;
    readonly log: string;
    readonly requests: readonly Asked[];
    readonly results: readonly Answered[];
    readonly log_errors: readonly string[];
  }[];
  readonly broken: readonly Said[];
  readonly commands: readonly Said[];
}

/** What Apache 2.4.71 of Debian said and logged, by scripts/record-httpd.mjs; versions, pids and ports are masked. */
const recorded = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8')) as Recorded;
const folder = '/srv/run';
const root = `${folder}/root`;
const made = Date.UTC(2026, 10, 20, 10);

function world(extra: Readonly<Record<string, string>> = {}) {
  const it = lab(programs);
  const { host } = it;
  for (const path of [root, '/etc', '/usr/sbin', '/usr/local/apache2', '/usr/lib/apache2/modules'])
    host.fs.mkdirAll(path);
  host.fs.writeFile('/usr/sbin/apache2', elf('apache-httpd'), 0o755);
  host.fs.writeFile('/usr/local/apache2/.version', '2.4.71 Debian\n');
  // nginx writes the types inside braces; here they are lines of their own.
  const types = mimeTypes
    .replace(/^types \{\n|^\}\n?/gm, '')
    .replace(/;/g, '')
    .replace(/application\/javascript/, 'text/javascript');
  host.fs.writeFile('/etc/mime.types', `${types}\napplication/gzip gz\ntext/x-none none\n`);
  host.fs.writeFile('/etc/passwd', 'root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\n');
  host.fs.writeFile('/etc/group', 'root:x:0:\nwww-data:x:33:\n');
  for (const module of recorded.base.match(/mod_\w+\.so/g) ?? [])
    host.fs.writeFile(`/usr/lib/apache2/modules/${module}`, '');
  for (const [name, text] of Object.entries({ ...recorded.files, ...extra })) {
    const path = `${root}/${name}`;
    host.fs.mkdirAll(path.slice(0, path.lastIndexOf('/')));
    host.fs.writeFile(path, typeof text === 'string' ? unmasked(text) : text[0].repeat(text[1]));
    host.fs.utimes(path, made, made);
  }
  for (const name of ['sub', 'sub/deep', 'empty', 'list', 'list/dir', 'other', '.'])
    host.fs.utimes(`${root}/${name}`, made, made);
  host.net.setUp('lo', true);
  const run = (args: readonly string[]) => {
    const text = { stdout: '', stderr: '' };
    const files = (['stdout', 'stderr'] as const).map((name) => {
      const output = new Output(it.clock);
      output.listen((bytes) => void (text[name] += decode(bytes)));
      return new OutputFile(name === 'stdout' ? 'out' : 'err', output);
    });
    const child = host.spawn({
      file: '/usr/sbin/apache2',
      argv: ['apache2', ...args],
      fds: new Map(files.map((file, index) => [index + 1, file])),
    });
    if (!child.ok) throw new Error(child.error.message);
    return { child: child.value, text };
  };
  return { ...it, run };
}

/** The upstream that the recording had, in our own world. */
function upstream({ host }: ReturnType<typeof world>) {
  const listener = host.net.listen(host.init, { address: '127.0.0.1', port: 18081 });
  if (!listener.ok) throw new Error(listener.error.message);
  host.init.thread(() =>
    serve(host.init, listener.value, async (request) => {
      const status = Number(/\/status\/(\d+)/.exec(request.url)?.[1] ?? (request.url.includes('/redir') ? 302 : 200));
      const lines = [...request.headers].map(([key, value]) => `${key}: ${value}\n`).join('');
      const headers = new Headers({ Date: 'now', 'X-Up': 'yes' });
      if (status === 302) headers.set('Location', `http://127.0.0.1:18081${request.url}/done`);
      if (request.url.includes('/cookies')) for (const one of ['a=1', 'b=2']) headers.add('Set-Cookie', one);
      headers.set('Content-Type', 'text/plain');
      const body = request.body instanceof Uint8Array ? decode(request.body) : '';
      return { status, headers, body: encode(`${request.method} ${request.url}\n${lines}\n${body}`) };
    }),
  );
}

const unmasked = (text: string): string =>
  text.replaceAll('ROOT', root).replaceAll('PORT', '18080').replaceAll('UP', '18081').replaceAll('FOLDER', folder);
const masked = (text: string): string =>
  text
    .replace(/Apache\/2\.4\.\d+ \((Debian|Unix)\)/g, 'SERVER')
    .replace(/Apache\/2\.4\.\d+/g, 'VERSION')
    .replace(/\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000/g, 'DATE')
    .replace(/^\[\w{3} \w{3} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4}\] /gm, '[DATE] ')
    .replace(/\[pid \d+(:tid \d+)?\]/g, '[pid P]')
    .replace(/:\d{4,5}\](?= AH)/g, ':N]')
    .replaceAll(root, 'ROOT')
    .replaceAll(folder, 'FOLDER')
    .replaceAll('18080', 'PORT')
    .replaceAll('18081', 'UP');
/** The methods that are allowed stand in the order of a hash table. */
const allowSorted = (line: string): string =>
  line.startsWith('Allow: ') ? `Allow: ${line.slice(7).split(',').sort().join(',')}` : line;
/** Ports of clients that the recording's mask left, and the year, which is another one here. */
const even = (text: string): string =>
  text.replace(/(client 127\.0\.0\.1):\w+\]/g, '$1:N]').replace(/ 202\d -$/gm, ' YEAR -');

for (const { name, conf, files, log, requests, results } of recorded.cases) {
  test(`httpd answers as recorded: ${name}`, async () => {
    const it = world(files);
    const { host, clock } = it;
    upstream(it);
    host.fs.writeFile(
      `${folder}/httpd.conf`,
      `${unmasked(recorded.base)}ServerName localhost\nCustomLog ${folder}/access.log ${log}\n${unmasked(conf)}\n`,
    );
    const { text } = it.run(['-d', folder, '-f', `${folder}/httpd.conf`, '-DFOREGROUND']);
    await clock.advance(100);
    expect(text.stderr).toBe('');
    const answers: Answered[] = [];
    for (const asked of requests) {
      for (const one of ['access', 'error']) host.fs.writeFile(`${folder}/${one}.log`, '');
      const answer = await ask(it, asked);
      await clock.advance(10);
      const read = (one: string): string => {
        const file = host.fs.readText(`${folder}/${one}.log`);
        return file.ok ? even(masked(file.value)) : '';
      };
      answers.push({ ...answer, head: answer.head.map(allowSorted), access: read('access'), errors: read('error') });
    }
    expect(answers).toEqual(
      results.map((one) => ({
        ...one,
        head: one.head.map(allowSorted),
        access: even(one.access),
        errors: even(one.errors),
      })),
    );
  });
}

async function ask(
  { host, clock }: ReturnType<typeof world>,
  { path, method = 'GET', headers = {}, body = '' }: Asked,
) {
  let bytes: Uint8Array | undefined;
  host.init.thread(async () => {
    const socket = await host.net.connect(host.init, { address: '127.0.0.1', port: 18080 });
    if (!socket.ok) throw new Error(socket.error.message);
    const all = {
      Host: 'localhost:18080',
      Connection: 'close',
      ...headers,
      ...(body === '' ? {} : { 'Content-Length': String(body.length) }),
    };
    const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}\r\n`);
    await socket.value.write(encode(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`));
    const chunks: Uint8Array[] = [];
    for (let read = await socket.value.read(); read.ok && read.value !== undefined; read = await socket.value.read())
      chunks.push(read.value);
    bytes = concat(chunks);
  });
  await clock.runUntil(() => bytes !== undefined, { limit: 20_000 });
  const text = Array.from(bytes ?? [], (byte) => String.fromCharCode(byte)).join('');
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end).split('\r\n');
  let rest = text.slice(end + 4);
  if (head.includes('Transfer-Encoding: chunked')) {
    let whole = '';
    for (let size = Number.parseInt(rest, 16); size > 0; size = Number.parseInt(rest, 16)) {
      const at = rest.indexOf('\r\n') + 2;
      whole += rest.slice(at, at + size);
      rest = rest.slice(at + size + 2);
    }
    rest = whole;
  }
  const shown = masked(rest);
  const variable = /VERSION|SERVER|ROOT|UP|PORT/.test(shown);
  return {
    head: head
      .filter((line) => !/^Date: /.test(line))
      .map((line) => masked(variable ? line.replace(/^Content-Length: .*/, 'Content-Length: N') : line)),
    body: shown,
  };
}

const offset = (text: string): number => text.split('\n').length - 1;

/** The mutexes stand in the order of a hash table. */
const sorted = (text: string): string => {
  const lines = text.split('\n');
  const mutexes = lines.filter((line) => line.startsWith('Mutex')).sort();
  return lines.map((line) => (line.startsWith('Mutex') ? (mutexes.shift() ?? '') : line)).join('\n');
};

async function says(it: ReturnType<typeof world>, args: readonly string[], lines: number) {
  const { child, text } = it.run(args);
  await it.clock.runUntil(() => child.process.status !== undefined, { limit: 10_000 });
  const shown = (said: string): string =>
    sorted(masked(said.replace(/on line (\d+) of/g, (_, line: string) => `on line ${Number(line) - lines} of`)));
  return { stdout: shown(text.stdout), stderr: shown(text.stderr), status: child.process.status };
}

for (const { name, text, stdout, stderr, status } of recorded.broken) {
  test(`httpd -t says as recorded: ${name}`, async () => {
    const it = world();
    const named = text === 'UNNAMED' ? '' : 'ServerName localhost\n';
    const base = `${unmasked(recorded.base)}${named}`;
    it.host.fs.writeFile(`${folder}/httpd.conf`, base + (named === '' ? '' : `${unmasked(text)}\n`));
    const said = await says(it, ['-t', '-d', folder, '-f', `${folder}/httpd.conf`], offset(base));
    expect(said).toEqual({ stdout, stderr, status: { kind: 'exited', code: status } });
  });
}

for (const { name, args = [], text, stdout, stderr, status } of recorded.commands) {
  test(`httpd ${args.join(' ')} says as recorded: ${name}`, async () => {
    const it = world();
    const base = `${unmasked(recorded.base)}ServerName localhost\n`;
    it.host.fs.writeFile(`${folder}/httpd.conf`, `${base}${unmasked(text)}\n`);
    const whole = args.some((one) => ['-f', '-h', '-Z'].includes(one)) ? args : [...args, '-f', `${folder}/httpd.conf`];
    const said = await says(it, ['-d', folder, ...whole], offset(base));
    expect(said).toEqual({ stdout: sorted(stdout), stderr, status: { kind: 'exited', code: status } });
  });
}

test('obeys signals, and says so', async () => {
  const it = world();
  it.host.fs.writeFile(`${folder}/httpd.conf`, `${unmasked(recorded.base)}ServerName localhost\n`);
  const { child } = it.run(['-d', folder, '-f', `${folder}/httpd.conf`, '-DFOREGROUND']);
  await it.clock.advance(100);
  it.host.init.kill(child.pid, 'SIGUSR1');
  await it.clock.advance(100);
  it.host.init.kill(child.pid, 'SIGWINCH');
  await it.clock.advance(100);
  expect(child.process.status).toEqual({ kind: 'exited', code: 0 });
  const log = it.host.fs.readText(`${folder}/error.log`);
  expect((log.ok ? log.value : '').replace(/^.*\] (AH)/gm, '$1').replace(/ 'apache2.*/g, '')).toBe(
    'AH00489: Apache/2.4.71 (Debian) configured -- resuming normal operations\nAH00094: Command line:\nAH00493: SIGUSR1 received.  Doing graceful restart\nAH00489: Apache/2.4.71 (Debian) configured -- resuming normal operations\nAH00094: Command line:\nAH00492: caught SIGWINCH, shutting down gracefully\n',
  );
});
