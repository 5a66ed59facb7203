import { encode } from '../../linux/io/bytes';
import { Headers, type Handler, type Request, type Response } from '../../linux/net/http/message';
import { reasonPhrase } from '../../linux/net/http/reason';
import { handleConnection, httpDate } from '../../linux/net/http/server';
import type { StreamSocket } from '../../linux/net/types';
import type { Process, Program } from '../../linux/process/types';

const usage = `BusyBox v1.37.0 () multi-call binary.

Usage: httpd [-ifv[v]] [-c CONFFILE] [-p [IP:]PORT] [-u USER[:GRP]] [-r REALM] [-h HOME]
or httpd -d/-e/-m STRING
`;

/** Content types by ending (busybox networking/httpd.c, suffixTable). */
const types: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  h: 'text/plain',
  c: 'text/plain',
  html: 'text/html',
  htm: 'text/html',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  png: 'image/png',
  svg: 'image/svg+xml',
  css: 'text/css',
  js: 'application/javascript',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
};

const reasons: Readonly<Record<number, string>> = {
  400: 'Unsupported method',
  403: 'You have no permission to access this URL',
  404: 'The requested URL was not found',
  501: 'The requested method is not recognized',
};

/** listen(fd, 9): as many as BusyBox's servers let wait. */
const BACKLOG = 9;

/** BusyBox's httpd: static files of a folder, in the foreground or (without -f) as a daemon. */
export const busyboxHttpd: Program = async (process) => {
  let port = 80;
  let home = '.';
  let verbose = 0;
  let foreground = false;
  const args = [...process.args];
  for (;;) {
    const arg = args.shift();
    if (arg === undefined) break;
    const [, letters = '', rest] = /^-([ifv]*)(.*)$/.exec(arg) ?? [];
    for (const letter of letters) {
      if (letter === 'v') verbose++;
      if (letter === 'f') foreground = true;
    }
    if (rest === undefined || rest === '') continue;
    const value = rest.length > 1 ? rest.slice(1) : (args.shift() ?? '');
    if (rest.startsWith('p')) port = Number(value.split(':').at(-1));
    else if (rest.startsWith('h')) home = value;
    else if (!/^[curdem]/.test(rest)) {
      await process.stderr.write(`httpd: invalid option -- '${rest.charAt(0)}'\n${usage}`);
      return 1;
    }
  }
  const folder = process.fs.stat(home);
  if (!folder.ok || folder.value.type !== 'directory') {
    const why = folder.ok ? 'Not a directory' : folder.error.message;
    await process.stderr.write(`httpd: can't change directory to '${home}': ${why}\n`);
    return 1;
  }
  const root = home.startsWith('/') ? home : `${process.cwd}/${home}`;
  process.cwd = root;
  process.signals.ignore('SIGPIPE');
  process.signals.ignore('SIGCHLD');
  process.signals.handle('SIGHUP', () => undefined);
  process.signals.handle('SIGALRM', () => undefined);
  const listener = process.net.listen(process, { address: '0.0.0.0', port, dual: true, backlog: BACKLOG });
  if (!listener.ok) {
    await process.stderr.write(`httpd: bind: ${listener.error.message}\n`);
    return 1;
  }
  const work = async (server: Process): Promise<number> => {
    for (;;) {
      const accepted = await listener.value.accept();
      if (accepted.ok) server.thread(() => handleConnection(server, accepted.value, handler(server, accepted.value)));
      else if (accepted.error.code !== 'EINTR' && accepted.error.code !== 'ECONNABORTED') return 1;
    }
  };
  const handler = (server: Process, { remote }: StreamSocket): Handler => {
    // It listens at [::], where IPv4 clients look like this.
    const tell = (text: string) => server.stderr.write(`[::ffff:${remote.address}]:${remote.port}: ${text}\n`);
    return async (request) => {
      const response = answer(server, root, request);
      if (verbose > 1) await tell(`${request.method} ${request.url.split('?', 1)[0] ?? ''}`);
      if (verbose > 0) await tell(`response:${response.status}`);
      return response;
    };
  };
  if (foreground) return work(process);
  process.spawn({ file: work, argv: process.argv, newSession: true });
  return 0;
};

function answer(process: Process, root: string, { method, url }: Request): Response {
  if (method !== 'GET' && method !== 'HEAD') return problem(process, 501);
  let path: string;
  try {
    path = decodeURIComponent(url.split('?', 1)[0] ?? '/');
  } catch {
    return problem(process, 400);
  }
  if (path.split('/').includes('..')) return problem(process, 403);
  const stat = process.fs.stat(root + path);
  if (stat.ok && stat.value.type === 'directory' && !path.endsWith('/'))
    return respond(process, 302, { Location: `${path}/` });
  const file = path.endsWith('/') ? `${path}index.html` : path;
  const found = process.fs.stat(root + file);
  if (!found.ok || found.value.type !== 'file') return problem(process, 404);
  const content = process.fs.readFile(root + file);
  if (!content.ok) return problem(process, 403);
  const { mtime, size } = found.value;
  const head = {
    'Content-type': types[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    'Last-Modified': httpDate(mtime),
    ETag: `"${Math.floor(mtime / 1000).toString(16)}-${size.toString(16)}"`,
    'Accept-Ranges': 'bytes',
  };
  return respond(process, 200, head, content.value);
}

function problem(process: Process, status: number): Response {
  const title = `${status} ${reasonPhrase(status)}`;
  const text = reasons[status] ?? '';
  const page = `<HTML><HEAD><TITLE>${title}</TITLE></HEAD>\n<BODY><H1>${title}</H1>\n${text}\n</BODY></HTML>\n`;
  return respond(process, status, { 'Content-type': 'text/html' }, encode(page));
}

function respond(
  { clock }: Process,
  status: number,
  head: Readonly<Record<string, string>>,
  body = encode(''),
): Response {
  return { status, headers: new Headers({ Date: httpDate(clock.now), Connection: 'close', ...head }), body };
}
