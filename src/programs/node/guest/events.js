class EventEmitter {
  constructor() {
    EventEmitter.init.call(this);
  }
  static init() {
    if (!Object.prototype.hasOwnProperty.call(this, '_events') || this._events === undefined) {
      this._events = Object.create(null);
      this._eventsCount = 0;
    }
    this._maxListeners = this._maxListeners || undefined;
  }
  setMaxListeners(count) {
    this._maxListeners = count;
    return this;
  }
  getMaxListeners() {
    return this._maxListeners ?? EventEmitter.defaultMaxListeners;
  }
  emit(name, ...args) {
    const listeners = this._events && this._events[name];
    if (!listeners || listeners.length === 0) {
      if (name !== 'error') return false;
      const [error] = args;
      if (error instanceof Error) throw error;
      const { inspect } = require('internal_inspect');
      throw Object.assign(
        new Error(`Unhandled error. (${typeof error === 'string' ? `'${error}'` : inspect(error)})`),
        { code: 'ERR_UNHANDLED_ERROR', context: error },
      );
    }
    for (const listener of [...listeners]) listener.apply(this, args);
    return true;
  }
}
// Programs call these on objects that no constructor of ours made: no private members.
const proto = EventEmitter.prototype;
function add(name, listener, first) {
  if (typeof listener !== 'function') {
    const { received } = require('internal_errors');
    throw Object.assign(new TypeError(`The "listener" argument must be of type function. ${received(listener)}`), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }
  if (!this._events) EventEmitter.init.call(this);
  if (this._events.newListener) this.emit('newListener', name, listener.listener || listener);
  const list = (this._events[name] ||= []);
  if (list.length === 0) this._eventsCount++;
  if (first) list.unshift(listener);
  else list.push(listener);
  const most = this.getMaxListeners ? this.getMaxListeners() : 10;
  if (most > 0 && list.length > most && !list.warned) {
    list.warned = true;
    process.emitWarning(
      `Possible EventEmitter memory leak detected. ${list.length} ${String(name)} listeners added to [${this.constructor.name}]. MaxListeners is ${most}. Use emitter.setMaxListeners() to increase limit`,
      'MaxListenersExceededWarning',
    );
  }
  return this;
}
const wrapOnce = (emitter, name, listener) => {
  const wrapped = function (...args) {
    emitter.removeListener(name, wrapped);
    return listener.apply(emitter, args);
  };
  wrapped.listener = listener;
  return wrapped;
};
const methods = {
  on(name, listener) {
    return add.call(this, name, listener, false);
  },
  prependListener(name, listener) {
    return add.call(this, name, listener, true);
  },
  once(name, listener) {
    return this.on(name, wrapOnce(this, name, listener));
  },
  prependOnceListener(name, listener) {
    return this.prependListener(name, wrapOnce(this, name, listener));
  },
  removeListener(name, listener) {
    const list = this._events && this._events[name];
    if (!list) return this;
    const at = list.findLastIndex((each) => each === listener || each.listener === listener);
    if (at < 0) return this;
    list.splice(at, 1);
    if (list.length === 0) {
      delete this._events[name];
      this._eventsCount--;
    }
    if (this._events.removeListener) this.emit('removeListener', name, listener);
    return this;
  },
  removeAllListeners(name) {
    if (!this._events) return this;
    if (name === undefined) for (const key of Reflect.ownKeys(this._events)) this.removeAllListeners(key);
    else for (const listener of [...(this._events[name] || [])].reverse()) this.removeListener(name, listener);
    return this;
  },
  listeners(name) {
    return ((this._events && this._events[name]) || []).map((each) => each.listener || each);
  },
  rawListeners(name) {
    return [...((this._events && this._events[name]) || [])];
  },
  listenerCount(name) {
    return ((this._events && this._events[name]) || []).length;
  },
  eventNames() {
    return this._events ? Reflect.ownKeys(this._events) : [];
  },
};
for (const [name, value] of Object.entries({ ...methods, addListener: methods.on, off: methods.removeListener }))
  Object.defineProperty(proto, name, { value, writable: true, configurable: true, enumerable: false });
// As the constructor functions of old: `EventEmitter.call(this)`.
function Callable(...args) {
  if (new.target) return Reflect.construct(EventEmitter, args, new.target === Callable ? Callable : new.target);
  EventEmitter.init.call(this);
}
Callable.prototype = proto;
Object.defineProperty(Callable, 'name', { value: 'EventEmitter' });
Object.defineProperty(proto, 'constructor', { value: Callable, writable: true, configurable: true });
Object.assign(Callable, {
  EventEmitter: Callable,
  defaultMaxListeners: 10,
  init: EventEmitter.init,
  once: (emitter, name) =>
    new Promise((resolve, reject) => {
      const failed = (error) => {
        emitter.removeListener(name, done);
        reject(error);
      };
      const done = (...args) => {
        emitter.removeListener('error', failed);
        resolve(args);
      };
      emitter.once(name, done);
      if (name !== 'error') emitter.once('error', failed);
    }),
  listenerCount: (emitter, name) => emitter.listenerCount(name),
});
EventEmitter.defaultMaxListeners = 10;
module.exports = Callable;
