class Event {
  constructor(type, init = {}) {
    Object.assign(this, { type, ...init });
  }
}
class EventTarget {
  #listeners = new Map();
  addEventListener(type, listener, options) {
    if (!this.#listeners.has(type)) this.#listeners.set(type, []);
    this.#listeners.get(type).push({ listener, once: options && options.once });
  }
  removeEventListener(type, listener) {
    this.#listeners.set(
      type,
      (this.#listeners.get(type) || []).filter((each) => each.listener !== listener),
    );
  }
  dispatchEvent(event) {
    event.target = this;
    for (const { listener, once } of [...(this.#listeners.get(event.type) || [])]) {
      if (once) this.removeEventListener(event.type, listener);
      if (typeof listener === 'function') listener.call(this, event);
      else listener.handleEvent(event);
    }
    return true;
  }
}
class DOMException extends Error {
  constructor(message = '', name = 'Error') {
    super(message);
    Object.defineProperty(this, 'name', { value: name, configurable: true });
  }
}
class AbortSignal extends EventTarget {
  aborted = false;
  reason = undefined;
  onabort = null;
  static abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
    return Object.assign(new AbortSignal(), { aborted: true, reason });
  }
  static timeout(delay) {
    const made = new AbortSignal();
    setTimeout(
      () => made.$abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
      delay,
    ).unref();
    return made;
  }
  $abort(reason) {
    if (this.aborted) return;
    Object.assign(this, { aborted: true, reason });
    const event = new Event('abort');
    if (this.onabort) this.onabort(event);
    this.dispatchEvent(event);
  }
  throwIfAborted() {
    if (this.aborted) throw this.reason;
  }
}
class AbortController {
  signal = new AbortSignal();
  abort(reason = new DOMException('This operation was aborted', 'AbortError')) {
    this.signal.$abort(reason);
  }
}
class Headers {
  #map = new Map();
  constructor(init = {}) {
    for (const [name, value] of init[Symbol.iterator] ? init : Object.entries(init)) this.append(name, value);
  }
  append(name, value) {
    const key = String(name).toLowerCase();
    this.#map.set(key, this.#map.has(key) ? `${this.#map.get(key)}, ${value}` : String(value));
  }
  set(name, value) {
    this.#map.set(String(name).toLowerCase(), String(value));
  }
  get(name) {
    return this.#map.get(String(name).toLowerCase()) ?? null;
  }
  has(name) {
    return this.#map.has(String(name).toLowerCase());
  }
  delete(name) {
    this.#map.delete(String(name).toLowerCase());
  }
  forEach(run) {
    for (const [name, value] of this) run(value, name, this);
  }
  entries() {
    return [...this.#map].sort(([a], [b]) => (a < b ? -1 : 1))[Symbol.iterator]();
  }
  keys() {
    return [...this].map(([name]) => name)[Symbol.iterator]();
  }
  values() {
    return [...this].map(([, value]) => value)[Symbol.iterator]();
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  [Symbol.for('nodejs.util.inspect.custom')](_depth, options, inspect) {
    return `Headers ${inspect(Object.fromEntries(this), options)}`;
  }
}
class Body {
  bodyUsed = false;
  $bytes = async () => Buffer.alloc(0);
  async #take() {
    if (this.bodyUsed) throw new TypeError('Body is unusable: Body has already been read');
    this.bodyUsed = true;
    return this.$bytes();
  }
  async text() {
    return (await this.#take()).toString();
  }
  async json() {
    return JSON.parse(await this.text());
  }
  async arrayBuffer() {
    return require('buffer').exact(await this.#take());
  }
  async bytes() {
    return new Uint8Array(await this.arrayBuffer());
  }
  get body() {
    const { Readable } = require('stream');
    return Readable.from(
      (async function* (self) {
        yield await self.#take();
      })(this),
    );
  }
}
class Request extends Body {
  constructor(input, init = {}) {
    super();
    const from = input instanceof Request ? input : {};
    this.url = String(from.url || input.href || input);
    this.method = (init.method || from.method || 'GET').toUpperCase();
    this.headers = new Headers(init.headers || from.headers);
    this.signal = init.signal || from.signal;
    this.redirect = init.redirect || 'follow';
    const content = init.body ?? from.$content;
    this.$content = content instanceof URLSearchParams ? content.toString() : content;
    if (content instanceof URLSearchParams && !this.headers.has('content-type'))
      this.headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
    else if (typeof content === 'string' && !this.headers.has('content-type'))
      this.headers.set('content-type', 'text/plain;charset=UTF-8');
    this.$bytes = async () => Buffer.from(this.$content ?? '');
  }
}
class Response extends Body {
  constructor(content, init = {}) {
    super();
    this.status = init.status ?? 200;
    this.statusText = init.statusText ?? '';
    this.headers = new Headers(init.headers);
    this.ok = this.status >= 200 && this.status < 300;
    this.url = init.url ?? '';
    this.redirected = Boolean(init.redirected);
    this.type = 'default';
    this.$bytes = typeof content === 'function' ? content : async () => Buffer.from(content ?? '');
    Object.defineProperty(this, '$bytes', { enumerable: false });
  }
  static json(value, init = {}) {
    return new Response(JSON.stringify(value), {
      ...init,
      headers: { 'content-type': 'application/json', ...init.headers },
    });
  }
  clone() {
    return new Response(this.$bytes, this);
  }
}
module.exports = {
  Event,
  EventTarget,
  DOMException,
  AbortController,
  AbortSignal,
  Headers,
  Request,
  Response,
  FormData: URLSearchParams,
  Blob: class Blob {},
};
