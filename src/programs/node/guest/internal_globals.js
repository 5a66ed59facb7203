// What every program finds without asking.
const put = (name, value) =>
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
const lazy = (name, get) =>
  Object.defineProperty(globalThis, name, { configurable: true, get, set: (value) => put(name, value) });
class TextEncoder {
  encoding = 'utf-8';
  encode(text = '') {
    return new Uint8Array(require('buffer').utf8(String(text)));
  }
}
class TextDecoder {
  constructor(encoding = 'utf-8') {
    this.encoding = encoding;
  }
  decode(bytes = new Uint8Array(0)) {
    const view = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes);
    return require('buffer').fromUtf8(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }
}
put('TextEncoder', TextEncoder);
put('TextDecoder', TextDecoder);
const { Buffer, atob, btoa } = require('buffer');
put('Buffer', Buffer);
put('atob', atob);
put('btoa', btoa);
put('process', require('process'));
put('console', require('console'));
const timers = require('timers');
for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'])
  put(name, timers[name]);
put('queueMicrotask', (callback) => void Promise.resolve().then(() => internal.guard(callback)));
put('structuredClone', (value) => clone(value, new Map()));
function clone(value, seen) {
  if (typeof value === 'function')
    throw new (require('internal_web').DOMException)(`${String(value)} could not be cloned.`, 'DataCloneError');
  if (value === null || typeof value !== 'object') return value;
  if (seen.has(value)) return seen.get(value);
  const remember = (made) => (seen.set(value, made), made);
  if (value instanceof Date) return remember(new Date(value));
  if (value instanceof RegExp) return remember(new RegExp(value));
  if (value instanceof Map) {
    const made = remember(new Map());
    for (const [key, each] of value) made.set(clone(key, seen), clone(each, seen));
    return made;
  }
  if (value instanceof Set) {
    const made = remember(new Set());
    for (const each of value) made.add(clone(each, seen));
    return made;
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return remember(value.slice());
  if (value instanceof Error) return remember(Object.assign(new Error(value.message), { name: value.name }));
  const made = remember(Array.isArray(value) ? [] : {});
  for (const key of Object.keys(value)) made[key] = clone(value[key], seen);
  return made;
}
for (const name of ['URL', 'URLSearchParams']) lazy(name, () => require('url')[name]);
for (const name of [
  'AbortController',
  'AbortSignal',
  'Event',
  'EventTarget',
  'DOMException',
  'Headers',
  'Request',
  'Response',
  'FormData',
  'Blob',
])
  lazy(name, () => require('internal_web')[name]);
lazy('fetch', () => require('internal_fetch').fetch);
lazy('crypto', () => require('crypto').webcrypto);
lazy('performance', () => require('perf_hooks').performance);
put('navigator', {
  hardwareConcurrency: 1,
  language: 'en-US',
  platform: 'linux',
  userAgent: `Node.js/${internal.version.split('.')[0]}`,
});
