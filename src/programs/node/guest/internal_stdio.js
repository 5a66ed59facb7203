const facts = host('facts');
const { Readable, Writable } = require('stream');
const made = {};
class WriteStream extends Writable {
  constructor(fd) {
    super({ decodeStrings: false });
    this.fd = fd;
    this._type = facts.tty[fd] ? 'tty' : 'pipe';
    if (facts.tty[fd]) Object.assign(this, { isTTY: true, columns: facts.columns, rows: facts.rows });
  }
  // At once: what a program wrote before it ended is there.
  write(data, encoding, done) {
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof data !== 'string' && !(data instanceof Uint8Array))
      throw require('internal_errors').invalidType(
        'chunk',
        'of type string or an instance of Buffer, TypedArray, or DataView',
        data,
      );
    if (typeof data === 'string' && typeof encoding === 'string' && !/^utf-?8$/i.test(encoding))
      data = Buffer.from(data, encoding);
    host(
      'write',
      this.fd,
      typeof data === 'string' ? data : data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
    );
    if (typeof callback === 'function') internal.nextTick(callback);
    return true;
  }
  end(data, encoding, done) {
    if (data !== undefined && typeof data !== 'function') this.write(data, encoding, done);
    return this;
  }
  hasColors() {
    return Boolean(this.isTTY) && !process.env.NO_COLOR;
  }
  getColorDepth() {
    return this.isTTY ? 8 : 1;
  }
  getWindowSize() {
    return [this.columns, this.rows];
  }
  cursorTo(x, y) {
    return this.write(y === undefined ? `\x1b[${x + 1}G` : `\x1b[${y + 1};${x + 1}H`);
  }
  clearLine(direction) {
    return this.write(direction < 0 ? '\x1b[1K' : direction > 0 ? '\x1b[0K' : '\x1b[2K');
  }
  moveCursor(x, y) {
    return this.write(
      (x > 0 ? `\x1b[${x}C` : x < 0 ? `\x1b[${-x}D` : '') + (y > 0 ? `\x1b[${y}B` : y < 0 ? `\x1b[${-y}A` : ''),
    );
  }
  clearScreenDown() {
    return this.write('\x1b[0J');
  }
}
let begun = false;
let held = false;
class ReadStream extends Readable {
  constructor() {
    super();
    this.fd = 0;
    if (facts.tty[0]) Object.assign(this, { isTTY: true, isRaw: false });
  }
  _read() {
    if (!begun) {
      begun = true;
      host('stdin');
    }
    this.ref();
  }
  pause() {
    this.unref();
    return super.pause();
  }
  ref() {
    if (!held && !this.readableEnded && !this.ended) {
      held = true;
      host('references', 1);
    }
    return this;
  }
  unref() {
    if (held) {
      held = false;
      host('references', -1);
    }
    return this;
  }
  setRawMode() {
    return this;
  }
}
internal.on('stdin', (chunk) => {
  const stream = made[0];
  if (chunk === null) {
    stream.ended = true;
    stream.push(null);
    stream.unref();
  } else stream.push(Buffer.from(chunk));
});
module.exports = {
  stdin: () => (made[0] ||= new ReadStream()),
  output: (fd) => (made[fd] ||= new WriteStream(fd)),
};
