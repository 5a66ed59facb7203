const EventEmitter = require('events');
const { coded } = require('internal_errors');
class Stream extends EventEmitter {
  destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    const done = (fault = error) =>
      internal.nextTick(() => {
        if (fault) this.emit('error', fault);
        this.emit('close');
      });
    if (this._destroy) this._destroy(error || null, (fault) => done(fault || error));
    else done();
    return this;
  }
  [Symbol.asyncDispose]() {
    this.destroy();
  }
}
const readableMethods = {
  $initReadable(options = {}) {
    this.readable = true;
    this.readableEnded = false;
    this.readableFlowing = null;
    this.readableObjectMode = Boolean(options.objectMode || options.readableObjectMode);
    this.readableHighWaterMark = options.highWaterMark ?? 65536;
    this.$chunks = [];
    this.$finished = false;
    this.$reading = false;
    this.$encoding = options.encoding;
    if (options.read) this._read = options.read;
    for (const name of ['$chunks', '$finished', '$reading', '$encoding', '$scheduled'])
      Object.defineProperty(this, name, { value: this[name], writable: true, enumerable: false, configurable: true });
  },
  _read() {},
  setEncoding(encoding) {
    this.$encoding = encoding;
    return this;
  },
  push(chunk, encoding) {
    this.$reading = false;
    if (chunk === null) this.$finished = true;
    else if (!this.readableObjectMode && typeof chunk === 'string') this.$chunks.push(Buffer.from(chunk, encoding));
    else this.$chunks.push(chunk);
    if (!this.readableFlowing && this.listenerCount('readable') > 0) internal.nextTick(() => this.emit('readable'));
    this.$flow();
    return this.$chunks.length < 16;
  },
  unshift(chunk) {
    this.$chunks.unshift(chunk);
  },
  $decode(chunk) {
    if (!this.$encoding || typeof chunk === 'string' || this.readableObjectMode) return chunk;
    const { StringDecoder } = require('string_decoder');
    if (!this.$decoder) Object.defineProperty(this, '$decoder', { value: new StringDecoder(this.$encoding) });
    return this.$decoder.write(chunk);
  },
  read(count) {
    if (this.$chunks.length === 0) {
      if (this.$finished) this.$end();
      else this.$more();
      return null;
    }
    let chunk;
    if (this.readableObjectMode) chunk = this.$chunks.shift();
    else {
      chunk = Buffer.concat(this.$chunks);
      this.$chunks.length = 0;
      if (count !== undefined && count < chunk.length) {
        this.$chunks.push(chunk.subarray(count));
        chunk = chunk.subarray(0, count);
      }
    }
    if (this.$chunks.length === 0 && this.$finished) internal.nextTick(() => this.$end());
    return this.$decode(chunk);
  },
  $more() {
    if (this.$reading || this.$finished || this.destroyed) return;
    this.$reading = true;
    this._read(this.readableHighWaterMark);
  },
  $end() {
    if (this.readableEnded || this.destroyed) return;
    this.readableEnded = true;
    this.readable = false;
    this.emit('end');
    if (this.autoDestroy !== false && (!this.writable || this.writableFinished)) this.destroy();
  },
  $flow() {
    if (!this.readableFlowing || this.$scheduled) return;
    this.$scheduled = true;
    internal.nextTick(() => {
      this.$scheduled = false;
      while (this.readableFlowing && this.$chunks.length > 0) this.emit('data', this.$decode(this.$chunks.shift()));
      if (!this.readableFlowing) return;
      if (this.$finished) this.$end();
      else this.$more();
    });
  },
  resume() {
    this.readableFlowing = true;
    this.$flow();
    return this;
  },
  pause() {
    this.readableFlowing = false;
    return this;
  },
  isPaused() {
    return this.readableFlowing === false;
  },
  pipe(target, { end = true } = {}) {
    this.on('data', (chunk) => {
      if (target.write(chunk) === false) {
        this.pause();
        target.once('drain', () => this.resume());
      }
    });
    if (end && target !== process.stdout && target !== process.stderr) this.once('end', () => target.end());
    target.emit('pipe', this);
    this.resume();
    return target;
  },
  unpipe() {
    this.removeAllListeners('data');
    return this;
  },
  async *$iterate() {
    const waiting = [];
    let fault;
    let ended = false;
    const wake = () => waiting.splice(0).forEach((each) => each());
    this.on('readable', wake);
    this.on('end', () => ((ended = true), wake()));
    this.on('close', () => ((ended = true), wake()));
    this.on('error', (error) => ((fault = error), wake()));
    for (;;) {
      if (fault) throw fault;
      if (this.$chunks.length > 0) yield this.$decode(this.$chunks.shift());
      else if (ended || this.readableEnded) return;
      else if (this.$finished) this.$end();
      else {
        this.$more();
        if (this.$chunks.length === 0 && !this.$finished) await new Promise((resolve) => waiting.push(resolve));
      }
    }
  },
  [Symbol.asyncIterator]() {
    return this.$iterate();
  },
  on(name, listener) {
    EventEmitter.prototype.on.call(this, name, listener);
    if (name === 'data' && this.readableFlowing !== false) this.resume();
    if (name === 'readable') internal.nextTick(() => (this.$chunks.length > 0 ? this.emit('readable') : this.$more()));
    return this;
  },
};
readableMethods.addListener = readableMethods.on;
const writableMethods = {
  $initWritable(options = {}) {
    this.writable = true;
    this.writableEnded = false;
    this.writableFinished = false;
    this.writableObjectMode = Boolean(options.objectMode || options.writableObjectMode);
    this.$queue = [];
    this.$writing = false;
    this.$decodeStrings = options.decodeStrings !== false;
    if (options.write) this._write = options.write;
    if (options.final) this._final = options.final;
    if (options.writev) this._writev = options.writev;
    for (const name of ['$queue', '$writing', '$decodeStrings', '$needDrain'])
      Object.defineProperty(this, name, { value: this[name], writable: true, enumerable: false, configurable: true });
  },
  write(chunk, encoding, done) {
    if (typeof encoding === 'function') [encoding, done] = [undefined, encoding];
    if (this.writableEnded) {
      const error = coded(Error, 'ERR_STREAM_WRITE_AFTER_END', 'write after end');
      internal.nextTick(() => (done && done(error), this.emit('error', error)));
      return false;
    }
    if (typeof chunk === 'string' && this.$decodeStrings && !this.writableObjectMode)
      chunk = Buffer.from(chunk, encoding);
    this.$queue.push([chunk, encoding || (typeof chunk === 'string' ? 'utf8' : 'buffer'), done]);
    this.$next();
    const room = this.$queue.length < 16;
    if (!room) this.$needDrain = true;
    return room;
  },
  cork() {},
  uncork() {},
  setDefaultEncoding() {
    return this;
  },
  $next() {
    if (this.$writing || this.destroyed) return;
    const next = this.$queue.shift();
    if (!next) {
      if (this.$needDrain && !this.writableEnded) {
        this.$needDrain = false;
        internal.nextTick(() => this.emit('drain'));
      }
      return this.writableEnded ? this.$finish() : undefined;
    }
    const [chunk, encoding, done] = next;
    this.$writing = true;
    this._write(chunk, encoding, (error) => {
      this.$writing = false;
      if (error) {
        if (done) done(error);
        return this.destroy(error);
      }
      if (done) internal.nextTick(done);
      this.$next();
    });
  },
  $finish() {
    if (this.writableFinished || this.$finishing) return;
    Object.defineProperty(this, '$finishing', { value: true });
    const finished = (error) =>
      internal.nextTick(() => {
        if (error) return this.destroy(error);
        this.writableFinished = true;
        this.emit('finish');
        if (this.autoDestroy !== false && (!this.$chunks || this.readableEnded)) this.destroy();
      });
    if (this._final) this._final(finished);
    else finished();
  },
  end(chunk, encoding, done) {
    if (typeof chunk === 'function') [chunk, done] = [undefined, chunk];
    if (typeof encoding === 'function') [encoding, done] = [undefined, encoding];
    if (chunk !== undefined && chunk !== null) this.write(chunk, encoding);
    if (done) this.once('finish', done);
    this.writableEnded = true;
    this.writable = false;
    this.$next();
    return this;
  },
};
const define = (target, methods) => {
  for (const name of Reflect.ownKeys(methods))
    Object.defineProperty(target, name, {
      value: methods[name],
      writable: true,
      configurable: true,
      enumerable: false,
    });
};
const begin = (stream, options) => {
  stream.destroyed = false;
  if (options.destroy) stream._destroy = options.destroy;
  if (options.construct) options.construct.call(stream, () => undefined);
};
class Readable extends Stream {
  constructor(options = {}) {
    super();
    this.$initReadable(options);
    begin(this, options);
  }
  static from(source, options) {
    const iterator =
      typeof source === 'string' || source instanceof Uint8Array
        ? [source][Symbol.iterator]()
        : (source[Symbol.asyncIterator] || source[Symbol.iterator]).call(source);
    return new Readable({
      objectMode: true,
      ...options,
      read() {
        Promise.resolve(iterator.next()).then(
          ({ done, value }) => this.push(done ? null : value),
          (error) => this.destroy(error),
        );
      },
    });
  }
}
define(Readable.prototype, readableMethods);
class Writable extends Stream {
  constructor(options = {}) {
    super();
    this.$initWritable(options);
    begin(this, options);
  }
}
define(Writable.prototype, writableMethods);
Writable.prototype._write = (_chunk, _encoding, done) => done();
class Duplex extends Stream {
  constructor(options = {}) {
    super();
    this.$initReadable(options);
    this.$initWritable(options);
    begin(this, options);
  }
}
define(Duplex.prototype, readableMethods);
define(Duplex.prototype, writableMethods);
Duplex.prototype._write = Writable.prototype._write;
class Transform extends Duplex {
  constructor(options = {}) {
    super(options);
    if (options.transform) this._transform = options.transform;
    if (options.flush) this._flush = options.flush;
  }
  _write(chunk, encoding, done) {
    this._transform(chunk, encoding, (error, made) => {
      if (error) return done(error);
      if (made !== undefined && made !== null) this.push(made);
      done();
    });
  }
  _final(done) {
    const end = (error, made) => {
      if (made !== undefined && made !== null) this.push(made);
      if (!error) this.push(null);
      done(error);
    };
    if (this._flush) this._flush(end);
    else end();
  }
}
class PassThrough extends Transform {
  _transform(chunk, _encoding, done) {
    done(null, chunk);
  }
}
const finished = (stream, options, done) => {
  if (typeof options === 'function') done = options;
  let called = false;
  const once = (error) => {
    if (!called) done(error, (called = true));
  };
  stream.on('error', once);
  stream.on(stream.$queue && !stream.$chunks ? 'finish' : 'end', () => once());
  stream.on('close', () => once());
};
const pipeline = (...streams) => {
  const done = typeof streams[streams.length - 1] === 'function' ? streams.pop() : () => undefined;
  let called = false;
  const once = (error) => {
    if (called) return;
    called = true;
    if (error) for (const each of streams) each.destroy();
    done(error);
  };
  for (const each of streams) each.on('error', once);
  streams[streams.length - 1].on('finish', () => once());
  return streams.reduce((from, to) => from.pipe(to));
};
const promises = {
  pipeline: (...streams) =>
    new Promise((resolve, reject) => pipeline(...streams, (error) => (error ? reject(error) : resolve()))),
  finished: (stream) =>
    new Promise((resolve, reject) => finished(stream, (error) => (error ? reject(error) : resolve()))),
};
module.exports = Object.assign(Stream, {
  Stream,
  Readable,
  Writable,
  Duplex,
  Transform,
  PassThrough,
  pipeline,
  finished,
  promises,
});
