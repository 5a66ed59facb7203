// What V8 says otherwise than QuickJS: error texts and stacks, dates without a machine's time zone, chance from outside.
const v8 = (error) => {
  if (error === null || typeof error !== 'object' || error.$v8) return error;
  const text = error.message;
  if (typeof text !== 'string') return error;
  let found;
  let better;
  if ((found = /^cannot read property '(.*)' of (undefined|null)$/.exec(text)))
    better = `Cannot read properties of ${found[2]} (reading '${found[1]}')`;
  else if ((found = /^cannot set property '(.*)' of (undefined|null)$/.exec(text)))
    better = `Cannot set properties of ${found[2]} (setting '${found[1]}')`;
  else if ((found = /^'(.*)' is not defined$/.exec(text))) better = `${found[1]} is not defined`;
  else if ((found = /^'(.*)' is read-only$/.exec(text))) better = 'Assignment to constant variable.';
  else if (text === 'not a function') better = nameOfCall(error);
  else if (text === 'stack overflow') better = 'Maximum call stack size exceeded';
  else if ((found = /^(.*) is not initialized$/.exec(text)))
    better = `Cannot access '${found[1]}' before initialization`;
  else if (text === 'value is not iterable')
    better = 'object is not iterable (cannot read property Symbol(Symbol.iterator))';
  if (better !== undefined) {
    try {
      Object.defineProperty(error, 'message', { value: better, writable: true, configurable: true, enumerable: false });
      if (text === 'stack overflow') Object.setPrototypeOf(error, RangeError.prototype);
    } catch {}
  }
  internal.stackOf(error);
  return error;
};
internal.v8 = v8;
internal.sources = Object.create(null);

/** V8 names what was called; the place of the call has the text. */
function nameOfCall(error) {
  const frame = /\(?([^\s()]+):(\d+):(\d+)\)?/.exec(String(error.stack).split('\n')[0] || '');
  const line = frame && internal.sources[frame[1]] && internal.sources[frame[1]].split('\n')[frame[2] - 1];
  if (!line) return 'not a function';
  const around = [...line.matchAll(/(?:new\s+)?([\w$]+(?:\??\.[\w$]+|\[[^\]]*\])*)\s*\(/g)].filter(
    (each) => !/^(if|for|while|switch|catch|function|return)$/.test(each[1]),
  );
  const column = frame[3] - 1;
  const hit = around.find((each) => column >= each.index && column <= each.index + each[0].length) || around[0];
  return hit
    ? /^new\s/.test(hit[0])
      ? `${hit[1]} is not a constructor`
      : `${hit[1]} is not a function`
    : 'not a function';
}

const heading = (error) => {
  const name = error.name === undefined ? 'Error' : String(error.name);
  const message = error.message === undefined ? '' : String(error.message);
  return name && message ? `${name}: ${message}` : name || message;
};
const frames = (raw) =>
  String(raw)
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !/\(node:|at node:|\(native\)|<evalScript>|<input>/.test(line))
    .map((line) =>
      line.replace(/at <anonymous> \((.*)\)$/, 'at $1').replace(/at <eval> \((.*)\)$/, 'at Object.<anonymous> ($1)'),
    );
/** `error.stack` as V8 writes it: the heading first. */
internal.stackOf = (error) => {
  const raw = error.stack;
  if (typeof raw !== 'string' || !/^\s+at |^$/.test(raw)) return raw;
  const lines = frames(raw);
  const last = lines.length - 1;
  if (last >= 0 && !/^ {4}at (async )?[\w$.<>]+ \(/.test(lines[last]) && internal.isCommonJs)
    lines[last] = lines[last].replace(/at (.*)$/, 'at Object.<anonymous> ($1)');
  const text = [heading(error), ...lines, ...(last >= 0 && internal.tail ? internal.tail : [])].join('\n');
  try {
    Object.defineProperty(error, 'stack', { value: text, writable: true, configurable: true, enumerable: false });
  } catch {}
  return text;
};

// Errors that programs make have V8's stack from the start.
const wrap = (Native) => {
  const Wrapped = function (...args) {
    const made = Reflect.construct(Native, args, new.target || Wrapped);
    const own = Object.getOwnPropertyDescriptor(made, 'stack');
    const raw = own ? own.value : made.stack;
    let text;
    Object.defineProperty(made, 'stack', {
      configurable: true,
      enumerable: false,
      get() {
        if (text === undefined) {
          text = '';
          const holder = { name: made.name, message: made.message, stack: String(raw) };
          text = internal.stackOf(holder);
        }
        return text;
      },
      set(value) {
        Object.defineProperty(made, 'stack', { value, writable: true, configurable: true, enumerable: false });
      },
    });
    return made;
  };
  Object.defineProperty(Wrapped, 'name', { value: Native.name });
  Object.defineProperty(Wrapped, 'length', { value: 1 });
  Wrapped.prototype = Native.prototype;
  Object.defineProperty(Native.prototype, 'constructor', { value: Wrapped, writable: true, configurable: true });
  return Wrapped;
};
const NativeError = Error;
for (const name of ['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError']) {
  const Wrapped = wrap(globalThis[name]);
  if (name !== 'Error') Object.setPrototypeOf(Wrapped, Error);
  Object.defineProperty(globalThis, name, { value: Wrapped, writable: true, configurable: true });
}
Error.captureStackTrace = function captureStackTrace(target) {
  const raw = new NativeError().stack;
  Object.defineProperty(target, 'stack', {
    value: internal.stackOf({ name: target.name, message: target.message, stack: raw.split('\n').slice(1).join('\n') }),
    writable: true,
    configurable: true,
    enumerable: false,
  });
};
Error.stackTraceLimit = 10;

// Handlers of promises see V8's texts.
const then = Promise.prototype.then;
Promise.prototype.then = function (fulfilled, rejected) {
  return then.call(this, fulfilled, typeof rejected === 'function' ? (error) => rejected(v8(error)) : rejected);
};

const parse = JSON.parse;
JSON.parse = function (text, reviver) {
  try {
    return parse(text, reviver);
  } catch (error) {
    if (error instanceof SyntaxError) throw new SyntaxError(jsonProblem(String(text)));
    throw error;
  }
};
Object.defineProperty(JSON.parse, 'name', { value: 'parse' });
function jsonProblem(text) {
  let at = 0;
  const fail = () => {
    throw at;
  };
  const blank = () => {
    while (/[ \t\n\r]/.test(text[at] || '')) at++;
  };
  const word = (expected) => {
    for (const letter of expected)
      if (text[at] === letter) at++;
      else fail();
  };
  const string = () => {
    at++;
    while (text[at] !== '"') {
      if (at >= text.length || text[at] < ' ') fail();
      at += text[at] === '\\' ? 2 : 1;
    }
    at++;
  };
  const value = () => {
    blank();
    const char = text[at];
    if (char === '{') {
      at++;
      blank();
      if (text[at] === '}') return void at++;
      for (;;) {
        blank();
        if (text[at] !== '"') {
          propertyName = true;
          fail();
        }
        string();
        blank();
        if (text[at] !== ':') fail();
        at++;
        value();
        blank();
        if (text[at] === ',') at++;
        else if (text[at] === '}') return void at++;
        else {
          after = "',' or '}' after property value";
          fail();
        }
      }
    }
    if (char === '[') {
      at++;
      blank();
      if (text[at] === ']') return void at++;
      for (;;) {
        value();
        blank();
        if (text[at] === ',') at++;
        else if (text[at] === ']') return void at++;
        else {
          after = "',' or ']' after array element";
          fail();
        }
      }
    }
    if (char === '"') return string();
    if (char === 't') return word('true');
    if (char === 'f') return word('false');
    if (char === 'n') return word('null');
    const found = /^-?\d+(\.\d+)?([eE][-+]?\d+)?/.exec(text.slice(at));
    if (!found) fail();
    at += found[0].length;
  };
  let propertyName = false;
  let after;
  try {
    value();
    blank();
    if (at >= text.length) return 'Unexpected end of JSON input';
    return `Unexpected non-whitespace character after JSON at position ${at} ${where(text, at)}`;
  } catch (place) {
    if (typeof place !== 'number') throw place;
    if (at >= text.length && !propertyName && !after) return 'Unexpected end of JSON input';
    if (propertyName)
      return `Expected ${text.slice(0, at).trimEnd().endsWith(',') ? 'double-quoted property name' : "property name or '}'"} in JSON at position ${at} ${where(text, at)}`;
    if (after) return `Expected ${after} in JSON at position ${at} ${where(text, at)}`;
    const shown =
      text.length <= 40 ? `"${text}"` : `${at > 10 ? '..."' : '"'}${text.slice(Math.max(0, at - 10), at + 10)}"...`;
    return `Unexpected token '${text[at]}', ${shown} is not valid JSON`;
  }
}
const where = (text, at) => {
  const before = text.slice(0, at).split('\n');
  return `(line ${before.length} column ${before[before.length - 1].length + 1})`;
};

Math.random = () => host('random');

// ---- Date: virtual time, UTC
const NativeDate = Date;
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(' ');
const two = (value) => String(value).padStart(2, '0');
const local = (text) => {
  const time = NativeDate.parse(text);
  if (/Z$|GMT|UTC|[+-]\d\d:?\d\d$|^\d{4}(-\d\d){0,2}$/i.test(text.trim())) return time;
  return time - new NativeDate(time).getTimezoneOffset() * 60000;
};
function VirtualDate(...args) {
  if (!new.target) return new VirtualDate().toString();
  let time;
  if (args.length === 0) time = host('now');
  else if (args.length > 1) time = NativeDate.UTC(...args);
  else if (args[0] instanceof NativeDate) time = args[0].getTime();
  else time = typeof args[0] === 'string' ? local(args[0]) : args[0];
  return Reflect.construct(NativeDate, [typeof time === 'number' ? Math.floor(time) : time], new.target);
}
VirtualDate.prototype = NativeDate.prototype;
VirtualDate.now = () => Math.floor(host('now'));
VirtualDate.UTC = NativeDate.UTC;
VirtualDate.parse = local;
Object.defineProperty(VirtualDate, 'name', { value: 'Date' });
Object.defineProperty(NativeDate.prototype, 'constructor', { value: VirtualDate, writable: true, configurable: true });
Object.defineProperty(globalThis, 'Date', { value: VirtualDate, writable: true, configurable: true });
const proto = NativeDate.prototype;
for (const part of ['Date', 'Day', 'FullYear', 'Hours', 'Milliseconds', 'Minutes', 'Month', 'Seconds']) {
  proto['get' + part] = proto['getUTC' + part];
  if (part !== 'Day') proto['set' + part] = proto['setUTC' + part];
}
proto.getTimezoneOffset = () => 0;
const put = (name, value) => Object.defineProperty(proto, name, { value, writable: true, configurable: true });
put('toDateString', function () {
  return `${days[this.getDay()].slice(0, 3)} ${months[this.getMonth()].slice(0, 3)} ${two(this.getDate())} ${this.getFullYear()}`;
});
put('toTimeString', function () {
  return `${two(this.getHours())}:${two(this.getMinutes())}:${two(this.getSeconds())} GMT+0000 (Coordinated Universal Time)`;
});
put('toString', function () {
  return isNaN(this) ? 'Invalid Date' : `${this.toDateString()} ${this.toTimeString()}`;
});
put('toLocaleDateString', function () {
  return `${this.getMonth() + 1}/${this.getDate()}/${this.getFullYear()}`;
});
put('toLocaleTimeString', function () {
  const hours = this.getHours();
  return `${hours % 12 || 12}:${two(this.getMinutes())}:${two(this.getSeconds())} ${hours < 12 ? 'AM' : 'PM'}`;
});
put('toLocaleString', function () {
  return `${this.toLocaleDateString()}, ${this.toLocaleTimeString()}`;
});
Object.defineProperty(Number.prototype, 'toLocaleString', {
  value: function (_locale, options = {}) {
    const {
      minimumFractionDigits: least = 0,
      maximumFractionDigits: most = Math.max(3, least),
      style,
      currency,
    } = options;
    const money = style === 'currency';
    let [whole, rest = ''] = Math.abs(this)
      .toFixed(money ? 2 : most)
      .split('.');
    const floor = money ? 2 : least;
    while (rest.length > floor && rest.endsWith('0')) rest = rest.slice(0, -1);
    whole = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    const sign = { USD: '$', EUR: '€', GBP: '£', JPY: '¥' }[currency] || '';
    return `${this < 0 ? '-' : ''}${money ? sign : ''}${whole}${rest ? '.' + rest : ''}`;
  },
  writable: true,
  configurable: true,
});
