const { inspect } = require('internal_inspect');
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const toBase64 = (bytes, url) => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = (bytes[at] << 16) | ((bytes[at + 1] || 0) << 8) | (bytes[at + 2] || 0);
    const count = Math.min(3, bytes.length - at);
    for (let each = 0; each <= count; each++) text += alphabet[(bits >> (18 - 6 * each)) & 63];
    if (!url) text += '='.repeat(3 - count);
  }
  return url ? text.replaceAll('+', '-').replaceAll('/', '_') : text;
};
const fromBase64 = (text) => {
  const clean = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/=[^]*$/, '')
    .replace(/[^A-Za-z0-9+/]/g, '');
  const bytes = [];
  for (let at = 0; at < clean.length; at += 4) {
    const group = [0, 1, 2, 3].map((each) => alphabet.indexOf(clean[at + each] || 'A'));
    const bits = (group[0] << 18) | (group[1] << 12) | (group[2] << 6) | group[3];
    const count = Math.min(4, clean.length - at) - 1;
    for (let each = 0; each < count; each++) bytes.push((bits >> (16 - 8 * each)) & 255);
  }
  return bytes;
};
const exact = (view) =>
  view.byteOffset === 0 && view.byteLength === view.buffer.byteLength
    ? view.buffer
    : view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
// Strings go to the host and back as C has them: a zero byte would end them.
const utf8 = (text) => {
  if (!text.includes('\0')) return new Uint8Array(host('utf8', text));
  const parts = text.split('\0').map((part) => new Uint8Array(host('utf8', part)));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 1, -1));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length + 1;
  }
  return bytes;
};
const fromUtf8 = (view) => {
  const parts = [];
  let from = 0;
  for (let zero = view.indexOf(0); zero >= 0; zero = view.indexOf(0, from)) {
    parts.push(host('fromUtf8', exact(view.subarray(from, zero))));
    from = zero + 1;
  }
  return [...parts, host('fromUtf8', exact(view.subarray(from)))].join('\0');
};
const encodings = {
  utf8: [utf8, fromUtf8],
  hex: [
    (text) => (text.match(/^([0-9a-f]{2})*/i)[0].match(/../g) || []).map((each) => parseInt(each, 16)),
    (view) => [...view].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  ],
  base64: [fromBase64, (view) => toBase64(view, false)],
  base64url: [fromBase64, (view) => toBase64(view, true)],
  latin1: [
    (text) => [...Array(text.length).keys()].map((at) => text.charCodeAt(at) & 255),
    (view) => Array.from(view, (byte) => String.fromCharCode(byte)).join(''),
  ],
  ascii: [
    (text) => [...Array(text.length).keys()].map((at) => text.charCodeAt(at) & 255),
    (view) => Array.from(view, (byte) => String.fromCharCode(byte & 127)).join(''),
  ],
  utf16le: [
    (text) => [...Array(text.length).keys()].flatMap((at) => [text.charCodeAt(at) & 255, text.charCodeAt(at) >> 8]),
    (view) =>
      Array.from({ length: view.length >> 1 }, (_, at) =>
        String.fromCharCode(view[2 * at] | (view[2 * at + 1] << 8)),
      ).join(''),
  ],
};
Object.assign(encodings, {
  binary: encodings.latin1,
  'utf-8': encodings.utf8,
  ucs2: encodings.utf16le,
  'utf-16le': encodings.utf16le,
});
const encoding = (name = 'utf8') => {
  const found = encodings[String(name).toLowerCase()];
  if (!found) throw require('internal_errors').coded(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${name}`);
  return found;
};
class FastBuffer extends Uint8Array {
  toString(name, start = 0, end = this.length) {
    return encoding(name)[1](start === 0 && end >= this.length ? this : this.subarray(start, end));
  }
  toLocaleString(...args) {
    return this.toString(...args);
  }
  toJSON() {
    return { type: 'Buffer', data: [...this] };
  }
  equals(other) {
    return Buffer.compare(this, other) === 0;
  }
  compare(other) {
    return Buffer.compare(this, other);
  }
  write(text, offset = 0, length, name) {
    if (typeof offset === 'string') [name, offset] = [offset, 0];
    if (typeof length === 'string') [name, length] = [length, undefined];
    const bytes = encoding(name)[0](text);
    const count = Math.min(bytes.length, this.length - offset, length ?? Infinity);
    for (let at = 0; at < count; at++) this[offset + at] = bytes[at];
    return count;
  }
  copy(target, at = 0, start = 0, end = this.length) {
    const part = this.subarray(start, Math.min(end, start + target.length - at));
    target.set(part, at);
    return part.length;
  }
  slice(start, end) {
    return this.subarray(start, end);
  }
  fill(value, start = 0, end = this.length, name) {
    if (typeof value === 'number') return super.fill(value, start, end);
    const bytes = typeof value === 'string' ? encoding(name)[0](value) : value;
    for (let at = start; at < end; at++) this[at] = bytes[(at - start) % bytes.length];
    return this;
  }
  indexOf(value, from = 0) {
    if (typeof value === 'number') return super.indexOf(value, from);
    const bytes = Buffer.from(value);
    outer: for (let at = from; at <= this.length - bytes.length; at++) {
      for (let each = 0; each < bytes.length; each++) if (this[at + each] !== bytes[each]) continue outer;
      return at;
    }
    return -1;
  }
  includes(value, from) {
    return this.indexOf(value, from) >= 0;
  }
  [Symbol.for('nodejs.util.inspect.custom')](_depth, context) {
    const bytes = [...this.subarray(0, 50)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const rest = this.length - 50;
    void context;
    return `<Buffer${bytes ? ' ' : ''}${bytes}${rest > 0 ? ` ... ${rest} more byte${rest > 1 ? 's' : ''}` : ''}>`;
  }
}
for (const [name, method, size] of [
  ['UInt8', 'Uint8', 1],
  ['Int8', 'Int8', 1],
  ['UInt16', 'Uint16', 2],
  ['Int16', 'Int16', 2],
  ['UInt32', 'Uint32', 4],
  ['Int32', 'Int32', 4],
  ['Float', 'Float32', 4],
  ['Double', 'Float64', 8],
  ['BigInt64', 'BigInt64', 8],
  ['BigUInt64', 'BigUint64', 8],
])
  for (const little of [true, false]) {
    const end = size === 1 ? '' : little ? 'LE' : 'BE';
    const view = (self) => new DataView(self.buffer, self.byteOffset, self.byteLength);
    const read = function (offset = 0) {
      return view(this)['get' + method](offset, little);
    };
    const write = function (value, offset = 0) {
      view(this)['set' + method](offset, value, little);
      return offset + size;
    };
    for (const alias of [name, name.replace('UInt', 'Uint')]) {
      Object.defineProperty(FastBuffer.prototype, `read${alias}${end}`, { value: read, configurable: true });
      Object.defineProperty(FastBuffer.prototype, `write${alias}${end}`, { value: write, configurable: true });
    }
  }
/** Integers of one to six bytes. */
for (const signed of [false, true])
  for (const little of [true, false]) {
    const names = (signed ? ['Int'] : ['UInt', 'Uint']).map((name) => `${name}${little ? 'LE' : 'BE'}`);
    const read = function (offset, length) {
      let number = 0;
      for (let index = 0; index < length; index++)
        number += this[offset + (little ? index : length - 1 - index)] * 2 ** (8 * index);
      return signed && number >= 2 ** (8 * length - 1) ? number - 2 ** (8 * length) : number;
    };
    const write = function (value, offset, length) {
      for (let index = 0; index < length; index++)
        this[offset + (little ? index : length - 1 - index)] = Math.floor(value / 2 ** (8 * index)) & 255;
      return offset + length;
    };
    for (const name of names) {
      Object.defineProperty(FastBuffer.prototype, `read${name}`, { value: read, configurable: true });
      Object.defineProperty(FastBuffer.prototype, `write${name}`, { value: write, configurable: true });
    }
  }
function Buffer(value, ...rest) {
  return typeof value === 'number' ? Buffer.alloc(value) : Buffer.from(value, ...rest);
}
Object.defineProperty(FastBuffer, 'name', { value: 'Buffer' });
Object.setPrototypeOf(Buffer, Uint8Array);
Buffer.prototype = FastBuffer.prototype;
Object.defineProperty(FastBuffer.prototype, 'constructor', { value: Buffer, writable: true, configurable: true });
Object.assign(Buffer, {
  poolSize: 8192,
  alloc: (size, fill, name) => {
    const made = new FastBuffer(size);
    return fill === undefined ? made : made.fill(fill, 0, size, name);
  },
  allocUnsafe: (size) => new FastBuffer(size),
  allocUnsafeSlow: (size) => new FastBuffer(size),
  from(value, name, length) {
    if (typeof value === 'string') {
      const bytes = encoding(name)[0](value);
      return bytes instanceof Uint8Array ? new FastBuffer(bytes.buffer) : new FastBuffer(bytes);
    }
    if (value instanceof ArrayBuffer) return new FastBuffer(value, name, length);
    if (value && value.type === 'Buffer' && Array.isArray(value.data)) return new FastBuffer(value.data);
    if (ArrayBuffer.isView(value) || Array.isArray(value)) return new FastBuffer(value);
    if (value !== null && typeof value === 'object' && typeof value.length === 'number')
      return new FastBuffer(Array.from(value));
    throw require('internal_errors').coded(
      TypeError,
      'ERR_INVALID_ARG_TYPE',
      `The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object. ${require('internal_errors').received(value)}`,
    );
  },
  of: (...bytes) => new FastBuffer(bytes),
  concat(list, total = list.reduce((sum, each) => sum + each.length, 0)) {
    const made = new FastBuffer(total);
    let at = 0;
    for (const each of list) {
      made.set(at + each.length > total ? each.subarray(0, total - at) : each, at);
      at += each.length;
    }
    return made;
  },
  isBuffer: (value) => value instanceof FastBuffer,
  isEncoding: (name) => String(name).toLowerCase() in encodings,
  byteLength: (value, name) => (typeof value === 'string' ? encoding(name)[0](value).length : value.byteLength),
  compare(a, b) {
    for (let at = 0; at < Math.min(a.length, b.length); at++) if (a[at] !== b[at]) return a[at] < b[at] ? -1 : 1;
    return Math.sign(a.length - b.length);
  },
});
void inspect;
const btoa = (text) => toBase64(encodings.latin1[0](String(text)), false);
const atob = (text) => encodings.latin1[1](Uint8Array.from(fromBase64(String(text))));
module.exports = {
  Buffer,
  btoa,
  atob,
  utf8,
  fromUtf8,
  exact,
  constants: { MAX_LENGTH: 2 ** 33, MAX_STRING_LENGTH: 536870888 },
  kMaxLength: 2 ** 33,
  Blob: globalThis.Blob,
};
