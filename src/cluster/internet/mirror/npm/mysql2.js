// A stand-in for mysql2 with its interface: connections and pools over MySQL's protocol, with callbacks or promises.
const net = require('net');
const crypto = require('crypto');
const { EventEmitter } = require('events');
const { escape, escapeId, format, named } = require('./format.js');
const { Reader, errorOf, fieldOf, valueOf } = require('./packets.js');

const sha = (kind, ...parts) => {
  const hash = crypto.createHash(kind);
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const xor = (left, right) => Buffer.from(left.map((byte, index) => byte ^ right[index]));
function scramble(plugin, password, salt) {
  if (!password) return Buffer.alloc(0);
  if (plugin === 'mysql_native_password') {
    const once = sha('sha1', password);
    return xor(once, sha('sha1', salt, sha('sha1', once)));
  }
  const once = sha('sha256', password);
  return xor(once, sha('sha256', sha('sha256', once), salt));
}

function optionsOf(given) {
  const options = typeof given === 'string' ? { uri: given } : { ...given };
  if (options.uri) {
    const url = new URL(options.uri);
    options.host = url.hostname;
    options.port = Number(url.port || 3306);
    options.user = decodeURIComponent(url.username);
    options.password = decodeURIComponent(url.password);
    options.database = decodeURIComponent(url.pathname.slice(1));
  }
  for (const name of ['host', 'user', 'password', 'database'])
    if (options[name] !== undefined && options[name] !== null) options[name] = String(options[name]);
  return { host: 'localhost', port: 3306, connectionLimit: 10, ...options };
}

const flags = {
  protocol: 0x1 | 0x4 | 0x200 | 0x2000 | 0x8000 | 0x20000 | 0x80000,
  database: 8,
  many: 0x10000,
  found: 2,
};

class ResultSetHeader {}

class Connection extends EventEmitter {
  constructor(given) {
    super();
    this.config = optionsOf(given);
    this.threadId = null;
    this.$queue = [];
    this.$bytes = Buffer.alloc(0);
    this.$step = (packet) => this.$hello(packet);
    const { host, port, socketPath } = this.config;
    this.stream = net.connect(socketPath ? { path: socketPath } : { host, port: Number(port) });
    this.stream.on('data', (bytes) => this.$read(bytes));
    this.stream.on('error', (error) => this.$fail(Object.assign(error, { fatal: true })));
    this.stream.on('close', () => {
      const lost = new Error('Connection lost: The server closed the connection.');
      if (!this.$ended) this.$fail(Object.assign(lost, { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }));
    });
  }

  $read(bytes) {
    this.$bytes = Buffer.concat([this.$bytes, bytes]);
    while (this.$bytes.length >= 4) {
      const length = this.$bytes.readUIntLE(0, 3);
      if (this.$bytes.length < 4 + length) return;
      this.$sequence = this.$bytes[3] + 1;
      const packet = this.$bytes.subarray(4, 4 + length);
      this.$bytes = this.$bytes.subarray(4 + length);
      this.$step(packet);
    }
  }

  $send(...parts) {
    const payload = Buffer.concat(parts);
    const head = Buffer.alloc(4);
    head.writeUIntLE(payload.length, 0, 3);
    head[3] = this.$sequence++ & 255;
    this.stream.write(Buffer.concat([head, payload]));
  }

  $hello(packet) {
    if (packet[0] === 0xff) return this.$refused(errorOf(packet));
    const reader = new Reader(packet, 1);
    this.serverVersion = reader.zeroEnded();
    this.threadId = reader.int(4);
    const salt = [reader.take(8)];
    reader.take(19);
    salt.push(reader.take(12));
    reader.take(1);
    const plugin = reader.zeroEnded() || 'mysql_native_password';
    const { user = '', password, database, multipleStatements } = this.config;
    const head = Buffer.alloc(32);
    head.writeUInt32LE(
      flags.protocol + flags.found + (database ? flags.database : 0) + (multipleStatements ? flags.many : 0),
      0,
    );
    head.writeUInt32LE(0x1000000, 4);
    head[8] = 45;
    const answer = scramble(plugin, password, Buffer.concat(salt));
    const named = database ? Buffer.from(`${database}\0`) : Buffer.alloc(0);
    this.$step = (reply) => this.$admitted(reply);
    this.$send(head, Buffer.from(`${user}\0`), Buffer.from([answer.length]), answer, named, Buffer.from(`${plugin}\0`));
  }

  $admitted(packet) {
    if (packet[0] === 0xff) return this.$refused(errorOf(packet));
    if (packet[0] === 1) return undefined;
    if (packet[0] === 0xfe) {
      const reader = new Reader(packet, 1);
      const plugin = reader.zeroEnded();
      return this.$send(scramble(plugin, this.config.password, reader.take(20)));
    }
    this.$ready = true;
    this.emit('connect');
    return this.$next();
  }

  $refused(error) {
    this.$fail(Object.assign(error, { fatal: true }));
    this.stream.destroy();
  }

  /** The connection is of no more use. */
  $fail(error) {
    if (this.$dead) return;
    this.$dead = error;
    const waiting = this.$queue.splice(0);
    if (this.$running) waiting.unshift(this.$running);
    this.$running = undefined;
    for (const each of waiting) each.done(error);
    if (waiting.length === 0 && this.listenerCount('error') > 0) this.emit('error', error);
  }

  $push(command) {
    if (this.$dead) {
      const closed = new Error("Can't add new command when connection is in closed state");
      return void process.nextTick(() =>
        command.done(this.$ended ? Object.assign(closed, { fatal: true }) : this.$dead),
      );
    }
    this.$queue.push(command);
    this.$next();
  }

  $next() {
    if (!this.$ready || this.$running || this.$queue.length === 0) return;
    const command = this.$queue.shift();
    if (!command.packet) {
      command.done(null);
      return this.$next();
    }
    this.$running = command;
    this.$sequence = 0;
    this.$results = [];
    this.$step = (packet) => this.$first(packet);
    this.$send(command.packet);
  }

  $finish(error, result, fields) {
    const { done } = this.$running;
    this.$running = undefined;
    done(error, result, fields);
    this.$next();
  }

  $first(packet) {
    if (packet[0] === 0xff) return this.$finish(Object.assign(errorOf(packet), { sql: this.$running.sql }));
    const reader = new Reader(packet);
    if (packet[0] === 0) {
      reader.int(1);
      const header = { fieldCount: 0, affectedRows: reader.coded(), insertId: reader.coded(), info: '' };
      header.serverStatus = reader.int(2);
      header.warningStatus = reader.int(2);
      header.info = reader.rest();
      header.changedRows = Number(/Changed: (\d+)/.exec(header.info)?.[1] ?? 0);
      return this.$took(Object.assign(new ResultSetHeader(), header), undefined);
    }
    const fields = [];
    const rows = [];
    const count = reader.coded();
    const { rowsAsArray } = { ...this.config, ...this.$running.options };
    this.$step = (next) => {
      if (fields.length < count) return void fields.push(fieldOf(next));
      this.$step = (row) => {
        if (row[0] === 0xff) return this.$finish(errorOf(row));
        if (row[0] === 0xfe && row.length < 9) return this.$took(rows, fields, row.readUInt16LE(3));
        const cells = new Reader(row);
        const values = fields.map((field) => valueOf(field, cells.bytesOrNull(), this.config));
        rows.push(rowsAsArray ? values : Object.fromEntries(fields.map(({ name }, index) => [name, values[index]])));
      };
    };
  }

  $took(result, fields, status = result.serverStatus) {
    this.$results.push([result, fields]);
    if ((status & 8) !== 0) {
      this.$step = (packet) => this.$first(packet);
      return;
    }
    if (this.$results.length === 1) return this.$finish(null, result, fields);
    return this.$finish(
      null,
      this.$results.map(([each]) => each),
      this.$results.map(([, each]) => each),
    );
  }

  query(asked, values, done) {
    const options = typeof asked === 'object' ? asked : { sql: asked };
    if (typeof values === 'function') [values, done] = [undefined, values];
    const bound = values ?? options.values;
    const sql =
      options.namedPlaceholders || this.config.namedPlaceholders
        ? named(options.sql, bound)
        : format(options.sql, bound);
    const command = new EventEmitter();
    const finish = (error, result, fields) => {
      if (done) return done(error, result, fields);
      if (error)
        return void (command.listenerCount('error') > 0 ? command.emit('error', error) : this.emit('error', error));
      if (fields) command.emit('fields', fields);
      for (const row of fields ? result : [result]) command.emit('result', row);
      command.emit('end');
    };
    this.$push({ packet: Buffer.concat([Buffer.from([3]), Buffer.from(sql)]), sql, options, done: finish });
    return command;
  }

  execute(asked, values, done) {
    const bound = typeof values === 'function' ? undefined : values;
    const wrong = Array.isArray(bound) && bound.findIndex((each) => each === undefined);
    if (typeof wrong === 'number' && wrong >= 0)
      throw new TypeError('Bind parameters must not contain undefined. To pass SQL NULL specify JS null');
    return this.query(asked, values, done);
  }

  connect(done = () => {}) {
    this.$push({ done: (error) => done(error ?? null) });
  }
  ping(done = () => {}) {
    this.$push({ packet: Buffer.from([14]), done: (error) => done(error ?? null) });
  }
  changeUser(_options, done = () => {}) {
    this.ping(done);
  }
  beginTransaction(done) {
    this.query('START TRANSACTION', done ?? (() => {}));
  }
  commit(done) {
    this.query('COMMIT', done ?? (() => {}));
  }
  rollback(done) {
    this.query('ROLLBACK', done ?? (() => {}));
  }
  end(done = () => {}) {
    this.$push({
      done: (error) => {
        this.$ended = true;
        if (!error) {
          this.$sequence = 0;
          this.$send(Buffer.from([1]));
          this.stream.end();
          this.$dead = new Error('closed');
        }
        this.emit('end');
        done(error ?? null);
      },
    });
  }
  destroy() {
    this.$ended = true;
    this.$dead ??= new Error('closed');
    this.stream.destroy();
  }
  escape(value) {
    return escape(value);
  }
  escapeId(value) {
    return escapeId(value);
  }
  format(sql, values) {
    return format(sql, values);
  }
  promise() {
    return require('./promised.js').connectionOf(this);
  }
}

class Pool extends EventEmitter {
  constructor(given) {
    super();
    this.config = { connectionConfig: optionsOf(given) };
    this.$all = new Set();
    this.$free = [];
    this.$waiting = [];
  }
  getConnection(done) {
    if (this.$closed) return void process.nextTick(() => done(new Error('Pool is closed.')));
    const free = this.$free.pop();
    if (free) {
      free.stream.ref?.();
      return void process.nextTick(() => done(null, free));
    }
    const { connectionConfig: options } = this.config;
    if (this.$all.size >= options.connectionLimit) return void this.$waiting.push(done);
    const connection = new Connection(options);
    this.$all.add(connection);
    connection.release = () => this.$release(connection);
    connection.on('error', () => this.$drop(connection));
    connection.connect((error) => {
      if (error) {
        this.$drop(connection);
        return done(error);
      }
      this.emit('connection', connection);
      done(null, connection);
    });
  }
  $drop(connection) {
    this.$all.delete(connection);
    this.$free = this.$free.filter((each) => each !== connection);
    const next = this.$waiting.shift();
    if (next) this.getConnection(next);
  }
  $release(connection) {
    if (connection.$dead) return this.$drop(connection);
    const next = this.$waiting.shift();
    if (next) next(null, connection);
    else this.$free.push(connection);
    this.emit('release', connection);
  }
  query(asked, values, done) {
    if (typeof values === 'function') [values, done] = [undefined, values];
    this.getConnection((error, connection) => {
      if (error) return done ? done(error) : this.emit('error', error);
      connection.query(asked, values, (fault, ...results) => {
        connection.release();
        if (done) done(fault, ...results);
      });
    });
  }
  execute(asked, values, done) {
    this.query(asked, values, done);
  }
  end(done = () => {}) {
    this.$closed = true;
    let left = this.$all.size;
    if (left === 0) return void process.nextTick(() => done(null));
    for (const connection of this.$all) connection.end(() => --left === 0 && done(null));
  }
  escape(value) {
    return escape(value);
  }
  format(sql, values) {
    return format(sql, values);
  }
  promise() {
    return require('./promised.js').poolOf(this);
  }
}

module.exports = {
  createConnection: (options) => new Connection(options),
  connect: (options) => new Connection(options),
  createPool: (options) => new Pool(options),
  Connection,
  Pool,
  escape,
  escapeId,
  format,
  raw: (sql) => ({ toSqlString: () => sql }),
};
