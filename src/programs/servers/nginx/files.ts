import { encode } from '../../../linux/io/bytes';
import { httpDate } from '../../../linux/net/http/server';
import type { Exchange, Outcome } from './exchange';
import { contentType } from './filters';
import { indexPage } from './pages';
import { escapeUri } from './rewrite';
import { filename, fill } from './variables';

/** Where the request goes on: another URI, or another named location. */
export interface Elsewhere {
  readonly elsewhere: string;
}

/** ngx_http_index_module, autoindex, static: what answers a location without another handler. */
export function serveFile(exchange: Exchange): Outcome | Elsewhere {
  const { uri, process, method } = exchange;
  const path = filename(exchange);
  if (uri.endsWith('/')) return serveFolder(exchange, path);
  if (!['GET', 'HEAD', 'POST'].includes(method)) return 405;
  const stat = process.fs.stat(path);
  if (!stat.ok) {
    const missing = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(stat.error.code);
    if (!missing || exchange.scope.flag('log_not_found', true)) {
      exchange.log('error', `open() "${path}" failed (${stat.error.number}: ${stat.error.message})`);
    }
    return missing ? 404 : stat.error.code === 'EACCES' ? 403 : 500;
  }
  if (stat.value.type === 'directory') {
    const query = exchange.args === '' ? '' : `?${exchange.args}`;
    return { status: 301, headers: [], location: `${escapeUri(uri)}/${query}`, body: new Uint8Array(0) };
  }
  if (method === 'POST') return 405;
  const content = process.fs.readFile(path);
  if (!content.ok) {
    exchange.log('error', `open() "${path}" failed (${content.error.number}: ${content.error.message})`);
    return content.error.code === 'EACCES' ? 403 : 500;
  }
  const seconds = Math.floor(stat.value.mtime / 1000).toString(16);
  return {
    status: 200,
    headers: [],
    type: contentType(exchange, path),
    body: content.value,
    length: content.value.length,
    lastModified: httpDate(stat.value.mtime),
    file: { etag: `"${seconds}-${content.value.length.toString(16)}"`, mtime: stat.value.mtime },
  };
}

function serveFolder(exchange: Exchange, path: string): Outcome | Elsewhere {
  const { process, scope, uri, method } = exchange;
  if (!['GET', 'HEAD', 'POST'].includes(method)) return 405;
  for (const one of scope.args('index') ?? ['index.html']) {
    const name = fill(one, exchange);
    if (name.startsWith('/')) return { elsewhere: name };
    const file = process.fs.stat(`${path}${name}`);
    if (file.ok) return { elsewhere: `${uri}${name}` };
    if (file.error.code === 'EACCES') {
      exchange.log('error', `"${path}${name}" is forbidden (13: Permission denied)`);
      return 403;
    }
    const folder = process.fs.stat(path.replace(/(.)\/+$/, '$1'));
    if (!folder.ok || folder.value.type !== 'directory') {
      exchange.log('error', `"${path}${name}" is not found (${file.error.number}: ${file.error.message})`);
      return 404;
    }
  }
  if (method === 'POST') return 405;
  if (scope.flag('autoindex')) return autoindex(exchange, path);
  exchange.log('error', `directory index of "${path}" is forbidden`);
  return 403;
}

function autoindex(exchange: Exchange, folder: string): Outcome {
  const { process, scope, uri } = exchange;
  const listed = process.fs.readdir(folder);
  if (!listed.ok) {
    exchange.log('error', `opendir() "${folder}" failed (${listed.error.number}: ${listed.error.message})`);
    return listed.error.code === 'EACCES' ? 403 : 404;
  }
  const entries = listed.value.flatMap(({ name }) => {
    const stat = process.fs.stat(`${folder}${name}`);
    if (!stat.ok || name.startsWith('.')) return [];
    const { type, mtime, size } = stat.value;
    return [{ name, directory: type === 'directory', mtime, size }];
  });
  if (scope.value('autoindex_format') === 'json') {
    const sorted = [...entries].sort((a, b) =>
      a.directory === b.directory ? (a.name < b.name ? -1 : 1) : a.directory ? -1 : 1,
    );
    const lines = sorted.map(
      ({ name, directory, mtime, size }) =>
        `{ "name":${JSON.stringify(name)}, "type":"${directory ? 'directory' : 'file'}", "mtime":"${httpDate(mtime)}"${directory ? '' : `, "size":${size}`} }`,
    );
    return {
      status: 200,
      headers: [],
      type: 'application/json',
      unsized: true,
      body: encode(`[\n${lines.join(',\n')}\n]`),
    };
  }
  return {
    status: 200,
    headers: [],
    type: 'text/html',
    unsized: true,
    body: encode(indexPage(uri, entries, scope.flag('autoindex_exact_size', true))),
  };
}

/** `try_files`: the first that is there; else the last, as another URI, a named location or a status. */
export function tryFiles(exchange: Exchange, words: readonly string[]): 'found' | Elsewhere | number {
  const alternatives = words.slice(0, -1);
  for (const word of alternatives) {
    const folder = word.endsWith('/');
    const uri = fill(folder ? word.slice(0, -1) : word, exchange);
    const stat = exchange.process.fs.stat(filename(exchange, uri));
    if (!stat.ok || (stat.value.type === 'directory') !== folder) continue;
    exchange.uri = uri;
    return 'found';
  }
  const last = words.at(-1) ?? '';
  if (/^=\d+$/.test(last)) return Number(last.slice(1));
  return { elsewhere: last.startsWith('@') ? last : fill(last, exchange) };
}
