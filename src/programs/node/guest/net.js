const EventEmitter = require('events');
const { Duplex } = require('stream');
const { exact } = require('buffer');
const sockets = new Map();
const servers = new Map();
const writes = new Map();
let token = 1;
const failure = ({ code, number, syscall, address, port, host: name }) => {
  const where = syscall === 'getaddrinfo' ? name : `${address}${port ? `:${port}` : ''}`;
  const error = new Error(syscall === undefined ? `read ${code}` : `${syscall} ${code}${where ? ` ${where}` : ''}`);
  Object.assign(error, { errno: -number, code, syscall: syscall || 'read' });
  if (syscall === 'getaddrinfo') error.hostname = name;
  else if (syscall === 'connect') Object.assign(error, port ? { address, port } : { address });
  error.stack = `Error: ${error.message}${syscall === 'connect' ? '\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1637:16)' : syscall === 'getaddrinfo' ? '\n    at GetAddrInfoReqWrap.onlookupall [as oncomplete] (node:dns:122:26)' : ''}`;
  return error;
};
class Socket extends Duplex {
  constructor(options = {}) {
    super(options);
    Object.defineProperties(this, {
      $id: { value: options.$id, writable: true },
      $held: { value: false, writable: true },
      $reads: { value: false, writable: true },
      $pending: { value: [], writable: true },
    });
    this.connecting = false;
    this.allowHalfOpen = Boolean(options.allowHalfOpen);
    this.bytesRead = 0;
    this.bytesWritten = 0;
    if (options.$id !== undefined) this.$open(options.$id, options.$ends);
  }
  $hold(held) {
    if (held !== this.$held) host('references', held ? 1 : -1);
    this.$held = held;
  }
  $open(id, { local = {}, remote = {} } = {}) {
    this.$id = id;
    this.connecting = false;
    sockets.set(id, this);
    Object.assign(this, {
      localAddress: local.address,
      localPort: local.port,
      remoteAddress: remote.address,
      remotePort: remote.port,
      remoteFamily: 'IPv4',
    });
    this.$hold(true);
    host('readSocket', id);
  }
  connect(...args) {
    const [options, done] =
      typeof args[0] === 'object'
        ? args
        : typeof args[0] === 'string'
          ? [{ path: args[0] }, args[1]]
          : [
              { port: args[0], host: typeof args[1] === 'string' ? args[1] : undefined },
              typeof args[1] === 'function' ? args[1] : args[2],
            ];
    this.connecting = true;
    if (done) this.once('connect', done);
    this.$id = host(
      'connect',
      options.host || options.hostname || 'localhost',
      Number(options.port || 0),
      options.path || '',
      Boolean(options.$tls),
    );
    sockets.set(this.$id, this);
    this.$hold(true);
    return this;
  }
  _read() {}
  _write(chunk, _encoding, done) {
    if (this.connecting) return void this.$pending.push(() => this._write(chunk, _encoding, done));
    this.bytesWritten += chunk.length;
    const id = token++;
    writes.set(id, done);
    host('writeSocket', this.$id, exact(chunk), id);
  }
  _final(done) {
    if (this.connecting) return void this.$pending.push(() => this._final(done));
    host('shutdown', this.$id);
    done();
  }
  _destroy(error, done) {
    if (this.$id !== undefined) {
      sockets.delete(this.$id);
      host('destroy', this.$id);
    }
    clearTimeout(this.$timer);
    this.$hold(false);
    done(error);
  }
  setTimeout(delay, done) {
    clearTimeout(this.$timer);
    if (done) this.once('timeout', done);
    if (delay > 0)
      Object.defineProperty(this, '$timer', {
        value: setTimeout(() => this.emit('timeout'), delay).unref(),
        writable: true,
        configurable: true,
      });
    return this;
  }
  setNoDelay() {
    return this;
  }
  setKeepAlive() {
    return this;
  }
  ref() {
    this.$hold(!this.destroyed);
    return this;
  }
  unref() {
    this.$hold(false);
    return this;
  }
  address() {
    return { address: this.localAddress, family: 'IPv4', port: this.localPort };
  }
  get readyState() {
    return this.connecting ? 'opening' : this.destroyed ? 'closed' : 'open';
  }
  destroySoon() {
    this.end(() => this.destroy());
  }
}
internal.on('connected', (id, ends) => {
  const socket = sockets.get(id);
  if (!socket) return host('destroy', id);
  socket.$open(id, ends);
  socket.emit('connect');
  socket.emit('ready');
  for (const run of socket.$pending.splice(0)) run();
});
internal.on('connect-error', (id, about) => {
  const socket = sockets.get(id);
  if (socket) socket.destroy(failure(about));
});
internal.on('socket-error', (id, about) => {
  const socket = sockets.get(id);
  if (socket) socket.destroy(failure(about));
});
internal.on('data', (id, data) => {
  const socket = sockets.get(id);
  if (!socket) return;
  socket.bytesRead += data.byteLength;
  socket.push(Buffer.from(data));
});
internal.on('end', (id) => {
  const socket = sockets.get(id);
  if (!socket) return;
  socket.push(null);
  if (!socket.readableFlowing && socket.$chunks.length === 0) socket.resume();
  if (!socket.allowHalfOpen && !socket.writableEnded) socket.end();
});
internal.on('written', (_id, each) => {
  const done = writes.get(each);
  writes.delete(each);
  if (done) done();
});
class Server extends EventEmitter {
  constructor(options, listener) {
    super();
    if (typeof options === 'function') listener = options;
    if (listener) this.on('connection', listener);
    this.listening = false;
    this._connections = 0;
    Object.defineProperties(this, {
      $open: { value: new Set() },
      $id: { value: undefined, writable: true },
      $held: { value: false, writable: true },
    });
  }
  listen(...args) {
    const done = typeof args[args.length - 1] === 'function' ? args.pop() : undefined;
    const [first, second] = args;
    const options =
      typeof first === 'object' && first !== null
        ? first
        : typeof first === 'string' && !/^\d+$/.test(first)
          ? { path: first }
          : { port: first, host: typeof second === 'string' ? second : undefined };
    if (done) this.once('listening', done);
    const port = Number(options.port || 0);
    if (!(port >= 0 && port < 65536))
      throw require('internal_errors').coded(
        RangeError,
        'ERR_SOCKET_BAD_PORT',
        `options.port should be >= 0 and < 65536. ${require('internal_errors').received(options.port)}.`,
      );
    const name =
      options.host === 'localhost' ? '127.0.0.1' : options.host && options.host !== '::' ? options.host : '0.0.0.0';
    const made = host('listen', name, port, options.path || '');
    if (made.$errno) {
      const where = options.path || `${options.host || '::'}:${port}`;
      const words =
        { EADDRINUSE: 'address already in use', EACCES: 'permission denied', EADDRNOTAVAIL: 'address not available' }[
          made.$errno
        ] || made.text.toLowerCase();
      const error = new Error(`listen ${made.$errno}: ${words} ${where}`);
      Object.assign(
        error,
        { code: made.$errno, errno: -made.number, syscall: 'listen' },
        options.path ? { address: options.path } : { address: options.host || '::', port },
      );
      internal.nextTick(() => this.emit('error', error));
      return this;
    }
    this.$id = made.id;
    this.$where = options.path || {
      address: options.host || '::',
      family: options.host ? 'IPv4' : 'IPv6',
      port: made.port,
    };
    Object.defineProperty(this, '$where', { enumerable: false });
    servers.set(made.id, this);
    this.listening = true;
    this.ref();
    internal.nextTick(() => this.emit('listening'));
    return this;
  }
  address() {
    return this.listening ? this.$where : null;
  }
  ref() {
    if (!this.$held && this.listening) host('references', 1);
    this.$held = this.listening;
    return this;
  }
  unref() {
    if (this.$held) host('references', -1);
    this.$held = false;
    return this;
  }
  close(done) {
    if (!this.listening) {
      if (done)
        internal.nextTick(
          done,
          require('internal_errors').coded(Error, 'ERR_SERVER_NOT_RUNNING', 'Server is not running.'),
        );
      return this;
    }
    if (done) this.once('close', done);
    host('close', this.$id);
    servers.delete(this.$id);
    this.listening = false;
    if (this.$held) host('references', -1);
    this.$held = false;
    if (this.closeIdleConnections) this.closeIdleConnections();
    this.$closed();
    return this;
  }
  $closed() {
    if (!this.listening && this.$open.size === 0) internal.nextTick(() => this.emit('close'));
  }
  getConnections(done) {
    internal.nextTick(done, null, this.$open.size);
  }
}
internal.on('connection', (id, connection, ends) => {
  const server = servers.get(id);
  if (!server) return host('destroy', connection);
  const socket = new Socket({ $id: connection, $ends: ends, allowHalfOpen: server.allowHalfOpen });
  server.$open.add(socket);
  socket.on('close', () => {
    server.$open.delete(socket);
    server.$closed();
  });
  server.emit('connection', socket);
});
const connect = (...args) => new Socket().connect(...args);
const isIPv4 = (text) => /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(text);
const isIPv6 = (text) => /^[0-9a-f:]+$/i.test(text) && text.includes(':');
module.exports = {
  Socket,
  Server,
  createServer: (options, listener) => new Server(options, listener),
  connect,
  createConnection: connect,
  isIPv4,
  isIPv6,
  isIP: (text) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0),
  Stream: Socket,
};
