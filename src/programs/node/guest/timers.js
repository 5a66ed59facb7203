const custom = Symbol.for('nodejs.util.promisify.custom');
const running = new Map();
const immediates = [];
class Timeout {
  constructor(callback, delay, args, repeat) {
    this._idleTimeout = delay;
    this._onTimeout = callback;
    this._repeat = repeat ? delay : null;
    Object.defineProperties(this, {
      args: { value: args },
      id: { writable: true, value: 0 },
      held: { writable: true, value: true },
    });
    this.start();
  }
  start() {
    Object.defineProperty(this, 'id', { writable: true, value: host('timer', this._idleTimeout), enumerable: false });
    running.set(this.id, this);
    if (this.held) host('references', 1);
  }
  stop() {
    if (!running.delete(this.id)) return;
    host('cancel', this.id);
    if (this.held) host('references', -1);
  }
  fire() {
    running.delete(this.id);
    if (this.held) host('references', -1);
    if (this._repeat !== null) this.start();
    this._onTimeout(...this.args);
  }
  ref() {
    if (!this.held && running.has(this.id)) host('references', 1);
    this.held = true;
    return this;
  }
  unref() {
    if (this.held && running.has(this.id)) host('references', -1);
    this.held = false;
    return this;
  }
  hasRef() {
    return this.held;
  }
  refresh() {
    this.stop();
    this.start();
    return this;
  }
  close() {
    this.stop();
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.id;
  }
}
class Immediate {
  constructor(callback, args) {
    Object.defineProperties(this, { callback: { value: callback }, args: { value: args } });
    immediates.push(this);
    host('references', 1);
    host('timer', 0);
  }
}
const pendingImmediates = () => {
  const next = immediates.shift();
  if (!next) return;
  host('references', -1);
  if (!next.cleared) next.callback(...next.args);
};
internal.on('timer', (id) => {
  const timer = running.get(id);
  if (timer) timer.fire();
  else pendingImmediates();
});
const duration = (delay) => {
  const ms = Number(delay);
  return ms >= 1 && ms <= 2147483647 ? Math.trunc(ms) : 1;
};
const callable = (callback) => {
  if (typeof callback !== 'function')
    throw require('internal_errors').invalidType('callback', 'of type function', callback);
};
const setTimeout = (callback, delay, ...args) => {
  callable(callback);
  return new Timeout(callback, duration(delay), args, false);
};
const setInterval = (callback, delay, ...args) => {
  callable(callback);
  return new Timeout(callback, duration(delay), args, true);
};
const setImmediate = (callback, ...args) => {
  callable(callback);
  return new Immediate(callback, args);
};
const clear = (timer) => {
  const found = timer instanceof Timeout ? timer : running.get(Number(timer));
  if (found) found.stop();
};
const sleep = (delay, value) => new Promise((resolve) => setTimeout(resolve, delay, value));
setTimeout[custom] = sleep;
setImmediate[custom] = (value) => new Promise((resolve) => setImmediate(resolve, value));
module.exports = {
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout: clear,
  clearInterval: clear,
  clearImmediate(immediate) {
    if (immediate instanceof Immediate) Object.defineProperty(immediate, 'cleared', { value: true });
  },
  promises: {
    setTimeout: sleep,
    setImmediate: setImmediate[custom],
    async *setInterval(delay, value) {
      for (;;) {
        await sleep(delay);
        yield value;
      }
    },
    scheduler: { wait: sleep },
  },
};
