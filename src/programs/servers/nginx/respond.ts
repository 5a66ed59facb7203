import { encode, noBytes } from '../../../linux/io/bytes';
import { httpDate } from '../../../linux/net/http/server';
import { Headers, type Request, type Response } from '../../../linux/net/http/message';
import type { Process } from '../../../linux/process/types';
import { blocksOf } from './config';
import { errorPage, indexPage } from './pages';
import { chooseLocation, inherited, type Location, type VirtualServer } from './server';

export const version = '1.29.3';

/** What a request to a virtual server gets. */
export function respond(
  process: Process,
  server: VirtualServer,
  request: Request,
  types: ReadonlyMap<string, string>,
  complain: (text: string) => void = () => undefined,
): Response {
  const path = decodePath(request.url.split('?', 1)[0] ?? '/');
  if (path === undefined) return special(process, 400);
  const location = chooseLocation(server, path);
  const returned = inherited(server, location, 'return');
  if (returned !== undefined) return returnOf(process, returned, request);
  if (request.method !== 'GET' && request.method !== 'HEAD') return failing(process, server, location, 405);
  return serveFile(process, server, location, path, request, types, complain);
}

function decodePath(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url).replace(/\/{2,}/g, '/');
    return path.split('/').includes('..') ? undefined : path;
  } catch {
    return undefined;
  }
}

/** `return 200 "text"`, `return 301 URL`, `return 404`. */
function returnOf(process: Process, args: readonly string[], request: Request): Response {
  const [code = '', text] = args;
  const status = Number(code);
  if (Number.isNaN(status)) return moved(process, 302, code);
  if (status >= 300 && status < 400) return moved(process, status, text ?? '');
  if (text === undefined) return special(process, status);
  const body = text.replace(/\$(hostname|host|request_uri|remote_addr|uri)\b/g, (whole, name: string) => {
    if (name === 'hostname') return process.namespaces.uts.hostname;
    if (name === 'host') return (request.headers.get('Host') ?? '').replace(/:\d+$/, '');
    return name === 'request_uri' || name === 'uri' ? request.url : whole;
  });
  return answer(process, status, encode(body), 'application/octet-stream');
}

function serveFile(
  process: Process,
  server: VirtualServer,
  location: Location,
  path: string,
  request: Request,
  types: ReadonlyMap<string, string>,
  complain: (text: string) => void,
): Response {
  const alias = blocksOf(location.block, 'alias')[0]?.args[0];
  const root = inherited(server, location, 'root')?.[0] ?? '/etc/nginx/html';
  const base = alias === undefined ? `${root}${path}` : `${alias}${path.slice(location.prefix.length)}`;
  const stat = process.fs.stat(base);
  if (stat.ok && stat.value.type === 'directory') {
    if (!path.endsWith('/')) return moved(process, 301, `http://${request.headers.get('Host') ?? 'localhost'}${path}/`);
    const indexes = inherited(server, location, 'index') ?? ['index.html'];
    for (const name of indexes) {
      const file = process.fs.stat(`${base}${name}`);
      if (file.ok && file.value.type === 'file') return file200(process, `${base}${name}`, file.value.mtime, types);
    }
    const listing = inherited(server, location, 'autoindex')?.[0] === 'on';
    if (listing) return autoindex(process, base, path);
    complain(`directory index of "${base}" is forbidden`);
    return failing(process, server, location, 403);
  }
  if (!stat.ok) complain(`open() "${base}" failed (${stat.error.number}: ${stat.error.message})`);
  if (!stat.ok) return failing(process, server, location, stat.error.code === 'EACCES' ? 403 : 404);
  return file200(process, base, stat.value.mtime, types);
}

function file200(process: Process, path: string, mtime: number, types: ReadonlyMap<string, string>): Response {
  const content = process.fs.readFile(path);
  if (!content.ok) return special(process, 403);
  const extension = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const response = answer(process, 200, content.value, types.get(extension) ?? 'application/octet-stream');
  response.headers.set('Last-Modified', httpDate(mtime));
  const seconds = Math.floor(mtime / 1000).toString(16);
  response.headers.set('ETag', `"${seconds}-${content.value.length.toString(16)}"`);
  response.headers.set('Accept-Ranges', 'bytes');
  return response;
}

function autoindex(process: Process, folder: string, path: string): Response {
  const listed = process.fs.readdir(folder);
  const entries = (listed.ok ? listed.value : []).flatMap(({ name }) => {
    const stat = process.fs.stat(`${folder}${name}`);
    if (!stat.ok) return [];
    const { type, mtime, size } = stat.value;
    return [{ name, directory: type === 'directory', mtime, size }];
  });
  const page = indexPage(path, entries);
  return answer(process, 200, encode(page), 'text/html');
}

/** A status of ours, by the `error_page` that the configuration has for it. */
function failing(process: Process, server: VirtualServer, location: Location, status: number): Response {
  for (const block of [location.block, server.block, server.http]) {
    for (const { args } of blocksOf(block, 'error_page')) {
      const page = args.at(-1);
      if (page === undefined || !args.slice(0, -1).includes(String(status))) continue;
      const other = chooseLocation(server, page);
      const root = inherited(server, other, 'root')?.[0] ?? '/etc/nginx/html';
      const content = process.fs.readFile(`${root}${page}`);
      if (content.ok) return answer(process, status, content.value, 'text/html');
    }
  }
  return special(process, status);
}

const special = (process: Process, status: number): Response =>
  answer(process, status, encode(errorPage(status, `nginx/${version}`) ?? ''), 'text/html');

function moved(process: Process, status: number, to: string): Response {
  const response = special(process, status);
  response.headers.set('Location', to);
  return response;
}

const answer = (process: Process, status: number, body: Uint8Array, type: string): Response => ({
  status,
  headers: new Headers({
    Server: `nginx/${version}`,
    Date: httpDate(process.clock.now),
    'Content-Type': type,
    'Content-Length': String(body.length),
    Connection: 'keep-alive',
  }),
  body: body.length === 0 ? noBytes : body,
});
