const net = require('net');
const { Readable, Writable } = require('stream');
const EventEmitter = require('events');
const { coded } = require('internal_errors');
const STATUS_CODES = {
  100: 'Continue',
  101: 'Switching Protocols',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  203: 'Non-Authoritative Information',
  204: 'No Content',
  205: 'Reset Content',
  206: 'Partial Content',
  300: 'Multiple Choices',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  413: 'Payload Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  418: "I'm a Teapot",
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
const METHODS =
  'ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE'.split(
    ' ',
  );
class IncomingMessage extends Readable {
  constructor(socket) {
    super();
    this.socket = socket;
    this.httpVersion = '1.1';
    this.httpVersionMajor = 1;
    this.httpVersionMinor = 1;
    this.complete = false;
    this.rawHeaders = [];
    this.rawTrailers = [];
    this.trailers = {};
    this.headers = {};
    this.url = '';
    this.method = null;
    this.statusCode = null;
    this.statusMessage = null;
  }
  get connection() {
    return this.socket;
  }
  setTimeout(delay, done) {
    this.socket.setTimeout(delay, done);
    return this;
  }
}
const single =
  /^(age|authorization|content-length|content-type|etag|expires|from|host|if-modified-since|if-unmodified-since|last-modified|location|max-forwards|proxy-authorization|referer|retry-after|server|user-agent)$/;
/** Takes messages off a connection: head, then a body by length, chunks or to the end. */
class Parser {
  constructor(client, begin, end) {
    Object.assign(this, { client, begin, end, buffer: Buffer.alloc(0), message: undefined, left: 0, mode: 'head' });
  }
  feed(bytes) {
    this.buffer = this.buffer.length > 0 ? Buffer.concat([this.buffer, bytes]) : bytes;
    while (this.step());
  }
  step() {
    if (this.mode === 'head') {
      const at = this.buffer.indexOf('\r\n\r\n');
      if (at < 0) return false;
      const head = this.buffer.subarray(0, at).toString('latin1');
      this.buffer = this.buffer.subarray(at + 4);
      return this.head(head.replace(/^(\r\n)+/, ''));
    }
    if (this.mode === 'length') return this.take(Math.min(this.left, this.buffer.length));
    if (this.mode === 'close') return this.take(this.buffer.length);
    const at = this.buffer.indexOf('\r\n');
    if (this.mode === 'chunk-size') {
      if (at < 0) return false;
      const size = parseInt(this.buffer.subarray(0, at).toString(), 16);
      this.buffer = this.buffer.subarray(at + 2);
      this.left = size;
      this.mode = size === 0 ? 'trailer' : 'chunk';
      return true;
    }
    if (this.mode === 'chunk') {
      if (this.left > 0) return this.take(Math.min(this.left, this.buffer.length));
      if (this.buffer.length < 2) return false;
      this.buffer = this.buffer.subarray(2);
      this.mode = 'chunk-size';
      return true;
    }
    if (this.mode === 'trailer') {
      if (at < 0) return false;
      this.buffer = this.buffer.subarray(at + 2);
      if (at === 0) this.finish();
      return true;
    }
    return false;
  }
  take(count) {
    if (count > 0) {
      this.message.push(this.buffer.subarray(0, count));
      this.buffer = this.buffer.subarray(count);
      this.left -= count;
    }
    if (this.mode === 'length' && this.left === 0) this.finish();
    return count > 0 && this.buffer.length > 0;
  }
  head(text) {
    const [first, ...lines] = text.split('\r\n');
    const message = new IncomingMessage(this.socket);
    const found = this.client
      ? /^HTTP\/(1\.[01]) (\d{3})(?: (.*))?$/.exec(first)
      : /^([A-Z-]+) (\S+) HTTP\/(1\.[01])$/.exec(first);
    if (!found) {
      this.mode = 'broken';
      this.begin(undefined);
      return false;
    }
    if (this.client)
      Object.assign(message, { httpVersion: found[1], statusCode: Number(found[2]), statusMessage: found[3] || '' });
    else Object.assign(message, { method: found[1], url: found[2], httpVersion: found[3] });
    message.httpVersionMinor = Number(message.httpVersion.slice(2));
    for (const line of lines) {
      const at = line.indexOf(':');
      const name = line.slice(0, at);
      const value = line.slice(at + 1).trim();
      message.rawHeaders.push(name, value);
      const key = name.toLowerCase();
      if (key === 'set-cookie') (message.headers[key] ||= []).push(value);
      else if (!(key in message.headers)) message.headers[key] = value;
      else if (!single.test(key)) message.headers[key] += (key === 'cookie' ? '; ' : ', ') + value;
    }
    this.message = message;
    const { headers } = message;
    const keep = headers.connection ? !/close/i.test(headers.connection) : message.httpVersion === '1.1';
    Object.defineProperty(message, '$keep', {
      value: keep && (message.httpVersion === '1.1' || /keep-alive/i.test(headers.connection || '')),
      writable: true,
    });
    if (this.client && message.statusCode >= 100 && message.statusCode < 200 && message.statusCode !== 101) return true;
    const empty = this.client ? this.bodiless || [204, 304].includes(message.statusCode) : false;
    this.mode = 'length';
    this.left = 0;
    if (empty) this.left = 0;
    else if (/chunked/i.test(headers['transfer-encoding'] || '')) this.mode = 'chunk-size';
    else if ('content-length' in headers) this.left = Number(headers['content-length']);
    else if (this.client) this.mode = 'close';
    this.begin(message);
    if (this.mode === 'length' && this.left === 0) this.finish();
    return this.buffer.length > 0 || this.mode !== 'head' ? this.buffer.length > 0 : false;
  }
  finish() {
    const { message } = this;
    this.mode = 'head';
    this.message = undefined;
    message.complete = true;
    message.push(null);
    if (this.end) this.end(message);
  }
  close() {
    if (this.mode === 'close') this.finish();
    else if (this.message) this.message.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
  }
}
class OutgoingMessage extends Writable {
  constructor() {
    super();
    Object.defineProperties(this, {
      $headers: { value: new Map() },
      $body: { value: [] },
      $chunked: { value: false, writable: true },
      $noBody: { value: false, writable: true },
    });
    this.headersSent = false;
    this.sendDate = true;
  }
  setHeader(name, value) {
    if (this.headersSent)
      throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot set headers after they are sent to the client');
    if (value === undefined)
      throw coded(TypeError, 'ERR_HTTP_INVALID_HEADER_VALUE', `Invalid value "undefined" for header "${name}"`);
    if (!/^[\^`\-\w!#$%&'*+.|~]+$/.test(name))
      throw coded(TypeError, 'ERR_INVALID_HTTP_TOKEN', `Header name must be a valid HTTP token ["${name}"]`);
    this.$headers.set(String(name).toLowerCase(), [name, value]);
    return this;
  }
  setHeaders(headers) {
    for (const [name, value] of headers) this.setHeader(name, value);
    return this;
  }
  appendHeader(name, value) {
    const before = this.getHeader(name);
    return this.setHeader(name, before === undefined ? value : [].concat(before, value));
  }
  getHeader(name) {
    const found = this.$headers.get(String(name).toLowerCase());
    return found && found[1];
  }
  getHeaders() {
    return Object.assign(
      Object.create(null),
      Object.fromEntries([...this.$headers].map(([key, [, value]]) => [key, value])),
    );
  }
  getHeaderNames() {
    return [...this.$headers.keys()];
  }
  hasHeader(name) {
    return this.$headers.has(String(name).toLowerCase());
  }
  removeHeader(name) {
    if (this.headersSent)
      throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot remove headers after they are sent to the client');
    this.$headers.delete(String(name).toLowerCase());
  }
  $head(first) {
    let text = `${first}\r\n`;
    for (const [name, value] of this.$headers.values())
      for (const each of Array.isArray(value) ? value : [value]) text += `${name}: ${each}\r\n`;
    return Buffer.from(`${text}\r\n`, 'latin1');
  }
  _write(chunk, _encoding, done) {
    if (!this.headersSent) this.$start(undefined);
    if (!this.$noBody && chunk.length > 0)
      this.$send(
        this.$chunked
          ? Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
          : chunk,
      );
    done();
  }
  write(chunk, encoding, done) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
      throw require('internal_errors').invalidType(
        'chunk',
        'of type string or an instance of Buffer or Uint8Array',
        chunk,
      );
    return super.write(chunk, encoding, done);
  }
  end(chunk, encoding, done) {
    if (typeof chunk === 'function') [chunk, done] = [undefined, chunk];
    if (typeof encoding === 'function') [encoding, done] = [undefined, encoding];
    if (this.writableEnded) return this;
    if (!this.headersSent && chunk != null) {
      if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
        throw require('internal_errors').invalidType(
          'chunk',
          'of type string or an instance of Buffer or Uint8Array',
          chunk,
        );
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
      this.$start(bytes.length);
      chunk = bytes;
    }
    return super.end(chunk, encoding, done);
  }
  _final(done) {
    if (!this.headersSent) this.$start(0);
    if (this.$chunked && !this.$noBody) this.$send(Buffer.from('0\r\n\r\n'));
    this.$done();
    done();
  }
  flushHeaders() {
    if (!this.headersSent) this.$start(undefined);
  }
  get finished() {
    return this.writableEnded;
  }
}
class ServerResponse extends OutgoingMessage {
  constructor(request) {
    super();
    this.req = request;
    this.statusCode = 200;
    this.statusMessage = undefined;
    Object.defineProperties(this, {
      $keep: { value: request.$keep, writable: true },
      socket: { value: request.socket, writable: true },
    });
  }
  get connection() {
    return this.socket;
  }
  writeHead(status, message, headers) {
    if (this.headersSent)
      throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot write headers after they are sent to the client');
    if (typeof message === 'object') [message, headers] = [undefined, message];
    if (!(status >= 100 && status <= 999))
      throw coded(RangeError, 'ERR_HTTP_INVALID_STATUS_CODE', `Invalid status code: ${status}`);
    this.statusCode = status;
    if (message) this.statusMessage = message;
    if (Array.isArray(headers))
      for (let at = 0; at < headers.length; at += 2) this.setHeader(headers[at], headers[at + 1]);
    else for (const [name, value] of Object.entries(headers || {})) this.setHeader(name, value);
    return this;
  }
  writeContinue() {
    this.$send(Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'));
  }
  setTimeout(delay, done) {
    this.socket.setTimeout(delay, done);
    return this;
  }
  $start(length) {
    const { method } = this.req;
    this.$noBody = method === 'HEAD' || this.statusCode === 204 || this.statusCode === 304;
    if (this.sendDate && !this.hasHeader('date')) this.setHeader('Date', new Date().toUTCString());
    if (this.hasHeader('connection')) this.$keep = this.$keep && !/close/i.test(String(this.getHeader('connection')));
    else this.setHeader('Connection', this.$keep ? 'keep-alive' : 'close');
    if (this.$keep && /keep-alive/i.test(String(this.getHeader('connection'))) && !this.hasHeader('keep-alive'))
      this.setHeader('Keep-Alive', 'timeout=5');
    if (
      !this.hasHeader('content-length') &&
      !this.hasHeader('transfer-encoding') &&
      this.statusCode !== 204 &&
      this.statusCode !== 304
    ) {
      if (length !== undefined) this.setHeader('Content-Length', length);
      else if (this.req.httpVersion === '1.1') this.setHeader('Transfer-Encoding', 'chunked');
      else this.$keep = false;
    }
    this.$chunked = /chunked/i.test(String(this.getHeader('transfer-encoding') || ''));
    this.statusMessage ||= STATUS_CODES[this.statusCode] || 'unknown';
    this.$send(this.$head(`HTTP/1.1 ${this.statusCode} ${this.statusMessage}`));
    this.headersSent = true;
  }
  $send(bytes) {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }
  $done() {
    this.req.resume();
    if (!this.$keep) this.socket.end();
    this.socket.$busy = false;
    this.$after();
  }
}
class Server extends net.Server {
  constructor(options, listener) {
    super();
    if (typeof options === 'function') listener = options;
    this.keepAliveTimeout = 5000;
    this.headersTimeout = 60000;
    this.requestTimeout = 300000;
    this.timeout = 0;
    if (listener) this.on('request', listener);
    this.on('connection', (socket) => this.$serve(socket));
  }
  $serve(socket) {
    const waiting = [];
    Object.defineProperty(socket, '$busy', { value: false, writable: true });
    let idle;
    const next = () => {
      clearTimeout(idle);
      if (socket.$busy) return;
      const message = waiting.shift();
      if (!message) {
        if (!this.listening) socket.end();
        else {
          idle = setTimeout(() => socket.end(), this.keepAliveTimeout);
          idle.unref();
        }
        return;
      }
      socket.$busy = true;
      const response = new ServerResponse(message);
      Object.defineProperty(response, '$after', { value: next });
      socket.once('close', () => {
        if (!response.writableFinished) {
          message.aborted = true;
          message.emit('close');
          response.destroyed || response.destroy();
        }
      });
      if (message.headers.expect === '100-continue') response.writeContinue();
      if (this.listenerCount('request') > 0) this.emit('request', message, response);
      else response.end();
    };
    const parser = new Parser(false, (message) => {
      if (!message) return void socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      message.socket = socket;
      if (/upgrade/i.test(message.headers.connection || '') && this.listenerCount('upgrade') > 0)
        return this.emit('upgrade', message, socket, Buffer.alloc(0));
      waiting.push(message);
      next();
    });
    parser.socket = socket;
    socket.on('data', (data) => parser.feed(data));
    socket.on('end', () => parser.close());
    socket.on('error', () => socket.destroy());
  }
  setTimeout() {
    return this;
  }
  closeAllConnections() {
    for (const socket of this.$open) socket.destroy();
  }
  closeIdleConnections() {
    for (const socket of this.$open) if (!socket.$busy) socket.destroy();
  }
}
const fromUrl = (url) => ({
  protocol: url.protocol,
  hostname: url.hostname,
  port: url.port,
  path: url.pathname + url.search,
  auth: url.username ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` : undefined,
});
class ClientRequest extends OutgoingMessage {
  constructor(options, done, secure) {
    super();
    const {
      hostname,
      host: given,
      port,
      path = '/',
      method = 'GET',
      headers = {},
      auth,
      timeout,
      socketPath,
      signal,
    } = options;
    const name = hostname || (given || 'localhost').replace(/:\d+$/, '');
    const tls = secure || options.protocol === 'https:';
    const number = Number(port || (tls ? 443 : 80));
    Object.assign(this, {
      method: method.toUpperCase(),
      path,
      host: name,
      protocol: tls ? 'https:' : 'http:',
      aborted: false,
    });
    for (const [key, value] of headers[Symbol.iterator] ? headers : Object.entries(headers))
      if (value !== undefined) this.setHeader(key, value);
    if (!this.hasHeader('host')) this.setHeader('Host', number === (tls ? 443 : 80) ? name : `${name}:${number}`);
    if (auth && !this.hasHeader('authorization'))
      this.setHeader('Authorization', `Basic ${Buffer.from(auth).toString('base64')}`);
    if (done) this.once('response', done);
    const socket = new net.Socket();
    Object.defineProperty(this, 'socket', { value: socket });
    Object.defineProperty(this, 'autoDestroy', { value: false });
    const parser = new Parser(
      true,
      (response) => {
        if (!response)
          return this.$fail(Object.assign(new Error('Parse Error: Expected HTTP/'), { code: 'HPE_INVALID_CONSTANT' }));
        response.socket = socket;
        response.req = this;
        this.res = response;
        Object.defineProperty(this, '$answered', { value: true });
        if (!this.emit('response', response)) response.resume();
      },
      () => socket.destroy(),
    );
    parser.bodiless = this.method === 'HEAD';
    parser.socket = socket;
    socket.on('data', (data) => parser.feed(data));
    socket.on('end', () => {
      parser.close();
      if (!this.$answered) this.$fail(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
      socket.destroy();
    });
    socket.on('error', (error) => this.$fail(error));
    socket.on('timeout', () => this.emit('timeout'));
    if (timeout) socket.setTimeout(timeout);
    if (signal) signal.addEventListener('abort', () => this.destroy(signal.reason));
    socket.connect(socketPath ? { path: socketPath } : { host: name, port: number, $tls: tls });
    internal.nextTick(() => this.emit('socket', socket));
  }
  $fail(error) {
    if (this.$answered && this.res && !this.res.complete) this.res.destroy(error);
    else if (!this.$failed) {
      Object.defineProperty(this, '$failed', { value: true });
      this.emit('error', error);
      this.emit('close');
    }
  }
  $start(length) {
    if (!this.hasHeader('connection')) this.setHeader('Connection', 'close');
    const bodiless = /^(GET|HEAD|DELETE|OPTIONS|TRACE)$/.test(this.method);
    if (!this.hasHeader('content-length') && !this.hasHeader('transfer-encoding')) {
      if (length !== undefined && (length > 0 || !bodiless)) this.setHeader('Content-Length', length);
      else if (length === undefined) this.setHeader('Transfer-Encoding', 'chunked');
    }
    this.$chunked = /chunked/i.test(String(this.getHeader('transfer-encoding') || ''));
    this.headersSent = true;
    this.socket.write(this.$head(`${this.method} ${this.path} HTTP/1.1`));
  }
  $send(bytes) {
    this.socket.write(bytes);
  }
  $done() {}
  destroy(error) {
    this.socket.destroy();
    if (error) this.$fail(error);
    else if (!this.$answered) this.$fail(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    return this;
  }
  abort() {
    this.aborted = true;
    this.destroy();
  }
  setTimeout(delay, done) {
    if (done) this.once('timeout', done);
    this.socket.setTimeout(delay);
    return this;
  }
  setNoDelay() {}
  setSocketKeepAlive() {}
}
const maker = (secure) => (url, options, done) => {
  if (typeof options === 'function') [options, done] = [undefined, options];
  const base = typeof url === 'string' ? fromUrl(new URL(url)) : url instanceof URL ? fromUrl(url) : url;
  return new ClientRequest({ ...base, ...options }, done, secure);
};
const request = maker(false);
const get = (...args) => {
  const made = request(...args);
  made.end();
  return made;
};
class Agent extends EventEmitter {
  constructor(options = {}) {
    super();
    this.options = options;
  }
  destroy() {}
}
module.exports = {
  STATUS_CODES,
  METHODS,
  IncomingMessage,
  ServerResponse,
  OutgoingMessage,
  ClientRequest,
  Server,
  Agent,
  globalAgent: new Agent(),
  createServer: (options, listener) => new Server(options, listener),
  request,
  get,
  maxHeaderSize: 16384,
  $maker: maker,
};
