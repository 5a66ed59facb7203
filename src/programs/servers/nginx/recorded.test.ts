import { readFileSync } from 'node:fs';
import { gunzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { Output, OutputFile } from '../../../containers/shim/output';
import { lab } from '../../../containers/testing/lab';
import { mimeTypes } from '../../../containers/images/nginx/files';
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
  readonly errors: readonly string[];
}
interface Recorded {
  readonly files: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly name: string;
    readonly server: string;
    readonly http: string;
    readonly requests: readonly Asked[];
    readonly results: readonly Answered[];
  }[];
  readonly broken: readonly {
    readonly name: string;
    readonly text: string;
    readonly stderr: string;
    readonly status: number;
  }[];
}

/** What nginx 1.22.1 of Debian said and logged, by a script of ours; versions, pids and ports are masked. */
const recorded = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8')) as Recorded;
const folder = '/srv/run';
const root = `${folder}/root`;
const made = Date.UTC(2026, 10, 20, 10);

function host() {
  const world = lab(programs);
  const { host } = world;
  for (const path of [`${root}/empty`, '/etc/nginx', '/usr/sbin', '/run']) host.fs.mkdirAll(path);
  host.fs.writeFile('/usr/sbin/nginx', elf('nginx'), 0o755);
  host.fs.writeFile('/etc/nginx/mime.types', mimeTypes);
  for (const [name, text] of Object.entries(recorded.files)) {
    const path = `${root}/${name}`;
    host.fs.mkdirAll(path.slice(0, path.lastIndexOf('/')));
    host.fs.writeFile(path, text);
    host.fs.utimes(path, made, made);
  }
  for (const name of ['sub', 'empty', 'list', 'list/dir']) host.fs.utimes(`${root}/${name}`, made, made);
  host.net.setUp('lo', true);
  return world;
}

type World = ReturnType<typeof host>;

/** The upstream that the recording had, in our own world. */
function upstream({ host }: World, port: number, name: string) {
  const listener = host.net.listen(host.init, { address: '127.0.0.1', port });
  if (!listener.ok) throw new Error(listener.error.message);
  host.init.thread(() =>
    serve(host.init, listener.value, async (request) => {
      if (request.url.startsWith('/slow')) await host.init.sleep(3000);
      const status = Number(
        /^\/status\/(\d+)/.exec(request.url)?.[1] ?? (request.url.startsWith('/redir') ? 302 : 200),
      );
      const lines = [...request.headers].map(([key, value]) => `${key}: ${value}\n`).join('');
      const body = request.body instanceof Uint8Array ? decode(request.body) : '';
      const headers = new Headers({ 'X-Up': 'yes' });
      if (status === 302) headers.set('Location', `http://127.0.0.1:${port}${request.url}/done`);
      if (request.url.startsWith('/cookies')) for (const one of ['a=1', 'b=2']) headers.add('Set-Cookie', one);
      headers.set('Content-Type', 'text/plain');
      return { status, headers, body: encode(`${request.method} ${request.url} on ${name}\n${lines}\n${body}`) };
    }),
  );
}

const masked = (text: string): string =>
  text
    .replace(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/g, 'DATE')
    .replace(/\d+#\d+:/g, 'PID:')
    .replaceAll('1.29.3', 'VERSION')
    .replaceAll(root, 'ROOT')
    .replaceAll(folder, 'FOLDER')
    .replaceAll('18081', 'UP')
    .replaceAll('18082', 'UQ')
    .replaceAll('18080', 'PORT');
const unmasked = (text: string): string =>
  text.replaceAll('ROOT', root).replaceAll('PORT', '18080').replaceAll('UP', '18081').replaceAll('UQ', '18082');

const known: readonly string[] = [];

for (const { name, server, http, requests, results } of recorded.cases) {
  test.skipIf(known.includes(name))(`nginx answers as recorded: ${name}`, async () => {
    const world = host();
    const { clock } = world;
    upstream(world, 18081, 'UP');
    upstream(world, 18082, 'UQ');
    world.host.fs.writeFile(
      `${folder}/nginx.conf`,
      `worker_processes 1; daemon off; error_log ${folder}/error.log info; pid ${folder}/pid;\nevents { }\nhttp { include /etc/nginx/mime.types; default_type application/octet-stream; access_log off;\n${unmasked(http)}\nserver { listen 18080; ${unmasked(server)} }\n}\n`,
    );
    let stderr = '';
    const output = new Output(clock);
    output.listen((bytes) => void (stderr += decode(bytes)));
    const child = world.host.spawn({
      file: '/usr/sbin/nginx',
      argv: ['nginx', '-p', folder, '-c', `${folder}/nginx.conf`],
      fds: new Map([[2, new OutputFile('err', output)]]),
    });
    if (!child.ok) throw new Error(child.error.message);
    await clock.advance(100);
    const answers: Answered[] = [];
    for (const asked of requests) {
      world.host.fs.writeFile(`${folder}/error.log`, '');
      const answer = await ask(world, asked);
      const log = world.host.fs.readText(`${folder}/error.log`);
      const errors = (log.ok ? log.value : '')
        .split('\n')
        .filter((line) => /\*\d+ /.test(line))
        .map((line) => masked(line.replace(/^.*?: \*\d+ /, '')));
      answers.push({ ...answer, errors });
    }
    expect(stderr).toBe('');
    expect(answers).toEqual(results);
  });
}

async function ask(
  { host, clock }: World,
  { path, method = 'GET', headers = {}, body = '' }: Asked,
): Promise<Omit<Answered, 'errors'>> {
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
  const latin = (part: Uint8Array): string => Array.from(part, (byte) => String.fromCharCode(byte)).join('');
  const text = latin(bytes ?? encode(''));
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
  if (head.includes('Content-Encoding: gzip'))
    rest = `gz:${latin(gunzipSync(Uint8Array.from(rest, (char) => char.charCodeAt(0))))}`;
  const shown = masked(rest);
  const variable = /VERSION|ROOT|UP/.test(shown);
  const lines = head
    .filter((line) => !/^(Date|Expires): /.test(line))
    .map((line) => masked(variable ? line.replace(/^Content-Length: .*/, 'Content-Length: N') : line));
  return { head: lines, body: shown };
}

const knownBroken: readonly string[] = [];

for (const { name, text, stderr, status } of recorded.broken) {
  test.skipIf(knownBroken.includes(name))(`nginx -t says as recorded: ${name}`, async () => {
    const { host: machine, clock } = host();
    machine.fs.writeFile(`${folder}/broken.conf`, text);
    const output = new Output(clock);
    let said = '';
    output.listen((bytes) => void (said += decode(bytes)));
    const child = machine.spawn({
      file: '/usr/sbin/nginx',
      argv: ['nginx', '-t', '-c', `${folder}/broken.conf`],
      fds: new Map([[2, new OutputFile('err', output)]]),
    });
    if (!child.ok) throw new Error(child.error.message);
    let code: unknown;
    child.value.wait().then(
      (ended) => (code = ended),
      () => undefined,
    );
    await clock.runUntil(() => code !== undefined, { limit: 60_000 });
    // Debian's nginx logs to standard error and says it once.
    const once = said.replace(/^nginx: \[(emerg|warn)\].*\n/gm, '');
    expect(masked(once).replaceAll('FOLDER/broken.conf', 'CONF')).toBe(stderr);
    expect(code).toEqual({ kind: 'exited', code: status });
  });
}
